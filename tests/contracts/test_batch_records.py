"""What any FileProgress must do with batches: the writes that the delivery of a batch stands on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.workflows.ports import (
    Closing,
    FileProgress,
    LeaseState,
    Settlement,
    WriteAhead,
    WriteAheadState,
)
from tests.contracts.backends import Backend, DynamoBackend
from tests.contracts.records import (
    ME,
    NOW,
    OTHER,
    a_closing,
    a_settlement,
    a_split_file,
    first_batch,
    lease,
)

BATCH = BatchId("f" * 32, 1)
WRITTEN, LOST, TOO_LATE = WriteAheadState.WRITTEN, WriteAheadState.LOST, WriteAheadState.TOO_LATE
NOTHING = Settlement(RowSet(), {}, {}, {})


def stored(progress: FileProgress, batch_id: BatchId = BATCH) -> BatchRecord:
    record = progress.batch(batch_id)
    assert record is not None
    return record


def a_closed_batch(progress: FileProgress) -> BatchId:
    batch_id = first_batch(a_split_file(progress))
    lease(progress, batch_id)
    progress.close(batch_id, ME, a_closing(), NOW)
    return batch_id


def test_a_batch_that_nobody_began_has_no_record(tables: Backend) -> None:
    assert tables.progress.batch(BATCH) is None


def test_the_first_lease_makes_the_record(tables: Backend) -> None:
    answer = tables.progress.lease(BATCH, ME, NOW, NOW + 180)
    assert answer.state is LeaseState.LEASED
    assert answer.batch == BatchRecord(BATCH, owner=ME, lease_until=NOW + 180, attempts=1)
    assert stored(tables.progress) == answer.batch


def test_a_batch_leased_by_another_is_busy(tables: Backend) -> None:
    first = tables.progress.lease(BATCH, OTHER, NOW, NOW + 180)
    answer = tables.progress.lease(BATCH, ME, NOW + 180, NOW + 360)
    assert (answer.state, answer.batch) == (LeaseState.BUSY, first.batch)
    assert stored(tables.progress) == first.batch


def test_a_lease_that_has_ended_goes_to_the_next_and_keeps_what_was_settled(tables: Backend) -> None:
    lease(tables.progress, BATCH, OTHER)
    tables.progress.settle(BATCH, OTHER, a_settlement())
    answer = tables.progress.lease(BATCH, ME, NOW + 180.01, NOW + 360)
    assert answer.state is LeaseState.LEASED
    assert (answer.batch.owner, answer.batch.attempts) == (ME, 2)
    assert answer.batch.accepted == a_settlement().accepted
    assert not tables.progress.settle(BATCH, OTHER, NOTHING)


def test_a_released_batch_can_be_leased_at_once(tables: Backend) -> None:
    lease(tables.progress, BATCH, OTHER)
    assert tables.progress.release(BATCH, OTHER)
    assert stored(tables.progress).owner is None
    assert tables.progress.lease(BATCH, ME, NOW + 1, NOW + 181).state is LeaseState.LEASED


def test_the_owner_may_lease_again(tables: Backend) -> None:
    lease(tables.progress, BATCH)
    answer = tables.progress.lease(BATCH, ME, NOW + 1, NOW + 181)
    assert (answer.state, answer.batch.lease_until) == (LeaseState.LEASED, NOW + 181)


def test_a_closed_batch_is_never_leased_and_shows_its_record(tables: Backend) -> None:
    batch_id = a_closed_batch(tables.progress)
    for owner in (ME, OTHER):
        answer = tables.progress.lease(batch_id, owner, NOW + 999, NOW + 1_999)
        assert (answer.state, answer.batch) == (LeaseState.CLOSED, stored(tables.progress, batch_id))


def test_the_first_write_ahead_is_without_doubt_and_the_second_is_in_doubt(tables: Backend) -> None:
    lease(tables.progress, BATCH)
    assert tables.progress.write_ahead(BATCH, ME, NOW, NOW - 1_000) == WriteAhead(WRITTEN)
    assert tables.progress.write_ahead(BATCH, ME, NOW + 5, NOW - 1_000) == WriteAhead(WRITTEN, in_doubt=True)
    assert stored(tables.progress).maybe_sent_at == NOW


@pytest.mark.parametrize(("not_before", "state"), [(NOW - 0.25, WRITTEN), (NOW, TOO_LATE), (NOW + 1, TOO_LATE)])
def test_an_earlier_post_may_be_repeated_only_after_the_given_time(
    tables: Backend, not_before: float, state: WriteAheadState
) -> None:
    lease(tables.progress, BATCH)
    tables.progress.write_ahead(BATCH, ME, NOW, NOW - 1_000)
    assert tables.progress.write_ahead(BATCH, ME, NOW + 9, not_before) == WriteAhead(state, in_doubt=True)


def test_only_the_owner_writes_ahead(tables: Backend) -> None:
    assert tables.progress.write_ahead(BATCH, ME, NOW, 0) == WriteAhead(LOST)
    assert tables.progress.batch(BATCH) is None
    lease(tables.progress, BATCH, OTHER)
    assert tables.progress.write_ahead(BATCH, ME, NOW, 0) == WriteAhead(LOST)
    assert stored(tables.progress).maybe_sent_at is None


def test_a_late_write_ahead_of_a_lost_owner_is_lost_not_late(tables: Backend) -> None:
    lease(tables.progress, BATCH, OTHER)
    tables.progress.write_ahead(BATCH, OTHER, NOW, 0)
    assert tables.progress.write_ahead(BATCH, ME, NOW + 9, NOW + 1) == WriteAhead(LOST)


def test_a_settlement_is_stored_whole_and_keeps_the_doubt(tables: Backend) -> None:
    lease(tables.progress, BATCH)
    tables.progress.write_ahead(BATCH, ME, NOW, 0)
    assert tables.progress.settle(BATCH, ME, a_settlement())
    record = stored(tables.progress)
    wanted = a_settlement()
    assert (record.accepted, record.refused, record.review) == (wanted.accepted, wanted.refused, wanted.review)
    assert (record.request_ids, record.maybe_sent_at) == (wanted.request_ids, NOW)


def test_a_definite_answer_takes_the_doubt_away(tables: Backend) -> None:
    lease(tables.progress, BATCH)
    tables.progress.write_ahead(BATCH, ME, NOW, 0)
    assert tables.progress.settle(BATCH, ME, a_settlement(clear=True))
    assert stored(tables.progress).maybe_sent_at is None
    assert tables.progress.write_ahead(BATCH, ME, NOW + 5, 0) == WriteAhead(WRITTEN)


def test_a_settlement_may_take_rows_back_to_none(tables: Backend) -> None:
    lease(tables.progress, BATCH)
    tables.progress.settle(BATCH, ME, a_settlement())
    tables.progress.settle(BATCH, ME, NOTHING)
    record = stored(tables.progress)
    assert (record.accepted, record.refused, record.review, record.request_ids) == (RowSet(), {}, {}, {})


def test_nobody_but_the_owner_settles_releases_or_closes(tables: Backend) -> None:
    batch_id = first_batch(a_split_file(tables.progress))
    for _ in ("never leased", "leased by another"):
        assert not tables.progress.settle(batch_id, ME, a_settlement())
        assert not tables.progress.release(batch_id, ME, NOW)
        assert not tables.progress.close(batch_id, ME, a_closing(), NOW)
        lease(tables.progress, batch_id, OTHER)
    record = stored(tables.progress, batch_id)
    assert (record.owner, record.accepted, record.closed_at) == (OTHER, RowSet(), None)
    file = tables.progress.file(batch_id.file_id)
    assert file is not None
    assert file.closed_batches == 0


def test_waiting_begins_with_the_first_release_that_says_so(tables: Backend) -> None:
    for waiting_since in (None, NOW + 1, NOW + 2, None):
        lease(tables.progress, BATCH)
        assert tables.progress.release(BATCH, ME, waiting_since)
    record = stored(tables.progress)
    assert (record.waiting_since, record.lease_until, record.attempts) == (NOW + 1, None, 4)


def test_a_release_by_the_owner_happens_once(tables: Backend) -> None:
    lease(tables.progress, BATCH)
    assert [tables.progress.release(BATCH, ME) for _ in range(2)] == [True, False]


def test_closing_stores_everything_and_counts_the_batch_on_its_file(tables: Backend) -> None:
    batch_id = first_batch(a_split_file(tables.progress))
    lease(tables.progress, batch_id)
    tables.progress.write_ahead(batch_id, ME, NOW, 0)
    tables.progress.release(batch_id, ME, NOW + 3)
    lease(tables.progress, batch_id)
    assert tables.progress.close(batch_id, ME, a_closing(), NOW + 7)
    wanted = a_closing()
    assert stored(tables.progress, batch_id) == BatchRecord(
        batch_id,
        owner=ME,
        lease_until=NOW + 180,
        maybe_sent_at=NOW,
        waiting_since=NOW + 3,
        attempts=2,
        accepted=wanted.settlement.accepted,
        refused=wanted.settlement.refused,
        review=wanted.settlement.review,
        duplicates=wanted.duplicates,
        request_ids=wanted.settlement.request_ids,
        closed_at=NOW + 7,
        closing_code="SOURCE_GONE",
        tally=wanted.tally,
    )
    file = tables.progress.file(batch_id.file_id)
    assert file is not None
    assert file.closed_batches == 1


def test_closing_can_take_the_doubt_away(tables: Backend) -> None:
    batch_id = first_batch(a_split_file(tables.progress))
    lease(tables.progress, batch_id)
    tables.progress.write_ahead(batch_id, ME, NOW, 0)
    tables.progress.close(batch_id, ME, a_closing(clear=True), NOW + 7)
    assert stored(tables.progress, batch_id).maybe_sent_at is None


def test_closing_twice_succeeds_twice_and_counts_once(tables: Backend) -> None:
    batch_id = a_closed_batch(tables.progress)
    closed = stored(tables.progress, batch_id)
    other = Closing(NOTHING, {}, {})
    assert tables.progress.close(batch_id, ME, other, NOW + 60)
    assert not tables.progress.close(batch_id, OTHER, other, NOW + 60)
    assert stored(tables.progress, batch_id) == closed
    file = tables.progress.file(batch_id.file_id)
    assert file is not None
    assert file.closed_batches == 1


def test_a_closed_batch_is_not_written_any_more(tables: Backend) -> None:
    batch_id = a_closed_batch(tables.progress)
    closed = stored(tables.progress, batch_id)
    assert not tables.progress.settle(batch_id, ME, NOTHING)
    assert not tables.progress.release(batch_id, ME)
    assert tables.progress.write_ahead(batch_id, ME, NOW, 0) == WriteAhead(LOST)
    assert stored(tables.progress, batch_id) == closed


def test_counters_without_a_file_are_no_file(tables: Backend) -> None:
    lease(tables.progress, BATCH)
    assert tables.progress.close(BATCH, ME, a_closing(), NOW)
    assert tables.progress.closed_batches(BATCH.file_id) == 1
    assert tables.progress.file(BATCH.file_id) is None
    assert not tables.progress.finish_file(BATCH.file_id, NOW)


def test_a_batch_that_is_not_closed_is_not_counted(tables: Backend) -> None:
    batch_id = first_batch(a_split_file(tables.progress))
    assert tables.progress.closed_batches(batch_id.file_id) == 0
    lease(tables.progress, batch_id, OTHER)
    assert not tables.progress.close(batch_id, ME, a_closing(), NOW)
    assert tables.progress.closed_batches(batch_id.file_id) == 0


def test_batches_come_in_order_of_number_without_those_of_other_files(tables: Backend) -> None:
    file_id = a_split_file(tables.progress).file_id
    for number in (100, 2, 11, 1):
        lease(tables.progress, BatchId(file_id, number))
    lease(tables.progress, BATCH)
    assert [record.batch_id.number for record in tables.progress.batches(file_id)] == [1, 2, 11, 100]
    assert [record.batch_id.number for record in tables.progress.batches(file_id, after=2)] == [11, 100]
    assert list(tables.progress.batches(file_id, after=100)) == []
    assert list(tables.progress.batches("0" * 32)) == []


def test_of_many_who_lease_at_once_exactly_one_gets_the_batch(real_tables: DynamoBackend) -> None:
    progress = real_tables.progress
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: progress.lease(BATCH, f"owner-{number}", NOW, NOW + 180), range(8)))
    assert [answer.state for answer in answers].count(LeaseState.LEASED) == 1
    assert stored(progress).attempts == 1


def test_batches_closed_at_the_same_time_are_each_counted_once(real_tables: DynamoBackend) -> None:
    progress = real_tables.progress
    file_id = a_split_file(progress, batches=12).file_id

    def close(number: int) -> bool:
        lease(progress, BatchId(file_id, number))
        return progress.close(BatchId(file_id, number), ME, a_closing(), NOW)

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(close, [*range(1, 13), *range(1, 13)]))
    file = progress.file(file_id)
    assert file is not None
    assert file.closed_batches == 12
    assert file.is_complete
