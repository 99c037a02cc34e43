"""What any event ledger must do: the fake, and DynamoDB as two emulators understand it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from conversion_delivery.domain.outcomes import Claim, Owner
from conversion_delivery.workflows.ports import ClaimAnswer
from tests.contracts.backends import Backend, DynamoBackend

CLAIMED, TAKEN = ClaimAnswer.CLAIMED, ClaimAnswer.TAKEN


def a_claim(key: str = "set#Purchase#order-1", batch: str = "f1/0000000001", row: int = 1, mark: int = 0) -> Claim:
    return Claim(key, batch, row, bytes([mark]) * 16, event_time=1_700_000_000, expires_at=1_800_000_000)


def many(count: int, batch: str = "f1/0000000001") -> list[Claim]:
    return [a_claim(f"set#Purchase#order-{row}", batch, row, row % 256) for row in range(1, count + 1)]


def test_a_free_key_is_claimed_and_names_its_owner(ledgers: Backend) -> None:
    claim = a_claim(row=7, mark=255)
    assert ledgers.ledger.claim([claim]) == [CLAIMED]
    assert ledgers.ledger.owners([claim.event_key]) == {claim.event_key: Owner(claim.batch, 7, b"\xff" * 16)}


def test_a_claimed_key_stays_with_its_first_owner(ledgers: Backend) -> None:
    first, second = a_claim(), a_claim(batch="f2/0000000003", row=9, mark=1)
    ledgers.ledger.claim([first])
    assert ledgers.ledger.claim([second]) == [TAKEN]
    assert ledgers.ledger.owners([first.event_key])[first.event_key].batch == first.batch


def test_claiming_again_for_the_same_batch_says_taken(ledgers: Backend) -> None:
    ledgers.ledger.claim([a_claim()])
    assert ledgers.ledger.claim([a_claim()]) == [TAKEN]


def test_each_of_many_claims_gets_its_own_answer_in_order(ledgers: Backend) -> None:
    claims = many(60)
    ledgers.ledger.claim(claims[::3])
    expected = [TAKEN if index % 3 == 0 else CLAIMED for index in range(60)]
    assert ledgers.ledger.claim(claims) == expected


def test_owners_of_more_keys_than_one_read_takes_are_all_found(ledgers: Backend) -> None:
    claims = many(130)
    ledgers.ledger.claim(claims)
    owners = ledgers.ledger.owners([claim.event_key for claim in claims])
    assert owners == {claim.event_key: Owner(claim.batch, claim.row, claim.fingerprint) for claim in claims}


def test_keys_that_nobody_claimed_have_no_owner(ledgers: Backend) -> None:
    ledgers.ledger.claim([a_claim("known")])
    assert list(ledgers.ledger.owners(["unknown", "known", "known"])) == ["known"]


def test_nothing_to_claim_is_nothing_to_answer(ledgers: Backend) -> None:
    assert ledgers.ledger.claim([]) == []
    assert ledgers.ledger.owners([]) == {}


def test_one_key_twice_in_a_call_is_a_mistake_of_the_caller(ledgers: Backend) -> None:
    with pytest.raises(ValueError, match="distinct"):
        ledgers.ledger.claim([a_claim(), a_claim(row=2)])
    assert ledgers.ledger.owners([a_claim().event_key]) == {}


@pytest.mark.parametrize("key", ["set#Purchase#o'1\"--", "set#Größe#注文 1", "x" * 2000])
def test_any_text_can_be_a_key(ledgers: Backend, key: str) -> None:
    assert ledgers.ledger.claim([a_claim(key)]) == [CLAIMED]
    assert ledgers.ledger.claim([a_claim(key)]) == [TAKEN]
    assert set(ledgers.ledger.owners([key])) == {key}


def test_an_event_is_taken_over_from_the_owner_that_was_read(ledgers: Backend) -> None:
    ledgers.ledger.claim([a_claim(row=4)])
    mine = a_claim(batch="f2/0000000002", row=5, mark=9)
    assert ledgers.ledger.take_over(mine, Owner("f1/0000000001", 4, b"anything"))
    assert ledgers.ledger.owners([mine.event_key]) == {mine.event_key: Owner(mine.batch, 5, mine.fingerprint)}


@pytest.mark.parametrize("expected", [Owner("f1/0000000001", 5, b""), Owner("f3/0000000001", 4, b"")])
def test_an_event_whose_owner_changed_is_not_taken_over(ledgers: Backend, expected: Owner) -> None:
    ledgers.ledger.claim([a_claim(row=4)])
    assert not ledgers.ledger.take_over(a_claim(batch="f2/0000000002"), expected)
    assert ledgers.ledger.owners([a_claim().event_key])[a_claim().event_key].row == 4


def test_an_event_that_nobody_claimed_cannot_be_taken_over(ledgers: Backend) -> None:
    assert not ledgers.ledger.take_over(a_claim(), Owner("f1/0000000001", 1, b""))
    assert ledgers.ledger.owners([a_claim().event_key]) == {}


def test_taking_over_twice_succeeds_twice(ledgers: Backend) -> None:
    ledgers.ledger.claim([a_claim(row=4)])
    mine, theirs = a_claim(batch="f2/0000000002", row=5), Owner("f1/0000000001", 4, b"")
    assert [ledgers.ledger.take_over(mine, theirs) for _ in range(2)] == [True, True]


def test_of_many_who_claim_at_once_exactly_one_wins_each_key(real_tables: DynamoBackend) -> None:
    ledger = real_tables.ledger
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda batch: ledger.claim(many(40, f"f{batch}/0000000001")), range(8)))
    assert [column.count(CLAIMED) for column in zip(*answers, strict=True)] == [1] * 40
