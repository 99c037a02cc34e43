"""Counts and notes kept for assertions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple


class Note(NamedTuple):
    message: str
    facts: Mapping[str, int | float | str | None]


class FakeTelemetry:
    def __init__(self) -> None:
        self.counts: defaultdict[str, float] = defaultdict(float)
        """Totals by metric, over all dimensions."""
        self.points: list[tuple[str, float, Mapping[str, str]]] = []
        self.measured: list[tuple[str, float, Mapping[str, str]]] = []
        self.notes: list[Note] = []
        self.spans: list[str] = []

    def count(self, metric: str, value: float = 1, **dimensions: str) -> None:
        self.counts[metric] += value
        self.points.append((metric, value, dimensions))

    def measure(self, metric: str, value: float, unit: str = "None", **dimensions: str) -> None:
        self.measured.append((metric, value, dimensions))

    def note(self, message: str, **facts: int | float | str | None) -> None:
        self.notes.append(Note(message, facts))

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        self.spans.append(name)
        yield
