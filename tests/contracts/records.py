"""Builders for what the ports store."""

from __future__ import annotations

from conversion_delivery.domain.batches import BatchId, Position, RowSet
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.reading.reading_plans import ColumnUse, ReadingPlan
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.ports import Closing, FileProgress, Settlement

NOW = 1_763_654_400.25

ME, OTHER = "owner-a", "owner-b"


def an_upload(version_id: str = "v1") -> Upload:
    return Upload("bucket", "uploads/shop/März + 1.csv", version_id, 12_345)


def a_plan() -> ReadingPlan:
    settings = DestinationSettings(
        event_source_id="123",
        columns={"Order #": "order_id"},
        countable_status=("paid", "bezahlt"),
        default_country="DE",
    )
    return ReadingPlan(
        settings=settings,
        as_of=int(NOW),
        layout="columns",
        delimiter=";",
        header=("Order #", "Größe"),
        columns=(ColumnUse(index=0, header="Order #", field="order_id"), ColumnUse(index=1, header="Größe")),
        data_starts=Position(14, 0, 1),
        warnings=("COLUMN_UNKNOWN",),
    )


def a_file(checkpoint: Checkpoint | None = None, version_id: str = "v1") -> FileRecord:
    return FileRecord(an_upload(version_id), NOW, plan=a_plan(), checkpoint=checkpoint or Checkpoint())


def a_prepared_file() -> FileRecord:
    """A member of an archive, with what is read in its place."""
    upload = an_upload()._replace(member="Läden/berlin.csv")
    prepared = Upload(upload.bucket, "prepared/shop/f1", "p1", 99)
    return FileRecord(upload, NOW, plan=a_plan(), source=prepared, expected_rows=0, checkpoint=a_checkpoint())


def an_archive() -> FileRecord:
    return FileRecord(an_upload(), NOW, members=("Läden/berlin.csv", "paris.csv"), checkpoint=Checkpoint(done=True))


def a_refused_file() -> FileRecord:
    return FileRecord(an_upload(), NOW, rejected_code="FILE_EMPTY", rejected_facts={"size": 0, "name": "a", "x": 1.5})


def a_checkpoint(batches: int = 3, *, done: bool = False, hops: int = 1, offset: int = 10_000) -> Checkpoint:
    return Checkpoint(
        position=Position(offset, 3_000, 3_007),
        batches=batches,
        hops=hops,
        accepted=2_990,
        reject_part="parts/f/rejected-000000010000.csv",
        counts={"rejected": 8, "ignored": 2},
        reasons={"EMAIL_INVALID": 8},
        warnings={"PHONE_DROPPED": 1},
        lines={"EMAIL_INVALID": (3, 70_000), "PHONE_DROPPED": (4,)},
        tally={"events": {"Purchase": {"EUR": {"events": 2, "value": "0.30"}}}, "earliest": 1, "latest": None},
        done=done,
        stopped="HOPS_EXCEEDED" if done else "",
        stopped_facts={"hops": 500, "share": 0.5, "order": "x"} if done else {},
    )


def a_split_file(progress: FileProgress, batches: int = 1) -> FileRecord:
    """A file whose split is done, stored."""
    return progress.create_file(a_file(a_checkpoint(batches, done=True)))


def a_settlement(*, clear: bool = False) -> Settlement:
    return Settlement(
        accepted=RowSet([1, 2, 3, 7]),
        refused={"TIKTOK_REFUSED:40002:context.user.email": RowSet([4])},
        review={"OUTCOME_UNKNOWN": RowSet([5, 6])},
        request_ids={"20261120-abc": "1-7"},
        clear_maybe_sent=clear,
    )


def a_closing(*, clear: bool = False) -> Closing:
    return Closing(
        settlement=a_settlement(clear=clear),
        duplicates={"ALREADY_DELIVERED": RowSet([8])},
        tally={"rows": 8, "value": {"EUR": "12.50"}, "codes": [["X", 1]], "none": None},
        closing_code="SOURCE_GONE",
    )


def first_batch(file: FileRecord) -> BatchId:
    return BatchId(file.file_id, 1)


def lease(progress: FileProgress, batch_id: BatchId, owner: str = ME) -> None:
    progress.lease(batch_id, owner, NOW, NOW + 180)
