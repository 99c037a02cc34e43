"""The card that says how the file was read: format, columns, event names."""

from __future__ import annotations

from conversion_delivery.domain.reports.report_markup import Html, card, foreign, joined, tag
from conversion_delivery.domain.reports.report_sentences import Summary

DELIMITERS = {",": "comma", "\t": "tab", "|": "pipe", ";": "semicolon", "\x01": "control-A"}
MARKS = {".": "point", ",": "comma"}
ORDERS = {"DMY": "day first", "MDY": "month first"}
ROWS = {"order": "consecutive rows of one order are one event", "row": "each row is one event"}


def reading_card(summary: Summary) -> Html | None:
    """How the file was read; nothing for a file that was refused before that."""
    if not summary.get("reading"):
        return None
    return card(
        "How the file was read",
        tag("dl", *(joined(tag("dt", name), tag("dd", value)) for name, value in _facts(summary) if value)),
        _columns(summary),
        _events(summary),
        kind="long",
    )


def _facts(summary: Summary) -> list[tuple[str, str]]:
    file, reading = summary["file"], summary["reading"]
    is_table = reading["format"] == "csv"
    delimiter = file["delimiter"] or ""
    encoding = file["encoding"] or ""
    if reading["fallback_encoding"]:
        encoding += f", damaged lines as {reading['fallback_encoding']}"
    packed = file["compression"] or "none"
    return [
        ("Layout", (file["layout"] or "").replace("_", " ")),
        ("Format", "rows of cells" if is_table else "JSON, one object per line"),
        ("Delimiter", DELIMITERS.get(delimiter, delimiter) if is_table else ""),
        ("Encoding", encoding),
        ("Packed or encrypted as", "" if packed == "none" else packed),
        ("Size", f"{file['bytes']:,} bytes" if file["bytes"] is not None else ""),
        ("Times without a zone are in", reading["timezone"] or ""),
        (
            "Dates such as 03/04/2026",
            ORDERS.get(reading["date_order"] or "", "refused as ambiguous" if is_table else ""),
        ),
        ("Decimal mark", MARKS.get(reading["decimal_mark"] or "", "seen in each amount")),
        ("Rows", ROWS.get(reading["order_rows"], "")),
    ]


def _columns(summary: Summary) -> Html:
    file = summary["file"]
    head = tag("tr", tag("th", "Your column", scope="col"), tag("th", "Used as", scope="col"))
    rows = [
        tag("tr", tag("th", foreign(header), scope="row"), tag("td", tag("code", field)))
        for header, field in file["columns"].items()
    ]
    table = tag("table", tag("caption", "Columns that were used"), tag("thead", head), tag("tbody", *rows))
    unused = file["ignored_columns"]
    told = f"Columns: {len(rows):,} used, {len(unused):,} not used"
    rest = tag("p", "Columns that were not used: ", *_listed(unused), ".") if unused else None
    return tag("details", tag("summary", told), table, rest)


def _listed(names: list[str]) -> list[Html]:
    return [joined(", " if at else None, foreign(name)) for at, name in enumerate(names)]


def _events(summary: Summary) -> Html | None:
    names = summary.get("event_names", {})
    if not names:
        return None
    head = tag("tr", tag("th", "Event in the file", scope="col"), tag("th", "Sent to TikTok as", scope="col"))
    rows = [
        tag("tr", tag("th", foreign(label), scope="row"), tag("td", foreign(name))) for label, name in names.items()
    ]
    caption = tag("caption", "Event names that the layout or the destination's settings translate")
    table = tag("table", caption, tag("thead", head), tag("tbody", *rows))
    return tag("details", tag("summary", "Event names"), table)
