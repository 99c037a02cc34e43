"""The files of an archive on the archive's own page and in its mail: one line each, with a link to the file's report.

In: the summary of an archive. Out: a card, or lines of text; nothing for a single file.
"""

from __future__ import annotations

from collections.abc import Iterator

from conversion_delivery.domain.reports.report_markup import Html, card, foreign, tag
from conversion_delivery.domain.reports.report_sentences import Summary, counted

STATES = {
    "DONE": "done",
    "DONE_WITH_REJECTS": "done, some rows to correct",
    "PARTIAL": "not everything was delivered",
    "REJECTED": "refused",
    "VALIDATED": "checked, nothing sent",
}
"""State of a file -> what it means, in a word or two."""

_COLUMNS = (("rows_read", "Rows"), ("delivered", "Delivered"), ("rejected", "Rejected"))
_OF_A_CHECK = (("rows_read", "Rows"), ("would_send", "Would be sent"), ("rejected", "Rejected"))

MEMBERS_LISTED = 40
"""Files that the mail names; the page names them all."""


def members_card(summary: Summary) -> Html | None:
    """A table of the files, each linked to its report, which lies in a folder beside the archive's."""
    members = summary.get("members")
    if not members:
        return None
    columns = _columns(summary)
    head = tag(
        "tr",
        tag("th", "File", scope="col"),
        *(tag("th", label, scope="col", class_="number") for _, label in columns),
    )
    rows = [
        tag(
            "tr",
            tag(
                "th",
                tag("a", foreign(member["name"]), href=f"../{member['file_id']}/report.html"),
                tag("br"),
                tag("span", STATES.get(member["state"], member["state"]), class_="soft small"),
                scope="row",
            ),
            *(tag("td", f"{member['counts'].get(name, 0):,}", class_="number") for name, _ in columns),
        )
        for member in members
    ]
    caption = tag("caption", "Each file has a report of its own, with its causes, lines and rejected rows.")
    return card("Files of the archive", tag("table", caption, tag("thead", head), tag("tbody", *rows)), kind="long")


def member_lines(summary: Summary) -> Iterator[str]:
    """The same for a mail: name, state, rows and where the report lies."""
    members = summary.get("members", ())
    if members:
        yield "Files of the archive:"
    for member in members[:MEMBERS_LISTED]:
        counts = member["counts"]
        figures = [f"{counts.get(name, 0):,} {label.lower()}" for name, label in _columns(summary)[1:]]
        state = STATES.get(member["state"], member["state"])
        yield f"  - {member['name']}: {state}; {counted(counts['rows_read'], 'row')}, {', '.join(figures)}"
        yield f"    {member['report']}report.html"
    if len(members) > MEMBERS_LISTED:
        yield f"  - {counted(len(members) - MEMBERS_LISTED, 'further file')}: see report.html"


def _columns(summary: Summary) -> tuple[tuple[str, str], ...]:
    return _OF_A_CHECK if summary["state"] == "VALIDATED" else _COLUMNS
