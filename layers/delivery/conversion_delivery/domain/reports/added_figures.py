"""Figures of several summaries added up to one, as exact as each of them.

In: summary documents of the files of one archive. Out: plain JSON values for the archive's summary.json.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from conversion_delivery.domain.reports.tallies import DAYS_KEPT, EXACT

Summaries = Sequence[Mapping[str, Any]]


def added(summaries: Summaries, name: str) -> dict[str, int]:
    """Counters that stand below ``name``, key by key."""
    total: Counter[str] = Counter()
    for summary in summaries:
        total.update(summary.get(name, {}))
    return dict(total)


def joined(summaries: Summaries, name: str) -> dict[str, Any]:
    """Entries that say the same wherever they stand, such as the sentence of a code."""
    return {key: value for summary in summaries for key, value in summary.get(name, {}).items()}


def added_values(amounts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Currency -> exact sum."""
    sums: dict[str, Decimal] = {}
    for per_currency in amounts:
        for currency, value in per_currency.items():
            sums[currency] = EXACT.add(sums.get(currency, Decimal(0)), Decimal(value))
    return {currency: f"{value:f}" for currency, value in sorted(sums.items())}


def added_days(summaries: Summaries) -> list[dict[str, Any]]:
    """Events and value per day. A day that one file has only in its sum of earlier days goes into that sum."""
    lists = [summary.get("by_day", []) for summary in summaries]
    dates = sorted({day["date"] for days in lists for day in days if day["date"]})
    border = max([*_borders(lists), *dates[-DAYS_KEPT:][:1]], default="")
    found: dict[str, list[Mapping[str, Any]]] = {}
    for days in lists:
        for day in days:
            date = day["date"] or ""
            found.setdefault(date if date >= border else "", []).append(day)
    return [_day(date, same) for date, same in sorted(found.items())]


def _borders(lists: Iterable[Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """The first day that a file keeps apart, for each file that has a sum of earlier ones."""
    for days in lists:
        if len(days) > 1 and not days[0]["date"]:
            yield days[1]["date"]


def _day(date: str, same: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    events = sum(day["events"] for day in same)
    return {"date": date or None, "events": events, "value": added_values(day["value"] for day in same)}


def added_deliveries(summaries: Summaries, most: int) -> list[dict[str, Any]]:
    """Files that had delivered some of the events before: rows, and the latest date; most rows first."""
    rows, latest = Counter[str](), dict[str, str]()
    for summary in summaries:
        for entry in summary.get("delivered_before", ()):
            rows[entry["file_id"]] += entry["rows"]
            latest[entry["file_id"]] = max(latest.get(entry["file_id"], ""), entry["date"] or "")
    order = sorted(rows.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [{"file_id": file_id, "rows": number, "date": latest[file_id] or None} for file_id, number in order]
