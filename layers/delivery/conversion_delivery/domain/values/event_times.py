"""Event times: from the many ways files write them to epoch seconds, checked against the window of accepted ages.

In: a cell (or date, clock and zone from three cells). Out: epoch seconds UTC, or a ``CellFinding``. A time is never
filled in: an empty cell is ``TIME_MISSING``. Texts follow ``time_texts``, dates ``calendar_dates``, zones
``time_zones``. Decided once, here and there:

* Ten digits are seconds, 13 milliseconds, 16 microseconds; with a decimal point they are used with a warning.
* 8, 12 or 14 digits (``20261107``, ``20261107140500``) are a date, or date and clock, used with a warning.
* Five digits, with or without a fraction, are a spreadsheet's day count: refused, for nothing tells its zone. With
  ``serial_days`` they are read with a warning, in the default zone: days of the 1900 system, the fraction is the clock.
* ``5.11.26 9:05`` is 5 November 2026, used with a warning; ``11/5/26`` as well, where the order is known.
* ``Z`` followed by another offset contradicts itself. LiveRamp prints such times and means UTC
  (``utc_offsets_ignored``); elsewhere the offset is believed, for that is what a formatter with a literal Z writes.
* In the hour that a clock change repeats, the first is taken; one that it skips is read as if it had not happened yet.

Most of the cost of a time is its day, and a file has few days. ``_Memory`` keeps the start of every date-and-hour text
that was read with care once (``2026-11-10 14`` -> epoch seconds), so a later cell costs three look-ups. Only hours in
which the zone's clocks run evenly are kept. ``datetime.fromisoformat`` is not used: it takes 13 digits for a date.
"""

from __future__ import annotations

import re
from datetime import tzinfo
from functools import lru_cache
from typing import TypeVar

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.values.calendar_dates import DateOrder
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.masking import mask
from conversion_delivery.domain.values.null_words import is_null
from conversion_delivery.domain.values.time_texts import PER_SECOND, Moment, Reading, TimeRules, read_moment
from conversion_delivery.domain.values.time_zones import configured_zone, zone_named

FUTURE_TOLERANCE = 600
"""Seconds that an event may lie ahead of the file's receipt: clocks of tills are a little off."""

_MIDNIGHT = re.compile(r"[ T]+0?0:00(?::00(?:\.0+)?)?$")

_SECONDS_OF = {f"{minute:02d}": minute * 60 for minute in range(60)} | {
    f"{minute:02d}:{second:02d}": minute * 60 + second for minute in range(60) for second in range(60)
}
"""What stands behind the hour's colon: ``05`` or ``05:07`` -> seconds into the hour."""

_LONGEST = 100
"""Longer cells hold no time; the bound also keeps the patterns cheap on any cell."""

_HOURS_KEPT = 4_096
_SUFFIXES_KEPT = 2_048
_ZONES_KEPT = 64

Kept = TypeVar("Kept")


class _Memory:
    """What was read with care before. Shared by readers with the same rules; keeps nothing but texts of times."""

    __slots__ = ("dates", "hours_by_kind", "hours_by_minute_suffix", "hours_by_suffix")

    def __init__(self) -> None:
        self.hours_by_kind: dict[str, dict[str, int]] = {}
        self.hours_by_suffix: dict[str, dict[str, int]] = {}
        """What follows the seconds (``Z``, `` PM``, ``+0100``, ``.250``) -> date-and-hour text -> its epoch seconds."""
        self.hours_by_minute_suffix: dict[str, dict[str, int]] = {}
        """The same for texts without seconds."""
        self.dates: dict[str, Moment] = {}
        """Dates without a clock."""

    def keep(self, text: str, moment: Moment) -> None:
        """``text`` is the whole cell as it stands in the file."""
        head, colon, tail = text.partition(":")
        if not colon:
            _put(self.dates, text, moment)
        elif moment.hour_start is not None:
            hours = self.hours_by_kind.setdefault(moment.kind, {})
            _put(hours, head, moment.hour_start)
            if tail[:5] in _SECONDS_OF and len(self.hours_by_suffix) < _SUFFIXES_KEPT:
                self.hours_by_suffix[tail[5:]] = hours
            elif tail[2:3] != ":" and len(self.hours_by_minute_suffix) < _SUFFIXES_KEPT:
                self.hours_by_minute_suffix[tail[2:]] = hours


def _put(kept: dict[str, Kept], text: str, value: Kept) -> None:
    if len(kept) >= _HOURS_KEPT:
        kept.clear()
    kept[text] = value


@lru_cache(maxsize=64)
def _memory_for(rules: TimeRules) -> _Memory:
    return _Memory()


class TimeReader:
    """Reads the event times of one file.

    ``zone`` is for times that carry none; ``as_of`` and the results are epoch seconds UTC. Raises ``ContractBroken``
    (``ZONE_UNKNOWN``).
    """

    __slots__ = ("_as_of", "_earliest", "_hours_by_suffix", "_latest", "_max_age_days", "_memory", "_others", "_rules")

    def __init__(
        self,
        zone: str | tzinfo,
        date_order: DateOrder | None,
        as_of: int,
        max_age_days: int,
        utc_offsets_ignored: bool = False,
        serial_days: bool = False,
    ) -> None:
        known = configured_zone(zone) if isinstance(zone, str) else zone
        if known is None:
            raise ContractBroken("ZONE_UNKNOWN")
        self._as_of = as_of
        self._max_age_days = max_age_days
        self._earliest = as_of - max_age_days * 86_400
        self._latest = as_of + FUTURE_TOLERANCE
        self._rules = TimeRules(known, date_order, utc_offsets_ignored, serial_days)
        self._memory = _memory_for(self._rules)
        self._hours_by_suffix = self._memory.hours_by_suffix
        self._others: dict[str, TimeReader | None] = {}

    def read(self, cell: str) -> int | CellFinding:
        """Epoch seconds, or a finding whose value is epoch seconds (a warning) or None (no usable time)."""
        head, _, tail = cell.partition(":")
        into_hour = _SECONDS_OF.get(tail[:5])
        if into_hour is not None:
            hours = self._hours_by_suffix.get(tail[5:])
            if hours is not None:
                start = hours.get(head)
                if start is not None and self._earliest <= start + into_hour <= self._latest:
                    return start + into_hour
        elif len(cell) in PER_SECOND and cell.isdecimal() and self._earliest <= int(cell[:10]) <= self._latest:
            return int(cell[:10])
        return self._read_with_care(cell)

    def read_parts(self, date: str, clock: str, zone: str = "") -> int | CellFinding:
        """A time from separate cells; ``zone`` is an IANA name, an offset or a label, and may be empty.

        Exports write midnight into a date's own cell; it gives way to the clock's cell.
        """
        date, clock, zone = bare(date)[: _LONGEST + 1], bare(clock), bare(zone)
        if is_null(date):
            return CellFinding("TIME_MISSING")
        text = date if is_null(clock) else f"{_MIDNIGHT.sub('', date)} {clock}"
        if is_null(zone):
            return self.read(text)
        reader = self._reader_in(zone)
        return reader.read(text) if reader else CellFinding("TIME_ZONE_UNKNOWN", mask(zone))

    def _reader_in(self, zone: str) -> TimeReader | None:
        if zone not in self._others:
            if len(self._others) >= _ZONES_KEPT:
                self._others.clear()
            self._others[zone] = self._like_this(known) if (known := zone_named(zone)) else None
        return self._others[zone]

    def _like_this(self, zone: tzinfo) -> TimeReader:
        rules = self._rules
        return TimeReader(
            zone, rules.order, self._as_of, self._max_age_days, rules.utc_offsets_ignored, rules.serial_days
        )

    def _read_with_care(self, cell: str) -> int | CellFinding:
        head, _, tail = cell.partition(":")
        hours = self._memory.hours_by_minute_suffix.get(tail[2:])
        if hours is not None and head in hours and tail[:2] in _SECONDS_OF:
            time = hours[head] + _SECONDS_OF[tail[:2]]
            return self._outside_window(time) or time
        text = bare(cell)
        if is_null(text):
            return CellFinding("TIME_MISSING")
        if text != cell and bare(text) == text:
            return self.read(text)
        reading: Reading = "TIME_INVALID"
        if len(text) <= _LONGEST:
            reading = self._memory.dates.get(text) or read_moment(text, self._rules)
        if isinstance(reading, str):
            return CellFinding(reading, mask(text))
        finding = self._outside_window(reading.seconds)
        if finding is not None:
            return finding
        self._memory.keep(text, reading)
        if reading.warning:
            return CellFinding(reading.warning, mask(text), reading.seconds)
        return reading.seconds

    def _outside_window(self, seconds: int) -> CellFinding | None:
        if seconds < self._earliest:
            age = (self._as_of - seconds) // 86_400
            shown = f"{age} days old, the limit is {self._max_age_days}"
            return CellFinding("TIME_TOO_OLD", shown, facts=(("days", age),))
        if seconds > self._latest:
            ahead = seconds - self._as_of
            return CellFinding("TIME_FUTURE", _span(ahead), facts=(("seconds_ahead", ahead),))
        return None


def _span(seconds: int) -> str:
    """A length of time in the largest unit that fits."""
    for unit, size in (("day", 86_400), ("hour", 3_600)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds // 60} minutes"
