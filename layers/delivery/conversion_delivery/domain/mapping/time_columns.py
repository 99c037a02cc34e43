"""A column of times, many rows at a time.

A file has few days, so it has few hours. Each cell is shortened to its hour (``2026-11-10T14:05:07Z`` loses minute and
second), and an hour is looked up among those of which every second is known to be clean: its first and its last second
were read by the reader itself, and lie one hour apart. Any other cell is read one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import add
from typing import NamedTuple

from conversion_delivery.domain.conversions import CellFinding

HOURS_KEPT = 16_384
"""Hours that are remembered; a file that has more forgets them all and starts anew."""

_MARK = "\0"
"""Stands for minute and second. Where some cell holds it already, the cells are read one by one."""

_minute = re.compile(r":[0-5][0-9]:[0-5][0-9]")
_SECONDS_OF = {f":{minute:02d}:{second:02d}": minute * 60 + second for minute in range(60) for second in range(60)}
_LAST_SECOND = 3_599


class TimesSeen(NamedTuple):
    """The cells of a window."""

    cells: Sequence[str]
    hours: Sequence[str]
    """The cells without minute and second."""
    others: dict[int, int]
    """Index of a cell that was read by itself -> epoch seconds; 0 in a doubtful row."""


class TimeColumn:
    """Looks at the times of one file."""

    def __init__(self, read: Callable[[str], int | CellFinding]) -> None:
        self._read = read
        self._clean_hours: dict[str, int] = {}
        """Hour -> epoch seconds of its start."""
        self._other_hours: set[str] = set()

    def look(self, cells: Sequence[str], doubtful: set[int]) -> TimesSeen:
        """Rows without a time, or about whose time there is something to say, are ``doubtful``."""
        self._forget()
        text = "\n".join(cells)
        hours = [""] * len(cells) if _MARK in text else _minute.sub(_MARK, text).split("\n")
        clean = self._clean_hours
        others: dict[int, int] = {}
        for at in [at for at, hour in enumerate(hours) if hour not in clean]:
            if not self._is_clean_hour(hours[at]):
                found = self._read(cells[at])
                others[at] = found if isinstance(found, int) else 0
                if not isinstance(found, int):
                    doubtful.add(at)
        return TimesSeen(cells, hours, others)

    def values(self, seen: TimesSeen) -> list[int]:
        """Epoch seconds of every row; 0 in doubtful ones."""
        cells, hours, others = seen
        if others:
            cells = [cell for at, cell in enumerate(cells) if at not in others]
            hours = [hour for at, hour in enumerate(hours) if at not in others]
        seconds = map(_SECONDS_OF.__getitem__, _minute.findall("\n".join(cells)))
        times = map(add, map(self._clean_hours.__getitem__, hours), seconds)
        return [others[at] if at in others else next(times) for at in range(len(seen.cells))] if others else list(times)

    def _is_clean_hour(self, hour: str) -> bool:
        """Whether every time of the hour is clean; remembered."""
        head, mark, tail = hour.partition(_MARK)
        if not mark or ":" in head or _MARK in tail or hour in self._other_hours:
            return False
        first, last = self._read(f"{head}:00:00{tail}"), self._read(f"{head}:59:59{tail}")
        if isinstance(first, int) and isinstance(last, int) and last - first == _LAST_SECOND:
            self._clean_hours[hour] = first
            return True
        self._other_hours.add(hour)
        return False

    @property
    def hours_known(self) -> int:
        return len(self._clean_hours) + len(self._other_hours)

    def _forget(self) -> None:
        """Between two windows only: a window's hours are looked up twice."""
        if self.hours_known > HOURS_KEPT:
            self._clean_hours.clear()
            self._other_hours.clear()
