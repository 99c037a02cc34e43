"""Which decimal mark a column of amounts uses, seen from the column as a whole.

A cell tells where its form leaves one reading: one, two or more than three digits behind its only mark (``19,95``),
three digits behind a zero or behind more than three digits, both marks (``2.310,45``), or several marks of one kind
(``1.234.567``). A cell such as ``2,310`` tells nothing: it is what the other cells are asked for.

A column is believed where every cell that tells says the same. Nothing is decided for a column of both kinds: then
each cell is read by its own form, and ``2,310`` stays ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 48
"""Longer cells hold no amount."""

_number = re.compile(r"[0-9.,]*[0-9]").search
_blanks_between = re.compile("(?<=[0-9])[ \u00a0\u2007\u2009\u202f'’](?=[0-9]{3})").sub
_one_mark = re.compile(r"([0-9]*)([.,])([0-9]+)").fullmatch
_both_marks = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(\.)[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+(,)[0-9]+").fullmatch
_groups = re.compile(r"[0-9]{1,3}(?:(,)[0-9]{3}){2,}|[0-9]{1,3}(?:(\.)[0-9]{3}){2,}").fullmatch

_OTHER = {".": ",", ",": "."}


def seen_decimal_mark(cells: Iterable[str]) -> str | None:
    """``.`` or ``,``; None where no cell tells, or where cells contradict each other."""
    seen = {mark for cell in cells if (mark := _mark_of(cell)) is not None}
    return seen.pop() if len(seen) == 1 else None


def _mark_of(cell: str) -> str | None:
    found = _number(_blanks_between("", cell)) if len(cell) <= _LONGEST else None
    if found is None:
        return None
    text = found[0]
    if one := _one_mark(text):
        whole, mark, rest = one.groups()
        could_be_groups = len(rest) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
        return None if could_be_groups else mark
    if both := _both_marks(text):
        return both[1] or both[2]
    if groups := _groups(text):
        return _OTHER[groups[1] or groups[2]]
    return None
