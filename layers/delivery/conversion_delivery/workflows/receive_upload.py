"""From a notification to the records of the files it announces: any number of times, in any order, once each.

In: an upload as S3 announces it. Out: FILE records that somebody has to go on with. A file's record is what says that
it was received: where there is one, nothing is prepared or planned again. An archive of several files gets its own
record last, when each of its files has one and has been handed on; so a crash anywhere repeats what is harmless to
repeat, and a file that is known is not unpacked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import SourceGone, UploadRejected
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.await_marker import AwaitMarker, Released
from conversion_delivery.workflows.ports import DestinationStore, FileProgress, Telemetry
from conversion_delivery.workflows.prepare_upload import PreparedFile, PrepareUpload
from conversion_delivery.workflows.upload_ports import UploadStore
from conversion_delivery.workflows.write_status import WriteStatus

Remaining = Callable[[], float]
"""Seconds that the running function has left."""


class Received(NamedTuple):
    """A file that is known now."""

    record: FileRecord
    is_one_of_several: bool = False
    """Whether the same notification brings others, so that reading it belongs to a later invocation."""


class ReceiveUpload:
    """Makes FILE records."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        prepare: PrepareUpload,
        progress: FileProgress,
        destinations: DestinationStore,
        status: WriteStatus,
        telemetry: Telemetry,
        now: Callable[[], float],
        reading: Reading,
    ) -> None:
        self._uploads = uploads
        self._markers = AwaitMarker(uploads)
        self._prepare = prepare
        self._progress = progress
        self._destinations = destinations
        self._status = status
        self._telemetry = telemetry
        self._now = now
        self._reading = reading

    def run(self, upload: Upload, remaining: Remaining) -> Iterator[Received]:
        """The files to go on with, one after the other: whoever takes one must be done with it before the next.

        Raises ``TryLater`` where a service or the time does not suffice.
        """
        if upload.is_hidden_or_partial:
            self._telemetry.note("upload_ignored")
            return
        resolved = self._resolved(upload)
        if resolved is None:
            return
        record = self._progress.file(resolved.file_id)
        if record is not None:
            yield Received(record)
            return
        try:
            settings = self._settings(resolved)
        except UploadRejected as refusal:
            if resolved.is_marker:
                self._telemetry.note("upload_ignored")
            else:
                yield Received(self._refused(FileRecord(resolved, self._now()), refusal))
            return
        yield from self._arrived(resolved, settings, remaining)

    def _resolved(self, upload: Upload) -> Upload | None:
        try:
            return self._uploads.resolve(upload)
        except SourceGone:
            self._telemetry.note("upload_gone_before_reading")
            return None

    def _settings(self, upload: Upload) -> DestinationSettings:
        """Raises ``UploadRejected``."""
        if upload.destination is None:
            raise UploadRejected("DESTINATION_UNKNOWN", destination="")
        if not upload.has_version:
            raise UploadRejected("BUCKET_UNVERSIONED")
        return self._destinations.settings(upload.destination)

    def _arrived(self, upload: Upload, settings: DestinationSettings, remaining: Remaining) -> Iterator[Received]:
        """Files that nobody has received yet: the upload, or those that it is the marker of."""
        ending = settings.wait_for_marker
        if ending is not None and upload.ends_with([ending]):
            released = list(self._markers.files_of(upload, ending))
            new = [each for each in released if not self._is_known(each.upload)]
            for each in released:
                for received in self._released(each, settings, remaining, is_first=each not in new[1:]):
                    yield received._replace(is_one_of_several=received.is_one_of_several or len(released) > 1)
        elif upload.is_marker:
            self._telemetry.note("upload_ignored")
        elif ending is not None:
            yield from self._awaited(upload, settings, ending, remaining)
        else:
            yield from self._files_in(upload, settings, remaining)

    def _released(
        self, released: Released, settings: DestinationSettings, remaining: Remaining, *, is_first: bool = True
    ) -> Iterator[Received]:
        """A file whose marker has come; it may have been known already."""
        known = self._progress.file(released.upload.file_id)
        if known is not None:
            yield Received(known)
        else:
            yield from self._files_in(released.upload, settings, remaining, released.expected_rows, is_first=is_first)

    def _awaited(
        self, upload: Upload, settings: DestinationSettings, ending: str, remaining: Remaining
    ) -> Iterator[Received]:
        """The file if its marker is there.

        Looked for again after the status is written: a marker that came just before may have started the file, and
        then "WAITING" stands over what that has written.
        """
        try:
            released = self._markers.released(upload, ending)
            if released is None:
                self._status.waiting(upload, self._now(), upload.marker_keys(ending))
                self._telemetry.note("marker_awaited", file_id=upload.file_id)
                released = self._markers.released(upload, ending)
                known = self._progress.file(upload.file_id) if released is not None else None
                if known is not None:
                    self._status.restore(known)
        except SourceGone:
            self._telemetry.note("upload_gone_before_reading")
            return
        if released is not None:
            yield from self._released(released, settings, remaining)

    def _files_in(
        self,
        upload: Upload,
        settings: DestinationSettings,
        remaining: Remaining,
        expected_rows: int | None = None,
        *,
        is_first: bool = True,
    ) -> Iterator[Received]:
        """The upload itself, or each file of the archive that it is, and then the archive."""
        received_at, members = self._now(), list[str]()
        try:
            destination = upload.destination or ""
            for prepared in self._prepare.run(upload, destination, remaining, self._is_known, is_first=is_first):
                member = prepared.upload.member
                promised = None if member else expected_rows
                known = self._progress.file(prepared.upload.file_id) if member else None
                record = known or self._received(prepared, settings, received_at, promised)
                members += [member] if member else []
                yield Received(record, is_one_of_several=bool(member))
        except SourceGone:
            gone = FileRecord(upload, received_at, rejected_code="FILE_GONE", members=tuple(members))
            yield Received(self._stored(gone))
        else:
            if members:
                archive = FileRecord(upload, received_at, members=tuple(members), checkpoint=Checkpoint(done=True))
                yield Received(self._stored(archive))

    def _is_known(self, upload: Upload) -> bool:
        return self._progress.file(upload.file_id) is not None

    def _received(
        self, prepared: PreparedFile, settings: DestinationSettings, received_at: float, expected_rows: int | None
    ) -> FileRecord:
        record = FileRecord(prepared.upload, received_at, source=prepared.source, expected_rows=expected_rows)
        if prepared.refusal is not None:
            return self._refused(record, prepared.refusal)
        try:
            plan = self._reading.plan(
                prepared.head,
                size=record.readable.size,
                name=record.upload.name,
                settings=settings,
                as_of=int(received_at),
            )
        except UploadRejected as refusal:
            return self._refused(record, refusal)
        found: Mapping[str, str] = {"encoding": prepared.encoding} if prepared.encoding else {}
        plan = plan.model_copy(update={"compression": prepared.compression, **found})
        return self._stored(replace(record, plan=plan, checkpoint=Checkpoint(plan.data_starts)))

    def _refused(self, record: FileRecord, refusal: UploadRejected) -> FileRecord:
        refused = replace(record, rejected_code=refusal.code, rejected_facts=refusal.facts)
        self._telemetry.count("FilesRejected", destination=refused.known_destination)
        return self._stored(refused)

    def _stored(self, record: FileRecord) -> FileRecord:
        stored = self._progress.create_file(record)
        self._status.run(stored)
        if not (record.is_archive or record.upload.is_validation):
            self._telemetry.count("FilesReceived", destination=record.known_destination)
        return stored
