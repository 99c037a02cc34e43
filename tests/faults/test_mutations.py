"""The simulation catches every deliberate mistake: a simulation that misses one proves nothing."""

from __future__ import annotations

import pytest

from tests.faults import scenarios
from tests.faults.every_fault import MANY, Found, Scenario, search
from tests.faults.mutations import MUTATIONS
from tests.faults.random_history import RandomHistory

WHERE: dict[str, Scenario] = {
    "acknowledge because the batch is not ours any more": scenarios.UNHEARD_AGAIN,
    "settle and close without owner": scenarios.UNHEARD_AGAIN,
    "undo maybe_sent_at by any answer": scenarios.UNHEARD,
    "a refusal in doubt is taken as refused": scenarios.UNHEARD,
    "no finish check when the split is found done": scenarios.NOTHING,
    "take-over without condition": scenarios.CORRECTED_TWICE,
    "decided only when closed, waiting without bound": scenarios.CROSSED,
    "POST rows whose claim had no answer": scenarios.ONE_BATCH,
    "no finish check when found closed": scenarios.ONE_BATCH,
    "finished before the report is written": scenarios.ONE_BATCH,
}
"""Mutations that show themselves only in a certain scenario; the others do in the first one."""

OFTEN = {
    "no write-ahead": 400,
    "acknowledge because another holds the lease": 400,
    "47 hours ignored": 400,
    "no finish check when found closed": 400,
    "a refusal in doubt is taken as refused": 400,
    "undo maybe_sent_at by any answer": 2_000,
    "an undecided row is taken over": 2_000,
    "20001 is success": 400,
    "checkpoint before sending, without an outbox": 400,
}
"""Mutations that random histories find, and the number within which they do."""


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_single_deviation_shows_the_mistake(mutation: str) -> None:
    scenario = WHERE.get(mutation, scenarios.LONG)
    assert caught(mutation, scenario) is not None, "the simulation does not see this mistake"


@pytest.mark.parametrize(("mutation", "histories"), OFTEN.items())
def test_random_histories_show_the_mistake(mutation: str, histories: int) -> None:
    assert any(RandomHistory(seed, MUTATIONS[mutation]).run() for seed in range(histories))


def caught(mutation: str, scenario: Scenario) -> Found | None:
    """The first schedule that breaks with the mutation and holds without it (``test_every_single_fault``)."""
    return next((found for found in search(scenario, 1, MANY, MUTATIONS[mutation]) if found), None)
