"""What a message asks for: one workflow call per message."""

from __future__ import annotations

import json
from collections.abc import Callable

from conversion_delivery.domain.batches import parse_batch_message, parse_continuation
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.send_batch import SendBatch
from conversion_delivery.workflows.split_file import SplitFile

Remaining = Callable[[], float]


def handle_upload_message(
    body: str, split: SplitFile, uploads_in: Callable[[str], list[Upload]], remaining: Remaining
) -> None:
    """A continuation, or a notification of one or several uploads (``uploads_in`` reads it).

    Raises what the workflow raises.
    """
    if _is_continuation(body):
        split.go_on(parse_continuation(body), remaining)
        return
    for upload in uploads_in(body):
        split.start(upload, remaining)


def handle_batch_message(body: str, send: SendBatch, remaining: Remaining) -> None:
    """A pointer to a batch. Raises what the workflow raises."""
    send.run(parse_batch_message(body), remaining)


def _is_continuation(body: str) -> bool:
    try:
        document = json.loads(body)
    except ValueError:
        raise ContractBroken("MESSAGE_INVALID") from None
    return isinstance(document, dict) and "continue_file_id" in document
