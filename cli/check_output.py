"""What ``conversions check`` writes: JSON, row by row, and one screen for a person."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from conversion_delivery.domain.conversions import Problem
from conversion_delivery.domain.explanations import CODES, sentence_for
from conversion_delivery.domain.reading.slices import JudgedRow

if TYPE_CHECKING:
    from cli.check import CheckResult

CAUSES_SHOWN = 12


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


def _in_general(code: str) -> str:
    """A code's sentence without a certain cell in mind."""
    return sentence_for(code, {"column": "the cell", "shown": "..."})


def print_summary(result: CheckResult, name: str) -> None:
    """One screen: what was read, what would be sent, why rows fail, and on which lines."""
    file, counts = result.file, result.counts
    if file["error"]:
        print(f"{name}: refused ({file['error']['code']})")
        print(f"  {file['error']['message']}")
        remedy = CODES[file["error"]["code"]].remedy if file["error"]["code"] in CODES else ""
        if remedy:
            print(f"  {remedy}")
        return
    delimiter = {"\t": "tab", "|": "pipe", ";": "semicolon", ",": "comma"}.get(file["delimiter"], file["delimiter"])
    read_as = ", ".join(filter(None, (f"layout {file['layout']}", file["encoding"], delimiter)))
    print(f"{name}: {file['bytes']:,} bytes, {read_as}")
    print(
        f"  {counts['rows_read']:,} rows: {counts['accepted']:,} accepted, {counts['rejected']:,} rejected,"
        f" {counts['duplicates']:,} duplicate, {counts['ignored']:,} ignored"
    )
    if file["ignored_columns"]:
        print(f"  columns not used: {', '.join(file['ignored_columns'][:12])}")
    for code, number in result.reasons.most_common(CAUSES_SHOWN):
        lines = ", ".join(str(line) for line in result.first_lines[code])
        more = ", ..." if number > len(result.first_lines[code]) else ""
        print(f"  {number:>8,}  {code:<22} line{'s' if number > 1 else ''} {lines}{more}")
        remedy = CODES[code].remedy if code in CODES else ""
        if remedy:
            print(f"            {remedy}")
    for code, number in result.warnings.most_common(CAUSES_SHOWN):
        print(f"  {number:>8,}  {code:<22} (warning) {_in_general(code)}")
