"""Rows whose outcome nobody knows: list them, and store what a person has found out at TikTok.

*Delivered*: it was counted. *Released*: it was never counted, so the next upload that holds the event sends it. Only
rows of closed batches can be decided, each once; the note of who decided when stays with the batch. Afterwards the
report of a finished file is written again: a later report supersedes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from conversion_delivery.domain.batches import RowSet
from conversion_delivery.domain.errors import NotPossible, SourceGone
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import BatchRecord, CodedRows
from conversion_delivery.domain.reports.tallies import Tally
from conversion_delivery.domain.reviews import Verdict, rows_in_review, with_verdict
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.operator_ports import ReviewableProgress
from conversion_delivery.workflows.slices_again import SlicesAgain


class RowsInReview(NamedTuple):
    """The undecidable rows of one batch."""

    batch: BatchRecord
    rows: CodedRows

    @property
    def numbers(self) -> RowSet:
        return RowSet(row for rows in self.rows.values() for row in rows)


class Reviewed(NamedTuple):
    """What became of a verdict."""

    rows: int
    values_known: bool
    """False: the file could not be read again, so the report's value totals lack the rows marked as delivered."""


class ReviewOutcomes:
    """The operator's verb ``review``."""

    def __init__(
        self,
        progress: ReviewableProgress,
        slices: SlicesAgain,
        finish: FinishFile,
        now: Callable[[], float],
    ) -> None:
        self._progress = progress
        self._slices = slices
        self._finish = finish
        self._now = now

    def rows(self, file_id: str, wanted: RowSet | None = None) -> Iterator[RowsInReview]:
        """The batches of a file that hold rows in review; of these only the ``wanted`` ones, if given."""
        for batch in self._progress.batches(file_id):
            found = rows_in_review(batch)
            if wanted is not None:
                found = {code: RowSet(row for row in rows if row in wanted) for code, rows in found.items()}
            if any(found.values()):
                yield RowsInReview(batch, {code: rows for code, rows in found.items() if rows})

    def decide(self, file_id: str, wanted: RowSet | None, verdict: Verdict, by: str) -> Reviewed:
        """Store a verdict on rows of a file (None: on all that are in review) and write its report again.

        Raises ``NotPossible``: ``FILE_UNKNOWN``, ``NOTHING_IN_REVIEW``, ``ROWS_NOT_IN_REVIEW``, ``BATCH_OPEN``,
        ``REVIEW_LOST`` (somebody else decided at the same moment). Batches before the one that fails are decided.
        """
        file = self._progress.file(file_id)
        if file is None:
            raise NotPossible("FILE_UNKNOWN")
        found = list(self.rows(file_id, wanted))
        self._check(found, wanted)
        known = True
        try:
            for batch in found:
                known &= self._decide(file, batch, verdict, by)
        finally:
            self._report(file_id)
        return Reviewed(sum(len(batch.numbers) for batch in found), known)

    def _check(self, found: list[RowsInReview], wanted: RowSet | None) -> None:
        if not found:
            raise NotPossible("NOTHING_IN_REVIEW")
        if wanted is not None and sum(len(batch.numbers) for batch in found) != len(wanted):
            raise NotPossible("ROWS_NOT_IN_REVIEW", batch=0)
        for batch in found:
            if not batch.batch.is_closed:
                raise NotPossible("BATCH_OPEN", batch=batch.batch.batch_id.number)

    def _decide(self, file: FileRecord, found: RowsInReview, verdict: Verdict, by: str) -> bool:
        """Store the verdict on one batch; whether the values of its rows are known."""
        rows = found.numbers
        tally = self._values(file, found) if verdict is Verdict.DELIVERED else None
        decided = with_verdict(found.batch, rows, verdict, at=self._now(), by=by, delivered=tally)
        if not self._progress.review(found.batch, decided):
            raise NotPossible("REVIEW_LOST", batch=found.batch.batch_id.number)
        return verdict is not Verdict.DELIVERED or tally is not None

    def _values(self, file: FileRecord, found: RowsInReview) -> Tally | None:
        """Events and values of the rows, from the stored file; None where it cannot be read as it was."""
        try:
            message = self._slices.message(file, found.batch.batch_id.number)
            return self._slices.tally(file, message, frozenset(found.numbers))
        except (SourceGone, NotPossible):
            return None

    def _report(self, file_id: str) -> None:
        file = self._progress.file(file_id)
        if file is not None and file.finished_at is not None:
            self._finish.write_report(file)
