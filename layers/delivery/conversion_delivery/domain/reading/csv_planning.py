"""Files of rows and columns: where the header is, what separates the cells, where the data begins.

In: the first lines of a file and the settings. Out: the header with the first rows below it, or the file's refusal.
Owns ``HEADER_MISSING``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.columns import knows, map_columns
from conversion_delivery.domain.layouts.header_names import header_name, is_ours
from conversion_delivery.domain.layouts.layouts import LAYOUTS, Layout, recognised
from conversion_delivery.domain.layouts.preambles import preamble_of
from conversion_delivery.domain.reading.csv_safety import is_returned_header, unprotected
from conversion_delivery.domain.reading.delimiters import detect_delimiter
from conversion_delivery.domain.reading.first_table import FirstTable
from conversion_delivery.domain.reading.head_texts import HeadText
from conversion_delivery.domain.reading.rows import RowReader, is_damaged

HEADER_LINES = 5
"""A header of more physical lines is taken for a stray quote."""

SAMPLE_LINES = 200
"""Lines from which the delimiter is seen."""

EXAMPLE_HEADER = "event_type, timestamp, email, phone, order_id, value, currency"

CERTAIN_NAMES = 2
"""Known names that make a first line a header, though a cell of it looks like a value."""

CERTAIN_CHARACTERS = 7
"""A number of so many digits is a value, and its line no header."""

_BLANKS = " \t\r\n\ufeff\u00a0,;|\"'"
_is_address = re.compile(r"\S@\S+\.\S").search
_is_numeric = re.compile(r"[+\d\s()./:,\-TZ]*").fullmatch
_is_digest = re.compile(r"[0-9a-fA-F]{32,128}").fullmatch


def first_table(head: HeadText, settings: DestinationSettings, layout: Layout | None) -> FirstTable:
    """Header, columns and first rows of a file. ``layout``: the one that the settings name.

    Raises ``UploadRejected`` where the file does not begin as a text with a header does.
    """
    layouts = LAYOUTS if layout is None else (layout, *LAYOUTS)
    lines = head.lines
    preamble = preamble_of(lines)
    at = next((at for at, line in enumerate(lines) if at >= preamble.lines and line.strip(_BLANKS)), None)
    if at is None:
        raise UploadRejected("FILE_EMPTY")
    delimiter = detect_delimiter(lines[at : at + SAMPLE_LINES], lambda cell: knows(cell, settings, layouts))
    header, ends = _header(lines[at : at + HEADER_LINES], delimiter)
    if is_damaged(header):
        raise UploadRejected("ENCODING_UNKNOWN", encoding="UTF-8 with other bytes in its header")
    _refuse_values(header, at + 1, sum(knows(cell, settings, layouts) for cell in header))
    ends += at
    rows = _rows(lines[ends:], delimiter, len(header))
    if is_returned_header(header):
        header, rows = unprotected(header), [unprotected(cells) for cells in rows]
    header = _trimmed(header, rows)
    layout = layout or recognised(_compared_names(header), settings.event_source)
    return FirstTable(
        layout=layout,
        header=header,
        columns=map_columns(header, settings, layout),
        delimiter=delimiter,
        timezone=preamble.timezone,
        data_starts=Position(head.offset(ends), 0, ends),
        rows=rows,
    )


def _header(lines: Sequence[str], delimiter: str) -> tuple[list[str], int]:
    """The cells of the first record and the lines it takes; one line, split as it stands, if its quotes do not fit."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        return lines[0].rstrip("\r\n").split(delimiter), 1


def _refuse_values(header: Sequence[str], line: int, known: int) -> None:
    """Raises ``UploadRejected`` (``HEADER_MISSING``) naming the cells that look like values, never showing them."""
    filled = [(place, cell.strip()) for place, cell in enumerate(header, 1) if cell.strip()]
    addresses = [place for place, cell in filled if _is_address(cell)]
    values = [place for place, cell in filled if _is_value(cell)]
    certain = [place for place, cell in filled if _is_value(cell) and sum(map(str.isalnum, cell)) >= CERTAIN_CHARACTERS]
    if addresses or (known < CERTAIN_NAMES and (certain or 2 * len(values) > len(filled))):
        cells = ", ".join(map(str, sorted({*addresses, *values})))
        raise UploadRejected("HEADER_MISSING", line=line, cells=cells, example=EXAMPLE_HEADER)


def _is_value(cell: str) -> bool:
    """A number, a date, a phone number or a digest: nobody's name for a column."""
    has_digit = any(map(str.isdigit, cell))
    return has_digit and (_is_numeric(cell) is not None or _is_digest(cell) is not None)


def _rows(lines: Sequence[str], delimiter: str, width: int) -> list[list[str]]:
    data = "".join(lines).encode("utf-8", "surrogateescape")
    items = (item for _, _, item in RowReader([data], delimiter=delimiter, width=width))
    return [item if isinstance(item, list) else item.cells for item in items]


def _trimmed(header: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The header without the nameless columns at its end that no row fills either."""
    width = max((place for place, cell in enumerate(header, 1) if cell.strip()), default=len(header))
    for cells in rows:
        while len(header) > width and any(cell.strip() for cell in cells[width : len(header)]):
            width += 1
    return header[:width]


def _compared_names(header: Sequence[str]) -> list[str]:
    return [header_name(cell) for cell in header if header_name(cell) and not is_ours(cell)]
