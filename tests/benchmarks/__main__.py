"""Prints what splitting and encoding cost per row: CPU time of one core, medians of interleaved rounds."""

from __future__ import annotations

import argparse
import gzip
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from conversion_delivery.domain.reading.compressions import GzipMember, expanded
from conversion_delivery.domain.reading.encodings import as_utf8
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.runtime.collection import collect_rarely
from tests.benchmarks.generated_file import AS_OF, Truth, write_file
from tests.benchmarks.measuring import medians, peak_megabytes, report
from tests.benchmarks.messy_file import write_messy_file
from tests.benchmarks.model_per_row import validate_file
from tests.benchmarks.work import (
    blocks,
    data_blocks,
    differences,
    encode,
    plan_of,
    read_csv,
    slices,
    split,
    without,
)

MODEL = "a pydantic model per row, main rules only"
SPLIT = "split: rows, verdicts, slices"
SCALES = (10_000, 100_000, 1_000_000)
LARGEST = 10_000_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scaling", action="store_true", help="Files of 10 thousand to 1 million rows instead.")
    parser.add_argument("--largest", action="store_true", help="With --scaling: 10 million rows too.")
    arguments = parser.parse_args()
    collect_rarely()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.scaling:
            _scaling(Path(folder), (*SCALES, LARGEST) if arguments.largest else SCALES, arguments.rounds)
        else:
            print(f"CPU time of one core, median of {arguments.rounds} interleaved rounds")
            _clean(Path(folder), arguments.rows, arguments.rounds)
            _variants(Path(folder), arguments.rows, arguments.rounds)
            _messy(Path(folder), arguments.rows, arguments.rounds)
        print(f"\npeak memory {peak_megabytes():.0f} MB")


def _clean(folder: Path, rows: int, rounds: int) -> None:
    """The LiveRamp layout with one bad row in a hundred."""
    path = folder / "liveramp.csv"
    truth = write_file(path, rows)
    plan = plan_of(path)
    _title("clean file", path, truth, plan, lambda: data_blocks(path, plan))
    places = slices(path, plan)
    taken = medians(
        {
            "csv.reader alone (floor)": lambda: read_csv(path),
            SPLIT: lambda: split(plan, data_blocks(path, plan)),
            MODEL: lambda: validate_file(path, int(AS_OF.timestamp())),
            "send: re-read, normalise, hash, encode": lambda: encode(path, plan, places),
        },
        rounds,
    )
    for name, seconds in taken.items():
        report(name, seconds, rows - len(truth.bad) if name.startswith("send") else rows, "row")
    print(f"split is {taken[MODEL] / taken[SPLIT]:.1f} times as fast as a pydantic model per row")


def _variants(folder: Path, rows: int, rounds: int) -> None:
    """The same file with one bare quote, packed, and in another encoding: the same verdicts."""
    path = folder / "liveramp.csv"
    truth = write_file(path, rows)
    text, plan = path.read_bytes(), plan_of(path)
    quoted = folder / "quoted.csv"
    quoted.write_bytes(text.replace(b",Article 7,", b',24" Article 7,', 1))
    packed, wide = folder / "liveramp.csv.gz", folder / "wide.csv"
    packed.write_bytes(gzip.compress(text, 6))
    wide.write_bytes(b"\xff\xfe" + text.decode().encode("utf-16-le"))
    head = plan.data_starts.offset
    variants: dict[str, Callable[[], Iterator[bytes]]] = {
        "as it is": lambda: data_blocks(path, plan),
        "with one bare quote": lambda: data_blocks(quoted, plan),
        "gz": lambda: without(expanded(blocks(packed, 0), GzipMember), head),
        "UTF-16": lambda: without(as_utf8(blocks(wide, 0), "utf-16-le"), head),
    }
    print("\nsplit of the same file")
    taken = medians({name: _splitting(plan, data) for name, data in variants.items()}, rounds)
    for name, data in variants.items():
        wrong = differences(plan, data(), truth)
        report(f"{name}: wrong verdicts {wrong[0]}, lines or codes {wrong[1]}", taken[name], rows, "row")


def _splitting(plan: ReadingPlan, data: Callable[[], Iterator[bytes]]) -> Callable[[], int]:
    return lambda: split(plan, data())


def _messy(folder: Path, rows: int, rounds: int) -> None:
    """National phone numbers, US dates, symbols, Windows-1252."""
    path = folder / "messy.csv"
    truth = write_messy_file(path, rows)
    plan = plan_of(path)
    _title("messy file", path, truth, plan, lambda: data_blocks(path, plan))
    places = slices(path, plan)
    taken = medians(
        {
            "csv.reader alone (floor)": lambda: read_csv(path),
            SPLIT: lambda: split(plan, data_blocks(path, plan)),
            "send: re-read, normalise, hash, encode": lambda: encode(path, plan, places),
        },
        rounds,
    )
    for name, seconds in taken.items():
        report(name, seconds, rows - len(truth.bad) if name.startswith("send") else rows, "row")


def _scaling(folder: Path, scales: tuple[int, ...], rounds: int) -> None:
    """The cost of a row and the memory must not grow with the file."""
    for rows in scales:
        path = folder / "liveramp.csv"
        truth = write_file(path, rows)
        plan = plan_of(path)
        wrong = differences(plan, data_blocks(path, plan), truth)
        taken = medians({SPLIT: _splitting(plan, lambda: data_blocks(path, plan))}, rounds)  # noqa: B023 - run at once
        name = f"split {rows:,} rows: wrong {sum(wrong)}, peak {peak_megabytes():.0f} MB"
        report(name, taken[SPLIT], rows, "row")


def _title(name: str, path: Path, truth: Truth, plan: ReadingPlan, data: Callable[[], Iterator[bytes]]) -> None:
    verdicts, details = differences(plan, data(), truth)
    print(f"\n{name}: {truth.rows:,} rows, {path.stat().st_size:,} bytes, {len(truth.bad):,} bad;", end=" ")
    print(f"wrong verdicts {verdicts}, wrong lines or codes {details}")


if __name__ == "__main__":
    main()
