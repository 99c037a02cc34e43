"""Sender function: batch messages in, delivered batches out."""

import os
from typing import Any

from conversion_delivery.runtime.bootstrap import sender

consume = sender(os.environ)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Entry point; ``event`` is an SQS event."""
    return consume(event, context)
