"""CPU time of a piece of work: process time, interleaved with its rivals, median of several rounds."""

from __future__ import annotations

import gc
import re
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROUNDS = 5

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one run (user and system), with the collector run beforehand."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def medians(contenders: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median CPU seconds per contender; the contenders take turns, so that a noisy minute hits all of them."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            taken[name].append(cpu_seconds(work))
    return {name: statistics.median(times) for name, times in taken.items()}


def peak_megabytes() -> float:
    """Largest resident set of this process so far (Linux).

    ``getrusage`` would say no less than what the parent had when it started this process.
    """
    return int(_PEAK.findall(Path("/proc/self/status").read_text())[0]) / 1024


def report(name: str, seconds: float, units: int, unit: str, target: float | None = None) -> None:
    """One line: microseconds per unit, units per second of one core, and whether the target (microseconds) is met."""
    each = seconds / units * 1e6
    line = f"{name:<52} {each:8.2f} us/{unit}  {units / seconds:>12,.0f} {unit}s/s"
    print(line if target is None else f"{line}  at most {target:.2f}: {'met' if each <= target else 'NOT MET'}")
