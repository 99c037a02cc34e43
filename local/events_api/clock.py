"""The simulator's clock: real time, unless a test moves or stops it."""

from __future__ import annotations

import time
from collections.abc import Callable


class SimulatorClock:
    """Unix seconds. Moving it ages what the simulator remembers; hanging and dripping always take real time."""

    def __init__(self, base: Callable[[], float] = time.time) -> None:
        self._base = base
        self._offset = 0.0
        self._frozen_at: float | None = None

    def now(self) -> float:
        if self._frozen_at is not None:
            return self._frozen_at
        return self._base() + self._offset

    def set(self, now: float, *, freeze: bool = False) -> None:
        """Make it ``now``; the clock runs on from there, or stands still with ``freeze``."""
        self._frozen_at = now if freeze else None
        self._offset = now - self._base()

    def advance(self, seconds: float) -> None:
        """Move the clock; a frozen one stays frozen."""
        if self._frozen_at is not None:
            self._frozen_at += seconds
        else:
            self._offset += seconds

    def release(self) -> None:
        """Back to real time."""
        self._frozen_at = None
        self._offset = 0.0
