"""The work that is timed: the product's own code over a file on disk, as the splitter and the sender run it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.conversions import Rejection
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.events.tiktok_events import EncodedEvent, request_body
from conversion_delivery.domain.reading.file_reading import HEAD_BYTES, Reading
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import SliceLimits, cut_slices
from tests.benchmarks.generated_file import AS_OF, Truth

SETTINGS = DestinationSettings(event_source_id="7654321098765432109", default_currency="USD", default_country="US")
BLOCK = 1 << 20

SlicePlace = tuple[Position, int]
"""Where a slice begins, and the byte at which it ends."""


def plan_of(path: Path) -> ReadingPlan:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return Reading().plan(
        head, size=path.stat().st_size, name=path.name, settings=SETTINGS, as_of=int(AS_OF.timestamp())
    )


def blocks(path: Path, start: int, end: int | None = None) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while block := file.read(BLOCK if end is None else min(BLOCK, end - file.tell())):
            yield block


def data_blocks(path: Path, plan: ReadingPlan) -> Iterator[bytes]:
    return blocks(path, plan.data_starts.offset)


def without(blocks: Iterable[bytes], head: int) -> Iterator[bytes]:
    """The blocks without their first ``head`` bytes: a text that is unpacked on the way begins with its header."""
    for block in blocks:
        yield block[head:]
        head = max(0, head - len(block))


def split(plan: ReadingPlan, data: Iterable[bytes]) -> int:
    """What the splitter does with every row: bytes to slices. ``data`` begins with the first data row."""
    start = plan.data_starts
    return sum(len(cut.valid) for cut in cut_slices(Reading().rows(plan, data, start), start, SliceLimits()))


def slices(path: Path, plan: ReadingPlan) -> list[SlicePlace]:
    start = plan.data_starts
    rows = Reading().rows(plan, data_blocks(path, plan), start)
    return [(cut.start, cut.end.offset) for cut in cut_slices(rows, start, SliceLimits())]


def encode(path: Path, plan: ReadingPlan, places: list[SlicePlace]) -> int:
    """What the sender does with every event, without network: re-read, normalise, hash, encode, join."""
    sent = 0
    reading = Reading()
    for start, end in places:
        rows = reading.rows(plan, [b"".join(blocks(path, start.offset, end))], start)
        found = (row.found for row in reading.events(plan, rows))
        bodies = [event.body for event in found if isinstance(event, EncodedEvent)]
        request_body(SETTINGS, bodies)
        sent += len(bodies)
    return sent


def read_csv(path: Path) -> int:
    """The floor: csv.reader alone, no rule, no position."""
    with path.open(newline="", encoding="latin-1") as file:
        return sum(1 for _ in csv.reader(file))


def differences(plan: ReadingPlan, data: Iterable[bytes], truth: Truth) -> tuple[int, int]:
    """(wrong verdicts, wrong lines or codes) against the generator's truth.

    Rejected rows come from the slices, as the splitter finds them; a row that is missing there is a wrong verdict.
    """
    found = {}
    rows = 0
    for cut in cut_slices(Reading().rows(plan, data, plan.data_starts), plan.data_starts, SliceLimits()):
        rows += cut.rows
        for judged in cut.rejected:
            assert isinstance(judged.verdict, Rejection)
            found[judged.row] = (judged.line, judged.verdict.problems[0].code)
    wrong_verdicts = len(found.keys() ^ truth.bad.keys()) + abs(rows - truth.rows)
    return wrong_verdicts, sum(found[row] != truth.bad[row] for row in found.keys() & truth.bad.keys())
