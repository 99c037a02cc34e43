"""CPU time of a piece of work: process time, interleaved with its rivals, median of several rounds."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 5


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
    """Largest resident set of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(name: str, seconds: float, units: int, unit: str) -> None:
    """One line: microseconds per unit and units per second of one core."""
    print(f"{name:<52} {seconds / units * 1e6:8.2f} us/{unit}  {units / seconds:>12,.0f} {unit}s/s")
