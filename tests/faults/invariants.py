"""What must hold whatever happens: after each acknowledgement, at the end, and after a replay of everything.

The names are those of the design: I1 nothing lost, I2 never counted twice (the model of TikTok watches that), I3 the
ledger tells the truth, I6 an unfinished file always has a message, I8 any message may come again.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from conversion_delivery.domain.batches import BatchId, parse_batch_message
from conversion_delivery.domain.outcomes import BatchRecord, Outcome, outcome_of
from tests.faults.message_queue import Message
from tests.faults.world import DroppedFile, World

CERTAINLY_NEVER_COUNTED = (Outcome.REFUSED, Outcome.NOT_SENT)


def watch(world: World) -> None:
    """Check I6 after each acknowledgement from now on."""
    world.acknowledged = lambda message: check_messages(world, message)


def check_messages(world: World, acknowledged: Message) -> None:
    """I6: the file of a message that is gone is finished, or every open part of it still has a message.

    A message of the splitter stands for the batches in the outbox: whoever takes it sends them first.
    """
    progress = world.stores.progress
    record = progress.files.get(acknowledged.file_id)
    if record is not None and record.finished_at is not None:
        return
    kept = [message for message in world.queue.kept() if message.file_id == acknowledged.file_id]
    if record is None:
        if _is_gone(world, acknowledged.file_id):
            return
        _expect(world, bool(kept), "I6: an upload nobody has begun has no message")
        return
    _expect(world, bool(kept), "I6: an unfinished file has no message")
    if record.rejected_code is None and not record.checkpoint.done:
        _expect(world, any(message.batch is None for message in kept), "I6: a split that is not done has no message")
    waiting = {message.batch for message in kept}
    if None in waiting:
        waiting |= {parse_batch_message(text).batch for text in record.checkpoint.outbox}
    for number in range(1, record.checkpoint.batches + 1):
        batch = progress.records.get(BatchId(acknowledged.file_id, number))
        is_closed = batch is not None and batch.is_closed
        _expect(world, is_closed or number in waiting, f"I6: open batch {number} has no message")


def _is_gone(world: World, file_id: str) -> bool:
    upload = world.file_of(file_id).upload
    return upload.version_id not in world.stores.uploads.versions[upload.bucket, upload.key]


def _expect(world: World, holds: bool, what: str) -> None:
    if not holds:
        world.violate(what)


def check_end(world: World) -> None:
    """Everything that must hold once nothing is left to do."""
    for file in world.files:
        _check_file(world, file)
    _check_ledger(world)
    _check_reports(world)


def _check_file(world: World, file: DroppedFile) -> None:
    """I1: the file is finished and its counters account for every row."""
    record = world.stores.progress.file(file.file_id)
    if record is None:
        _expect(world, _is_gone(world, file.file_id), "I1: a file was never begun")
        return
    _expect(world, record.finished_at is not None, "I1: a file is not finished")
    batches = list(world.stores.progress.batches(file.file_id))
    _expect(world, all(batch.is_closed for batch in batches), "I1: a finished file has an open batch")
    if record.rejected_code is not None or record.checkpoint.stopped:
        _expect(world, _is_gone(world, file.file_id), "I1: a good file was refused or cut short")
        return
    reached = record.checkpoint
    read = reached.accepted + reached.counts.get("rejected", 0) + reached.counts.get("ignored", 0)
    _expect(world, read == len(file.rows) == reached.position.row, "I1: rows read do not add up")
    _expect(world, record.closed_batches == reached.batches, "I1: batches closed are not batches sent")
    rows = sum(_rows_in(batch) for batch in batches)
    _expect(world, rows == reached.accepted, f"I1: batches account for {rows} of {reached.accepted} rows")


def _rows_in(batch: BatchRecord) -> int:
    outcomes = batch.tally["outcomes"]
    assert isinstance(outcomes, dict)
    if Outcome.UNDECIDED.value in outcomes:
        return -1
    return sum(outcomes.values())


def _check_ledger(world: World) -> None:
    """I3: delivered was counted; refused and not sent never were; nothing stays undecided."""
    for key, claim in world.stores.ledger.claims.items():
        batch = world.stores.progress.records.get(BatchId.parse(claim.batch))
        outcome = outcome_of(batch, claim.row).outcome
        counted = len(world.tiktok.counted.get(key, ()))
        _expect(world, outcome is not Outcome.UNDECIDED, f"I3: {key} is undecided at the end")
        _expect(world, counted <= 1, f"I2: {key} is counted {counted} times")
        if outcome is Outcome.DELIVERED:
            _expect(world, counted == 1, f"I3: {key} is called delivered and was not counted")
        if outcome in CERTAINLY_NEVER_COUNTED:
            _expect(world, counted == 0, f"I3: {key} is called {outcome} and was counted")
    unknown = set(world.tiktok.counted) - set(world.stores.ledger.claims)
    _expect(world, not unknown, "I3: TikTok counted an event that the ledger does not know")


def _check_reports(world: World) -> None:
    """I1, I3: at most one row of all reports says delivered for an event, and exactly when the ledger does."""
    rows = list(reported(world))
    said = Counter(row.key for row in rows if row.outcome == Outcome.DELIVERED)
    for key, times in said.items():
        _expect(world, times == 1, f"I1: {times} rows say that {key} was delivered")
    for key, claim in world.stores.ledger.claims.items():
        batch = world.stores.progress.records.get(BatchId.parse(claim.batch))
        delivered = outcome_of(batch, claim.row).outcome is Outcome.DELIVERED
        _expect(world, delivered == (key in said), f"I3: report and ledger disagree about {key}")
    for row in rows:
        if row.code in SAYS_DELIVERED_ELSEWHERE:
            _expect(world, row.key in world.tiktok.counted, f"I3: a duplicate of {row.key}, which was never counted")


SAYS_DELIVERED_ELSEWHERE = ("ALREADY_DELIVERED", "CHANGED_AFTER_DELIVERY")


class Reported(NamedTuple):
    """One row of a results.csv."""

    key: str
    outcome: str
    code: str


def reported(world: World) -> Iterator[Reported]:
    """Every row of every results.csv."""
    for file in world.files:
        stored = world.stores.reports.objects.get(file.upload.report_folder + "results.csv")
        if stored is None:
            continue
        for line in csv.DictReader(io.StringIO(stored.body.decode())):
            yield Reported(file.rows[int(line["row"]) - 1].key, line["outcome"], line["code"])
