"""Estimates: dollars and time of a file, before it is dropped."""

from __future__ import annotations

import pytest

from local.costs import PRICES
from local.scale.estimate import estimate, usage_of_file
from local.scale.stages import Limits, Stages

MILLION = 1_000_000


def test_a_million_new_events_stay_below_the_promised_price() -> None:
    found = estimate(MILLION, 0.0)
    assert PRICES.write_units * MILLION < found.per_million.total <= 0.75


def test_events_that_were_delivered_before_cost_a_quarter() -> None:
    assert estimate(MILLION, 1.0).per_million.total <= 0.20


def test_the_price_per_event_does_not_grow_with_the_file() -> None:
    prices = [
        estimate(rows, 0.0, limits=Limits(senders=50)).per_million.total for rows in (10_000, MILLION, 20 * MILLION)
    ]
    assert prices == sorted(prices, reverse=True)
    assert prices[1] == pytest.approx(prices[2], rel=0.01)


def test_a_file_pays_its_own_overhead_once() -> None:
    one, many = (usage_of_file(rows, 0.0, Stages()) for rows in (1_000, 1_000_000))
    assert many.s3_writes < 1_000 * one.s3_writes
    assert many.write_units == pytest.approx(1_000 * one.write_units, rel=0.02)


def test_slower_stages_cost_more() -> None:
    assert estimate(MILLION, 0.0, Stages(claim_event_us=1_000)).cost.total > estimate(MILLION, 0.0).cost.total
