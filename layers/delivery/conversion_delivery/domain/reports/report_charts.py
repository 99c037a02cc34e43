"""Cards of the page about events: value per currency, events over time, and the identifiers they carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from conversion_delivery.domain.reports import report_pictures as pictures
from conversion_delivery.domain.reports.report_markup import Html, breakable, card, foreign, joined, tag
from conversion_delivery.domain.reports.report_sentences import Summary, amount, counted
from conversion_delivery.domain.reports.report_times import shown_date

LONGEST_GAP = 92
"""Days up to which days without events are drawn as gaps."""


def value_card(summary: Summary) -> Html | None:
    """Events and value per event name and currency; the bar is the event's share of its currency."""
    totals = summary["delivered"]
    if not totals:
        return None
    head = _head("Event", "Events", "Value")
    sums = {currency: float(value) for currency, value in summary.get("value", {}).items()}
    rows = [_value_row(total, sums) for total in totals]
    several = Counter(total["currency"] or "" for total in totals if total["value"])
    whole = [
        _value_sum(currency, value) for currency, value in summary.get("value", {}).items() if several[currency] > 1
    ]
    what = "would be sent" if summary["state"] == "VALIDATED" else "were delivered"
    caption = tag("caption", f"Events that {what}. Amounts are exact sums; a bar is the share of its currency.")
    return card("Events and value", tag("table", caption, head, tag("tbody", *rows, *whole)))


def _head(first: str, *numbers: str) -> Html:
    cells = (tag("th", name, scope="col", class_="number") for name in numbers)
    return tag("thead", tag("tr", tag("th", first, scope="col"), *cells))


def _value_row(total: dict[str, Any], sums: dict[str, float]) -> Html:
    value, currency = total["value"], total["currency"] or ""
    whole = sums.get(currency, 0.0)
    name = joined(foreign(total["event"]), tag("span", f" {currency}", class_="soft") if currency else None)
    share = float(value) / whole if value and whole else 0.0
    title = f"Value of {total['event']} {currency}".strip()
    picture = pictures.bar(share, "delivered", title, f"{share:.0%} of its currency") if value else None
    return tag(
        "tr",
        tag("th", name, picture, scope="row", class_="pictured"),
        tag("td", f"{total['events']:,}", class_="number"),
        tag("td", breakable(amount(value)) if value else "none", class_="number wide"),
    )


def _value_sum(currency: str, value: str) -> Html:
    return tag(
        "tr",
        tag("th", f"All events in {currency or 'no currency'}", scope="row"),
        tag("td", class_="number"),
        tag("td", breakable(amount(value)), class_="number wide"),
        class_="whole",
    )


def days_card(summary: Summary) -> Html | None:
    """Events per day as columns, and the same as a table."""
    days = [day for day in summary.get("by_day", ()) if day["date"]]
    earlier = next((day for day in summary.get("by_day", ()) if not day["date"]), None)
    if not days:
        return None
    drawn = _with_gaps(days)
    highest = max(entry.number for entry in drawn)
    axis = tag(
        "p", tag("span", drawn[0].label), tag("span", drawn[-1].label) if len(drawn) > 1 else None, class_="axis"
    )
    before = tag("p", f"{earlier['events']:,} events lie before the days shown.", class_="soft") if earlier else None
    return card(
        "When the events happened",
        tag("p", f"Events per day (UTC). The highest column stands for {counted(highest, 'event')}.", class_="soft"),
        pictures.columns(drawn, "Events per day"),
        axis,
        before,
        _days_table(days),
    )


def _with_gaps(days: Sequence[dict[str, Any]]) -> list[pictures.Column]:
    """One column per calendar day, where the span is not too long; else per day that has events."""
    numbers = {date.fromisoformat(day["date"]): day["events"] for day in days}
    first, last = min(numbers), max(numbers)
    span = (last - first).days + 1
    dates = [first + timedelta(days=at) for at in range(span)] if span <= LONGEST_GAP else sorted(numbers)
    return [pictures.Column(shown_date(day.isoformat()), numbers.get(day, 0)) for day in dates]


def _days_table(days: Sequence[dict[str, Any]]) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", shown_date(day["date"]), scope="row"),
            tag("td", f"{day['events']:,}", class_="number"),
            tag("td", *_amounts(day["value"]), class_="number wide"),
        )
        for day in days
    ]
    table = tag(
        "table", tag("caption", "Events and value per day (UTC)"), _head("Day", "Events", "Value"), tag("tbody", *rows)
    )
    return tag("details", tag("summary", "Figures per day"), table)


def _amounts(values: dict[str, str]) -> list[Html]:
    return [tag("div", breakable(amount(value)), f" {currency}") for currency, value in values.items()]


KEY_NAMES = {
    "email": "E-mail",
    "phone": "Phone",
    "email_and_phone": "E-mail and phone",
    "lead_id": "Lead ID",
    "ttclid": "TikTok click ID",
    "ttp": "TikTok cookie ID",
    "external_id": "Customer ID",
    "ip": "IP address",
    "none": "None of these",
}


def keys_card(summary: Summary) -> Html | None:
    """How many events carry which identifier."""
    keys = summary.get("match_keys", {})
    whole = keys.get("events", 0)
    if not whole:
        return None
    rows = [_key_row(KEY_NAMES[name], keys[name], whole) for name in KEY_NAMES if keys.get(name) or name in _ALWAYS]
    head = _head("Identifier", "Events", "Share")
    caption = tag("caption", "TikTok can match an event only by what it carries: the more identifiers, the better.")
    return card("Identifiers for matching", tag("table", caption, head, tag("tbody", *rows)))


_ALWAYS = ("email", "phone", "email_and_phone")


def _key_row(name: str, number: int, whole: int) -> Html:
    share = _percent(number, whole)
    return tag(
        "tr",
        tag("th", name, pictures.bar(number / whole, "duplicates", name, share), scope="row", class_="pictured"),
        tag("td", f"{number:,}", class_="number"),
        tag("td", share, class_="number"),
    )


def _percent(number: int, whole: int) -> str:
    """Whole percent; only all is 100 % and only nothing is 0 %."""
    if number in (0, whole):
        return "100 %" if number else "0 %"
    return f"{min(max(round(100 * number / whole), 1), 99)} %"
