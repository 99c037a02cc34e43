"""Which character separates the cells of a file, seen from its header and first rows.

A file of one column has none; comma stands for that.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import islice

DELIMITERS = (",", "\t", "|", ";")
"""In order of preference where nothing speaks for one of them."""

SAMPLE_ROWS = 20


def detect_delimiter(lines: Sequence[str], is_known: Callable[[str], bool]) -> str:
    """The delimiter under which the header has most known names; then the one under which rows agree with it.

    ``lines`` begin with the header; ``is_known`` says whether a header cell has a meaning.
    """
    return max(DELIMITERS, key=lambda delimiter: _evidence(lines, delimiter, is_known))


def _evidence(lines: Sequence[str], delimiter: str, is_known: Callable[[str], bool]) -> tuple[int, float, int]:
    """Known names, share of rows as wide as the header, cells of the header."""
    try:
        header, *rows = islice(filter(None, csv.reader(lines, delimiter=delimiter)), SAMPLE_ROWS + 1)
    except (csv.Error, ValueError):
        return (0, 0.0, 0)
    width = len(header)
    if width == 1:
        return (sum(map(is_known, header)), 0.0, 1)
    alike = sum(len(row) == width for row in rows)
    return (sum(map(is_known, header)), alike / len(rows) if rows else 0.0, width)
