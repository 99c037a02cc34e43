"""From a file's first bytes to the plan by which every later reader reads it.

In: up to 256 KiB of a file, its size and the settings. Out: a ``ReadingPlan``, or the refusal of the whole file with
what to do about it. Nothing of a refused file is sent. Owns ``FILE_EMPTY``, ``FILE_NO_ROWS``, ``HEADER_MISSING`` and
``HEADER_TOO_LONG``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.columns import absent_columns, currency_hint, knows, map_columns, refuse_missing
from conversion_delivery.domain.layouts.header_names import header_name, is_ours
from conversion_delivery.domain.layouts.layouts import AUTO, LAYOUTS, Layout, layout_named, recognised
from conversion_delivery.domain.reading.csv_safety import is_returned_header, unprotected
from conversion_delivery.domain.reading.date_orders import MIXED, seen_date_order
from conversion_delivery.domain.reading.delimiters import detect_delimiter
from conversion_delivery.domain.reading.file_signatures import BOM, refuse_other_encodings, refuse_other_formats
from conversion_delivery.domain.reading.reading_plans import ColumnUse, ReadingPlan
from conversion_delivery.domain.reading.rows import RowReader, is_blank
from conversion_delivery.domain.reading.text_lines import byte_size, decode, split_lines

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


class _Beginning(NamedTuple):
    """The first record of a file, and the first rows below it."""

    header: list[str]
    line: int
    """The physical line on which the header begins."""
    delimiter: str
    data_starts: Position
    rows: list[list[str]]


def plan_upload(head: bytes, *, size: int, name: str, settings: DestinationSettings, as_of: int) -> ReadingPlan:
    """How to read a file of ``size`` bytes that begins with ``head``. Raises ``UploadRejected``.

    ``as_of``: epoch seconds of the file's receipt. The ``name`` proves nothing: the content decides.
    """
    layout = None if settings.layout == AUTO else layout_named(settings.layout)
    is_whole = len(head) >= size
    beginning = _beginning(head, settings, LAYOUTS if layout is None else (layout, *LAYOUTS), is_whole=is_whole)
    header = beginning.header
    layout = layout or recognised(_compared_names(header), settings.event_source)
    columns = map_columns(header, settings, layout)
    refuse_missing(columns, settings, layout)
    if is_whole and all(map(is_blank, beginning.rows)):
        raise UploadRejected("FILE_NO_ROWS")
    date_order, warnings = _date_order(columns, beginning.rows, settings, layout)
    if absent_columns(header, settings):
        warnings = (*warnings, "SETTINGS_COLUMN_ABSENT")
    return ReadingPlan(
        settings=settings,
        as_of=as_of,
        layout=layout.name,
        delimiter=beginning.delimiter,
        header=tuple(header),
        columns=columns,
        date_order=date_order,
        currency_hint=currency_hint(columns),
        data_starts=beginning.data_starts,
        warnings=warnings,
    )


def file_facts(plan: ReadingPlan, name: str, size: int) -> dict[str, Any]:
    """How a file was read, as reports show it. ``columns``: header -> field, in order of precedence."""
    return {
        "name": name,
        "bytes": size,
        "layout": plan.layout,
        "encoding": plan.encoding,
        "delimiter": plan.delimiter,
        "compression": plan.compression,
        "columns": {use.header: use.field for use in plan.columns if use.field},
        "ignored_columns": [
            use.header for use in plan.columns if not use.field and use.header.strip() and not is_ours(use.header)
        ],
        "error": None,
    }


def file_notes(plan: ReadingPlan) -> list[tuple[str, dict[str, str]]]:
    """What is worth saying about a file that is read: codes of level FILE_NOTE, with the facts of their sentences."""
    notes = []
    for use in plan.columns:
        if use.note == "COLUMN_UNKNOWN":
            hint = f" Did you mean {use.suggestion}?" if use.suggestion else ""
            notes.append((use.note, {"column": use.header, "hint": hint}))
        elif use.note:
            notes.append((use.note, {"column": use.header, "other": use.suggestion}))
    absent = ", ".join(absent_columns(plan.header, plan.settings))
    notes += [(code, {"order": plan.date_order or "", "column": absent}) for code in plan.warnings]
    return notes


def _beginning(head: bytes, settings: DestinationSettings, layouts: Sequence[Layout], *, is_whole: bool) -> _Beginning:
    """Raises ``UploadRejected`` where the file does not begin as a text with a header does."""
    lines = split_lines(_text(head, is_whole=is_whole))
    at = next((at for at, line in enumerate(lines) if line.strip(_BLANKS)), None)
    if at is None:
        raise UploadRejected("FILE_EMPTY")
    delimiter = detect_delimiter(lines[at : at + SAMPLE_LINES], lambda cell: knows(cell, settings, layouts))
    header, ends = _header(lines[at : at + HEADER_LINES], delimiter)
    _refuse_values(header, at + 1, sum(knows(cell, settings, layouts) for cell in header))
    ends += at
    rows = _rows(lines[ends:], delimiter, len(header))
    if is_returned_header(header):
        header, rows = unprotected(header), [unprotected(cells) for cells in rows]
    bom = len(BOM) if head.startswith(BOM) else 0
    starts = Position(bom + byte_size(lines[:ends]), 0, ends)
    return _Beginning(_trimmed(header, rows), at + 1, delimiter, starts, rows)


def _text(head: bytes, *, is_whole: bool) -> str:
    """The whole lines of the head. Raises ``UploadRejected`` where it is not text."""
    body = head.removeprefix(BOM)
    if not body.strip():
        raise UploadRejected("FILE_EMPTY")
    refuse_other_formats(body)
    if not is_whole:
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r", 0, len(body) - 1)) + 1]
        if not body:
            refuse_other_encodings(head)
            raise UploadRejected("HEADER_TOO_LONG", limit=len(head))
    refuse_other_encodings(body)
    return decode(body)[0]


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


def _date_order(
    columns: Sequence[ColumnUse], rows: Sequence[Sequence[str]], settings: DestinationSettings, layout: Layout
) -> tuple[str | None, tuple[str, ...]]:
    """The order to read dates in, and what to say about it: settings, else what the rows show, else the layout's."""
    if settings.date_order != "none":
        return settings.date_order, ()
    times = [use.index for use in columns if use.field in ("event_time", "event_date")]
    seen = seen_date_order(cells[index] for cells in rows for index in times if index < len(cells))
    if seen == MIXED:
        return None, ("DATE_ORDER_MIXED",)
    return seen or layout.date_order, ("DATE_ORDER_INFERRED",) if seen and seen != layout.date_order else ()
