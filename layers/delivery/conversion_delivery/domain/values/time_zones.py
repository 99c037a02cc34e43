"""Time zones as cells name them: offsets, IANA names, and the labels of tills and shops.

In: a text such as ``Z``, ``+0100``, ``America/Los_Angeles``, ``Pacific Time (US & Canada)``. Out: a zone, or None.
The labels are those that Ruby on Rails shows, which Square writes into its exports.
Abbreviations are taken only where they have one reading in practice (RFC 5322 for the American ones).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clocks are counted from it before their zone is known

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-−])(\d{1,2})(?::?([0-5]\d))?(?:\s*[(\[][^)\]]*[)\]])?", re.ASCII)
_NAMED_IN_BRACKETS = re.compile(r"[Zz]?\s*[(\[]([^()\[\]]*)[)\]]")
_OFFSET_BEFORE_LABEL = re.compile(r"\((?:UTC|GMT)[^)]*\)\s*")
_IANA = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}")

_ABBREVIATIONS = {
    "Z": 0,
    "UTC": 0,
    "UT": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
}

_LABELS = {
    "hawaii": "Pacific/Honolulu",
    "alaska": "America/Anchorage",
    "pacific time (us & canada)": "America/Los_Angeles",
    "arizona": "America/Phoenix",
    "mountain time (us & canada)": "America/Denver",
    "central time (us & canada)": "America/Chicago",
    "eastern time (us & canada)": "America/New_York",
    "indiana (east)": "America/Indiana/Indianapolis",
    "atlantic time (canada)": "America/Halifax",
    "saskatchewan": "America/Regina",
    "newfoundland": "America/St_Johns",
    "puerto rico": "America/Puerto_Rico",
    "mexico city": "America/Mexico_City",
    "guadalajara": "America/Mexico_City",
    "monterrey": "America/Monterrey",
    "tijuana": "America/Tijuana",
    "bogota": "America/Bogota",
    "lima": "America/Lima",
    "caracas": "America/Caracas",
    "santiago": "America/Santiago",
    "buenos aires": "America/Argentina/Buenos_Aires",
    "brasilia": "America/Sao_Paulo",
    "london": "Europe/London",
    "edinburgh": "Europe/London",
    "dublin": "Europe/Dublin",
    "lisbon": "Europe/Lisbon",
    "amsterdam": "Europe/Amsterdam",
    "berlin": "Europe/Berlin",
    "bern": "Europe/Zurich",
    "brussels": "Europe/Brussels",
    "budapest": "Europe/Budapest",
    "copenhagen": "Europe/Copenhagen",
    "madrid": "Europe/Madrid",
    "paris": "Europe/Paris",
    "prague": "Europe/Prague",
    "rome": "Europe/Rome",
    "stockholm": "Europe/Stockholm",
    "vienna": "Europe/Vienna",
    "warsaw": "Europe/Warsaw",
    "zurich": "Europe/Zurich",
    "athens": "Europe/Athens",
    "bucharest": "Europe/Bucharest",
    "helsinki": "Europe/Helsinki",
    "istanbul": "Europe/Istanbul",
    "kyiv": "Europe/Kiev",
    "jerusalem": "Asia/Jerusalem",
    "cairo": "Africa/Cairo",
    "pretoria": "Africa/Johannesburg",
    "riyadh": "Asia/Riyadh",
    "abu dhabi": "Asia/Dubai",
    "mumbai": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata",
    "bangkok": "Asia/Bangkok",
    "hanoi": "Asia/Bangkok",
    "jakarta": "Asia/Jakarta",
    "beijing": "Asia/Shanghai",
    "hong kong": "Asia/Hong_Kong",
    "kuala lumpur": "Asia/Kuala_Lumpur",
    "singapore": "Asia/Singapore",
    "taipei": "Asia/Taipei",
    "seoul": "Asia/Seoul",
    "osaka": "Asia/Tokyo",
    "sapporo": "Asia/Tokyo",
    "tokyo": "Asia/Tokyo",
    "perth": "Australia/Perth",
    "darwin": "Australia/Darwin",
    "adelaide": "Australia/Adelaide",
    "brisbane": "Australia/Brisbane",
    "canberra": "Australia/Canberra",
    "hobart": "Australia/Hobart",
    "melbourne": "Australia/Melbourne",
    "sydney": "Australia/Sydney",
    "auckland": "Pacific/Auckland",
    "wellington": "Pacific/Auckland",
}


class Instant(NamedTuple):
    """A wall clock's time as epoch seconds; ``is_doubtful`` where the clocks were changed at that moment."""

    seconds: int
    is_doubtful: bool


@lru_cache(maxsize=512)
def zone_named(text: str) -> tzinfo | None:
    """The zone that a text names; None where it names none. Remembered, for it may look into the zone database."""
    text = text.strip()
    if named := _NAMED_IN_BRACKETS.fullmatch(text):
        text = "UTC" if text[0] in "Zz" else named[1].strip()
    text = _OFFSET_BEFORE_LABEL.sub("", text, count=1)
    if (hours := _ABBREVIATIONS.get(text.upper())) is not None:
        return timezone(timedelta(hours=hours)) if hours else UTC
    if offset := _OFFSET.fullmatch(text):
        return _fixed(offset[1], int(offset[2]), int(offset[3] or 0))
    return _from_database(_LABELS.get(text.lower(), text))


def configured_zone(name: str) -> tzinfo | None:
    """The zone of a setting: any name of the zone database, also one that would not be believed of a cell."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return zone_named(name)


def _fixed(sign: str, hours: int, minutes: int) -> tzinfo | None:
    if hours > 14:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(offset if sign == "+" else -offset) if offset else UTC


def _from_database(name: str) -> tzinfo | None:
    if not _IANA.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def instant(wall: datetime, zone: tzinfo) -> Instant:
    """When a zone's clocks show ``wall``.

    In the hour that a clock change repeats, the first time; in the hour that it skips, as if it had not happened yet.
    """
    before = zone.utcoffset(wall) or timedelta()
    after = zone.utcoffset(wall.replace(fold=1)) or timedelta()
    since = wall - EPOCH - before
    return Instant(since.days * 86_400 + since.seconds, before != after)
