"""The report of an archive of several files, once each of them has its own.

Whoever finishes a member, finds one finished, or finishes the unpacking looks whether the others are finished too, and
whoever looks last finds it so: members and archive are read after the write that finished one's own.
"""

from __future__ import annotations

import json
from typing import Any

from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reports.archive_summaries import archive_summary
from conversion_delivery.domain.reports.file_notices import notice_of
from conversion_delivery.workflows.ports import FileProgress, Notices, ReportStore
from conversion_delivery.workflows.write_pages import page_keys, write_pages
from conversion_delivery.workflows.write_status import WriteStatus


class FinishArchive:
    """Writes what a job or a person waits for that dropped the archive: summary, pages, status and marker."""

    def __init__(self, progress: FileProgress, reports: ReportStore, notices: Notices) -> None:
        self._progress = progress
        self._reports = reports
        self._status = WriteStatus(reports)
        self._notices = notices

    def run(self, archive_id: str) -> None:
        """Finish the archive if it is complete; do nothing where it is not, or is no archive (yet)."""
        archive = self._progress.file(archive_id)
        if archive is None or not archive.is_archive or archive.finished_at is not None:
            return
        finished_at = self._finished_at(archive)
        if finished_at is not None:
            self._notices.publish(notice_of(self._write_report(archive, finished_at)))
            self._progress.finish_file(archive_id, finished_at)

    def _finished_at(self, archive: FileRecord) -> float | None:
        """When the last member was finished; None while one is not."""
        latest = archive.received_at
        for name in reversed(archive.members):  # they are finished more or less in order
            member = self._progress.file(archive.upload._replace(member=name).file_id)
            if member is None or member.finished_at is None:
                return None
            latest = max(latest, member.finished_at)
        return latest

    def _write_report(self, archive: FileRecord, finished_at: float) -> dict[str, Any]:
        folder = archive.upload.report_folder
        summaries = [self._summary(archive, name) for name in archive.members]
        reports = {"summary": f"{folder}summary.json", **page_keys(folder)}
        summary = archive_summary(archive, summaries, finished_at, reports)
        write_pages(self._reports, reports, summary)
        self._status.run(archive, summary["state"])
        self._reports.put(f"{folder}{'_FAILED' if summary['state'] == 'REJECTED' else '_DONE'}", b"", "text/plain")
        return summary

    def _summary(self, archive: FileRecord, member: str) -> dict[str, Any]:
        key = f"{archive.upload._replace(member=member).report_folder}summary.json"
        summary: dict[str, Any] = json.loads(self._reports.get(key))
        return summary
