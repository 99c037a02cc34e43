"""Prints what splitting and encoding cost per row, and what a pydantic model per row costs for the main rules alone."""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.conversions import Conversion, Rejection
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.events.tiktok_events import request_body
from conversion_delivery.domain.reading.file_reading import HEAD_BYTES, Reading
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import SliceLimits, cut_slices
from conversion_delivery.runtime.collection import collect_rarely
from tests.benchmarks.generated_file import AS_OF, Truth, write_file
from tests.benchmarks.measuring import medians, peak_megabytes, report
from tests.benchmarks.model_per_row import validate_file

SETTINGS = DestinationSettings(event_source_id="7654321098765432109", default_currency="USD", default_country="US")
BLOCK = 1 << 20


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


def split(path: Path, plan: ReadingPlan) -> int:
    """What the splitter does with every row."""
    start = plan.data_starts
    rows = Reading().rows(plan, blocks(path, start.offset), start)
    return sum(len(cut.valid) for cut in cut_slices(rows, start, SliceLimits()))


def read_csv(path: Path) -> int:
    """The floor: csv.reader alone, no rule, no position."""
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file))


def encode(path: Path, plan: ReadingPlan, slices: list[tuple[Position, int]]) -> int:
    """What the sender does with every event, without network: re-read, normalise, hash, encode, join."""
    sent = 0
    encoder = Reading().encoder(plan)
    for start, end in slices:
        rows = Reading().rows(plan, [b"".join(blocks(path, start.offset, end))], start)
        bodies = [encoder.encode(row.verdict).body for row in rows if isinstance(row.verdict, Conversion)]
        request_body(SETTINGS, bodies)
        sent += len(bodies)
    return sent


def check_truth(path: Path, plan: ReadingPlan, truth: Truth) -> tuple[int, int]:
    """(wrong verdicts, wrong lines or codes) against the generator's truth."""
    rows = Reading().rows(plan, blocks(path, plan.data_starts.offset), plan.data_starts)
    wrong_verdicts = wrong_details = 0
    for judged in rows:
        bad = truth.bad.get(judged.row)
        rejected = isinstance(judged.verdict, Rejection)
        if rejected != (bad is not None):
            wrong_verdicts += 1
        elif bad is not None and isinstance(judged.verdict, Rejection):
            wrong_details += (judged.line, judged.verdict.problems[0].code) != bad
    return wrong_verdicts, wrong_details


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liveramp.csv"
        truth = write_file(path, arguments.rows)
        plan = plan_of(path)
        print(f"{truth.rows:,} rows, {path.stat().st_size:,} bytes, {len(truth.bad):,} bad; CPU time, one core,")
        print(f"median of {arguments.rounds} interleaved rounds\n")
        verdicts, details = check_truth(path, plan, truth)
        print(f"wrong verdicts {verdicts}, wrong lines or codes {details}\n")
        before = peak_megabytes()
        start = plan.data_starts
        rows = Reading().rows(plan, blocks(path, start.offset), start)
        slices = [(cut.start, cut.end.offset) for cut in cut_slices(rows, start, SliceLimits())]
        events = truth.rows - len(truth.bad)
        collect_rarely()
        contenders = {
            "csv.reader alone (floor)": lambda: read_csv(path),
            "split: rows, verdicts, slices": lambda: split(path, plan),
            "send: re-read, normalise, hash, encode": lambda: encode(path, plan, slices),
            "a pydantic model per row, main rules only": lambda: validate_file(path, int(AS_OF.timestamp())),
        }
        taken = medians(contenders, arguments.rounds)
        for name, seconds in taken.items():
            report(name, seconds, events if name.startswith("send") else truth.rows, "row")
        ratio = taken["a pydantic model per row, main rules only"] / taken["split: rows, verdicts, slices"]
        print(f"\nsplit is {ratio:.1f} times as fast as a pydantic model per row")
        print(f"peak memory {peak_megabytes():.0f} MB ({before:.0f} MB before the timed runs)")


if __name__ == "__main__":
    main()
