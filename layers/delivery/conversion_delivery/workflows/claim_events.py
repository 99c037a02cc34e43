"""Find out which rows of a batch are this batch's to send (steps 3 to 5 of the protocol).

Every key gets an answer from the ledger before anything is POSTed. A key that another batch decides is judged by the
outcome of that batch's row, whether that batch is open or closed; own rows are never held up by waiting rows.

A claim of a key that is taken is billed as a write, a read of its owner costs a fifth of that. So where most keys are
taken already (a repeated attempt, a file dropped again) owners are read first and only absent keys are claimed. That
is as safe: a consistent read that finds an owner says what a refused claim and the read after it say, and a key that
is absent when read is claimed like any other, whatever happens in between.
"""

from __future__ import annotations

from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.outcomes import BatchRecord, Claim, Outcome, Owner, is_verdict_on_content, outcome_of
from conversion_delivery.workflows.batch_attempt import BatchAttempt, DeliveryLimits, SendableRow
from conversion_delivery.workflows.ports import ClaimAnswer, EventLedger, FileProgress

DAY = 86_400

SAMPLE = 10
"""Keys of a batch that are claimed without asking first: one call of the ledger, a hundredth of a full batch."""

READ_FIRST_ABOVE = 1 / 6
"""Share of taken keys from which on reading first is cheaper: r / (w + r) for a read at a fifth of a write's price."""


class ClaimEvents:
    """Steps 3 to 5 for one attempt after another."""

    def __init__(self, ledger: EventLedger, progress: FileProgress, limits: DeliveryLimits) -> None:
        self._ledger = ledger
        self._progress = progress
        self._limits = limits

    def run(self, attempt: BatchAttempt, max_event_age_days: int) -> list[SendableRow]:
        """The rows to POST. Rows decided elsewhere are marked on the attempt.

        Raises ``TryLater`` (``CLAIM_UNANSWERED``) when any key has no answer.
        """
        first_copies = collapse_copies(attempt)
        open_rows = [row for row in first_copies if not attempt.is_decided(row.number)]
        claims = [self._claim_of(attempt, row, max_event_age_days) for row in open_rows]
        owners = self._owners_of_taken(claims, repeated=attempt.record.attempts > 1)
        taken = [
            (row, claim, owners[claim.event_key])
            for row, claim in zip(open_rows, claims, strict=True)
            if claim.event_key in owners
        ]
        judged = self._judge_taken(attempt, taken)
        collisions = drop_collisions(attempt)
        ours = [judged.get(row.row, row) for row in open_rows]
        return [row for row in ours if row and row.row not in collisions and not attempt.is_decided(row.number)]

    def _claim_of(self, attempt: BatchAttempt, row: SendableRow, max_event_age_days: int) -> Claim:
        """Ledger items outlive every upload that the age rule would still let in with the same event."""
        event = row.event
        kept_until = attempt.now() + self._limits.ledger_retention
        no_longer_accepted = event.event_time + (max_event_age_days + 7) * DAY
        return Claim(
            event_key=event.event_key,
            batch=str(attempt.batch_id),
            row=row.number,
            fingerprint=event.fingerprint,
            event_time=event.event_time,
            expires_at=int(max(kept_until, no_longer_accepted)),
        )

    def _owners_of_taken(self, claims: list[Claim], *, repeated: bool) -> dict[str, Owner]:
        """Claim every key; who decides those that were taken.

        Raises ``TryLater`` (``CLAIM_UNANSWERED``) when any key has no answer.
        """
        if repeated:
            return self._read_first(claims)
        sample, rest = sampled(claims)
        owners = self._claim(sample)
        if len(owners) > READ_FIRST_ABOVE * len(sample):
            return owners | self._read_first(rest)
        return owners | self._claim(rest)

    def _read_first(self, claims: list[Claim]) -> dict[str, Owner]:
        known = self._ledger.owners([claim.event_key for claim in claims]) if claims else {}
        return known | self._claim([claim for claim in claims if claim.event_key not in known])

    def _claim(self, claims: list[Claim]) -> dict[str, Owner]:
        """Claim; the owners of the keys that were taken."""
        answers = self._ledger.claim(claims) if claims else []
        if ClaimAnswer.UNANSWERED in answers:
            raise TryLater("CLAIM_UNANSWERED")
        taken = [claim.event_key for claim, answer in zip(claims, answers, strict=True) if answer is ClaimAnswer.TAKEN]
        owners = self._ledger.owners(taken) if taken else {}
        if len(owners) != len(taken):
            raise TryLater("CLAIM_UNANSWERED")
        return owners

    def _judge_taken(
        self, attempt: BatchAttempt, taken: list[tuple[SendableRow, Claim, Owner]]
    ) -> dict[int, SendableRow | None]:
        """Row -> the row to go on with in its place, or None where it is not this attempt's to send."""
        batches: dict[str, BatchRecord | None] = {}
        judged: dict[int, SendableRow | None] = {}
        for row, claim, owner in taken:
            if owner.batch == claim.batch:
                judged[row.row] = adopt(attempt, row, owner.row)
                continue
            if owner.batch not in batches:
                batches[owner.batch] = self._progress.batch(BatchId.parse(owner.batch))
            is_ours = self._judge_foreign(attempt, row, claim, owner, batches[owner.batch])
            judged[row.row] = row if is_ours else None
        return judged

    def _judge_foreign(
        self, attempt: BatchAttempt, row: SendableRow, claim: Claim, owner: Owner, batch: BatchRecord | None
    ) -> bool:
        """Whether the row is ours to send after all, because the other batch certainly never had it counted."""
        decision = outcome_of(batch, owner.row)
        same = owner.fingerprint == claim.fingerprint
        match decision.outcome:
            case Outcome.DELIVERED:
                attempt.mark_duplicate(row.row, "ALREADY_DELIVERED" if same else "CHANGED_AFTER_DELIVERY")
                attempt.mark_delivered_before(batch)
            case Outcome.REVIEW:
                attempt.mark_duplicate(row.row, "FIRST_COPY_IN_REVIEW")
            case Outcome.REFUSED if same and is_verdict_on_content(decision.code):
                attempt.refuse(row.row, decision.code)
            case Outcome.REFUSED | Outcome.NOT_SENT:
                return self._take_over(attempt, row, claim, owner)
            case _:
                attempt.waiting[row.row] = f"{owner.batch}#{owner.row}"
        return False

    def _take_over(self, attempt: BatchAttempt, row: SendableRow, claim: Claim, owner: Owner) -> bool:
        if self._too_late(attempt):
            attempt.refuse(row.row, "UPLOAD_AGAIN")
            return False
        if not self._ledger.take_over(claim, owner):
            raise TryLater("CLAIM_UNANSWERED")
        return True

    def _too_late(self, attempt: BatchAttempt) -> bool:
        since = attempt.record.maybe_sent_at
        return since is not None and since <= attempt.now() - self._limits.resend_seconds


def sampled(claims: list[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Up to ``SAMPLE`` claims, spread evenly over the batch, and the others: exports overlap at their ends."""
    step = -(-len(claims) // SAMPLE) or 1
    return claims[::step], [claim for at, claim in enumerate(claims) if at % step]


def collapse_copies(attempt: BatchAttempt) -> list[SendableRow]:
    """The first row of each event key; further rows are marked as copies."""
    first: dict[str, SendableRow] = {}
    for row in attempt.rows:
        earlier = first.setdefault(row.event.event_key, row)
        if earlier is not row:
            attempt.mark_copy(row, of=earlier)
    return list(first.values())


def adopt(attempt: BatchAttempt, row: SendableRow, number: int) -> SendableRow | None:
    """The key is this batch's already: the row to go on with, under the row number that the ledger holds.

    Rules that changed since it was claimed may have made another copy the first one. Then the copy that the ledger
    names is sent, and this one is its copy; if that one is no row any more, this one stands in for it.
    """
    if row.row == number:
        return row
    named = attempt.row_at(number)
    if named is not None and named.event.event_key == row.event.event_key:
        attempt.swap_copies(first=named, copy=row)
        return named
    row.number = number
    if attempt.is_decided(number):
        attempt.mark_duplicate(row.row, "COPY_IN_BATCH")
        return None
    return row


def drop_collisions(attempt: BatchAttempt) -> set[int]:
    """Rows that must not be sent because one row number stands for two events (only after a change of rules).

    The ledger names an event's row; were both sent, one row set would speak for two events.
    """
    by_number: dict[int, list[SendableRow]] = {}
    for row in attempt.rows:
        by_number.setdefault(row.number, []).append(row)
    shared = [rows for rows in by_number.values() if len({row.event.event_key for row in rows}) > 1]
    dropped = {row.row for rows in shared for row in rows}
    attempt.no_longer_valid += sorted(dropped)
    return dropped
