"""Prints what splitting and sending cost per row, with the targets: CPU time of one core, medians of rounds."""

from __future__ import annotations

import argparse
import gzip
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from conversion_delivery.domain.reading.compressions import GzipMember, expanded
from conversion_delivery.domain.reading.encodings import as_utf8
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.runtime.collection import collect_rarely
from local.costs import PRICES_KNOWN_IN, PRICES_REGION
from local.scale.estimate import estimate
from tests.benchmarks import long_stream, scaling, whole_path
from tests.benchmarks.claims import EVENTS, PLAIN, SHORT, measure
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
SEND = "send: re-read, normalise, hash, encode"
TARGETS = {SPLIT: 1e6 / 150_000, SEND: 15.0}
"""Most microseconds per row or event."""

MESSY_TARGETS = {SPLIT: 1e6 / 40_000}
CLAIM_TARGETS = {PLAIN: 120.0, SHORT: 120.0}
DOLLARS = 0.75
"""Most dollars per million events."""

ESTIMATED_ROWS = 1_000_000


def main() -> None:
    arguments = _arguments()
    collect_rarely()
    if arguments.scaling or arguments.stream:
        if arguments.scaling:
            scaling.show(arguments.rounds, largest=arguments.largest)
        if arguments.stream:
            _stream(arguments.stream)
        return
    print(f"CPU time of one core, median of {arguments.rounds} interleaved rounds; load {_load()}")
    with tempfile.TemporaryDirectory() as folder:
        _clean(Path(folder), arguments.rows, arguments.rounds)
        _variants(Path(folder), arguments.rows, arguments.rounds)
        _messy(Path(folder), arguments.rows, arguments.rounds)
    _claims(arguments.rounds)
    print(f"peak memory so far {peak_megabytes():.0f} MB")
    whole_path.show(whole_path.middle(whole_path.measure(arguments.rounds)))
    _dollars()
    scaling.show(arguments.rounds, largest=arguments.largest)
    print("\nmemory over a long stream: python -m tests.benchmarks --stream 1 (minutes; 5 as the target says)")
    print(f"\nload {_load()}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scaling", action="store_true", help="The files of 10 thousand to 1 million rows alone.")
    parser.add_argument("--largest", action="store_true", help="10 million rows too.")
    parser.add_argument("--stream", type=float, metavar="GB", help="Memory over a stream of so many gigabytes alone.")
    return parser.parse_args()


def _load() -> str:
    return ", ".join(f"{average:.1f}" for average in os.getloadavg()) + f" on {os.cpu_count()} cores"


def _stream(gigabytes: float) -> None:
    print("\nmemory over a long stream")
    long_stream.show(gigabytes)


def _dollars() -> None:
    """Counted calls and stage costs as recorded in ``local.scale.stages``, not the figures of this run."""
    found = estimate(ESTIMATED_ROWS, 0.0).per_million
    print(f"\ndollars per million: {found.total:.3f}, at most {DOLLARS}: {_met(found.total <= DOLLARS)}")
    print(
        f"  by the cost model ({PRICES_REGION}, prices of {PRICES_KNOWN_IN}, not checked live; no real bill), of these"
    )
    for line in found.lines():
        print(f"  {line}")


def _met(is_met: bool) -> str:
    return "met" if is_met else "NOT MET"


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
            SEND: lambda: encode(path, plan, places),
        },
        rounds,
    )
    _report(taken, rows, len(truth.bad), TARGETS)
    print(f"split is {taken[MODEL] / taken[SPLIT]:.1f} times as fast as a pydantic model per row")


def _report(taken: dict[str, float], rows: int, bad: int, targets: dict[str, float]) -> None:
    for name, seconds in taken.items():
        report(name, seconds, rows - bad if name == SEND else rows, "row", targets.get(name))


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
    ratio = taken["gz"] / taken["as it is"]
    print(f"gz costs {ratio:.2f} times as much, at most 1.20: {_met(ratio <= 1.2)}")


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
            SEND: lambda: encode(path, plan, places),
        },
        rounds,
    )
    _report(taken, rows, len(truth.bad), MESSY_TARGETS)


def _claims(rounds: int) -> None:
    """A batch against a stub of the table in another process, whose time is not counted; no TLS."""
    print(f"\nclaims: {EVENTS:,} events")
    for name, seconds in measure(rounds).items():
        report(name, seconds, EVENTS, "event", CLAIM_TARGETS.get(name))


def _title(name: str, path: Path, truth: Truth, plan: ReadingPlan, data: Callable[[], Iterator[bytes]]) -> None:
    verdicts, details = differences(plan, data(), truth)
    print(f"\n{name}: {truth.rows:,} rows, {path.stat().st_size:,} bytes, {len(truth.bad):,} bad;", end=" ")
    print(f"wrong verdicts {verdicts}, wrong lines or codes {details}")


if __name__ == "__main__":
    main()
