"""A write reaches DynamoDB, its answer is lost, and the SDK repeats it: nothing may happen twice or be misread.

The answer is lost between the HTTP client and the service, so the repetition is the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.files import Checkpoint
from conversion_delivery.domain.outcomes import Owner
from conversion_delivery.workflows.ports import ClaimAnswer, LeaseState, WriteAhead, WriteAheadState
from tests.contracts.backends import DynamoBackend
from tests.contracts.records import (
    ME,
    NOW,
    a_checkpoint,
    a_closing,
    a_file,
    a_settlement,
    a_split_file,
    an_upload,
    first_batch,
    lease,
)
from tests.contracts.test_event_ledger import a_claim

BATCH = BatchId("f" * 32, 1)


@contextmanager
def lost_answer(backend: DynamoBackend, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The answer to the next request does not arrive. Yields the operations that were sent."""
    _ = backend.ledger, backend.progress  # their tables are made at first sight
    session: Any = backend.dynamodb._endpoint.http_session  # type: ignore[attr-defined]
    batches: Any = backend.batches
    sent: list[str] = []

    def losing(deliver: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def send(request: Any) -> Any:
            response, target = deliver(request), request.headers["X-Amz-Target"]
            sent.append((target.decode() if isinstance(target, bytes) else target).rpartition(".")[2])
            if len(sent) == 1:
                raise ReadTimeoutError(endpoint_url=request.url)
            return response

        return send

    with monkeypatch.context() as patched:
        patched.setattr(session, "send", losing(session.send))
        patched.setattr(batches, "_send", losing(batches._send))
        yield sent
    assert sent[0] == sent[1], "the call is repeated"
    assert set(sent[2:]) <= {"Query"}, "and nothing else is written"


def test_a_batch_is_closed_and_counted_once(real_tables: DynamoBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = real_tables.progress
    batch_id = first_batch(a_split_file(progress))
    lease(progress, batch_id)
    with lost_answer(real_tables, monkeypatch) as sent:
        assert progress.close(batch_id, ME, a_closing(), NOW)
    assert sent == ["TransactWriteItems"] * 2
    file = progress.file(batch_id.file_id)
    assert file is not None
    assert file.closed_batches == 1


def test_claims_are_taken_by_the_batch_that_asks(real_tables: DynamoBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = a_claim()
    with lost_answer(real_tables, monkeypatch) as sent:
        assert real_tables.ledger.claim([claim]) == [ClaimAnswer.TAKEN]
    assert sent == ["BatchExecuteStatement"] * 2
    assert real_tables.ledger.owners([claim.event_key])[claim.event_key].batch == claim.batch


def test_a_take_over_succeeds(real_tables: DynamoBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    real_tables.ledger.claim([a_claim(row=4)])
    mine = a_claim(batch="f2/0000000001", row=5)
    with lost_answer(real_tables, monkeypatch):
        assert real_tables.ledger.take_over(mine, Owner("f1/0000000001", 4, b""))


def test_a_lease_is_mine(real_tables: DynamoBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    with lost_answer(real_tables, monkeypatch):
        assert real_tables.progress.lease(BATCH, ME, NOW, NOW + 180).state is LeaseState.LEASED


def test_a_settlement_is_stored(real_tables: DynamoBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    lease(real_tables.progress, BATCH)
    with lost_answer(real_tables, monkeypatch):
        assert real_tables.progress.settle(BATCH, ME, a_settlement(clear=True))


def test_a_write_ahead_doubts_itself(real_tables: DynamoBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    lease(real_tables.progress, BATCH)
    with lost_answer(real_tables, monkeypatch):
        answer = real_tables.progress.write_ahead(BATCH, ME, NOW, NOW - 1_000)
    assert answer == WriteAhead(WriteAheadState.WRITTEN, in_doubt=True)


def test_a_release_and_a_checkpoint_say_no_although_they_happened(
    real_tables: DynamoBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = real_tables.progress
    lease(progress, BATCH)
    with lost_answer(real_tables, monkeypatch):
        assert not progress.release(BATCH, ME)
    batch = progress.batch(BATCH)
    assert batch is not None
    assert batch.owner is None
    progress.create_file(a_file())
    with lost_answer(real_tables, monkeypatch):
        assert not progress.checkpoint(an_upload().file_id, Checkpoint(), a_checkpoint())
    assert progress.file(an_upload().file_id) == a_file(a_checkpoint())


def test_a_new_file_is_the_one_that_was_stored(real_tables: DynamoBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    with lost_answer(real_tables, monkeypatch):
        assert real_tables.progress.create_file(a_file()) == a_file()
