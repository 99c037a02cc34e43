"""Splitter function: S3 notifications and continuations in, batch messages out."""

import os
from typing import Any

from conversion_delivery.runtime.bootstrap import splitter

consume = splitter(os.environ)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Entry point; ``event`` is an SQS event, or a bare S3 event as ``sam local invoke`` may send one."""
    return consume(event, context)
