"""Cards of the page about rows and files: totals, causes, remarks, files beside it, and ids."""

from __future__ import annotations

from conversion_delivery.domain.reports import report_pictures as pictures
from conversion_delivery.domain.reports.report_causes import (
    Cause,
    causes_title,
    ignored_causes,
    reject_causes,
    warning_causes,
)
from conversion_delivery.domain.reports.report_markup import Html, card, foreign, joined, prose, tag
from conversion_delivery.domain.reports.report_sentences import Summary, counted
from conversion_delivery.domain.reports.report_totals import Part, accepted_parts, outcome_parts, row_parts

CAUSES_SHOWN = 10
"""Causes that stand open; the others are folded."""


def totals_card(summary: Summary) -> Html | None:
    """The totals as a bar and as a table that adds up."""
    rows = summary["counts"]["rows_read"]
    if not rows:
        return None
    lines = [_total("Rows read", rows, "whole")]
    for part in row_parts(summary):
        lines.append(_total(part.label[:1].upper() + part.label[1:], part.number, "part", part))
        if part.name == "accepted":
            lines += [
                _total(piece.label[:1].upper() + piece.label[1:], piece.number, "subpart", piece)
                for piece in accepted_parts(summary)
            ]
    table = tag(
        "table",
        tag("caption", "Every row is counted once: the indented figures add up to the one above them."),
        tag("tbody", *lines),
    )
    return card("All rows", pictures.stacked_bar(outcome_parts(summary), "What became of the rows"), table)


def _total(label: str, number: int, kind: str, part: Part | None = None) -> Html:
    has_colour = part is not None and part.name != "accepted" and number > 0
    key = pictures.key(part.name) if part is not None and has_colour else None
    return tag("tr", tag("th", key, label, scope="row"), tag("td", f"{number:,}", class_="number"), class_=kind)


def causes_card(summary: Summary) -> Html | None:
    """Why rows did not reach TikTok, with a bar per cause."""
    causes = reject_causes(summary)
    if not causes:
        return None
    shown, folded = causes[:CAUSES_SHOWN], causes[CAUSES_SHOWN:]
    most = causes[0].rows
    rest = (
        tag("details", tag("summary", counted(len(folded), "further cause")), *(_cause(one, most) for one in folded))
        if folded
        else None
    )
    return card(causes_title(summary), *(_cause(one, most) for one in shown), rest, kind="long")


def _cause(cause: Cause, most: int) -> Html:
    rows = counted(cause.rows, "row")
    return tag(
        "div",
        tag("h3", tag("span", cause.title), tag("span", rows, class_="rows")),
        pictures.bar(cause.rows / most, "rejected", cause.title, rows),
        tag("p", prose(cause.sentence)),
        tag("p", prose(cause.remedy), class_="remedy") if cause.remedy else None,
        _lines(cause),
        class_="cause",
    )


def _lines(cause: Cause) -> Html:
    lines = f"First lines: {cause.lines_text} · " if cause.lines else ""
    return tag("p", lines, "Code ", tag("code", cause.code), class_="soft small")


def quiet_card(summary: Summary) -> Html | None:
    """Rows left out on purpose, warnings, and remarks about the file: worth knowing, nothing to worry about."""
    notes = [
        tag("li", prose(note["message"]), " ", tag("strong", prose(note["remedy"])) if note.get("remedy") else None)
        for note in summary.get("notes", ())
    ]
    blocks = (
        _quiet_table("Sent, with a remark", warning_causes(summary)),
        _quiet_table("Not sent, on purpose", ignored_causes(summary)),
        joined(tag("h3", "About the file"), tag("ul", *notes, class_="plain")) if notes else None,
    )
    return card("Good to know", *blocks, kind="long") if any(blocks) else None


def _quiet_table(title: str, causes: list[Cause]) -> Html | None:
    if not causes:
        return None
    rows = [
        tag(
            "tr",
            tag(
                "th",
                prose(cause.sentence),
                " ",
                tag("strong", prose(cause.remedy)) if cause.remedy else None,
                scope="row",
            ),
            tag("td", f"{cause.rows:,}", class_="number"),
        )
        for cause in causes
    ]
    head = tag("tr", tag("th", "What", scope="col"), tag("th", "Rows", scope="col", class_="number"))
    return tag("table", tag("caption", title), tag("thead", head), tag("tbody", *rows), class_="group")


FILES = {
    "rejected": "the rows to correct, in your own layout, with a reason each; it can be dropped again as it is",
    "results": "what became of each accepted row",
    "summary": "these figures for programs",
    "text": "this report as text",
}


def files_card(summary: Summary) -> Html | None:
    """Links to the files beside the page."""
    names = {kind: key.rpartition("/")[2] for kind, key in summary["reports"].items()}
    items = [
        tag("li", tag("a", names[kind], href=names[kind]), f": {words}")
        for kind, words in FILES.items()
        if names.get(kind)
    ]
    return card("Files beside this page", tag("ul", *items, class_="plain")) if items else None


def support_card(summary: Summary) -> Html | None:
    """Ids for whoever is asked about this file; nothing for a file that nobody has stored."""
    if not summary["file_id"]:
        return None
    requests = summary.get("request_ids", [])
    more = summary.get("requests", 0) - len(requests)
    listed = tag(
        "dd",
        *(joined(tag("code", request), tag("br")) for request in requests),
        f"and {more:,} more" if more > 0 else None,
    )
    facts = (
        tag("dt", "File id"),
        tag("dd", tag("code", summary["file_id"])),
        tag("dt", "Object"),
        tag("dd", foreign(f"s3://{summary['upload']['bucket']}/{summary['upload']['key']}")),
        tag("dt", "Version"),
        tag("dd", tag("code", summary["upload"]["version_id"])),
        joined(tag("dt", "TikTok's request ids"), listed) if requests else None,
        _delivered_before(summary),
    )
    return card("For support", tag("details", tag("summary", "Ids of this file and its requests"), tag("dl", *facts)))


def _delivered_before(summary: Summary) -> Html | None:
    """Ids of the files that had delivered some of these events."""
    files = summary.get("delivered_before", ())
    items = [
        tag(
            "li", tag("code", entry["file_id"]), f": {counted(entry['rows'], 'row')}, {entry['date'] or 'date unknown'}"
        )
        for entry in files
    ]
    told = tag("dd", tag("ul", *items, class_="plain"))
    return joined(tag("dt", "Files that had delivered events of this one"), told) if items else None
