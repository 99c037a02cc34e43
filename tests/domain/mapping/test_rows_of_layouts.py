"""Rows of known layouts: which of them count, and what they become."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.domain.batches import START
from conversion_delivery.domain.conversions import Ignored, Verdict
from conversion_delivery.domain.layouts.columns import map_columns
from conversion_delivery.domain.layouts.layouts import layout_named
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from tests.domain.rows_to_read import AS_OF, accepted, problem_codes, settings

SHOPIFY = {
    "Name": "#1001",
    "Email": "al.brook@example.com",
    "Financial Status": "paid",
    "Paid at": "2026-11-14 10:15:30 -0500",
    "Created at": "2026-11-13 10:15:29 -0500",
    "Currency": "USD",
    "Total": "59.90",
    "Refunded Amount": "0.00",
    "Lineitem quantity": "1",
    "Lineitem name": "Trail Shoe - 9",
    "Lineitem price": "55.00",
    "Lineitem sku": "SKU-100",
    "Phone": "",
    "Billing Phone": "(404) 555-0133",
    "Shipping Phone": "(404) 555-0177",
    "Billing Country": "US",
    "Cancelled at": "",
    "Id": "5550000001001",
}
SQUARE = {
    "Date": "11/14/2026",
    "Time": "2:30:00 PM",
    "Time Zone": "Eastern Time (US & Canada)",
    "Total Collected": "$70.00",
    "Transaction ID": "TX900",
    "Payment ID": "PM900",
    "Event Type": "Payment",
    "Transaction Status": "Complete",
    "Email Address": "dee@example.com",
}
SEGMENT = {
    "type": "track",
    "event": "Order Completed",
    "messageId": "ajs-1",
    "timestamp": "2026-11-14T18:22:33.456Z",
    "properties.email": "",
    "context.traits.email": "user1@example.com",
    "properties.order_id": "S-1",
    "properties.revenue": "59.90",
    "properties.currency": "USD",
    "context.page.url": "https://shop.example.com/",
}


def read(layout: str, row: dict[str, str], **given: Any) -> Verdict:
    header = tuple(row)
    chosen = settings(default_currency="USD", default_country="US", **given)
    plan = ReadingPlan(
        settings=chosen,
        as_of=AS_OF,
        layout=layout_named(layout).name,
        format=layout_named(layout).format,
        header=header,
        columns=map_columns(header, chosen, layout_named(layout)),
        date_order=layout_named(layout).date_order,
        data_starts=START,
    )
    return ConversionReader(plan).read(list(row.values()))


def test_a_paid_order_of_a_shop_is_a_purchase_at_the_time_of_payment() -> None:
    order = accepted(read("shopify", SHOPIFY))

    assert (order.event, order.order_id, order.given_event_id) == ("Purchase", "#1001", "5550000001001")
    assert (order.value, order.currency, order.event_time) == (59.9, "USD", 1_794_669_330)
    assert order.items[0].content_id == "SKU-100"


def test_of_the_phones_of_an_order_the_first_that_is_filled_counts() -> None:
    assert accepted(read("shopify", SHOPIFY)).phones == ("+14045550133",)
    assert accepted(read("shopify", SHOPIFY | {"Phone": "'+14155550166"})).phones == ("+14155550166",)
    assert accepted(read("shopify", SHOPIFY | {"Billing Phone": ""})).phones == ("+14045550177",)


def test_an_unpaid_time_gives_way_to_the_time_of_the_order() -> None:
    order = accepted(read("shopify", SHOPIFY | {"Paid at": ""}))

    assert order.event_time == 1_794_582_929


@pytest.mark.parametrize(
    "status", ["pending", "authorized", "partially_paid", "refunded", "voided", "partially_refunded"]
)
def test_an_order_that_is_not_paid_is_not_counted(status: str) -> None:
    assert problem_codes(read("shopify", SHOPIFY | {"Financial Status": status})) == ["STATUS_NOT_COUNTED"]


@pytest.mark.parametrize(("wish", "value"), [("gross", 59.9), ("net", 49.9)])
def test_a_partly_refunded_order_counts_where_the_destination_wants_it(wish: str, value: float) -> None:
    row = SHOPIFY | {"Financial Status": "partially_refunded", "Refunded Amount": "10.00"}

    assert accepted(read("shopify", row, partial_refunds=wish)).value == value
    assert accepted(read("shopify", row, partial_refunds=wish, countable_status=["paid"])).value == value


def test_a_cancelled_order_is_left_out_with_its_own_cause() -> None:
    verdict = read("shopify", SHOPIFY | {"Cancelled at": "2026-11-14 12:00:00 -0500"})

    assert isinstance(verdict, Ignored)
    assert (verdict.problem.code, verdict.problem.column) == ("ORDER_CANCELLED", "Cancelled at")


def test_a_payment_at_a_till_is_a_purchase_at_its_date_time_and_zone() -> None:
    sale = accepted(read("square", SQUARE))

    assert (sale.event, sale.order_id, sale.value, sale.event_time) == ("Purchase", "TX900", 70, 1_794_684_600)
    assert sale.emails == ("dee@example.com",)


def test_a_refund_at_a_till_is_no_payment_whatever_status_counts() -> None:
    refund = SQUARE | {"Event Type": "Refund", "Total Collected": "-$12.00"}

    assert problem_codes(read("square", refund)) == ["NOT_A_PAYMENT"]
    assert problem_codes(read("square", refund, countable_status=["refund"])) == ["NOT_A_PAYMENT"]
    accepted(read("square", SQUARE, countable_status=["complete"]))


def test_an_order_of_an_archive_is_a_purchase_with_the_second_choices_of_its_columns() -> None:
    order = accepted(read("segment", SEGMENT))

    assert (order.event, order.value, order.order_id, order.given_event_id) == ("Purchase", 59.9, "S-1", "ajs-1")
    assert order.emails == ("user1@example.com",)
    assert order.url == ""


def test_the_first_address_of_an_event_stands_for_the_person() -> None:
    order = accepted(read("segment", SEGMENT | {"properties.email": "user2@example.com"}))

    assert order.emails == ("user2@example.com",)


@pytest.mark.parametrize("call", ["identify", "group", "alias", "screen", "page"])
def test_calls_of_an_archive_that_report_no_event_are_left_out(call: str) -> None:
    row = SEGMENT | {"type": call, "event": ""}

    assert problem_codes(read("segment", row)) == ["CALL_NOT_TRACK"]


def test_a_page_call_is_a_page_view_on_the_web() -> None:
    view = accepted(read("segment", SEGMENT | {"type": "page", "event": ""}, event_source="web"))

    assert (view.event, view.url) == ("PageView", "https://shop.example.com/")
    assert problem_codes(read("segment", SEGMENT | {"type": "identify", "event": ""}, event_source="web")) == [
        "CALL_NOT_TRACK"
    ]


@pytest.mark.parametrize(
    ("event", "code"),
    [("Order Refunded", "EVENT_REFUND"), ("Song Played", "EVENT_NOT_MAPPED"), ("Order Placed", "EVENT_NOT_MAPPED")],
)
def test_events_of_an_archive_that_are_no_conversions_are_left_out_and_not_wrong(event: str, code: str) -> None:
    verdict = read("segment", SEGMENT | {"event": event})

    assert isinstance(verdict, Ignored)
    assert (verdict.problem.code, verdict.problem.column, verdict.problem.shown) == (code, "event", event)


def test_pinterests_checkout_is_a_purchase() -> None:
    row = {"email": "a@example.com", "event_time": "11/14/2026 5:01:54 PM", "event_type": "Checkout", "value": "5"}

    assert accepted(read("pinterest", row | {"source_type": "offline"})).event == "Purchase"


def test_the_first_filled_consent_column_of_google_decides() -> None:
    row = {
        "Email": "ann.fox@example.com",
        "Conversion Name": "Lead",
        "Conversion Time": "2026-11-14T14:00:00",
        "Ad User Data": "Granted",
        "Ad Personalization": "Denied",
    }

    assert accepted(read("google", row)).event == "Lead"
    assert problem_codes(read("google", row | {"Ad User Data": "Denied"})) == ["CONSENT_DENIED"]
    assert problem_codes(read("google", row | {"Ad User Data": ""})) == ["CONSENT_DENIED"]


def test_a_won_deal_counts_and_any_other_does_not() -> None:
    deal = {
        "Record ID": "1234567",
        "Deal Stage": "Closed Won",
        "Amount": "75000",
        "Close Date": "2026-11-12",
        "Deal owner": "sam@agency.example.com",
        "Associated Contact": "Eve Upton (eve.upton@example.com)",
    }

    assert accepted(read("hubspot", deal)).emails == ("eve.upton@example.com",)
    assert problem_codes(read("hubspot", deal | {"Deal Stage": "Closed Lost"})) == ["STATUS_NOT_COUNTED"]


def test_the_categories_of_an_item_are_levels_of_one() -> None:
    row = {
        "id": "10001",
        "context.event_timestamp": "1794669330000",
        "user.email": "ca1@example.com",
        "items[].product.category_1": "Home",
        "items[].product.category_2": "",
        "items[].product.category_3": "Kitchen",
        "value": "59.90",
        "currency": "EUR",
    }
    order = accepted(read("commandersact", row))

    assert (order.order_id, order.given_event_id) == ("10001", "10001")
    assert order.items[0].content_category == "Home > Kitchen"


def test_an_objection_in_a_file_for_another_platform_is_one_for_tiktok_too() -> None:
    row = {"event_name": "Purchase", "event_time": "1794669330", "user.email": "joe@example.com", "custom.value": "9"}

    accepted(read("meta_capi", row | {"opt_out": "false"}))
    assert problem_codes(read("meta_capi", row | {"opt_out": "true"})) == ["CONSENT_DENIED"]
