"""From a file's first bytes to the plan by which every later reader reads it.

In: up to 256 KiB of a file, its size and the settings. Out: a ``ReadingPlan``, or the refusal of the whole file with
what to do about it. Nothing of a refused file is sent. Owns ``FILE_NO_ROWS``.

The first rows are judged here already, by the plan as it is: what nearly all of them lack stops the file, and what they
have in common becomes a hint.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, islice
from typing import Any, Literal

from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.columns import absent_columns, currency_hint, refuse_missing
from conversion_delivery.domain.layouts.header_names import is_ours
from conversion_delivery.domain.layouts.layouts import AUTO, Layout, layout_named
from conversion_delivery.domain.reading.csv_planning import first_table
from conversion_delivery.domain.reading.date_orders import MIXED, seen_date_order
from conversion_delivery.domain.reading.decimal_marks import seen_decimal_mark
from conversion_delivery.domain.reading.first_rows import findings
from conversion_delivery.domain.reading.first_table import FirstTable
from conversion_delivery.domain.reading.head_texts import HeadText, head_text
from conversion_delivery.domain.reading.json_planning import first_objects
from conversion_delivery.domain.reading.judging import judged_rows
from conversion_delivery.domain.reading.reading_plans import FileHint, ReadingPlan
from conversion_delivery.domain.reading.rows import is_blank
from conversion_delivery.domain.reading.windows_text import WINDOWS_1252

JUDGED_ROWS = 1_000
"""First rows that are judged before anything is sent."""

Facts = dict[str, str | int | float]


def plan_upload(head: bytes, *, size: int, name: str, settings: DestinationSettings, as_of: int) -> ReadingPlan:
    """How to read a file of ``size`` bytes that begins with ``head``. Raises ``UploadRejected``.

    ``as_of``: epoch seconds of the file's receipt. The ``name`` proves nothing: the content decides.
    """
    named = None if settings.layout == AUTO else layout_named(settings.layout)
    is_whole = len(head) >= size
    text = head_text(head, is_whole=is_whole)
    table = (first_objects if text.is_json_lines else first_table)(text, settings, named)
    refuse_missing(table.columns, settings, table.layout)
    if is_whole and all(map(is_blank, table.rows)):
        raise UploadRejected("FILE_NO_ROWS")
    plan = _plan(text, table, settings, as_of)
    whole = text.offset(len(text.written))
    judged = judged_rows(plan, [head[table.data_starts.offset : whole]], table.data_starts)
    hints = findings(plan, list(islice(judged, JUDGED_ROWS)))
    return plan.model_copy(update={"hints": (*_scattered(plan, table), *hints)})


def _plan(text: HeadText, table: FirstTable, settings: DestinationSettings, as_of: int) -> ReadingPlan:
    layout, columns = table.layout, table.columns
    date_order, warnings = _date_order(table, settings)
    if not text.is_json_lines and absent_columns(table.header, settings):
        warnings.append("SETTINGS_COLUMN_ABSENT")
    if text.encoding == WINDOWS_1252:
        warnings.append("ENCODING_GUESSED")
    return ReadingPlan(
        settings=settings,
        as_of=as_of,
        layout=layout.name,
        format="jsonl" if text.is_json_lines else "csv",
        encoding=text.encoding,
        fallback_encoding=text.fallback,
        delimiter=table.delimiter,
        header=tuple(table.header),
        columns=columns,
        date_order=date_order,
        timezone=table.timezone,
        decimal_mark=None if text.is_json_lines else seen_decimal_mark(table.cells_of("value", "contents[].price")),
        order_rows=_order_rows(text, table, settings),
        currency_hint=currency_hint(columns),
        data_starts=table.data_starts,
        warnings=(*warnings, *layout.notes),
    )


def file_facts(plan: ReadingPlan, name: str, size: int | None) -> dict[str, Any]:
    """How a file was read, as reports show it. ``columns``: header -> field, in order of precedence."""
    return {
        "name": name,
        "bytes": size,
        "layout": plan.layout,
        "format": plan.format,
        "encoding": plan.encoding,
        "delimiter": plan.delimiter,
        "compression": plan.compression,
        "columns": {use.header: use.field for use in plan.columns if use.field},
        "ignored_columns": [
            use.header for use in plan.columns if not use.field and use.header.strip() and not is_ours(use.header)
        ],
        "error": None,
    }


def file_notes(plan: ReadingPlan) -> list[tuple[str, Facts]]:
    """What is worth saying about a file that is read: codes of level FILE_NOTE, with the facts of their sentences."""
    notes: list[tuple[str, Facts]] = []
    for use in plan.columns:
        if use.note == "COLUMN_UNKNOWN":
            hint = f" Did you mean {use.suggestion}?" if use.suggestion else ""
            notes.append((use.note, {"column": use.header, "hint": hint}))
        elif use.note:
            notes.append((use.note, {"column": use.header, "other": use.suggestion}))
    absent = ", ".join(absent_columns(plan.header, plan.settings))
    notes += [(code, {"order": plan.date_order or "", "column": absent}) for code in plan.warnings]
    return notes + [(hint.code, dict(hint.facts)) for hint in plan.hints]


def _order_rows(text: HeadText, table: FirstTable, settings: DestinationSettings) -> Literal["row", "order"]:
    """Whether rows are put together. A JSON object holds its own items; without order ids nothing belongs together."""
    layout: Layout = table.layout
    wanted = settings.order_rows == "order" or (
        settings.order_rows == "auto" and bool(layout.orders) and not layout.item_level
    )
    has_orders = any(use.field == "order_id" for use in table.columns)
    return "order" if wanted and has_orders and not text.is_json_lines else "row"


def _scattered(plan: ReadingPlan, table: FirstTable) -> Sequence[FileHint]:
    """A hint where rows of one order do not stand together: only rows in a row become one event."""
    if plan.order_rows == "row":
        return ()
    place = plan.columns_for("order_id")[0]
    names = (cells[place].strip() for cells in table.rows if place < len(cells))
    runs = [name for name, _ in groupby(names) if name]
    scattered = len(runs) - len(set(runs))
    return [FileHint(code="ORDER_ROWS_SCATTERED", facts={"orders": scattered})] if scattered else ()


def _date_order(table: FirstTable, settings: DestinationSettings) -> tuple[str | None, list[str]]:
    """The order to read dates in, and what to say about it: settings, else what the rows show, else the layout's."""
    if settings.date_order != "none":
        return settings.date_order, []
    seen = seen_date_order(table.cells_of("event_time", "event_date"))
    if seen == MIXED:
        return None, ["DATE_ORDER_MIXED"]
    inferred = bool(seen and seen != table.layout.date_order)
    return seen or table.layout.date_order, ["DATE_ORDER_INFERRED"] if inferred else []
