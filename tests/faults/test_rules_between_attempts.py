"""Rules that change between two attempts of one batch, in the cases that random histories meet rarely."""

from __future__ import annotations

import pytest

from tests.faults import scenarios
from tests.faults.disturbances import AnswerFault
from tests.faults.every_fault import Run, Scenario
from tests.faults.histories import finish, run_worker
from tests.faults.invariants import reported
from tests.faults.tiny_files import STRICT_VALUE
from tests.faults.wiring import THE_PRODUCT


def attempted_under(first_rules_are_strict: bool) -> Run:
    """A row that strict rules refuse, and its good copy; one attempt is throttled, then the rules change."""
    files = [scenarios.rows(f"a{STRICT_VALUE} a1")]
    run = Run(Scenario("rules", files, answers=(AnswerFault.THROTTLED,)), {}, THE_PRODUCT)
    world = run.world
    run.drop()
    run_worker(world, run.workflows, world.queue.sent[0])
    world.rules.strict = first_rules_are_strict
    run_worker(world, run.workflows, world.queue.sent[1])
    world.rules.strict = not first_rules_are_strict
    finish(world, run.workflows)
    return run


@pytest.mark.parametrize("first_rules_are_strict", [False, True])
def test_exactly_one_row_of_the_report_says_delivered(first_rules_are_strict: bool) -> None:
    run = attempted_under(first_rules_are_strict)
    assert run.world.violations == []
    assert [row.outcome for row in reported(run.world)].count("delivered") == 1
