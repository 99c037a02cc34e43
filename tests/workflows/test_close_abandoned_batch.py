"""Closing a batch whose message is nowhere any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.errors import ContractBroken, NotPossible
from conversion_delivery.domain.outcomes import Outcome, outcome_of
from conversion_delivery.domain.reading.slices import SliceLimits
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.slices_again import SlicesAgain
from tests.workflows.delivery_world import file_of, row
from tests.workflows.operator_world import NO_ANSWER, OperatedWorld


def drop_five(world: OperatedWorld) -> Upload:
    """Batches of two, two and one row; a rejected row stands among them."""
    return world.drop(file_of(row(1), row(2), row(3, email="nobody"), row(4), row(5), row(6)))


def lose(world: OperatedWorld, number: int) -> None:
    world.queue.batches[:] = [message for message in world.pending() if message.batch != number]


def close(world: OperatedWorld, upload: Upload, number: int) -> None:
    world.abandon.run(world.abandon.look(upload.file_id, number))


def test_the_message_that_is_made_again_is_the_one_that_was_sent() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    for message in world.pending():
        assert world.abandon.look(upload.file_id, message.batch).message == message


def test_a_batch_whose_message_is_lost_is_closed_and_its_file_gets_its_report() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    lose(world, 2)
    world.deliver_all()
    assert world.progress.files[upload.file_id].finished_at is None

    close(world, upload, 2)

    counts = world.summary(upload)["counts"]
    assert (counts["delivered"], counts["not_sent"], counts["open"]) == (3, 2, 0)
    assert world.summary(upload)["outcomes"] == {"CLOSED_BY_OPERATOR": 2}
    assert sorted(world.sent_order_ids()) == ["T-1", "T-2", "T-6"]


def test_its_events_are_free_for_the_next_upload() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    lose(world, 2)
    world.deliver_all()
    close(world, upload, 2)
    drop_five(world)
    world.deliver_all()
    assert sorted(world.sent_order_ids()) == ["T-1", "T-2", "T-4", "T-5", "T-6"]


def test_the_lost_message_may_turn_up_later_and_sends_nothing() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    lost = world.pending()[1]
    close(world, upload, 2)
    assert world.deliver(lost) is None
    assert world.sent_order_ids() == []


def test_rows_that_a_post_may_have_delivered_go_to_review_and_are_never_free() -> None:
    world = OperatedWorld(answers=(NO_ANSWER,))
    upload = drop_five(world)
    assert world.deliver(world.pending()[0]) is not None
    close(world, upload, 1)
    record = world.progress.records[BatchId(upload.file_id, 1)]
    assert outcome_of(record, 1).outcome is Outcome.REVIEW
    assert record.review == {"OUTCOME_UNKNOWN": RowSet([1, 2])}
    assert record.maybe_sent_at is not None


def test_what_an_earlier_attempt_decided_stays() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    batch_id = BatchId(upload.file_id, 1)
    world.progress.lease(batch_id, "earlier", world.time, world.time + 1)
    world.progress.records[batch_id] = replace(world.progress.records[batch_id], accepted=RowSet([2]))
    world.time += 60
    close(world, upload, 1)
    record = world.progress.records[batch_id]
    assert [tuple(outcome_of(record, number)) for number in (1, 2)] == [
        (Outcome.REFUSED, "CLOSED_BY_OPERATOR"),
        (Outcome.DELIVERED, ""),
    ]


def test_a_batch_at_work_is_left_alone() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    batch_id = BatchId(upload.file_id, 1)
    world.progress.lease(batch_id, "somebody", world.time, world.time + 100)
    with pytest.raises(NotPossible, match="BATCH_BUSY"):
        close(world, upload, 1)
    assert world.progress.records[batch_id].owner == "somebody"


def test_a_batch_that_somebody_closed_meanwhile_only_gets_its_finish_check() -> None:
    world = OperatedWorld()
    upload = world.drop(file_of(row(1)))
    found = world.abandon.look(upload.file_id, 1)
    world.deliver_all()
    world.reports.objects.clear()
    assert world.abandon.run(found).accepted == RowSet([1])


@pytest.mark.parametrize("number", [0, 4, 99])
def test_a_batch_that_the_file_does_not_have_is_refused(number: int) -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    with pytest.raises(NotPossible, match="BATCH_UNKNOWN"):
        world.abandon.look(upload.file_id, number)


def test_a_closed_batch_is_refused() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    world.deliver_all()
    with pytest.raises(NotPossible, match="BATCH_CLOSED"):
        world.abandon.look(upload.file_id, 1)


def test_without_the_file_nobody_knows_the_rows() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    world.uploads.delete(upload)
    with pytest.raises(NotPossible, match="ROWS_UNKNOWN"):
        world.abandon.look(upload.file_id, 1)


def test_an_unknown_file_is_refused() -> None:
    with pytest.raises(NotPossible, match="FILE_UNKNOWN"):
        OperatedWorld().abandon.look("0" * 32, 1)


def test_rules_that_cut_the_file_elsewhere_are_noticed_before_anything_is_closed() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    file = world.progress.files[upload.file_id]
    with pytest.raises(NotPossible, match="RULES_CHANGED"):
        SlicesAgain(world.uploads, limits=SliceLimits(conversions=3)).message(file, 1)


def test_decided_rows_outside_the_slice_are_noticed_as_well() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    batch_id = BatchId(upload.file_id, 1)
    world.progress.lease(batch_id, "earlier", world.time, world.time + 1)
    world.progress.records[batch_id] = replace(world.progress.records[batch_id], accepted=RowSet([5]))
    with pytest.raises(NotPossible, match="RULES_CHANGED"):
        world.abandon.look(upload.file_id, 1)


def test_a_file_that_is_still_being_split_is_cut_up_to_its_checkpoint() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    file = world.progress.files[upload.file_id]
    message = world.pending()[1]
    reached = replace(file.checkpoint, position=world.pending()[2].position, batches=2, accepted=4, done=False)
    assert world.slices.message(replace(file, checkpoint=reached), 2) == message


def test_decided_rows_of_a_doubtful_batch_keep_what_was_decided() -> None:
    world = OperatedWorld(answers=(NO_ANSWER,))
    upload = drop_five(world)
    assert world.deliver(world.pending()[0]) is not None
    batch_id = BatchId(upload.file_id, 1)
    world.progress.records[batch_id] = replace(world.progress.records[batch_id], accepted=RowSet([1]))
    close(world, upload, 1)
    record = world.progress.records[batch_id]
    assert (record.accepted, record.review) == (RowSet([1]), {"OUTCOME_UNKNOWN": RowSet([2])})


def test_a_file_without_a_plan_was_never_cut() -> None:
    world = OperatedWorld()
    upload = drop_five(world)
    message = world.pending()[0]
    file = replace(world.progress.files[upload.file_id], plan=None)
    for look in (lambda: world.slices.message(file, 1), lambda: world.slices.tally(file, message, frozenset([1]))):
        with pytest.raises(ContractBroken, match="PLAN_MISSING"):
            look()
