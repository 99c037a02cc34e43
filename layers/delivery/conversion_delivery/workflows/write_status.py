"""status.json: how far a file has got, written when it arrives, at every pause of reading, and at its end.

A status is a courtesy: it may be a step behind (two writers can overtake each other). The marker ``_DONE`` or
``_FAILED`` is what a job waits for.
"""

from __future__ import annotations

import json

from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reports.summaries import status_of
from conversion_delivery.workflows.ports import ReportStore


class WriteStatus:
    """Writes a file's status next to its report."""

    def __init__(self, reports: ReportStore) -> None:
        self._reports = reports

    def run(self, file: FileRecord, state: str | None = None) -> None:
        """``state`` is the report's state where the file is finished; else it follows from the record."""
        body = json.dumps(status_of(file, state), indent=2, ensure_ascii=False).encode()
        self._reports.put(f"{file.upload.report_folder}status.json", body, "application/json")
