"""One order's rows: whose price counts, and which rows share its fate."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.conversions import Rejection, Verdict
from conversion_delivery.domain.mapping.order_reader import OrderReader
from conversion_delivery.domain.reading.row_verdicts import RowVerdicts
from tests.domain.rows_to_read import accepted, plan_of, problem_codes

FIELDS = ("order_id", "event", "event_time", "email", "value", "currency", "contents[].quantity", "contents[].price")
SUM, FIRST = "amperity_tiktok_query", "columns"


def row(*, email: str = "ava@example.com", value: str = "", quantity: str = "", price: str = "") -> list[str]:
    return ["A", "Purchase", "2026-11-14T10:01:00Z", email, value, "USD", quantity, price]


def further(quantity: str = "1", price: str = "5.00") -> list[str]:
    return ["A", "", "", "", "", "", quantity, price]


def read(layout: str, *rows: list[str]) -> list[Verdict]:
    plan = plan_of([(field, field) for field in FIELDS], layout=layout)
    return OrderReader(plan, RowVerdicts(plan).read).read(rows, [at + 2 for at in range(len(rows))])


def test_an_order_of_one_row_is_worth_quantity_times_price_where_the_layouts_orders_add_up() -> None:
    (verdict,) = read(SUM, row(value="10.00", quantity="3", price="10.00"))
    assert accepted(verdict).value == 30


def test_elsewhere_an_order_of_one_row_is_worth_the_amount_that_it_names() -> None:
    (verdict,) = read(FIRST, row(value="10.00", quantity="3", price="10.00"))
    assert accepted(verdict).value == 10.0


def test_without_prices_the_amounts_of_the_rows_are_added_up() -> None:
    first, _ = read(SUM, row(value="10.10"), row(value="0.20"))
    assert accepted(first).value == 10.3


@pytest.mark.parametrize("layout", [SUM, FIRST])
def test_a_row_that_fails_only_for_what_it_took_over_shares_the_first_rows_fate(layout: str) -> None:
    verdicts = read(layout, row(email="nobody", value="10.00", quantity="1", price="10.00"), further(), further())
    assert [problem_codes(verdict) for verdict in verdicts] == [
        ["EMAIL_INVALID"],
        ["ORDER_REJECTED"],
        ["ORDER_REJECTED"],
    ]
    shared = verdicts[1]
    assert isinstance(shared, Rejection)
    assert dict(shared.problems[0].facts) == {"first": 2}


def test_a_row_with_a_fault_of_its_own_keeps_it() -> None:
    first = row(email="nobody", value="10.00", quantity="1", price="10.00")
    verdicts = read(SUM, first, further(quantity="many"), further())
    found = [problem_codes(verdict) for verdict in verdicts]
    assert (found[0], found[2]) == (["EMAIL_INVALID"], ["ORDER_REJECTED"])
    assert "QUANTITY_INVALID" in found[1]
