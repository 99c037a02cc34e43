"""POST a batch's rows, each POST between a write-ahead and a settle (step 6 of the protocol).

A POST can only be accepted while ``maybe_sent_at`` stands on the batch, and that stays until the answer to that very
POST is stored. What an answer means was decided in ``tiktok``; here stands what follows from it:

* accepted, partly accepted: settle, go on;
* refused: drop the rows that TikTok names, or halve until a single row is left, and go on with the rest;
* throttled, bad token, misconfigured, certainly not sent: settle, shut the gate where due, hand back;
* anything else is no answer: leave ``maybe_sent_at``, hand back, no further POST in this attempt.
"""

from __future__ import annotations

from collections.abc import Callable

from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import CredentialsRefused, TryLater
from conversion_delivery.domain.events.tiktok_events import request_body, split_by_size
from conversion_delivery.workflows.batch_attempt import BatchAttempt, DeliveryLimits, SendableRow
from conversion_delivery.workflows.delivery_gate import CREDENTIAL_REASONS, DeliveryGate
from conversion_delivery.workflows.events_api_ports import UNLISTED_CODE, Answer, AnswerKind, EventsApi, TokenStore
from conversion_delivery.workflows.ports import FileProgress, Telemetry, WriteAheadState

GATE_REASONS = {
    AnswerKind.THROTTLED: "THROTTLED",
    AnswerKind.BAD_CREDENTIALS: "TOKEN_REFUSED",
    AnswerKind.MISCONFIGURED: "MISCONFIGURED",
    AnswerKind.NOT_SENT: "OUTAGE",
    AnswerKind.UNKNOWN: "OUTAGE",
    AnswerKind.PARTIAL: "OUTAGE",
}
"""Answers that end an attempt (a partial one only when nobody says which events) -> reason for the gate."""

Parts = list[list[SendableRow]]


class PostEvents:
    """Step 6 for one attempt after another."""

    def __init__(
        self,
        *,
        api: EventsApi,
        progress: FileProgress,
        tokens: TokenStore,
        gate: DeliveryGate,
        telemetry: Telemetry,
        limits: DeliveryLimits,
    ) -> None:
        self._api = api
        self._progress = progress
        self._tokens = tokens
        self._gate = gate
        self._telemetry = telemetry
        self._limits = limits

    def run(
        self,
        attempt: BatchAttempt,
        rows: list[SendableRow],
        settings: DestinationSettings,
        remaining: Callable[[], float],
    ) -> None:
        """POST until every row is decided or may not be sent any more.

        The row sets of the last answer may be still unsaved when this returns (``attempt.unsaved``): closing the
        batch saves them in the same write. Raises ``TryLater`` when the attempt has to end before that.
        """
        parts = self._parts_of(attempt, rows)
        if not parts:
            return
        token = self._token(attempt, fresh=attempt.gate is not None and attempt.gate.reason in CREDENTIAL_REASONS)
        refreshed = False
        while parts:
            self.settle(attempt)
            self._check_budget(attempt, remaining)
            if not self._write_ahead(attempt):
                return
            part = parts.pop(0)
            answer = self._post(attempt, part, settings, token)
            if answer.kind is AnswerKind.BAD_CREDENTIALS and not refreshed:
                refreshed = True
                token = self._renewed(attempt, token, answer)
                parts.insert(0, part)
            else:
                parts[:0] = self._follow(attempt, part, answer)

    def settle(self, attempt: BatchAttempt) -> None:
        """Store what the last answer decided, if that is not stored yet. Raises ``TryLater`` (``OWNERSHIP_LOST``)."""
        if not attempt.unsaved:
            return
        settlement = attempt.settlement(clear_maybe_sent=attempt.clear_maybe_sent)
        if not self._progress.settle(attempt.batch_id, attempt.me, settlement):
            raise TryLater("OWNERSHIP_LOST")
        attempt.saved()

    def _parts_of(self, attempt: BatchAttempt, rows: list[SendableRow]) -> Parts:
        """Rows in requests below the body limit; an event that is larger than that alone is refused here."""
        sendable = []
        for row in rows:
            if len(row.event.body) > self._limits.body_bytes:
                mark = attempt.hold_for_review if attempt.in_doubt else attempt.refuse
                mark(row.number, "TOO_LARGE")
                attempt.unsaved = True
            else:
                sendable.append(row)
        return split_by_size(sendable, lambda row: row.event.body, self._limits.body_bytes)

    def _check_budget(self, attempt: BatchAttempt, remaining: Callable[[], float]) -> None:
        if remaining() < self._limits.post_seconds or attempt.posts >= self._limits.posts_per_attempt:
            raise TryLater("ATTEMPT_SPENT", after_seconds=1.0)

    def _write_ahead(self, attempt: BatchAttempt) -> bool:
        """Announce a POST. False: too late to send anything that is still undecided; it stays for review."""
        now = attempt.now()
        answer = self._progress.write_ahead(attempt.batch_id, attempt.me, now, now - self._limits.resend_seconds)
        if answer.state is WriteAheadState.LOST:
            raise TryLater("OWNERSHIP_LOST")
        if answer.state is WriteAheadState.TOO_LATE:
            return False
        attempt.announced(in_doubt=answer.in_doubt)
        return True

    def _post(
        self, attempt: BatchAttempt, part: list[SendableRow], settings: DestinationSettings, token: str
    ) -> Answer:
        attempt.posts += 1
        body = request_body(settings, [row.event.body for row in part])
        with self._telemetry.span("post"):
            answer = self._api.track(token, body)
        self._telemetry.count("Requests", destination=attempt.message.destination)
        if answer.kind is not AnswerKind.ACCEPTED:
            self._note(attempt, answer, len(part))
        return answer

    def _note(self, attempt: BatchAttempt, answer: Answer, events: int) -> None:
        if answer.cause == UNLISTED_CODE:
            self._telemetry.count("UnlistedCodes", destination=attempt.message.destination)
        self._telemetry.count("RequestsNotAccepted", destination=attempt.message.destination, kind=answer.kind.value)
        self._telemetry.note(
            "events_api_answer",
            file_id=attempt.message.file_id,
            batch=attempt.message.batch,
            kind=answer.kind.value,
            code=answer.code,
            http_status=answer.http_status,
            request_id=answer.request_id,
            field=answer.field,
            cause=answer.cause,
            events=events,
        )

    def _token(self, attempt: BatchAttempt, *, fresh: bool) -> str:
        try:
            return self._tokens.token(attempt.message.destination, fresh=fresh)
        except CredentialsRefused as refusal:
            shut = self._gate.failed(attempt.message.destination, refusal.code, attempt.gate)
            raise TryLater(refusal.code, after_seconds=shut or None) from None

    def _renewed(self, attempt: BatchAttempt, refused_token: str, answer: Answer) -> str:
        """The token after one forced look at the secret. Raises ``TryLater`` when it is still the refused one."""
        self._decided(attempt)
        self.settle(attempt)
        token = self._token(attempt, fresh=True)
        if token == refused_token:
            self._stop(attempt, answer)
        return token

    def _follow(self, attempt: BatchAttempt, part: list[SendableRow], answer: Answer) -> Parts:
        """Record what the answer decides; the parts that are to be sent next."""
        match answer.kind:
            case AnswerKind.ACCEPTED:
                attempt.accept(part, answer.request_id)
                next_parts: Parts = []
            case AnswerKind.PARTIAL if _names_its_own(answer, len(part)):
                named = self._refuse_named(attempt, part, answer)
                attempt.accept([row for at, row in enumerate(part) if at not in named], answer.request_id)
                next_parts = []
            case AnswerKind.REFUSED:
                next_parts = self._without_refused(attempt, part, answer)
            case AnswerKind.UNKNOWN | AnswerKind.PARTIAL:
                self._stop(attempt, answer)
            case _:
                self._decided(attempt)
                self.settle(attempt)
                self._stop(attempt, answer)
        self._decided(attempt)
        self._gate.worked(attempt.message.destination, attempt.gate)
        attempt.gate = None
        return next_parts

    def _decided(self, attempt: BatchAttempt) -> None:
        """The answer was definite: its POST is no longer a reason to keep ``maybe_sent_at``."""
        attempt.unsaved = True
        attempt.clear_maybe_sent = not attempt.in_doubt

    def _without_refused(self, attempt: BatchAttempt, part: list[SendableRow], answer: Answer) -> Parts:
        """Nothing of the part was taken: the rest without the culprits, or halves when nobody names them."""
        named = self._refuse_named(attempt, part, answer)
        if named:
            rest = [row for at, row in enumerate(part) if at not in named]
            return [rest] if rest else []
        middle = len(part) // 2
        return [part[:middle], part[middle:]]

    def _refuse_named(self, attempt: BatchAttempt, part: list[SendableRow], answer: Answer) -> set[int]:
        """Mark the rows that TikTok refuses; in doubt they may have been counted by the earlier POST: review."""
        named = {at for at in answer.refused_indices or () if 0 <= at < len(part)}
        if not named and len(part) == 1 and answer.kind is AnswerKind.REFUSED:
            named = {0}
        code = f"TIKTOK_REFUSED:{answer.code}:{answer.field}"
        for at in named:
            mark = attempt.hold_for_review if attempt.in_doubt else attempt.refuse
            mark(part[at].number, code, answer.request_id)
        return named

    def _stop(self, attempt: BatchAttempt, answer: Answer) -> None:
        """End the attempt; the batch comes back later, not before the gate opens. Always raises ``TryLater``."""
        reason = GATE_REASONS[answer.kind]
        shut = self._gate.failed(attempt.message.destination, reason, attempt.gate, answer.pause_seconds)
        raise TryLater(reason, after_seconds=shut or None)


def _names_its_own(answer: Answer, events: int) -> bool:
    """Whether a partial answer says which events were refused, and speaks of events of this request only."""
    indices = answer.refused_indices
    return indices is not None and all(0 <= at < events for at in indices)
