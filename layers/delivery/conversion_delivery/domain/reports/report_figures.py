"""Figures of a summary that are more than a counter: days, identifiers, sums, lines and words per code.

In: tallies and the record of a file. Out: plain JSON values for summary.json. No cell of the file is among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from conversion_delivery.domain.conversions import EventTotals
from conversion_delivery.domain.events.tiktok_events import KEY_BITS
from conversion_delivery.domain.explanations import general_sentence, remedy_of, sentence_for
from conversion_delivery.domain.layouts.layouts import layout_named
from conversion_delivery.domain.mapping.event_names import shown_label
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.upload_planning import file_notes
from conversion_delivery.domain.reports.tallies import EXACT, Tally

LINES_LISTED = 5
"""First lines that a summary names per code."""

_SECONDS_OF_A_DAY = 86_400


def by_day(tally: Tally) -> list[dict[str, Any]]:
    """Events and value per UTC day, in order. ``date`` None: all days before those that are listed."""
    days: dict[int | None, dict[str, Any]] = {}
    for (day, currency), total in tally.days().items():
        entry = days.setdefault(day, {"date": _date_text(day), "events": 0, "value": {}})
        entry["events"] += total.events
        if total.value:
            entry["value"][currency] = total.value
    return list(days.values())


def _date_text(day: int | None) -> str | None:
    return None if day is None else datetime.fromtimestamp(day * _SECONDS_OF_A_DAY, UTC).strftime("%Y-%m-%d")


def match_keys(tally: Tally) -> dict[str, int]:
    """How many events carry which identifier; ``none``: events without any of those listed."""
    keys = tally.keys()
    both = KEY_BITS["email"] | KEY_BITS["phone"]
    return {
        "events": sum(keys.values()),
        **{name: _carrying(keys, bit) for name, bit in KEY_BITS.items()},
        "email_and_phone": _carrying(keys, both),
        "none": keys.get(0, 0),
    }


def _carrying(keys: Mapping[int, int], wanted: int) -> int:
    return sum(events for bits, events in keys.items() if bits & wanted == wanted)


def value_per_currency(totals: Iterable[tuple[str, EventTotals]]) -> dict[str, str]:
    """Currency -> exact sum as text; events without a value add nothing."""
    sums: dict[str, Decimal] = {}
    for currency, total in totals:
        if total.value:
            sums[currency] = EXACT.add(sums.get(currency, Decimal(0)), Decimal(total.value))
    return {currency: f"{value:f}" for currency, value in sorted(sums.items())}


def first_lines(*sources: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
    """Code -> the first lines that any source names, in order."""
    lines: dict[str, set[int]] = {}
    for source in sources:
        for code, numbers in source.items():
            lines.setdefault(code, set()).update(numbers)
    return {code: sorted(numbers)[:LINES_LISTED] for code, numbers in sorted(lines.items())}


FILES_LISTED = 20
"""A summary lists this many of the files that had delivered some of its events before."""


def delivered_before(files: Mapping[str, Iterable[float]]) -> list[dict[str, Any]]:
    """Which files had delivered events of this one: id, rows, and the date where it is known; most rows first."""
    found = [
        {
            "file_id": file_id,
            "rows": int(rows),
            "date": _date_text(int(latest) // _SECONDS_OF_A_DAY) if latest else None,
        }
        for file_id, (rows, latest) in files.items()
    ]
    return sorted(found, key=lambda entry: (-int(entry["rows"] or 0), str(entry["file_id"])))[:FILES_LISTED]


def words(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """``sentences`` and ``remedies`` of codes, for rows in general; codes without a remedy need nobody to act."""
    known = sorted(set(codes))
    return {
        "sentences": {code: general_sentence(code) for code in known},
        "remedies": {code: remedy for code in known if (remedy := remedy_of(code))},
    }


def notes_of(plan: ReadingPlan | None, found: Iterable[tuple[str, Mapping[str, object]]] = ()) -> list[dict[str, str]]:
    """What is worth saying about the file as a whole: columns that were not used, hints, and what reading it found."""
    if plan is None:
        return []
    notes = [*file_notes(plan), *found]
    return [{"code": code, "message": sentence_for(code, facts), "remedy": remedy_of(code)} for code, facts in notes]


def reading_of(plan: ReadingPlan) -> dict[str, Any]:
    """How the rows were understood, beyond the columns."""
    settings = plan.settings
    return {
        "format": plan.format,
        "fallback_encoding": plan.fallback_encoding,
        "timezone": plan.timezone or settings.default_timezone,
        "date_order": plan.date_order,
        "decimal_mark": plan.decimal_mark or (settings.decimal_mark if settings.decimal_mark != "auto" else None),
        "order_rows": plan.order_rows,
    }


def event_names_of(plan: ReadingPlan) -> dict[str, str]:
    """The file's event name -> the name that TikTok gets: the layout's presets, and ``event_map`` over them."""
    names = {**layout_named(plan.layout).events, **plan.settings.event_map}
    return {shown_label(label): name for label, name in names.items()}
