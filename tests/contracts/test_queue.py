"""What any SplitQueue must do: put every message into its queue."""

from __future__ import annotations

from conversion_delivery.domain.batches import (
    BatchMessage,
    ContinuationMessage,
    parse_batch_message,
    parse_continuation,
)
from tests.contracts.backends import Backend


def a_message(batch: int, rows: str = "1-1000") -> BatchMessage:
    return BatchMessage(
        schema=1,
        file_id="f" * 32,
        batch=batch,
        destination="shop",
        bucket="bucket",
        key="uploads/shop/März + 1.csv",
        version_id="v1",
        start=0,
        end=100_000,
        rows_before=0,
        lines_before=1,
        rows=rows,
    )


def test_every_batch_message_is_in_its_queue(backend: Backend) -> None:
    messages = [a_message(number) for number in range(1, 24)]
    backend.queue.send_batches(messages)
    batches, continuations = backend.queued()
    assert sorted(map(parse_batch_message, batches), key=lambda message: message.batch) == messages
    assert continuations == []


def test_no_messages_are_no_work(backend: Backend) -> None:
    backend.queue.send_batches([])
    assert backend.queued() == ([], [])


def test_ten_messages_of_the_largest_kind_fit_into_one_call(backend: Backend) -> None:
    rows = ",".join(str(900_000_000 + 2 * row) for row in range(2_000))
    backend.queue.send_batches([a_message(number, rows) for number in range(1, 11)])
    assert len(backend.queued()[0]) == 10


def test_a_continuation_goes_to_the_queue_of_uploads(backend: Backend) -> None:
    message = ContinuationMessage(schema=1, continue_file_id="f" * 32)
    backend.queue.send_continuation(message)
    batches, continuations = backend.queued()
    assert [parse_continuation(body) for body in continuations] == [message]
    assert batches == []
