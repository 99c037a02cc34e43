"""One text to one moment: the careful reading of a date, a clock and a zone written together.

In: the bare text of a cell and the rules of its file. Out: a moment with an optional warning, or the code of why not.
Ages are none of this module's business.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from conversion_delivery.domain.values.calendar_dates import DateOrder, Day, read_day
from conversion_delivery.domain.values.time_zones import instant, zone_named

PER_SECOND = {10: 1, 13: 1_000, 16: 1_000_000}
"""Digits of a plain number -> what it counts: seconds, milliseconds, microseconds since 1970."""

_SERIAL_DAYS = range(20_000, 80_000)
"""Spreadsheets count days from 1900: 1954 to 2119."""

_SERIAL_DIGITS = 5
_SERIAL_READ = "TIME_SERIAL_READ"
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock; its zone is applied to what is counted from it
"""Day 0 of the 1900 system for any day after February 1900, which spreadsheets take for a leap year's."""

_CLOCK = re.compile(
    r"(?<![\d+:.-])(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:([.,:])\d{1,9})?)?(?:\s*([AaPp])\.?[Mm]\.?(?![A-Za-z]))?",
    re.ASCII,
)
_SEPARATOR = re.compile(r"(?:(?<=\d)[Tt]|,|\s+at)?\s*$")
_NUMBER = re.compile(r"(\d+)(\.\d*)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d{0,15})0*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{8})T?(\d\d)([0-5]\d)([0-5]\d)?(Z|[+-]\d{4}|)", re.ASCII)
_CONTRADICTORY = re.compile(r"[Zz]\s*([+-]\d\d:?\d\d)", re.ASCII)


class TimeRules(NamedTuple):
    """How the times of one file are written."""

    zone: tzinfo
    """For times that carry none."""
    order: DateOrder | None
    utc_offsets_ignored: bool
    """Whether an offset behind a ``Z`` means nothing (LiveRamp)."""
    serial_days: bool = False
    """Whether ``45321.75`` is read as a spreadsheet's day count."""


class Clock(NamedTuple):
    """A time of day as found in a text."""

    hour: int
    minute: int
    second: int


MIDNIGHT = Clock(0, 0, 0)


class Moment(NamedTuple):
    seconds: int
    """Epoch seconds, UTC."""
    warning: str = ""
    """A code, or empty."""
    hour_start: int | None = None
    """Epoch seconds at which the text's hour starts, where the zone's clocks run evenly through that hour."""
    kind: str = ""
    """What decides the zone and the half of the day, as text; set together with ``hour_start``."""


Reading = Moment | str
"""A moment, or the code of why there is none."""


def read_moment(text: str, rules: TimeRules) -> Reading:
    """What a text says; codes are ``TIME_INVALID``, ``TIME_AMBIGUOUS``, ``TIME_SERIAL``, ``TIME_ZONE_UNKNOWN``."""
    if found := _CLOCK.search(text):
        return _with_clock(text, found, rules)
    if (serial := _SERIAL.fullmatch(text)) and int(serial[1]) in _SERIAL_DAYS:
        return _from_serial(serial[1], serial[2] or "0", rules)
    if number := _NUMBER.fullmatch(text):
        reading = _from_number(number[1], number[2])
        if reading is not None:
            return reading
    if compact := _COMPACT.fullmatch(text):
        date, hour, minute, second, zone = compact.groups()
        return _at_wall(date, Clock(int(hour), int(minute), int(second or 0)), zone, "", rules)
    return _at_wall(text, MIDNIGHT, "", "TIME_NO_CLOCK", rules)


def _from_number(digits: str, fraction: str | None) -> Reading | None:
    """A count of seconds; None for digits that spell a date."""
    if len(digits) in PER_SECOND:
        return Moment(int(digits) // PER_SECOND[len(digits)], "TIME_FLOAT" if fraction else "")
    return None if len(digits) in (8, 12, 14) and not fraction else "TIME_INVALID"


def _from_serial(days: str, fraction: str, rules: TimeRules) -> Reading:
    """The wall clock that a spreadsheet shows for a day count, to the second."""
    if not rules.serial_days:
        return "TIME_SERIAL"
    # In decimals: in floats, the fraction of 14:05:07 can end up a second early.
    clock = (Decimal(f"0.{fraction}") * 86_400).to_integral_value(ROUND_HALF_UP)
    wall = _SERIAL_START + timedelta(days=int(days), seconds=int(clock))
    return Moment(instant(wall, rules.zone).seconds, _SERIAL_READ)


def _with_clock(text: str, found: re.Match[str], rules: TimeRules) -> Reading:
    hour, half = int(found[1]), (found[5] or "").lower()
    if half:
        if hour > 12 or (half == "p" and hour == 0):
            return "TIME_INVALID"
        hour = hour % 12 + (12 if half == "p" else 0)
    date = _SEPARATOR.sub("", text[: found.start()], count=1)
    clock = Clock(hour, int(found[2]), int(found[3] or 0))
    zone = text[found.end() :].strip()
    warning = "TIME_COLON_FRACTION" if found[4] == ":" else ""
    reading = _at_wall(date, clock, zone, warning, rules)
    if isinstance(reading, Moment) and reading.hour_start is not None:
        return reading._replace(kind=f"{half} {zone}")
    return reading


def _at_wall(date: str, clock: Clock, zone_text: str, warning: str, rules: TimeRules) -> Reading:
    day = _day_of(date, rules)
    if isinstance(day, str):
        return day
    if clock.hour > 23:
        return "TIME_INVALID"
    zone, contradiction = _zone_of(zone_text, rules)
    if zone is None:
        return "TIME_ZONE_UNKNOWN"
    wall = datetime(day.date.year, day.date.month, day.date.day, *clock)  # noqa: DTZ001 - its zone is applied next
    seconds, is_doubtful = instant(wall, zone)
    warning = contradiction or ("TIME_CLOCK_CHANGE" if is_doubtful else "") or day.warning or warning
    return Moment(seconds, warning, None if warning else _hour_start(wall, zone))


def _day_of(text: str, rules: TimeRules) -> Day | str:
    """A day as a calendar or a spreadsheet writes it, or the code of why not."""
    if len(text) == _SERIAL_DIGITS and text.isdecimal() and int(text) in _SERIAL_DAYS:
        return Day((_SERIAL_START + timedelta(int(text))).date(), _SERIAL_READ) if rules.serial_days else "TIME_SERIAL"
    return read_day(text, rules.order)


def _hour_start(wall: datetime, zone: tzinfo) -> int | None:
    """None where the clocks are changed within the hour."""
    first = instant(wall.replace(minute=0, second=0), zone)
    last = instant(wall.replace(minute=59, second=59), zone)
    is_even = last.seconds - first.seconds == 3_599 and not first.is_doubtful and not last.is_doubtful
    return first.seconds if is_even else None


def _zone_of(text: str, rules: TimeRules) -> tuple[tzinfo | None, str]:
    """The zone that follows a clock, and a warning where it contradicts itself."""
    if not text:
        return rules.zone, ""
    contradictory = _CONTRADICTORY.fullmatch(text)
    if not contradictory:
        return zone_named(text), ""
    offset = zone_named(contradictory[1])
    if offset is UTC:
        return UTC, ""
    return (UTC if rules.utc_offsets_ignored else offset), "TIME_ZONE_CONTRADICTORY"
