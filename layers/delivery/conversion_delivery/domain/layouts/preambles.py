"""Lines before the header: the parameter line of Google's upload template.

In: the first lines of a file. Out: how many of them are no table, and the time zone they name. Owns
``PREAMBLE_TIMEZONE``.

Google Ads takes an optional line ``Parameters:TimeZone=America/New_York`` above the header, as an offset too
(``TimeZone=-0500``), with further parameters behind semicolons; its template has lines of instructions before it that
begin with a number sign (Google Ads help, answer 7014069, and public exporters). Spreadsheets add quotes and commas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conversion_delivery.domain.errors import UploadRejected

MOST_LINES = 20
"""Lines among which the parameter line is looked for."""

_PADDING = " \t\r\n\ufeff\u00a0,;|\"'"
_BEGINNING = "parameters:"
_is_offset = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?00)?", re.IGNORECASE).fullmatch
_MOST_HOURS = {"+": 14, "-": 12}


class Preamble(NamedTuple):
    """What stands before the header."""

    lines: int = 0
    """Physical lines to pass over."""
    timezone: str | None = None
    """IANA zone of times without one."""


def preamble_of(lines: Sequence[str]) -> Preamble:
    """The lines before the header; none where no parameter line is among the first lines.

    Raises ``UploadRejected`` (``PREAMBLE_TIMEZONE``) for a zone that nobody knows, with its line.
    """
    for number, line in enumerate(lines[:MOST_LINES], 1):
        text = line.strip(_PADDING)
        if text.lower().startswith(_BEGINNING):
            return Preamble(number, _timezone(text[len(_BEGINNING) :], number))
        if text and not text.startswith("#"):
            break
    return Preamble()


def _timezone(parameters: str, line: int) -> str | None:
    for parameter in re.split(r"[;,]", parameters):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "timezone":
            return _zone(value.strip(_PADDING), line)
    return None


def _zone(name: str, line: int) -> str:
    """The IANA name of a zone or of a whole-hour offset, whose sign IANA's names turn round (``Etc/GMT+5``: -0500)."""
    offset = _is_offset(name)
    if offset and int(offset[2]) <= _MOST_HOURS[offset[1]]:
        hours = int(offset[2])
        return f"Etc/GMT{'-' if offset[1] == '+' else '+'}{hours}" if hours else "Etc/GMT"
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UploadRejected("PREAMBLE_TIMEZONE", line=line) from None
