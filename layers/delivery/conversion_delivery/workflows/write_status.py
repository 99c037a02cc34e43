"""status.json: how far a file has got, written when it arrives, at every pause of reading, and at its end.

A status is a courtesy: it may be a step behind (two writers can overtake each other). The marker ``_DONE`` or
``_FAILED`` is what a job waits for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from conversion_delivery.domain.explanations import sentence_for
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reports.archive_summaries import archive_status
from conversion_delivery.domain.reports.summaries import status_of
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.ports import ReportStore


class WriteStatus:
    """Writes a file's status next to its report."""

    def __init__(self, reports: ReportStore) -> None:
        self._reports = reports

    def run(self, file: FileRecord, state: str | None = None) -> None:
        """``state`` is the report's state where the file is finished; else it follows from the record."""
        self._put(file.upload, archive_status(file, state) if file.is_archive else status_of(file, state))

    def restore(self, file: FileRecord) -> None:
        """Put right what ``waiting`` may have written over, where somebody else has begun or finished the file."""
        state = None
        if file.finished_at is not None:
            state = json.loads(self._reports.get(f"{file.upload.report_folder}summary.json"))["state"]
        self.run(file, state)

    def waiting(self, upload: Upload, now: float, markers: Sequence[str]) -> None:
        """The file is not read before one of ``markers`` (keys) is there; it has no record yet."""
        document = status_of(FileRecord(upload, now), "WAITING")
        sentence = sentence_for("MARKER_AWAITED", {"marker": " or ".join(markers)})
        self._put(upload, {**document, "waiting_for": list(markers), "message": sentence})

    def _put(self, upload: Upload, document: dict[str, Any]) -> None:
        body = json.dumps(document, indent=2, ensure_ascii=False).encode()
        self._reports.put(f"{upload.report_folder}status.json", body, "application/json")
