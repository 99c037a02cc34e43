"""What ``conversions run`` shows: how far the files are, and one screen per result.

In: file records and summary.json documents. Out: text. Owns no failure.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conversion_delivery.domain.explanations import CODES, general_sentence
from conversion_delivery.domain.files import FileRecord

PAGE = "report.html"
"""The part of a report that a person reads first."""
CAUSES_SHOWN = 8
QUIET_SECONDS = 10.0
"""Without a terminal, a line is written when the figures have changed, at most this often."""

STATES = {
    "DONE": "everything delivered",
    "DONE_WITH_REJECTS": "delivered, but some rows were rejected",
    "PARTIAL": "not everything was delivered",
    "REJECTED": "the file was refused, nothing was sent",
}


class Progress:
    """One line that is rewritten on a terminal; a line now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown = ""
        self._shown_at = time.monotonic()

    def show(self, records: Sequence[FileRecord | None]) -> None:
        """Show the files' common figures."""
        line = progress_line(records)
        now = time.monotonic()
        if line == self._shown or (not self._terminal and now - self._shown_at < QUIET_SECONDS):
            return
        sys.stderr.write(f"\r{line:<{len(self._shown)}}" if self._terminal else f"{line}\n")
        sys.stderr.flush()
        self._shown, self._shown_at = line, now

    def finish(self) -> None:
        """Make room for the results."""
        if self._terminal and self._shown:
            sys.stderr.write("\r" + " " * len(self._shown) + "\r")
            sys.stderr.flush()


def progress_line(records: Sequence[FileRecord | None]) -> str:
    """Rows read, rejected, and batches closed, of all files together."""
    seen = [record for record in records if record is not None]
    rows = sum(record.checkpoint.position.row for record in seen)
    rejected = sum(record.checkpoint.counts.get("rejected", 0) for record in seen)
    batches = sum(record.checkpoint.batches for record in seen)
    closed = sum(record.closed_batches for record in seen)
    finished = sum(1 for record in seen if record.finished_at is not None)
    return (
        f"{finished} of {len(records)} files finished: {rows:,} rows read, {rejected:,} rejected,"
        f" {closed:,} of {batches:,} batches done"
    )


def print_result(name: str, summary: dict[str, Any], folder: Path) -> None:
    """What became of one file: totals, causes, and where the report lies."""
    print(f"\n{name}: {headline(summary)}")
    error = summary["file"].get("error")
    if error:
        print(f"  {error['message']}")
    counts = summary["counts"]
    if counts["rows_read"]:
        print(f"  {counts['rows_read']:,} rows read: {_figures(counts)}")
    for total in summary["delivered"]:
        value = f", {total['value']} {total['currency'] or ''}".rstrip() if total["value"] else ""
        print(f"  {total['events']:>8,}  {total['event']} delivered{value}")
    for code, number in _most(summary["reasons"]):
        print(f"  {number:>8,}  {code:<20} {_advice(code)}".rstrip())
    for code, number in _most(summary["outcomes"]):
        if code != "ALREADY_DELIVERED":
            print(f"  {number:>8,}  {summary['explanations'].get(code, code)}")
    print(f"  Report: {shown_path(folder / PAGE)}")


def headline(summary: dict[str, Any]) -> str:
    """The result in a few words."""
    counts = summary["counts"]
    before = summary["outcomes"].get("ALREADY_DELIVERED", 0)
    if not before or any(counts[name] for name in ("delivered", "refused", "not_sent", "review", "open")):
        return STATES[summary["state"]]
    if before == counts["rows_read"]:
        return f"nothing new was sent: all {before:,} rows were delivered before"
    return f"nothing new was sent: {before:,} of {counts['rows_read']:,} rows were delivered before"


def _figures(counts: dict[str, int]) -> str:
    labels = {
        "delivered": "delivered",
        "rejected": "rejected",
        "duplicates": "duplicate",
        "ignored": "ignored",
        "refused": "refused by TikTok",
        "not_sent": "not sent",
        "review": "to be reviewed",
        "open": "still open",
    }
    return ", ".join(
        f"{counts[name]:,} {label}" for name, label in labels.items() if counts[name] or name == "delivered"
    )


def _most(numbers: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(numbers.items(), key=lambda entry: -entry[1])[:CAUSES_SHOWN]


def _advice(code: str) -> str:
    """What to do about rows with this code; the report says for each row what is wrong with it."""
    entry = CODES.get(code)
    return (entry.remedy or general_sentence(code)) if entry else ""


def shown_path(folder: Path) -> str:
    """Relative to where the command runs, if it lies below."""
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)
