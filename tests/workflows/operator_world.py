"""The operator's workflows over the ports of a ``DeliveryWorld``."""

from __future__ import annotations

from conversion_delivery.domain.reading.slices import SliceLimits
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.close_abandoned_batch import CloseAbandonedBatch
from conversion_delivery.workflows.close_batch import CloseBatch
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.find_outcomes import FindOutcomes
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.review_outcomes import ReviewOutcomes
from conversion_delivery.workflows.slices_again import SlicesAgain
from tests.workflows.delivery_world import DeliveryWorld, file_of, row

NO_ANSWER = Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")
TWO_DAYS = 48 * 3600.0


class OperatedWorld(DeliveryWorld):
    """A delivery world and a person who looks after it; two rows a batch unless said otherwise."""

    def __init__(self, *, answers: tuple[Answer, ...] = (), rows_per_batch: int = 2) -> None:
        super().__init__(answers=answers, rows_per_batch=rows_per_batch)
        self.slices = SlicesAgain(self.uploads, limits=SliceLimits(conversions=rows_per_batch))
        finish = FinishFile(self.progress, self.reports, self.telemetry, self.now)
        self.review = ReviewOutcomes(self.progress, self.slices, finish, self.now)
        self.abandon = CloseAbandonedBatch(
            slices=self.slices,
            progress=self.progress,
            close=CloseBatch(self.progress, self.reports, self.telemetry, self.now),
            finish=finish,
            now=self.now,
            new_id=self.new_id,
        )
        self.find = FindOutcomes(self.ledger, self.progress)

    def drop_unanswered(self, rows: int = 4) -> Upload:
        """A delivered file whose first batch got no answer until TikTok had forgotten it: its rows are in review."""
        self.api.answers.insert(0, NO_ANSWER)
        upload = self.drop(file_of(*(row(number) for number in range(1, rows + 1))))
        first, *others = self.pending()
        assert self.deliver(first) is not None
        self.time += TWO_DAYS
        self.queue.batches[:] = [first, *others]
        self.deliver_all()
        return upload
