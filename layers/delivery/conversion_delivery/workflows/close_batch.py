"""Close a batch (step 8): its row sets, its duplicates and its tally in one transaction with the file's counter.

Before that, the piece of results.csv that speaks of this batch is stored under the attempt's own name; the closed
record names the attempt, so a piece that somebody else's stalled attempt writes later is never read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from conversion_delivery.domain.batches import RowSet
from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import Decision, Outcome, decisions_of
from conversion_delivery.domain.reports.rejected_rows import rejected_type, returned_lines, returned_part_key
from conversion_delivery.domain.reports.result_rows import ResultRow, result_lines, results_part_key
from conversion_delivery.domain.reports.tallies import Tally
from conversion_delivery.workflows.batch_attempt import BatchAttempt, SendableRow, coded
from conversion_delivery.workflows.ports import Closing, FileProgress, ReportStore, Telemetry


class CloseBatch:
    """Step 8 for one attempt after another."""

    def __init__(
        self, progress: FileProgress, reports: ReportStore, telemetry: Telemetry, now: Callable[[], float]
    ) -> None:
        self._progress = progress
        self._reports = reports
        self._telemetry = telemetry
        self._now = now

    def run(self, attempt: BatchAttempt, file: FileRecord) -> None:
        """Close a batch whose slice was read; rows that nothing decides are decided by the closing itself.

        Raises ``TryLater`` (``OWNERSHIP_LOST``).
        """
        for row in attempt.waiting:
            attempt.mark_duplicate(row, "FIRST_COPY_UNDECIDED")
        self._decide_the_rest(attempt, attempt.no_longer_valid, "NO_LONGER_VALID")
        copies = set[int]().union(*attempt.duplicates.values())
        self._decide_the_rest(attempt, [row.number for row in attempt.rows if row.row not in copies], "")
        results = results_of(attempt)
        self._close(attempt, results, tally_of(attempt, results), "")
        if any(result.decision.outcome is Outcome.DELIVERED for result in results):
            seconds = self._now() - file.received_at
            destination = attempt.message.destination
            self._telemetry.measure("UploadToDeliveredSeconds", seconds, "Seconds", destination=destination)

    def without_source(self, attempt: BatchAttempt, code: str) -> None:
        """Close a batch whose rows cannot be read (any more): what is not decided was not sent, or is in review."""
        attempt.no_longer_valid = list(attempt.message.valid_rows)
        self._decide_the_rest(attempt, attempt.no_longer_valid, code)
        results = results_of(attempt)
        self._close(attempt, results, tally_of(attempt, results), code)

    def _decide_the_rest(self, attempt: BatchAttempt, rows: Iterable[int], code: str) -> None:
        """Rows without an outcome: in review when a POST of this batch may have been accepted, else not sent."""
        for row in rows:
            if attempt.is_decided(row):
                continue
            if attempt.in_doubt:
                attempt.hold_for_review(row, code or "OUTCOME_UNKNOWN")
            else:
                attempt.refuse(row, code or "UPLOAD_AGAIN")

    def _close(self, attempt: BatchAttempt, results: list[ResultRow], tally: dict[str, Any], code: str) -> None:
        message = attempt.message
        part = results_part_key(message.file_id, message.batch, attempt.me)
        self._reports.put(part, "".join(result_lines(results)).encode(), "text/csv; charset=utf-8")
        self._return_rows(attempt, results)
        closing = Closing(
            settlement=attempt.settlement(clear_maybe_sent=attempt.clear_maybe_sent),
            duplicates=coded(attempt.duplicates),
            tally=tally,
            closing_code=code,
        )
        if not self._progress.close(attempt.batch_id, attempt.me, closing, self._now()):
            raise TryLater("OWNERSHIP_LOST")
        self._report(attempt, results)

    def _return_rows(self, attempt: BatchAttempt, results: list[ResultRow]) -> None:
        """Store the rows that TikTok did not get, in the customer's own layout."""
        rows = _returned(attempt, results)
        if rows and attempt.plan is not None:
            lines = b"".join(returned_lines(attempt.plan, rows))
            key = returned_part_key(attempt.message.file_id, attempt.message.batch, attempt.me, attempt.plan)
            self._reports.put(key, lines, rejected_type(attempt.plan))

    def _report(self, attempt: BatchAttempt, results: list[ResultRow]) -> None:
        destination = attempt.message.destination
        outcomes = Counter(result.decision.outcome for result in results)
        for outcome, metric in METRICS.items():
            if outcomes[outcome]:
                self._telemetry.count(metric, outcomes[outcome], destination=destination)
        refused = {code for code in attempt.refused if code.startswith("TIKTOK_REFUSED")}
        if refused and outcomes[Outcome.REFUSED] == len(results):
            self._telemetry.count("BatchesRefusedWhole", destination=destination)


RETURNED = frozenset({Outcome.REFUSED, Outcome.NOT_SENT})
"""Outcomes of rows that go back in rejected.csv: certainly not counted, so they may be dropped again."""

LINES_LISTED = 5
"""First lines that a batch remembers per code."""

FILES_LISTED = 10
"""Files that had delivered events of a batch before, and that the batch remembers: those with the most rows."""

METRICS = {
    Outcome.DELIVERED: "EventsDelivered",
    Outcome.REFUSED: "EventsRefused",
    Outcome.NOT_SENT: "EventsNotSent",
    Outcome.REVIEW: "EventsHeldForReview",
    Outcome.DUPLICATE: "EventsDuplicate",
}


def results_of(attempt: BatchAttempt) -> list[ResultRow]:
    """One result per accepted row of the slice, in order of rows."""
    decisions, copies, requests = decisions_of(attempt), _codes_by_row(attempt), _requests_by_row(attempt)
    undecided = Decision(Outcome.UNDECIDED)
    results = [
        ResultRow(
            row=row.row,
            line=row.line,
            order_id=row.event.order_id,
            event_id=row.event.event_id,
            decision=_copy_decision(row, copies) or decisions.get(row.number, undecided),
            request_id="" if row.row in copies else requests.get(row.number, ""),
            first_copy=attempt.waiting.get(row.row, ""),
        )
        for row in attempt.rows
    ]
    known = {row.row for row in attempt.rows}
    results += [ResultRow(row, decisions.get(row, undecided)) for row in attempt.no_longer_valid if row not in known]
    return sorted(results, key=lambda result: result.row)


def tally_of(attempt: BatchAttempt, results: list[ResultRow]) -> dict[str, Any]:
    """Counts per outcome and code, and the totals of what was delivered."""
    copies = set[int]().union(*attempt.duplicates.values())
    delivered = Tally()
    for row in attempt.rows:
        if row.number in attempt.accepted and row.row not in copies:
            delivered.add(row.event)
    return {
        "rows": len(results),
        "outcomes": dict(Counter(result.decision.outcome.value for result in results)),
        "codes": dict(Counter(result.decision.code for result in results if result.decision.code)),
        "delivered": delivered.to_record(),
        "lines": first_lines_of(results),
        "delivered_before": dict(sorted(attempt.delivered_before.items(), key=_rows_of_file)[:FILES_LISTED]),
        "returned": len(_returned(attempt, results)),
        "first_copies": {str(result.row): result.first_copy for result in results if result.first_copy},
    }


def _rows_of_file(entry: tuple[str, tuple[int, float]]) -> tuple[int, str]:
    return -entry[1][0], entry[0]


def first_lines_of(results: Iterable[ResultRow]) -> dict[str, list[int]]:
    """Code -> the first lines whose rows ended with it."""
    lines: dict[str, list[int]] = {}
    for result in results:
        if result.decision.code and result.line:
            known = lines.setdefault(result.decision.code, [])
            if len(known) < LINES_LISTED:
                known.append(result.line)
    return lines


def _returned(attempt: BatchAttempt, results: list[ResultRow]) -> list[tuple[int, list[str], str]]:
    """Line, cells and code of the rows that go back, an order with all of its rows.

    Rows that could not be read any more cannot.
    """
    if attempt.plan is not None and not attempt.plan.settings.return_rows:
        return []
    codes = {result.row: result.decision.code for result in results if result.decision.outcome in RETURNED}
    written = {row.row: ((row.line, row.cells), *row.rest) for row in attempt.rows} | attempt.invalid_rows
    return [(*record, codes[row]) for row in sorted(codes.keys() & written.keys()) for record in written[row]]


def _copy_decision(row: SendableRow, copies: dict[int, Decision]) -> Decision | None:
    """A row whose event an earlier attempt claimed under another row of this batch is a copy of that row."""
    if row.number != row.row:
        return Decision(Outcome.DUPLICATE, "COPY_IN_BATCH")
    return copies.get(row.row)


def _codes_by_row(attempt: BatchAttempt) -> dict[int, Decision]:
    return {row: Decision(Outcome.DUPLICATE, code) for code, rows in sorted(attempt.duplicates.items()) for row in rows}


def _requests_by_row(attempt: BatchAttempt) -> dict[int, str]:
    return {row: request for request, rows in attempt.request_ids.items() for row in RowSet.parse(rows)}
