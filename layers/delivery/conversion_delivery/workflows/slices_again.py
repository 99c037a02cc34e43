"""Find a batch's slice again without its message, by cutting the file anew.

Slice borders and valid rows depend on the bytes and on the plan stored with the file, so the same cuts come out as
when the file was split, unless the rules have changed since. That is proved, not hoped: everything up to the
splitter's checkpoint is cut again, and position, batches and accepted rows must come out as they were stored.
"""

from __future__ import annotations

from collections.abc import Iterator

from conversion_delivery.domain.batches import BatchMessage
from conversion_delivery.domain.conversions import Conversion
from conversion_delivery.domain.errors import ContractBroken, NotPossible, UploadRejected
from conversion_delivery.domain.events.tiktok_events import EncodedEvent
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.slices import Slice, SliceLimits, cut_slices
from conversion_delivery.domain.reports.tallies import Tally
from conversion_delivery.workflows.split_file import message_of
from conversion_delivery.workflows.upload_ports import UploadStore


class SlicesAgain:
    """Reads a stored upload again."""

    def __init__(self, uploads: UploadStore, reading: Reading | None = None, limits: SliceLimits | None = None) -> None:
        self._uploads = uploads
        self._reading = reading or Reading()
        self._limits = limits or SliceLimits()

    def message(self, file: FileRecord, number: int) -> BatchMessage:
        """The message that the splitter sent for a batch.

        Raises ``SourceGone``, and ``NotPossible``: ``BATCH_UNKNOWN``, ``RULES_CHANGED`` (today's rules cut the file
        in other places, so nobody can say any more which rows the batch holds).
        """
        if not 1 <= number <= file.checkpoint.batches:
            raise NotPossible("BATCH_UNKNOWN", batch=number, batches=file.checkpoint.batches)
        found: BatchMessage | None = None
        batches = accepted = 0
        end = None
        for cut in self._cuts_by_todays_rules(file, number):
            if cut.valid:
                batches += 1
                accepted += len(cut.valid)
                if batches == number:
                    found = message_of(file, number, cut)
            end = cut.end
        same = (end, batches, accepted) == (file.checkpoint.position, file.checkpoint.batches, file.checkpoint.accepted)
        if found is None or not same:
            raise NotPossible("RULES_CHANGED", batch=number)
        return found

    def tally(self, file: FileRecord, message: BatchMessage, rows: frozenset[int]) -> Tally:
        """Events and values of some rows of a slice. Raises ``SourceGone``."""
        tally = Tally()
        for event in self._events(file, message, rows):
            tally.add(event)
        return tally

    def _cuts_by_todays_rules(self, file: FileRecord, number: int) -> Iterator[Slice]:
        """Raises ``NotPossible`` (``RULES_CHANGED``) where reading stops before the place that the splitter reached."""
        try:
            yield from self._cuts(file)
        except UploadRejected:
            raise NotPossible("RULES_CHANGED", batch=number) from None

    def _cuts(self, file: FileRecord) -> Iterator[Slice]:
        """The slices up to the splitter's checkpoint."""
        if file.plan is None:
            raise ContractBroken("PLAN_MISSING")
        start, reached = file.plan.data_starts, file.checkpoint.position.offset
        blocks = self._uploads.stream(file.readable, start.offset)
        for cut in cut_slices(self._reading.rows(file.plan, blocks, start), start, self._limits):
            yield cut
            if cut.end.offset >= reached:
                return

    def _events(self, file: FileRecord, message: BatchMessage, rows: frozenset[int]) -> Iterator[EncodedEvent]:
        if file.plan is None:
            raise ContractBroken("PLAN_MISSING")
        body = self._uploads.read(file.readable, message.start, message.end)
        encode = self._reading.encoder(file.plan).encode
        for row, _, _, verdict, _ in self._reading.rows(file.plan, [body], message.position):
            if row in rows and type(verdict) is Conversion:
                yield encode(verdict)
