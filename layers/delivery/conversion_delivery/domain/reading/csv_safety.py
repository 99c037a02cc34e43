"""Cells of files that we give back, so that no spreadsheet runs one as a formula and none changes on its way.

Writing puts an apostrophe before a cell that a spreadsheet would take for a formula. Reading such a file again takes it
off. Both count apostrophes that were there before, so every text comes back as it was.

The row pipeline calls ``unprotected`` for the rows of files that carry our columns (``is_returned_header``) and for no
others: a customer's own ``'+14155550123`` is left to the reader of the value.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

LINE_COLUMN = "_line"
"""Header that only files of ours have."""

_FORMULA = r"(?:[=@\t\r\n]|[+-](?![0-9][0-9 ().,/\-]*\Z))"
_needs_apostrophe = re.compile(rf"'*{_FORMULA}").match
_has_apostrophe = re.compile(rf"'+{_FORMULA}").match
"""Plain phone numbers and negative amounts stay as they are; ``-2+3+cmd|...`` begins with a digit too, and does not."""


def protected(cell: str) -> str:
    """The cell as it may stand in a file for a spreadsheet."""
    return "'" + cell if cell and _needs_apostrophe(cell) else cell


def unprotected(cells: Iterable[str]) -> list[str]:
    """The cells of a row of a file of ours, as they were before ``protected``."""
    return [cell[1:] if cell.startswith("'") and _has_apostrophe(cell) else cell for cell in cells]


def is_returned_header(header: Iterable[str]) -> bool:
    """Whether a file is one that we gave back: its cells are to be read through ``unprotected``."""
    return LINE_COLUMN in header


def csv_line(cells: Iterable[str], delimiter: str) -> str:
    """One record with its line end. Encode with ``surrogateescape``: bytes that were not UTF-8 go back unchanged."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\r\n").writerow([protected(cell) for cell in cells])
    return line.getvalue()
