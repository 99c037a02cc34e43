"""Stores and an API that do one thing wrong: parts of the mutations that the simulation has to catch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.outcomes import BatchRecord, Claim, Owner
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.ports import ClaimAnswer, Closing, Settlement, WriteAhead, WriteAheadState


class Altered:
    """Passes everything on to ``port``; subclasses change a method or two."""

    def __init__(self, port: Any) -> None:
        self.port = port

    def __getattr__(self, name: str) -> Any:
        return getattr(self.port, name)


class NoWriteAhead(Altered):
    """Asks, and stores nothing before the POST."""

    def write_ahead(self, batch_id: BatchId, owner: str, now: float, not_before: float) -> WriteAhead:
        record = self.port.batch(batch_id)
        answer: WriteAhead = self.port.write_ahead(batch_id, owner, now, not_before)
        if answer.state is WriteAheadState.WRITTEN and not answer.in_doubt:
            self.port.records[batch_id] = record
        return answer


class AnybodyWrites(Altered):
    """Settles and closes an open batch whoever owns it."""

    def settle(self, batch_id: BatchId, owner: str, settlement: Settlement) -> bool:
        before = self._seize(batch_id, owner)
        done = bool(self.port.settle(batch_id, owner, settlement))
        if before is not None:
            self.port.records[batch_id] = replace(self.port.batch(batch_id), owner=before.owner)
        return done

    def close(self, batch_id: BatchId, owner: str, closing: Closing, now: float) -> bool:
        self._seize(batch_id, owner)
        return bool(self.port.close(batch_id, owner, closing, now))

    def _seize(self, batch_id: BatchId, owner: str) -> BatchRecord | None:
        record: BatchRecord | None = self.port.batch(batch_id)
        if record is None or record.is_closed:
            return None
        self.port.records[batch_id] = replace(record, owner=owner)
        return record


class DecidedOnlyWhenClosed(Altered):
    """Shows other batches' rows only once their batch is closed."""

    def batch(self, batch_id: BatchId) -> BatchRecord | None:
        record: BatchRecord | None = self.port.batch(batch_id)
        if record is None or record.is_closed:
            return record
        return replace(record, accepted=RowSet(), refused={}, review={})


class ClosedMeansDelivered(Altered):
    """Takes every row of a closed batch for delivered, accepted or not."""

    def batch(self, batch_id: BatchId) -> BatchRecord | None:
        record: BatchRecord | None = self.port.batch(batch_id)
        if record is None or not record.is_closed:
            return record
        return replace(record, accepted=RowSet(range(1, 100)))


class CloseForgetsMaybeSent(Altered):
    """Closes a batch as if nothing were in doubt."""

    def close(self, batch_id: BatchId, owner: str, closing: Closing, now: float) -> bool:
        settlement = replace(closing.settlement, review={}, clear_maybe_sent=True)
        return bool(self.port.close(batch_id, owner, replace(closing, settlement=settlement), now))


class UncountedClose(Altered):
    """Counts a batch on its file again whenever somebody closes it again."""

    def close(self, batch_id: BatchId, owner: str, closing: Closing, now: float) -> bool:
        if self.port.close(batch_id, owner, closing, now):
            return True
        self.port.counts[batch_id.file_id] = self.port.closed_batches(batch_id.file_id) + 1
        return True


class EverybodyLeases(Altered):
    """Keeps the owner of the first lease: every attempt goes by the same name."""

    def lease(self, batch_id: BatchId, owner: str, now: float, until: float) -> Any:
        record = self.port.batch(batch_id)
        return self.port.lease(batch_id, (record.owner if record else None) or owner, now, until)


class UnconditionalTakeOver(Altered):
    """Takes over from whoever is the owner by now."""

    def take_over(self, claim: Claim, expected: Owner) -> bool:
        self.port.claims[claim.event_key] = claim
        return True


class AnyAnswerIsAClaim(Altered):
    """Takes a claim without answer for a claim."""

    def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
        answers: list[ClaimAnswer] = self.port.claim(claims)
        return [ClaimAnswer.CLAIMED if answer is ClaimAnswer.UNANSWERED else answer for answer in answers]


class PartialIsSuccess(Altered):
    """Takes code 20001 for plain success."""

    def track(self, token: str, body: bytes) -> Answer:
        answer: Answer = self.port.track(token, body)
        return replace(answer, kind=AnswerKind.ACCEPTED) if answer.kind is AnswerKind.PARTIAL else answer


class SilenceIsNotSent(Altered):
    """Takes a POST without answer for one that was never sent."""

    def track(self, token: str, body: bytes) -> Answer:
        answer: Answer = self.port.track(token, body)
        return replace(answer, kind=AnswerKind.NOT_SENT) if answer.kind is AnswerKind.UNKNOWN else answer


class StatusIsSuccess(Altered):
    """Looks at the HTTP status alone: 200 is success, whatever the code says."""

    def track(self, token: str, body: bytes) -> Answer:
        answer: Answer = self.port.track(token, body)
        return replace(answer, kind=AnswerKind.ACCEPTED) if answer.http_status == 200 else answer
