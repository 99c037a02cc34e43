"""How keys are claimed: never more writes than needed, and nothing is sent that another batch decides."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from conversion_delivery.domain.outcomes import Claim, Owner
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.claim_events import SAMPLE, ClaimEvents, sampled
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.ports import ClaimAnswer
from tests.fakes.event_ledger import FakeEventLedger
from tests.workflows.delivery_world import DeliveryWorld, file_of, row

LOST = Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")


class CountingLedger(FakeEventLedger):
    """Counts what DynamoDB bills: a write for each claim, taken or not, and a read for each owner asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.reads = 0

    def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
        self.writes += len(claims)
        return super().claim(claims)

    def owners(self, event_keys: Sequence[str]) -> dict[str, Owner]:
        self.reads += len(event_keys)
        return super().owners(event_keys)

    def start_anew(self) -> None:
        self.writes = self.reads = 0


def counting_world(answers: Sequence[Answer] = ()) -> tuple[DeliveryWorld, CountingLedger]:
    world, ledger = DeliveryWorld(answers=answers), CountingLedger()
    world.send._claim = ClaimEvents(ledger, world.progress, DeliveryLimits())
    return world, ledger


def deliver(world: DeliveryWorld, numbers: range, key: str = "uploads/shop/sales.csv") -> None:
    world.drop(file_of(*(row(number) for number in numbers)), key)
    world.deliver_all()


def test_new_events_cost_one_write_each_and_no_read() -> None:
    world, ledger = counting_world()
    deliver(world, range(1000))
    assert (ledger.writes, ledger.reads) == (1000, 0)
    assert len(world.sent_order_ids()) == 1000


def test_a_file_that_is_dropped_again_costs_reads_and_a_handful_of_writes() -> None:
    world, ledger = counting_world()
    deliver(world, range(1000))
    ledger.start_anew()
    deliver(world, range(1000), "uploads/shop/again.csv")
    assert (ledger.writes, ledger.reads) == (SAMPLE, 1000)
    assert len(world.sent_order_ids()) == 1000


def test_an_overlapping_file_reads_first_and_claims_only_what_is_absent() -> None:
    world, ledger = counting_world()
    deliver(world, range(500))
    ledger.start_anew()
    deliver(world, range(1000), "uploads/shop/longer.csv")
    assert ledger.writes < 540
    assert sorted(world.sent_order_ids()) == sorted(f"T-{number}" for number in range(1000))


def test_a_repeated_attempt_reads_first() -> None:
    world, ledger = counting_world([LOST])
    world.drop(file_of(*(row(number) for number in range(100))))
    (message,) = world.pending()
    assert world.deliver(message) is not None
    ledger.start_anew()
    assert world.deliver(message) is None
    assert (ledger.writes, ledger.reads) == (0, 100)


def test_a_key_that_is_taken_between_reading_and_claiming_is_judged_by_its_owner() -> None:
    world, ledger = counting_world()
    deliver(world, range(31))

    class Overtaken(CountingLedger):
        """Another batch claims and delivers the last key right after it was read as absent."""

        def owners(self, event_keys: Sequence[str]) -> dict[str, Owner]:
            found = super().owners(event_keys)
            for key in [key for key in event_keys if key not in found]:
                first = next(iter(self.claims.values()))
                self.claims[key] = first._replace(event_key=key)
            return found

    overtaken = Overtaken()
    overtaken.claims = ledger.claims
    world.send._claim = ClaimEvents(overtaken, world.progress, DeliveryLimits())
    deliver(world, range(32), "uploads/shop/longer.csv")
    assert len(world.sent_order_ids()) == 31
    assert world.progress.gates == {}


def test_an_owner_that_vanished_is_no_answer() -> None:
    world, _ = counting_world()

    class Forgetful(FakeEventLedger):
        def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
            return [ClaimAnswer.TAKEN for _ in claims]

    world.send._claim = ClaimEvents(Forgetful(), world.progress, DeliveryLimits())
    world.drop(file_of(row(1)))
    (message,) = world.pending()
    later = world.deliver(message)
    assert later is not None
    assert later.code == "CLAIM_UNANSWERED"
    assert world.api.requests == []


def test_owners_that_do_not_answer_are_no_absence() -> None:
    world, ledger = counting_world([LOST])
    world.drop(file_of(row(1), row(2)))
    (message,) = world.pending()
    world.deliver(message)

    class Unanswering(FakeEventLedger):
        def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
            return [ClaimAnswer.UNANSWERED for _ in claims]

    unanswering = Unanswering()
    unanswering.claims = dict(list(ledger.claims.items())[:1])
    world.send._claim = ClaimEvents(unanswering, world.progress, DeliveryLimits())
    later = world.deliver(message)
    assert later is not None
    assert later.code == "CLAIM_UNANSWERED"
    assert len(world.api.requests) == 1


@pytest.mark.parametrize("size", [0, 1, 24, 25, 26, 49, 50, 51, 999, 1000])
def test_a_sample_and_the_rest_are_the_whole(size: int) -> None:
    claims = [Claim(str(number), "batch", number, b"", 0, 0) for number in range(size)]
    sample, rest = sampled(claims)
    assert len(sample) <= SAMPLE
    assert sorted([*sample, *rest], key=lambda claim: claim.row) == claims
    assert sample != [] or claims == []
    if size >= 2 * SAMPLE:
        assert max(claim.row for claim in sample) > size * 3 / 4, "the end of the batch is looked at as well"
