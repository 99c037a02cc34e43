"""Times and dates as a person reads them."""

from __future__ import annotations

from datetime import datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def shown_time(text: str) -> str:
    """``2026-11-20T12:00:00Z`` -> ``20 November 2026, 12:00 UTC``."""
    moment = datetime.fromisoformat(text)
    return f"{_day(moment)}, {moment:%H:%M} UTC"


def shown_date(text: str) -> str:
    """``2026-11-20`` -> ``20 November 2026``."""
    return _day(datetime.fromisoformat(text))


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
