"""Whether dates such as 03/04/2026 have the day or the month first, seen from a column as a whole.

A first part above 12 is a day, a second part above 12 shows that the first is a month. Dates with dots always have the
day first, and dates that begin with the year need no order: neither counts here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MIXED = "mixed"
"""Some dates have the day first and some the month."""

_slash_date = re.compile(r"\s*'?([0-9]{1,2})([/-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9/-])").match


def seen_date_order(cells: Iterable[str]) -> str | None:
    """MDY, DMY, MIXED, or None where no cell tells."""
    seen = set()
    for cell in cells:
        date = _slash_date(cell)
        if date:
            first, second = int(date[1]), int(date[3])
            if first > 12 >= second:
                seen.add("DMY")
            elif second > 12 >= first:
                seen.add("MDY")
    return MIXED if len(seen) > 1 else next(iter(seen), None)
