"""The finish check (step 9): when the split is done and every batch is closed, write the report and say so.

Whoever closes a batch, finds one closed, or finishes the split runs this before acknowledging its message, so that a
crash anywhere leaves a message that will. Writing twice is harmless: the report depends on stored records alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import BatchRecord, Decision, Outcome, outcome_of
from conversion_delivery.domain.reports.file_notices import notice_of, rejected_percent
from conversion_delivery.domain.reports.result_rows import CODE_COLUMN, OUTCOME_COLUMN, result_header, results_part_key
from conversion_delivery.domain.reports.summaries import summary_of
from conversion_delivery.domain.reviews import reviewed_decisions
from conversion_delivery.workflows.finish_archive import FinishArchive
from conversion_delivery.workflows.gather_report import GatherReport, Remaining
from conversion_delivery.workflows.ports import FileProgress, Notices, ReportStore, SilentNotices, Telemetry
from conversion_delivery.workflows.write_pages import page_keys, write_pages
from conversion_delivery.workflows.write_status import WriteStatus

REASONS_NOTED = 20
"""Codes of a file that are noted in the log, those with the most rows."""

CSV = "text/csv; charset=utf-8"

RESOLVED = {
    Outcome.DELIVERED: "ALREADY_DELIVERED",
    Outcome.REVIEW: "FIRST_COPY_IN_REVIEW",
    Outcome.REFUSED: "FIRST_COPY_NOT_DELIVERED",
    Outcome.NOT_SENT: "FIRST_COPY_NOT_DELIVERED",
}
"""What a row that waited in vain is told once the other copy is decided."""


class FinishFile:
    """Writes a file's report when everything about it is decided."""

    def __init__(
        self,
        progress: FileProgress,
        reports: ReportStore,
        telemetry: Telemetry,
        now: Callable[[], float],
        notices: Notices | None = None,
    ) -> None:
        self._progress = progress
        self._reports = reports
        self._telemetry = telemetry
        self._now = now
        self._status = WriteStatus(reports)
        self._notices = notices or SilentNotices()
        self._archive = FinishArchive(progress, reports, self._notices)
        self._gather = GatherReport(progress, reports, self._resolved)

    def run(self, file_id: str, remaining: Remaining | None = None) -> None:
        """Finish the file if it is complete and not finished; else do nothing.

        Raises ``ContractBroken`` (``FILE_UNKNOWN``), and ``TryLater`` where ``remaining`` seconds do not suffice; what
        has been done by then is kept.
        """
        file = self._progress.file(file_id)
        if file is None:
            raise ContractBroken("FILE_UNKNOWN")
        if file.is_archive:
            self._archive.run(file_id)
            return
        if not file.is_complete:
            return
        if file.finished_at is None:
            self._finish(file, remaining)
        if file.upload.member:
            self._archive.run(file.upload.whole.file_id)

    def _finish(self, file: FileRecord, remaining: Remaining | None) -> None:
        """Report, notice, mark: a crash between two of them repeats the notice and never loses it."""
        summary = self.write_report(file, remaining)
        self._notices.publish(notice_of(summary))
        if self._progress.finish_file(file.file_id, self._now()):
            destination, rejected = file.known_destination, rejected_percent(summary)
            self._telemetry.count("FilesFinished", destination=destination)
            if rejected is not None:
                self._telemetry.measure("RejectedPercent", rejected, "Percent", destination=destination)
            self._note_reasons(file.file_id, destination, {**summary["reasons"], **summary["outcomes"]})
            self._telemetry.note("file_finished", file_id=file.file_id, batches=file.checkpoint.batches)

    def _note_reasons(self, file_id: str, destination: str, reasons: Mapping[str, int]) -> None:
        """Codes go to the log and not to a metric: each value of a dimension is a metric that costs money."""
        for code, count in sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))[:REASONS_NOTED]:
            self._telemetry.note("rows_with_code", file_id=file_id, destination=destination, code=code, count=count)

    def write_report(self, file: FileRecord, remaining: Remaining | None = None) -> dict[str, Any]:
        """Write every part of the report, the marker last; the summary. Raises ``TryLater`` as ``run`` does."""
        folder = file.upload.report_folder
        gathered = self._gather.run(file, remaining)
        reports = {"summary": f"{folder}summary.json"}
        for number, key in enumerate(gathered.rejected, start=1):
            reports["rejected" if number == 1 else f"rejected-{number}"] = key
        if file.plan is not None and len(gathered.few) == file.checkpoint.batches:
            reports["results"] = f"{folder}results.csv"
            self._reports.write_stream(reports["results"], self._results(gathered.few), CSV)
        elif file.plan is not None:
            reports["results"] = results_part_key(file.file_id, 0, "").rpartition("/")[0] + "/"
        reports |= page_keys(folder)
        summary = summary_of(file, gathered.outcomes, reports)
        write_pages(self._reports, reports, summary)
        self._status.run(file, summary["state"])
        self._reports.put(f"{folder}{'_FAILED' if file.rejected_code else '_DONE'}", b"", "text/plain")
        return summary

    def _resolved(self, batch: BatchRecord) -> dict[str, str]:
        """Row -> code, for rows whose first copy was undecided at closing and is decided now."""
        first_copies = batch.tally.get("first_copies")
        if not isinstance(first_copies, Mapping):
            return {}
        resolved = {}
        for row, copy in first_copies.items():
            name, _, number = str(copy).partition("#")
            decision = outcome_of(self._progress.batch(BatchId.parse(name)), int(number))
            if decision.outcome in RESOLVED:
                resolved[str(row)] = RESOLVED[decision.outcome]
        return resolved

    def _results(self, batches: list[BatchRecord]) -> Iterator[bytes]:
        yield result_header().encode()
        keys = [results_part_key(batch.batch_id.file_id, batch.batch_id.number, batch.owner or "") for batch in batches]
        for batch, part in zip(batches, self._reports.get_each(keys), strict=True):
            resolved, reviewed = self._resolved(batch), reviewed_decisions(batch)
            yield _corrected(part, resolved, reviewed) if resolved or reviewed else part


def _corrected(part: bytes, codes: Mapping[str, str], reviewed: Mapping[int, Decision]) -> bytes:
    """A piece of results.csv with what has been found out since: codes of copies, and a person's verdicts."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for cells in csv.reader(io.StringIO(part.decode(), newline="")):
        if cells[0] in codes:
            cells[CODE_COLUMN] = codes[cells[0]]
        decision = reviewed.get(int(cells[0]))
        if decision is not None and cells[OUTCOME_COLUMN] == Outcome.REVIEW:
            cells[OUTCOME_COLUMN], cells[CODE_COLUMN] = decision.outcome.value, decision.code
        writer.writerow(cells)
    return out.getvalue().encode()
