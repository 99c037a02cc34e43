"""Headers as people write them, and the names they are compared by.

In: a header cell. Out: its name: without quotes, brackets and a currency in brackets, lower case, words joined by one
underscore. ``Order-ID``, ``[order id]`` and ``"Order / ID"`` are one name. Dots stay: ``user.email`` is a known name;
``plain`` gives the form without them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from conversion_delivery.domain.values.currencies import CURRENCIES

Value = TypeVar("Value")

_MARKS = str.maketrans(
    {
        **dict.fromkeys("\ufeff\u200b\u200c\u200d\u2060\"'`´“”„‟‘’‚«»[]"),
        **dict.fromkeys("\u00a0\u2007\u202f", " "),
    }
)
"""Byte order marks, zero-width characters, quotes and square brackets go; no-break spaces become spaces."""

_unit_of = re.compile(r"\s*\(\s*([^()\s]{1,3})\s*\)$").search
_between_words = re.compile(r"[\s/_\-\u2010-\u2015]+").sub

_SIGNS = {"€": "EUR", "£": "GBP", "$": "", "¥": ""}
"""Currency signs in a header; a dollar or yen sign does not say whose."""


def header_name(header: str) -> str:
    """The name to compare by; empty where the header is blank."""
    text = _cleaned(header)
    unit = _unit_of(text)
    if unit and _currency(unit[1]) is not None:
        text = text[: unit.start()]
    begins = "_" if text.startswith("_") else ""
    return begins + _between_words("_", text.lower()).strip("_")


def plain(name: str) -> str:
    """The name with underscores for dots."""
    return name.replace(".", "_")


def find(table: Mapping[str, Value], name: str) -> Value | None:
    """What a table has for a name, with its dots or without them."""
    found = table.get(name)
    return found if found is not None or "." not in name else table.get(plain(name))


def currency_of(header: str) -> str | None:
    """The currency that a header such as ``Total (USD)`` names."""
    unit = _unit_of(_cleaned(header))
    return (_currency(unit[1]) or None) if unit else None


def is_ours(header: str) -> bool:
    """Columns that begin with an underscore are ours (``_line`` in rejected.csv), or hidden by their owner."""
    return _cleaned(header).startswith("_")


def _cleaned(header: str) -> str:
    return header.translate(_MARKS).strip(" \t\r\n-/")


def _currency(unit: str) -> str | None:
    """ISO code, an empty text for a sign of several currencies, None where the unit is no currency."""
    code = unit.upper()
    return code if code in CURRENCIES else _SIGNS.get(unit)
