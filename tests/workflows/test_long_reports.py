"""Reports of files with very many batches and rejected rows: gathered in steps, in bounded time and memory."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.domain.reports.rejected_rows import returned_part_key
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows import gather_report, reject_pieces
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.reject_pieces import LISTED, RejectPieces, piece_keys
from conversion_delivery.workflows.split_file import SplitLimits
from tests.contracts.records import a_plan
from tests.fakes.file_progress import FakeFileProgress
from tests.fakes.report_store import FakeReportStore
from tests.fakes.telemetry import FakeTelemetry
from tests.workflows.delivery_world import NOW, DeliveryWorld, file_of, row

BATCHES = 6_000


class Counting(FakeReportStore):
    """Counts requests; a stream is thrown away but for its size."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0
        self.sizes: dict[str, int] = {}

    def get(self, key: str) -> bytes:
        self.requests += 1
        return b"1;x;_;_;_\n" if "/returned/" in key or "/results/" in key else super().get(key)

    def metadata(self, key: str) -> Mapping[str, str]:
        self.requests += 1
        return super().metadata(key)

    def write_stream(self, key: str, blocks: Iterable[bytes], content_type: str) -> None:
        self.requests += 1
        self.sizes[key] = sum(map(len, blocks))


class ManyBatches(FakeFileProgress):
    """Closed batches without end, made when they are read; each tenth returned rows."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.read = 0

    def closed_batches(self, file_id: str) -> int:
        return self.count

    def batches(self, file_id: str, after: int = 0) -> Iterator[BatchRecord]:
        for number in range(after + 1, self.count + 1):
            self.read += 1
            yield a_batch(file_id, number)


def a_batch(file_id: str, number: int) -> BatchRecord:
    tally = {
        "rows": 1000,
        "outcomes": {"delivered": 999, "refused": 1},
        "codes": {"TIKTOK_REFUSED:40002": 1},
        "delivered": {
            "events": {"Purchase": {"USD": {"events": 999, "value": "9990.10"}}},
            "earliest": 1_795_000_000,
            "latest": 1_795_100_000,
            "days": {"20776": {"USD": [999, "9990.10"]}},
            "keys": {"3": 999},
        },
        "lines": {"TIKTOK_REFUSED:40002": [number]},
        "delivered_before": {},
        "returned": 0 if number % 10 else 1,
        "first_copies": {},
    }
    owner, accepted = f"owner-{number}", RowSet(range(1, 1000))
    request_ids = {f"R{number}": "1-1000"}
    return BatchRecord(
        BatchId(file_id, number), owner, accepted=accepted, closed_at=NOW, tally=tally, request_ids=request_ids
    )


class World:
    """A file whose split is done and whose batches are closed; each invocation has so many looks at the clock."""

    def __init__(self, batches: int) -> None:
        self.progress, self.reports = ManyBatches(batches), Counting()
        self.finish = FinishFile(self.progress, self.reports, FakeTelemetry(), lambda: NOW)
        upload = Upload("bucket", "uploads/shop/sales.csv", "v1", 1)
        checkpoint = Checkpoint(batches=batches, accepted=1000 * batches, done=True)
        self.file = self.progress.create_file(FileRecord(upload, NOW, plan=a_plan(), checkpoint=checkpoint))

    def invoke(self, looks: int) -> bool:
        """One invocation; whether the file is finished after it."""
        seconds = iter([*[100.0] * looks, *[0.0] * 1_000_000])
        self.reports.requests = self.progress.read = 0
        try:
            self.finish.run(self.file.file_id, lambda: next(seconds))
        except TryLater as later:
            if later.code != "REPORT_CONTINUES":
                raise
            return False
        return True


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather_report, "PIECES_PER_FILE", 200)


def test_a_report_of_many_batches_is_gathered_in_several_invocations_and_comes_out_the_same(small_files: None) -> None:
    whole, parts = World(BATCHES), World(BATCHES)
    assert whole.invoke(looks=BATCHES)
    invocations = 1
    while not parts.invoke(looks=3):
        invocations += 1
        assert parts.progress.read <= 4 * gather_report.STEP
        assert parts.reports.requests <= 5 + 3 * gather_report.PIECES_PER_FILE
    assert invocations >= 4
    assert summary(parts) == summary(whole)
    assert parts.reports.sizes == whole.reports.sizes


def test_rows_that_go_back_fill_several_files_each_with_its_header(small_files: None) -> None:
    world = World(BATCHES)
    assert world.invoke(looks=BATCHES)
    files = summary(world)["reports"]
    assert [name for name in files if name.startswith("rejected")] == ["rejected", "rejected-2", "rejected-3"]
    assert files["rejected-2"].endswith("/rejected-2.csv")
    assert len(set(world.reports.sizes.values())) == 1, "two hundred pieces each"


def test_the_memory_of_a_report_does_not_grow_with_the_number_of_batches(small_files: None) -> None:
    peaks = []
    for batches in (1_000, 4_000):
        world = World(batches)
        tracemalloc.start()
        assert world.invoke(looks=batches)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    print("peak of 1,000 and 4,000 batches:", *peaks)
    assert peaks[1] < peaks[0] + 500_000


def test_counters_that_are_ahead_of_the_records_hand_the_message_back() -> None:
    world = World(3)
    world.progress.count = 2
    world.progress.closed_batches = lambda file_id: 3  # type: ignore[method-assign]
    with pytest.raises(TryLater, match="BATCHES_NOT_SEEN"):
        world.finish.run(world.file.file_id, lambda: 100.0)
    world.progress.count = 3
    assert world.invoke(looks=1)


def summary(world: World) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(world.reports.objects[f"{world.file.upload.report_folder}summary.json"].body)
    return document


# --- pieces


def stored(count: int, size: int) -> tuple[Counting, list[str], str | None]:
    """Pieces of ``size`` bytes each, from passes of three; the store, what was stored, and the last key."""
    reports, bodies, last, ids = Counting(), list[str](), None, iter(range(1_000_000))
    for start in range(0, count, 3):
        pieces = RejectPieces(reports, "parts/f/rejected/", last, lambda: f"{next(ids):016x}")
        for number in range(start, min(start + 3, count)):
            bodies.append(f"{number:05d}," * (size // 6))
            last = pieces.add(number + 1, bodies[-1].encode(), "text/csv")
    return reports, bodies, last


@pytest.mark.parametrize("count", [0, 1, 2, LISTED, LISTED + 1, 2 * LISTED + 1, 500])
@pytest.mark.parametrize("bound", [1, 100, 1000])
def test_pieces_come_back_whole_and_in_order(count: int, bound: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reject_pieces, "PIECE_BYTES", bound)
    reports, bodies, last = stored(count, 60)
    keys = piece_keys(reports, last)
    assert b"".join(reports.get(key) for key in keys).decode() == "".join(bodies)
    assert len(keys) <= -(-count * 60 // max(bound, 60)) + 1
    assert all(len(",".join(each.metadata.values())) < 2000 for each in reports.objects.values())


def test_a_list_of_pieces_takes_one_request_per_forty() -> None:
    reports, _, last = stored(400, reject_pieces.PIECE_BYTES + 6)
    reports.requests = 0
    assert len(piece_keys(reports, last)) == 400
    assert reports.requests <= 400 / LISTED + 1


def test_a_file_of_many_checkpoints_and_few_rejects_has_few_pieces() -> None:
    world = DeliveryWorld(rows_per_batch=10, split_limits=SplitLimits(checkpoint_bytes=1, open_batches=0))
    rows = [row(number, email="nobody") if number % 10 == 0 else row(number) for number in range(1, 501)]
    upload = world.drop(file_of(*rows))
    record = world.progress.file(upload.file_id)
    assert record is not None
    assert len(piece_keys(world.reports, record.checkpoint.reject_part)) == 1
    world.deliver_all()
    text = world.reports.get(f"{upload.report_folder}rejected.csv").decode()
    lines = [int(found["_line"]) for found in csv.DictReader(io.StringIO(text, newline=""))]
    assert lines == [number + 1 for number in range(10, 501, 10)]


def test_a_piece_that_was_returned_is_read_under_the_name_of_the_attempt_that_closed() -> None:
    asked: list[str] = []

    class Asking(Counting):
        def get_each(self, keys: Sequence[str]) -> Iterator[bytes]:
            asked.extend(keys)
            return super().get_each(keys)

    world = World(20)
    world.reports.__class__ = Asking
    world.invoke(looks=100)
    assert returned_part_key(world.file.file_id, 10, "owner-10") in asked
