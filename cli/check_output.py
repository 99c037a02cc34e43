"""What ``conversions check`` writes: JSON, row by row, and one screen for a person."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from conversion_delivery.domain.conversions import Problem
from conversion_delivery.domain.explanations import general_sentence, remedy_of, sentence_for
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.upload_planning import file_notes
from conversion_delivery.domain.reports.report_text import printable

if TYPE_CHECKING:
    from cli.check import CheckResult

CAUSES_SHOWN = 12
COLUMNS_SHOWN = 12

UNUSED = frozenset({"COLUMN_UNKNOWN", "COLUMN_CONFLICT"})
"""Notes about a column that is not used although it might have been meant to be."""


class RowSink:
    """Writes the JSON document in one pass: rows as they come, totals at the end. Without ``out`` it does nothing."""

    def __init__(self, out: IO[str] | None, *, rows: bool, events: bool) -> None:
        self._out = out
        self.wants_rows = out is not None and rows
        self.wants_events = self.wants_rows and events
        self._separator = '{"rows":[\n'

    def row(
        self,
        judged: JudgedRow,
        verdict: str,
        problem: Problem | None,
        message: str,
        warnings: Iterable[Problem] = (),
        event: dict[str, Any] | None = None,
    ) -> None:
        if self._out is None or not self.wants_rows:
            return
        entry: dict[str, Any] = {
            "row": judged.row,
            "line": judged.line,
            "verdict": verdict,
            "code": problem.code if problem else None,
            "field": problem.field if problem else None,
            "message": message or None,
            "warnings": [warning.code for warning in warnings],
        }
        if event is not None:
            entry["event"] = event
        self._out.write(self._separator + json.dumps(entry, ensure_ascii=False))
        self._separator = ",\n"

    def finish(self, document: dict[str, Any]) -> None:
        if self._out is None:
            return
        totals = json.dumps(document, ensure_ascii=False, indent=2)
        if not self.wants_rows:
            self._out.write(totals + "\n")
        elif self._separator.startswith("{"):
            self._out.write('{"rows":[],\n' + totals[1:] + "\n")
        else:
            self._out.write("\n],\n" + totals[1:] + "\n")


def print_summary(result: CheckResult, name: str) -> None:
    """One screen: what was read, what would be sent, why rows fail, and on which lines."""
    file, counts = result.file, result.counts
    if file["error"]:
        _print_error(file["error"], name, counts["rows_read"])
        if not counts["rows_read"]:
            return
    else:
        print(f"{name}: {file['bytes']:,} bytes, {_read_as(file)}")
    print(
        f"  {counts['rows_read']:,} rows: {counts['accepted']:,} accepted, {counts['rejected']:,} rejected,"
        f" {counts['duplicates']:,} duplicate, {counts['ignored']:,} ignored"
    )
    _print_notes(result)
    for code, number in result.reasons.most_common(CAUSES_SHOWN):
        lines = ", ".join(str(line) for line in result.first_lines[code])
        more = ", ..." if number > len(result.first_lines[code]) else ""
        print(f"  {number:>8,}  {code:<22} line{'s' if number > 1 else ''} {lines}{more}")
        print(f"            {' '.join(filter(None, (general_sentence(code), remedy_of(code))))}")
    for code, number in result.warnings.most_common(CAUSES_SHOWN):
        print(f"  {number:>8,}  {code:<22} (warning) {general_sentence(code)}")


def _print_error(error: dict[str, str], name: str, rows: int) -> None:
    print(f"{name}: {'reading stopped' if rows else 'refused'} ({error['code']})")
    print(f"  {error['message']}")
    if remedy := remedy_of(error["code"]):
        print(f"  {remedy}")


def _read_as(file: dict[str, Any]) -> str:
    delimiter = {"\t": "tab", "|": "pipe", ";": "semicolon", ",": "comma"}.get(file["delimiter"], file["delimiter"])
    return ", ".join(filter(None, (f"layout {file['layout']}", file["encoding"], delimiter)))


def _print_notes(result: CheckResult) -> None:
    """What is worth a word about the file as a whole; columns that a layout leaves out on purpose are not."""
    notes = file_notes(result.plan) if result.plan else []
    unused = [str(facts["column"]) for code, facts in notes if code in UNUSED]
    if unused:
        more = ", ..." if len(unused) > COLUMNS_SHOWN else ""
        print(f"  columns not used: {', '.join(map(printable, unused[:COLUMNS_SHOWN]))}{more}")
    for code, facts in notes:
        if code != "COLUMN_UNKNOWN" or facts.get("hint"):
            sentence = " ".join(filter(None, (sentence_for(code, facts), remedy_of(code))))
            print(f"  note: {printable(sentence)}")
