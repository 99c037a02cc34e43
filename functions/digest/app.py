"""Digest function: a schedule's call in, one message about the files of the day out."""

import os
from typing import Any

from conversion_delivery.runtime.bootstrap import digest

run = digest(os.environ)


def handler(event: dict[str, Any], context: Any) -> None:
    """Entry point; nothing in ``event`` matters."""
    run(context)
