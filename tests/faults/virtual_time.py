"""Time that moves only when the simulation says so."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

MINUTE = 60.0
HOUR = 3600.0
DAY = 24 * HOUR

BEGINNING = 1_795_000_000.0
"""Epoch seconds of every simulation's first moment (November 2026)."""


class VirtualClock:
    """Seconds since the epoch; call it to read it. Things can be put off to a later moment."""

    def __init__(self, now: float = BEGINNING) -> None:
        self.now = now
        self._later: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = 0

    def __call__(self) -> float:
        return self.now

    def at(self, moment: float, action: Callable[[float], None]) -> None:
        """Run ``action(moment)`` when the clock passes ``moment``."""
        self._order += 1
        heappush(self._later, (moment, self._order, action))

    def advance(self, seconds: float) -> None:
        """Move on; whatever was put off to a moment in between happens at its own moment, in order."""
        self.advance_to(self.now + seconds)

    def advance_to(self, moment: float) -> None:
        while self._later and self._later[0][0] <= moment:
            due, _, action = heappop(self._later)
            self.now = max(self.now, due)
            action(due)
        self.now = max(self.now, moment)

    @property
    def next_action(self) -> float | None:
        """When the next thing that was put off is due; None when nothing was."""
        return self._later[0][0] if self._later else None
