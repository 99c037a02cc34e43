"""The three pure steps of reading a file, as one seam: plan it, judge its rows, encode its conversions.

The workflows take this object, so that a simulation can put tiny files in the place of real ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.events.tiktok_events import EventEncoder
from conversion_delivery.domain.reading.judged_rows import EncodedRow, JudgedRows, encoded_row
from conversion_delivery.domain.reading.judging import judged_rows
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import RowVerdicts
from conversion_delivery.domain.reading.slices import Rows
from conversion_delivery.domain.reading.upload_planning import plan_upload

HEAD_BYTES = 256 << 10
"""How much of a file's beginning decides how it is read."""


class Reading:
    """Remembers the reader of its last file, and with it the hours, names and texts that occur there: a sender gets one
    batch of a file after the other, and reads the next one in half the time.
    """

    def __init__(self) -> None:
        self._last: tuple[ReadingPlan, RowVerdicts] | None = None

    def plan(self, head: bytes, *, size: int, name: str, settings: DestinationSettings, as_of: int) -> ReadingPlan:
        """Decide how to read a file. Raises ``UploadRejected``."""
        return plan_upload(head, size=size, name=name, settings=settings, as_of=as_of)

    def rows(self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position) -> Rows:
        """Judge the rows from a border between two slices on. Iterating may raise ``UploadRejected``."""
        return judged_rows(plan, blocks, start, None if plan.format == "jsonl" else self._verdicts(plan))

    def events(self, plan: ReadingPlan, rows: Rows) -> Iterator[EncodedRow]:
        """These rows (``rows`` of the same plan), with each conversion as the event that is sent."""
        encoder = self.encoder(plan)
        if isinstance(rows, JudgedRows):
            return rows.encoded(encoder)
        return (encoded_row(judged, encoder) for judged in rows)

    def encoder(self, plan: ReadingPlan) -> EventEncoder:
        return EventEncoder(plan)

    def _verdicts(self, plan: ReadingPlan) -> RowVerdicts:
        if self._last is None or self._last[0] != plan:
            self._last = (plan, RowVerdicts(plan))
        return self._last[1]
