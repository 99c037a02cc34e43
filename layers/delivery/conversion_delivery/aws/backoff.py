"""Pauses between attempts: full jitter, so that callers who failed together do not come back together."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often to try, and how long to rest in between; the defaults rest 1.5 seconds at most in all."""

    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    """A number from 0 to 1, different each time."""
    attempts: int = 5
    base_seconds: float = 0.1

    def tries(self) -> Iterator[int]:
        """Yield 0, 1, 2 ... for each attempt, after the pause that belongs before it."""
        yield 0
        for attempt in range(1, self.attempts):
            self.sleep(self.base_seconds * 2 ** (attempt - 1) * self.jitter())
            yield attempt
