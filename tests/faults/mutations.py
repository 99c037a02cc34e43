"""Deliberate mistakes in the delivery protocol, each as replaced parts of the workflows.

Every one is a short cut that looks harmless. The simulation is worth something as long as it catches each of them;
why each is wrong, with its counterexample, stands in ``docs/decisions.md``.
"""

from __future__ import annotations

from dataclasses import replace

from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage
from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import BatchRecord, Claim, Outcome, Owner, outcome_of
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.batch_attempt import BatchAttempt, DeliveryLimits, SendableRow
from conversion_delivery.workflows.claim_events import ClaimEvents
from conversion_delivery.workflows.close_batch import CloseBatch
from conversion_delivery.workflows.events_api_ports import Answer
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.post_events import PostEvents
from conversion_delivery.workflows.receive_upload import Remaining
from conversion_delivery.workflows.send_batch import SendBatch
from conversion_delivery.workflows.split_file import SplitFile
from tests.faults import altered_ports
from tests.faults.wiring import Parts


class AcknowledgeWhenLeased(SendBatch):
    def run(self, message: BatchMessage, remaining: Remaining) -> None:
        try:
            super().run(message, remaining)
        except TryLater as later:
            if later.code != "LEASED_ELSEWHERE":
                raise


class AcknowledgeWhenOwnershipIsLost(SendBatch):
    def run(self, message: BatchMessage, remaining: Remaining) -> None:
        try:
            super().run(message, remaining)
        except TryLater as later:
            if later.code != "OWNERSHIP_LOST":
                raise


class NoFinishCheckWhenClosed(SendBatch):
    def run(self, message: BatchMessage, remaining: Remaining) -> None:
        record = self._progress.batch(message.batch_id)
        if record is None or not record.is_closed:
            super().run(message, remaining)


class NoFinishCheckAfterTheSplit(SplitFile):
    def _split(self, record: FileRecord, remaining: Remaining, message: ContinuationMessage | None = None) -> None:
        if not record.checkpoint.done:
            super()._split(record, remaining, message)


class LoserOfTheRaceAcknowledges(SplitFile):
    def start(self, upload: Upload, remaining: Remaining) -> None:
        try:
            super().start(upload, remaining)
        except TryLater as later:
            if later.code != "CHECKPOINT_LOST":
                raise


class ForgetsTheOutbox(SplitFile):
    """Remembers first and sends afterwards, and whoever comes next does not send again."""

    def _split(self, record: FileRecord, remaining: Remaining, message: ContinuationMessage | None = None) -> None:
        super()._split(replace(record, checkpoint=replace(record.checkpoint, outbox=())), remaining, message)


class TakesOver(ClaimEvents):
    """Takes over from outcomes that do not prove that the event was never counted."""

    outcome: Outcome

    def _judge_foreign(
        self, attempt: BatchAttempt, row: SendableRow, claim: Claim, owner: Owner, batch: BatchRecord | None
    ) -> bool:
        if outcome_of(batch, owner.row).outcome is self.outcome:
            return self._take_over(attempt, row, claim, owner)
        return super()._judge_foreign(attempt, row, claim, owner, batch)


class TakesOverReview(TakesOver):
    outcome = Outcome.REVIEW


class TakesOverUndecided(TakesOver):
    outcome = Outcome.UNDECIDED


class UndoByAnyAnswer(PostEvents):
    def _decided(self, attempt: BatchAttempt) -> None:
        super()._decided(attempt)
        attempt.clear_maybe_sent = True


class RefusalInDoubtIsRefused(PostEvents):
    def _refuse_named(self, attempt: BatchAttempt, part: list[SendableRow], answer: Answer) -> set[int]:
        in_doubt, attempt.in_doubt = attempt.in_doubt, False
        named = super()._refuse_named(attempt, part, answer)
        attempt.in_doubt = in_doubt
        return named


class UndecidedRowsCountAsDelivered(CloseBatch):
    def _close(self, attempt: BatchAttempt, *rest: object) -> None:
        for rows in (attempt.refused, attempt.review):
            for code in [code for code in rows if not code.startswith("TIKTOK")]:
                attempt.accepted |= rows.pop(code)
        super()._close(attempt, *rest)  # type: ignore[arg-type]


class FinishesEarly(FinishFile):
    """Says that the file is finished before its report is written."""

    def write_report(self, file: FileRecord, remaining: Remaining | None = None) -> dict[str, object]:
        self._progress.finish_file(file.file_id, self._now())
        return super().write_report(file, remaining)


def _never_too_late(limits: DeliveryLimits) -> DeliveryLimits:
    return replace(limits, dedup_window=1e9)


def _wait_for_ever(limits: DeliveryLimits) -> DeliveryLimits:
    return replace(limits, first_copy_wait=1e9)


MUTATIONS: dict[str, Parts] = {
    "no write-ahead": Parts(progress=altered_ports.NoWriteAhead),
    "acknowledge because another holds the lease": Parts(send=AcknowledgeWhenLeased),
    "acknowledge because the batch is not ours any more": Parts(send=AcknowledgeWhenOwnershipIsLost),
    "47 hours ignored": Parts(limits=_never_too_late),
    "settle and close without owner": Parts(progress=altered_ports.AnybodyWrites),
    "owner is not new per attempt": Parts(progress=altered_ports.EverybodyLeases),
    "undo maybe_sent_at by any answer": Parts(post=UndoByAnyAnswer),
    "a refusal in doubt is taken as refused": Parts(post=RefusalInDoubtIsRefused),
    "no finish check when found closed": Parts(send=NoFinishCheckWhenClosed),
    "no finish check when the split is found done": Parts(split=NoFinishCheckAfterTheSplit),
    "a row in review is taken over": Parts(claim=TakesOverReview),
    "an undecided row is taken over": Parts(claim=TakesOverUndecided),
    "rows not accepted count as delivered": Parts(close=UndecidedRowsCountAsDelivered),
    "a closed batch counts as delivered": Parts(progress=altered_ports.ClosedMeansDelivered),
    "closing forgets what is in doubt": Parts(progress=altered_ports.CloseForgetsMaybeSent),
    "closing twice counts twice": Parts(progress=altered_ports.UncountedClose),
    "20001 is success": Parts(api=altered_ports.PartialIsSuccess),
    "no answer means not sent": Parts(api=altered_ports.SilenceIsNotSent),
    "HTTP 200 is success": Parts(api=altered_ports.StatusIsSuccess),
    "the loser of the checkpoint race acknowledges": Parts(split=LoserOfTheRaceAcknowledges),
    "checkpoint before sending, without an outbox": Parts(split=ForgetsTheOutbox),
    "take-over without condition": Parts(ledger=altered_ports.UnconditionalTakeOver),
    "POST rows whose claim had no answer": Parts(claims=altered_ports.AnyAnswerIsAClaim),
    "decided only when closed, waiting without bound": Parts(
        progress=altered_ports.DecidedOnlyWhenClosed, limits=_wait_for_ever
    ),
    "finished before the report is written": Parts(finish=FinishesEarly),
}
"""What is done wrong -> the parts that do it."""
