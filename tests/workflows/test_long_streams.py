"""Files of gigabytes that lie nowhere: many passes, flat memory, and an end to what has none."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from conversion_delivery.domain.errors import SourceGone
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.split_file import SplitLimits
from tests.benchmarks.generated_stream import BAD_EVERY, GeneratedUploads
from tests.benchmarks.long_stream import LongSplit, for_slices
from tests.fakes.upload_store import FakeUploadStore
from tests.workflows.delivery_world import HEADER, DeliveryWorld, file_of, row

MIB = 1 << 20


def test_a_stream_is_cut_into_the_same_slices_however_often_a_pass_ends() -> None:
    size = 4 * MIB
    whole, hopping = LongSplit(GeneratedUploads(size)), LongSplit(GeneratedUploads(size))
    expected = whole.run(for_slices(10**9))
    record = hopping.run(for_slices(3))
    assert len(hopping.resident) > 10
    assert len(whole.resident) == 1
    assert hopping.queue.digest.digest() == whole.queue.digest.digest()
    assert record.checkpoint.position == expected.checkpoint.position
    assert (record.checkpoint.counts, record.checkpoint.lines) == (
        expected.checkpoint.counts,
        expected.checkpoint.lines,
    )


def test_memory_is_as_flat_at_the_end_of_a_long_stream_as_at_its_beginning() -> None:
    split = LongSplit(GeneratedUploads(64 * MIB))
    record = split.run(for_slices(20))
    rows = split.uploads.rows
    assert record.checkpoint.done
    assert record.checkpoint.position.row == rows
    assert record.checkpoint.counts["rejected"] == len(range(7, rows, BAD_EVERY))
    assert record.checkpoint.hops == len(split.resident) - 1 > 20
    settled = split.resident[len(split.resident) // 10 :]
    tenth = len(settled) // 10
    first, last = (sum(part) / tenth for part in (settled[:tenth], settled[-tenth:]))
    print(f"{len(split.resident)} passes, {first / 1e6:.1f} MB, then {last / 1e6:.1f} MB")
    assert last - first < 5_000_000


# --- bad input


class Endless(FakeUploadStore):
    """``head`` and then the same block over and over, up to ``size`` bytes; counts what is asked for."""

    def __init__(self, head: bytes, block: bytes, size: int) -> None:
        super().__init__()
        self._head = head
        self._block = block
        self.made = 0
        self.upload = Upload("bucket", "uploads/shop/sales.csv", "version-1", size)
        self.gone_at: int | None = None

    def stream(self, upload: Upload, start: int = 0) -> Iterator[bytes]:
        at = start
        while at < self.upload.size:
            if self.gone_at is not None and at >= self.gone_at:
                raise SourceGone("SOURCE_GONE")
            block = self._bytes(at)
            self.made += len(block)
            at += len(block)
            yield block

    def read(self, upload: Upload, start: int, end: int) -> bytes:
        pieces, at = [], start
        while at < end:
            pieces.append(self._bytes(at)[: end - at])
            at += len(pieces[-1])
        return b"".join(pieces)

    def _bytes(self, at: int) -> bytes:
        if at < len(self._head):
            return self._head[at:]
        return self._block[(at - len(self._head)) % len(self._block) :]


def world_of(store: Endless, limits: SplitLimits | None = None, rows_per_batch: int = 1000) -> DeliveryWorld:
    world = DeliveryWorld(split_limits=limits, rows_per_batch=rows_per_batch)
    world.split._uploads = world.send._uploads = store
    world.split._receive._uploads = store
    world.split._receive._prepare._uploads = store
    return world


def record_of(world: DeliveryWorld, store: Endless) -> FileRecord:
    record = world.progress.file(store.upload.file_id)
    assert record is not None
    return record


def split(world: DeliveryWorld, store: Endless) -> None:
    world.split.start(store.upload, lambda: 300.0)
    while world.queue.continuations:
        world.split.go_on(world.queue.continuations.pop()[0], lambda: 300.0)


def test_a_line_without_end_is_not_read_to_its_end() -> None:
    good = [row(number) for number in range(1, 31)]
    store = Endless(file_of(*good), b"a" * MIB, 50_000 * MIB)
    world = world_of(store, SplitLimits(line_bytes=64 * MIB), rows_per_batch=10)
    split(world, store)
    assert store.made <= 70 * MIB
    world.deliver_all()
    summary = world.summary(store.upload)
    assert (summary["state"], summary["file"]["error"]["code"]) == ("PARTIAL", "LINE_ENDLESS")
    assert summary["counts"]["delivered"] >= 20
    assert summary["counts"]["rows_read"] == summary["counts"]["delivered"]
    assert SplitLimits().line_bytes == 1024 * MIB


def test_an_unclosed_quote_at_byte_100_costs_its_own_line_however_long_the_file_is() -> None:
    head = file_of(row(1)) + b'Purchase,"open@example.com,2026-11-19T10:00:00Z,T-open,1.00,USD\n'
    assert head.index(b'"') < 150
    rows = "".join(row(number) + "\n" for number in range(1000, 9000)).encode()
    store = Endless(head, rows, len(head) + 20 * len(rows))
    world = world_of(store, SplitLimits(open_batches=0))
    split(world, store)
    record = record_of(world, store)
    assert record.checkpoint.reasons == {"QUOTE_UNCLOSED": 1}
    assert record.checkpoint.position.row == 2 + 20 * 8000
    assert store.made < 1.2 * store.upload.size, "the quote is not looked for again and again"


def test_a_file_that_is_replaced_while_it_is_read_is_read_on_as_it_was() -> None:
    world = DeliveryWorld(rows_per_batch=10)
    first = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(*(row(number) for number in range(50))))
    world.split.start(first, lambda: 10.0)
    second = world.drop(file_of(*(row(number) for number in range(900, 903))))
    world.deliver_all()
    while world.queue.continuations:
        world.split.go_on(world.queue.continuations.pop()[0], lambda: 10.0)
        world.deliver_all()
    assert world.summary(first)["counts"]["delivered"] == 50
    assert world.summary(second)["counts"]["delivered"] == 3


def test_a_file_that_is_deleted_half_way_reports_the_rows_that_were_delivered() -> None:
    rows = "".join(row(number) + "\n" for number in range(20_000)).encode()
    store = Endless(file_of(), rows, len(HEADER) + 1 + len(rows))
    world = world_of(store)
    world.send._uploads = store
    looks = itertools.count()
    world.split.start(store.upload, lambda: 300.0 if next(looks) < 8 else 0.0)
    world.deliver_all()
    store.gone_at = 0
    split_rest(world)
    summary = world.summary(store.upload)
    assert (summary["state"], summary["file"]["error"]["code"]) == ("PARTIAL", "FILE_GONE")
    counts = summary["counts"]
    assert counts["rows_read"] == counts["delivered"] == 9_000 - counts["duplicates"]


def split_rest(world: DeliveryWorld) -> None:
    while world.queue.continuations:
        world.split.go_on(world.queue.continuations.pop()[0], lambda: 300.0)


@pytest.mark.parametrize("bound", [3 * MIB])
def test_a_line_just_below_the_bound_is_one_rejected_row(bound: int) -> None:
    tail = b"\n" + row(1).encode() + b"\n"
    store = Endless(HEADER.encode() + b"\n", b"a" * bound + tail, len(HEADER) + 1 + bound + len(tail))
    world = world_of(store, SplitLimits(line_bytes=4 * MIB))
    split(world, store)
    checkpoint = record_of(world, store).checkpoint
    assert (checkpoint.stopped, checkpoint.reasons, checkpoint.accepted) == ("", {"LINE_TOO_LONG": 1}, 1)
