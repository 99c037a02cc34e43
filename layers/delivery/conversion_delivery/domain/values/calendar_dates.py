"""Calendar dates as people and exports write them.

In: the date part of a cell, and the order of day and month that the file uses. Out: a day, or the code of why not.

Decided once, here:

* Slashes and dashes (``03/04/2026``) need an order, unless a part above 12 or two equal parts leave one reading. Where
  the order is known it is followed strictly: 13/11/2026 in a month-first file is no date.
* Dots mean day first (``07.10.2026``), whatever the order.
* Two digits of a year (``5.11.26``) mean 20yy and are used with a warning.
* Eight digits (``20261107``) mean year, month, day.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

DateOrder = Literal["MDY", "DMY"]

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})", re.ASCII)

_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTHS = {name[:size]: at for at, name in enumerate(_MONTH_NAMES, 1) for size in (3, len(name))} | {"sept": 9}


class Day(NamedTuple):
    date: date
    warning: str = ""
    """TIME_SHORT_YEAR, TIME_COMPACT, or empty."""


def read_day(text: str, order: DateOrder | None) -> Day | str:
    """The day, or ``TIME_INVALID`` or ``TIME_AMBIGUOUS``."""
    try:
        if match := _YEAR_FIRST.fullmatch(text):
            return Day(date(int(match[1]), int(match[3]), int(match[4])))
        if match := _YEAR_LAST.fullmatch(text):
            return _year_last(int(match[1]), int(match[3]), match[4], "DMY" if match[2] == "." else order)
        if match := _COMPACT.fullmatch(text):
            return Day(date(int(match[1]), int(match[2]), int(match[3])), "TIME_COMPACT")
        return _named_month(_WEEKDAY.sub("", text, count=1))
    except ValueError:
        return "TIME_INVALID"


def _year_last(first: int, second: int, year: str, order: DateOrder | None) -> Day | str:
    if order is None and first <= 12 and second <= 12 and first != second:
        return "TIME_AMBIGUOUS"
    month_first = order == "MDY" or (order is None and second > 12)
    month, day = (first, second) if month_first else (second, first)
    return _day(year, month, day)


def _named_month(text: str) -> Day | str:
    if match := _MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        return "TIME_INVALID"
    return _day(year, _MONTHS.get(month.lower(), 0), int(day))


def _day(year: str, month: int, day: int) -> Day:
    """Raises ``ValueError`` where the calendar has no such day."""
    if len(year) == 2:
        return Day(date(2000 + int(year), month, day), "TIME_SHORT_YEAR")
    return Day(date(int(year), month, day))
