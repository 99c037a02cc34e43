"""The finish check (step 9): when the split is done and every batch is closed, write the report and say so.

Whoever closes a batch, finds one closed, or finishes the split runs this before acknowledging its message, so that a
crash anywhere leaves a message that will. Writing twice is harmless: the report depends on stored records alone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import BatchRecord, Decision, Outcome, outcome_of
from conversion_delivery.domain.reports.rejected_rows import (
    rejected_header,
    rejected_name,
    rejected_type,
    returned_part_key,
)
from conversion_delivery.domain.reports.report_page import report_html
from conversion_delivery.domain.reports.report_text import report_text
from conversion_delivery.domain.reports.result_rows import CODE_COLUMN, OUTCOME_COLUMN, result_header, results_part_key
from conversion_delivery.domain.reports.summaries import Outcomes, summary_of
from conversion_delivery.domain.reviews import reviewed_decisions
from conversion_delivery.workflows.finish_archive import FinishArchive
from conversion_delivery.workflows.ports import FileProgress, ReportStore, Telemetry
from conversion_delivery.workflows.write_status import WriteStatus

RESULTS_IN_ONE_FILE = 500
"""Batches up to which results.csv is put together; a longer file keeps its pieces, and the summary says where."""

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
        self, progress: FileProgress, reports: ReportStore, telemetry: Telemetry, now: Callable[[], float]
    ) -> None:
        self._progress = progress
        self._reports = reports
        self._telemetry = telemetry
        self._now = now
        self._status = WriteStatus(reports)
        self._archive = FinishArchive(progress, reports)

    def run(self, file_id: str) -> None:
        """Finish the file if it is complete and not finished; else do nothing.

        Raises ``ContractBroken`` (``FILE_UNKNOWN``).
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
            self._finish(file)
        if file.upload.member:
            self._archive.run(file.upload.whole.file_id)

    def _finish(self, file: FileRecord) -> None:
        self.write_report(file)
        if self._progress.finish_file(file.file_id, self._now()):
            self._telemetry.count("FilesFinished", destination=file.upload.destination or "none")
            self._telemetry.note("file_finished", file_id=file.file_id, batches=file.checkpoint.batches)

    def write_report(self, file: FileRecord) -> dict[str, Any]:
        """Write every part of the report, the marker last; the summary."""
        folder = file.upload.report_folder
        outcomes, batches = self._add_up(file)
        reports = {"summary": f"{folder}summary.json"}
        returned = [batch for batch in batches if batch.tally.get("returned")]
        if file.plan is not None and (file.checkpoint.reject_part or returned):
            reports["rejected"] = folder + rejected_name(file.plan)
            self._reports.write_stream(reports["rejected"], self._rejected(file, returned), rejected_type(file.plan))
        if file.plan is not None and len(batches) == file.checkpoint.batches:
            reports["results"] = f"{folder}results.csv"
            self._reports.write_stream(reports["results"], self._results(batches), CSV)
        elif file.plan is not None:
            reports["results"] = results_part_key(file.file_id, 0, "").rpartition("/")[0] + "/"
        reports |= {"html": f"{folder}report.html", "text": f"{folder}report.txt"}
        summary = summary_of(file, outcomes, reports)
        self._write_pages(reports, summary)
        self._status.run(file, summary["state"])
        self._reports.put(f"{folder}{'_FAILED' if file.rejected_code else '_DONE'}", b"", "text/plain")
        return summary

    def _write_pages(self, reports: Mapping[str, str], summary: dict[str, Any]) -> None:
        """The summary, for programs, and the same for persons.

        A header may hold bytes that are no text; what stands for them is shown as a question mark.
        """
        body = json.dumps(summary, indent=2, ensure_ascii=False).encode("utf-8", "replace")
        self._reports.put(reports["summary"], body, "application/json")
        page, text = report_html(summary), report_text(summary)
        self._reports.put(reports["html"], page.encode("utf-8", "replace"), "text/html; charset=utf-8")
        self._reports.put(reports["text"], text.encode("utf-8", "replace"), "text/plain; charset=utf-8")

    def _add_up(self, file: FileRecord) -> tuple[Outcomes, list[BatchRecord]]:
        """The outcomes of all batches, and the records themselves where they are few enough to be kept."""
        outcomes, kept = Outcomes(), []
        for batch in self._progress.batches(file.file_id) if file.checkpoint.batches else ():
            outcomes.add(batch, self._resolved(batch))
            if file.checkpoint.batches <= RESULTS_IN_ONE_FILE or batch.tally.get("returned"):
                kept.append(batch)
        return outcomes, kept

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

    def _rejected(self, file: FileRecord, returned: list[BatchRecord]) -> Iterator[bytes]:
        """rejected.csv: what the splitter rejected in order of lines, then what TikTok did not get."""
        if file.plan is None:
            raise ContractBroken("PLAN_MISSING")
        yield rejected_header(file.plan)
        parts: list[str] = []
        part = file.checkpoint.reject_part
        while part:
            parts.append(part)
            part = self._reports.metadata(part).get("previous")
        for key in reversed(parts):
            yield self._reports.get(key)
        for batch in returned:
            yield self._reports.get(returned_part_key(file.file_id, batch.batch_id.number, batch.owner or ""))

    def _results(self, batches: list[BatchRecord]) -> Iterator[bytes]:
        yield result_header().encode()
        for batch in batches:
            part = self._reports.get(results_part_key(batch.batch_id.file_id, batch.batch_id.number, batch.owner or ""))
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
