"""The cost of a row and the memory must not grow with the file: the same kind of file in several sizes, taking turns.

The peak of memory is that of a process of its own for each size, which does nothing but split that file:
``python -m tests.benchmarks.scaling FILE`` prints it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from conversion_delivery.runtime.collection import collect_rarely
from tests.benchmarks.generated_file import Truth, write_file
from tests.benchmarks.measuring import medians, peak_megabytes, report
from tests.benchmarks.work import data_blocks, differences, plan_of, split

SCALES = (10_000, 100_000, 1_000_000)
LARGEST = 10_000_000
"""Timed once: its rows are rounds enough."""

MOST_GROWTH = 1.10
"""Most that a row of the largest file may cost, as a multiple of one of the smallest: the noise of a machine."""

MOST_MEGABYTES = 100.0


def show(rounds: int, *, largest: bool) -> None:
    """The table, and whether cost and memory stay flat."""
    print("\nscaling: split; the peak is that of a process which splits that file alone")
    with tempfile.TemporaryDirectory() as folder:
        files = {rows: Path(folder) / f"{rows}.csv" for rows in ((*SCALES, LARGEST) if largest else SCALES)}
        truths = {rows: write_file(path, rows) for rows, path in files.items()}
        taken = _timed(files, rounds)
        peaks = [_line(rows, path, truths[rows], taken[rows]) for rows, path in files.items()]
    smallest, biggest = min(taken), max(taken)
    growth = taken[biggest] / biggest / (taken[smallest] / smallest)
    _verdict(f"a row of the largest file costs {growth:.2f} of one of the smallest", growth, MOST_GROWTH)
    _verdict(f"peak {max(peaks):.0f} MB", max(peaks), MOST_MEGABYTES)


def _timed(files: dict[int, Path], rounds: int) -> dict[int, float]:
    """Size -> median CPU seconds of a split."""
    turns = {str(rows): _splitting(path) for rows, path in files.items() if rows != LARGEST}
    taken = medians(turns, rounds)
    if LARGEST in files:
        taken |= medians({str(LARGEST): _splitting(files[LARGEST])}, 1)
    return {int(rows): seconds for rows, seconds in taken.items()}


def _splitting(path: Path) -> Callable[[], int]:
    plan = plan_of(path)
    return lambda: split(plan, data_blocks(path, plan))


def _line(rows: int, path: Path, truth: Truth, seconds: float) -> float:
    """Print the line of one size; its peak of memory in megabytes."""
    plan = plan_of(path)
    wrong = sum(differences(plan, data_blocks(path, plan), truth))
    command = [sys.executable, "-m", __name__, str(path)]
    peak = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    report(f"{rows:,} rows: wrong {wrong}, peak {peak:.0f} MB", seconds, rows, "row")
    return peak


def _verdict(what: str, found: float, most: float) -> None:
    print(f"{what}, at most {most:g}: {'met' if found <= most else 'NOT MET'}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scaling", description=__doc__)
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    collect_rarely()
    _splitting(arguments.file)()
    print(peak_megabytes())


if __name__ == "__main__":
    main()
