"""Token rotation function: a step of Secrets Manager's rotation in, a renewed access token out."""

import os
from typing import Any

from conversion_delivery.runtime.bootstrap import token_rotation

rotate = token_rotation(os.environ)


def handler(event: dict[str, Any], context: Any) -> None:
    """Entry point; ``event`` names a step, a secret and the version that is to become current."""
    rotate(event)
