"""The plan for very large files, as tables: ``python -m local.scale.plan`` prints them; they stand in docs/scale.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cli.cost import duration
from local.scale.simulation import Arrival, Simulation
from local.scale.stages import Limits, Stages

LONGEST = 500_000_000
"""Rows of the longest file that LiveRamp takes (its TikTok programme's page): 50 GB."""

PART = 20
"""A twentieth of the file is simulated and its time multiplied: after the first minute nothing changes any more."""

TABLE_WRITES = (4_000, 40_000, 100_000)
TIKTOK_REQUESTS = (10, 100, 1_000)
SENDERS = (5, 20, 50, 100, 200)


def longest_file(rows: int = LONGEST, stages: Stages | None = None) -> Iterator[tuple[str, ...]]:
    """Writes a second, TikTok's requests a second, senders, time until the last event is delivered, what held it up."""
    for writes in TABLE_WRITES:
        for requests in TIKTOK_REQUESTS:
            for senders in SENDERS:
                limits = Limits(senders=senders, table_writes=writes, tiktok_requests=requests)
                found = Simulation(stages or Stages(), limits).run([Arrival("file", rows // PART)])
                yield f"{writes:,}", f"{requests:,}", f"{senders}", duration(found.seconds * PART), found.bottleneck


def short_behind_long(stages: Stages | None = None) -> Iterator[tuple[str, ...]]:
    """Senders, whether the splitter rests, how long 20 rows take that are dropped into a file of 100 million."""
    for senders in SENDERS:
        for resting in (True, False):
            limits = replace(Limits(senders=senders, table_writes=40_000), open_batches=None if resting else 0)
            files = [Arrival("long", 100_000_000), Arrival("short", 20, at=1_800)]
            found = Simulation(stages or Stages(), limits).run(files)
            waited = duration(found.done_at["short"] - 1_800)
            yield f"{senders}", "yes" if resting else "no", waited, f"{found.longest_queue:,}"


def _print(title: str, rows: Iterator[tuple[str, ...]]) -> None:
    print(f"\n{title}")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    _print("500 million rows", longest_file())
    _print("20 rows dropped half an hour after 100 million", short_behind_long())
