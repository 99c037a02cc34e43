"""The event ledger in memory: one claim per event key."""

from __future__ import annotations

from collections.abc import Sequence

from conversion_delivery.domain.outcomes import Claim, Owner
from conversion_delivery.workflows.ports import ClaimAnswer


class FakeEventLedger:
    """``claims`` is all there is: event key -> the claim that decides it. Nothing here is ever deleted."""

    def __init__(self) -> None:
        self.claims: dict[str, Claim] = {}

    def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
        if len({claim.event_key for claim in claims}) != len(claims):
            raise ValueError("event keys of one call must be distinct")
        return [self._claim(claim) for claim in claims]

    def _claim(self, claim: Claim) -> ClaimAnswer:
        if claim.event_key in self.claims:
            return ClaimAnswer.TAKEN
        self.claims[claim.event_key] = claim
        return ClaimAnswer.CLAIMED

    def owners(self, event_keys: Sequence[str]) -> dict[str, Owner]:
        return {key: _owner(self.claims[key]) for key in event_keys if key in self.claims}

    def take_over(self, claim: Claim, expected: Owner) -> bool:
        stored = self.claims.get(claim.event_key)
        if stored is None:
            return False
        if (stored.batch, stored.row) == (expected.batch, expected.row):
            self.claims[claim.event_key] = claim
            return True
        return _owner(stored) == _owner(claim)


def _owner(claim: Claim) -> Owner:
    return Owner(claim.batch, claim.row, claim.fingerprint)
