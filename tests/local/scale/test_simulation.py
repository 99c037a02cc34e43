"""The simulation of deliveries agrees with arithmetic where arithmetic can say the answer."""

from __future__ import annotations

import pytest

from local.scale.simulation import REST_SECONDS, Arrival, Outcome, Simulation
from local.scale.stages import Limits, Stages

MILLION = 1_000_000
FREE = 1e9


def delivered(
    *files: Arrival,
    senders: int = 5,
    splitters: int = 5,
    table_writes: float = FREE,
    tiktok_requests: float = FREE,
    open_batches: int | None = None,
) -> Outcome:
    return Simulation(Stages(), Limits(senders, splitters, table_writes, tiktok_requests, open_batches)).run(files)


def test_a_file_is_done_when_its_last_batch_is_closed() -> None:
    stages = Stages()
    found = delivered(Arrival("one", 1_000), senders=1)
    alone = stages.split_batch_seconds() + stages.send_batch_seconds(0) + stages.post_seconds
    assert found.done_at["one"] == pytest.approx(alone)


def test_an_unfinished_batch_counts_as_a_batch() -> None:
    assert delivered(Arrival("one", 1_001), senders=1).seconds > 1.9 * delivered(Arrival("one", 999), senders=1).seconds


def test_twice_the_senders_take_half_the_time_while_nothing_else_is_in_the_way() -> None:
    five, ten = (delivered(Arrival("f", MILLION), senders=senders).seconds for senders in (5, 10))
    assert ten == pytest.approx(five / 2, rel=0.02)


@pytest.mark.parametrize(
    ("writes", "requests", "wall", "seconds"),
    [
        (4_000.0, FREE, "table writes", MILLION / 4_000),
        (FREE, 10.0, "TikTok requests", MILLION / 1_000 / 10),
    ],
    ids=["table", "tiktok"],
)
def test_a_limit_that_binds_sets_the_time(writes: float, requests: float, wall: str, seconds: float) -> None:
    found = delivered(Arrival("f", MILLION), senders=100, table_writes=writes, tiktok_requests=requests)
    assert found.bottleneck == wall
    assert found.seconds == pytest.approx(seconds, rel=0.03)


def test_events_that_were_delivered_before_need_neither_the_table_nor_tiktok() -> None:
    found = Simulation(limits=Limits(table_writes=1, tiktok_requests=1)).run([Arrival("f", MILLION, duplicates=1.0)])
    assert (found.busy["table writes"], found.busy["TikTok requests"]) == (0.0, 0.0)


def test_a_short_file_is_done_within_minutes_while_a_long_one_is_under_way() -> None:
    files = Arrival("long", 100 * MILLION), Arrival("short", 20, at=600)
    resting = delivered(*files, senders=5)
    tireless = delivered(*files, senders=5, open_batches=0)
    assert resting.done_at["short"] - 600 < 180
    assert tireless.done_at["short"] - 600 > 3_600
    assert resting.longest_queue <= 320 < tireless.longest_queue


def test_resting_costs_a_long_file_next_to_nothing() -> None:
    resting, tireless = (
        delivered(Arrival("long", 10 * MILLION), senders=50, open_batches=most).seconds for most in (None, 0)
    )
    assert resting < 1.01 * tireless + REST_SECONDS


def test_every_file_of_many_is_delivered() -> None:
    files = [Arrival(f"f{number}", rows=7_001, at=number * 3.0) for number in range(200)]
    found = delivered(*files, senders=7, splitters=3)
    assert all(found.done_at[file.name] > file.at for file in files)
    assert max(found.done_at.values()) == found.seconds


def test_the_simulation_gives_the_same_answer_again() -> None:
    assert delivered(Arrival("f", MILLION)) == delivered(Arrival("f", MILLION))
