"""A split that is cut off around the sending of a batch, and then meets another world."""

from __future__ import annotations

import pytest

from tests.faults import scenarios
from tests.faults.disturbances import Disturbance, Kind
from tests.faults.every_fault import Deviation, Run, Scenario
from tests.faults.histories import finish, run_worker
from tests.faults.tiny_files import STRICT_VALUE
from tests.faults.wiring import THE_PRODUCT
from tests.faults.world import Sizes

CRASHES = (Kind.CRASH_BEFORE, Kind.CRASH_AFTER)


def interrupted(rows: str, sizes: Sizes, sends: int, crash: Kind) -> Run:
    """The splitter died just before, or just after, the last of its ``sends`` of batches."""
    scenario = Scenario("interrupted", [scenarios.rows(rows)], sizes)
    usual = Run(scenario, {}, THE_PRODUCT)
    usual.run()
    steps = [step for step, effect in enumerate(usual.plan.effects, start=1) if effect == "queue.send_batches"]
    run = Run(scenario, {steps[sends - 1]: Deviation(Disturbance(crash))}, THE_PRODUCT)
    run.drop()
    run_worker(run.world, run.workflows, run.world.queue.sent[0])
    sent = sends if crash is Kind.CRASH_AFTER else sends - 1
    assert [message.batch for message in run.world.queue.sent] == [None, *range(1, sent + 1)]
    return run


def deliver_batches(run: Run) -> None:
    for message in [message for message in run.world.queue.visible() if message.batch is not None]:
        run_worker(run.world, run.workflows, message)


@pytest.mark.parametrize("crash", CRASHES)
def test_a_file_whose_source_goes_is_not_finished_before_its_last_batch_is_closed(crash: Kind) -> None:
    run = interrupted("a1 b1 c1", Sizes(rows_per_batch=1), 2, crash)
    world = run.world
    world.stores.uploads.delete(world.files[0].upload)
    world.queue.bury(world.queue.sent[1])
    deliver_batches(run)
    world.clock.advance(1800)
    run_worker(world, run.workflows, world.queue.sent[0])
    assert world.stores.progress.files[world.files[0].file_id].finished_at is None
    assert finish(world, run.workflows) == []


@pytest.mark.parametrize("crash", CRASHES)
def test_a_delivered_row_stands_in_the_report_though_the_source_goes(crash: Kind) -> None:
    run = interrupted("a1 b1 c1", Sizes(rows_per_batch=1), 2, crash)
    deliver_batches(run)
    run.world.stores.uploads.delete(run.world.files[0].upload)
    assert finish(run.world, run.workflows) == []


@pytest.mark.parametrize("crash", CRASHES)
def test_no_row_is_lost_when_the_rules_change_before_the_split_goes_on(crash: Kind) -> None:
    run = interrupted(f"a1 b{STRICT_VALUE} c1 d1", Sizes(rows_per_batch=2), 1, crash)
    deliver_batches(run)
    run.world.rules.strict = True
    assert finish(run.world, run.workflows) == []
    assert {"set-1#Purchase#c", "set-1#Purchase#d"} <= set(run.world.tiktok.counted)
