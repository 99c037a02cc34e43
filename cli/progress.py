"""A progress bar on a terminal, and silence elsewhere."""

from __future__ import annotations

import sys
import time

WIDTH = 40
SHOW_AFTER_SECONDS = 0.5


class ProgressBar:
    """Shows how much of ``total`` bytes is read; appears only when reading takes a while."""

    def __init__(self, total: int, done: int = 0) -> None:
        self._total = max(total, 1)
        self._done = done
        self._begun = time.monotonic()
        self._shown = False
        self._on_terminal = sys.stderr.isatty()

    def add(self, amount: int) -> None:
        self._done += amount
        if self._on_terminal and time.monotonic() - self._begun > SHOW_AFTER_SECONDS:
            share = min(self._done / self._total, 1.0)
            bar = "#" * int(WIDTH * share)
            sys.stderr.write(f"\r[{bar:<{WIDTH}}] {share:4.0%}")
            sys.stderr.flush()
            self._shown = True

    def finish(self) -> None:
        if self._shown:
            sys.stderr.write("\r" + " " * (WIDTH + 8) + "\r")
            sys.stderr.flush()
