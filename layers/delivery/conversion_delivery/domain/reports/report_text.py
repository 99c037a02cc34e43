"""report.txt: the body of a mail. One screen; the first line says what happened and whether something must be done.

In: a summary document alone. Out: plain text with short lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from conversion_delivery.domain.reports.report_causes import (
    Cause,
    causes_title,
    ignored_causes,
    reject_causes,
    warning_causes,
)
from conversion_delivery.domain.reports.report_members import member_lines
from conversion_delivery.domain.reports.report_sentences import Summary, amount, counted, expectations, headline
from conversion_delivery.domain.reports.report_totals import accepted_parts, row_parts

WIDTH = 92
CAUSES_SHOWN = 6
NOTES_SHOWN = 4


def report_text(summary: Summary) -> str:
    """The mail."""
    blocks = (
        _top(summary),
        map(printable, member_lines(summary)),
        _totals(summary),
        _causes(causes_title(summary), reject_causes(summary), CAUSES_SHOWN),
        _list("Not sent, on purpose", _in_a_line(ignored_causes(summary))),
        _list("Sent, with a remark", _in_a_line(warning_causes(summary))),
        _notes(summary),
        _list("At TikTok", expectations(summary)),
        _files(summary),
    )
    return "\n\n".join("\n".join(lines) for block in blocks if (lines := list(block))) + "\n"


def _top(summary: Summary) -> Iterator[str]:
    said = headline(summary)
    yield printable(said.line)
    yield ""
    yield f"File: {printable(summary['file']['name'])}"
    destination = f"For: {printable(summary['destination'])}, received" if summary["destination"] else "Received:"
    yield f"{destination} {summary['received_at']}"
    if len(said.todo) > 1:
        yield "To do:"
        yield from _wrapped(map(printable, said.todo), "  - ")


def _totals(summary: Summary) -> Iterator[str]:
    rows = summary["counts"]["rows_read"]
    if not rows:
        return
    yield f"{rows:>11,}  rows read, of which"
    yield from (f"{part.number:>11,}    {part.label}" for part in row_parts(summary))
    further = accepted_parts(summary)
    if further:
        yield f"{summary['counts']['accepted']:>11,}  accepted, of which"
        yield from (f"{part.number:>11,}    {part.label}" for part in further)
    for currency, value in summary.get("value", {}).items():
        yield f"{amount(value):>11}  {currency or 'without currency'}: value"


def _causes(title: str, causes: list[Cause], most: int) -> Iterator[str]:
    if not causes:
        return
    yield f"{title}:"
    for cause in causes[:most]:
        lines = f"; line{'s' if cause.rows > 1 else ''} {cause.lines_text}" if cause.lines else ""
        yield f"{cause.rows:>11,}  {cause.code}{lines}"
        yield from _wrapped((cause.sentence, cause.remedy), " " * 13)
    if len(causes) > most:
        yield f"             {counted(len(causes) - most, 'further cause')}: see report.html"


def _in_a_line(causes: list[Cause]) -> list[str]:
    """Rows and sentence of the most frequent causes."""
    return [f"{cause.rows:,}: {cause.sentence}" for cause in causes[:NOTES_SHOWN]]


def _notes(summary: Summary) -> Iterator[str]:
    notes = summary.get("notes", [])
    texts = [" ".join(filter(None, (note["message"], note.get("remedy", "")))) for note in notes[:NOTES_SHOWN]]
    yield from _list("About the file", map(printable, texts))
    if len(notes) > NOTES_SHOWN:
        yield f"  - {counted(len(notes) - NOTES_SHOWN, 'further remark')}: see report.html"


def _list(title: str, texts: Iterable[str]) -> Iterator[str]:
    lines = list(_wrapped(texts, "  - "))
    if lines:
        yield f"{title}:"
        yield from lines


def _files(summary: Summary) -> Iterator[str]:
    names = [key.rpartition("/")[2] or key for key in summary["reports"].values()]
    if names:
        yield f"Beside this text: {', '.join(names)}"
    if summary["file_id"]:
        yield f"File id for questions: {summary['file_id']}"


def _wrapped(texts: Iterable[str], mark: str) -> Iterator[str]:
    for text in filter(None, texts):
        yield from wrap(text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark))


def printable(text: str) -> str:
    """Text of the file on one line, without characters that steer a terminal or turn the direction of writing."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
