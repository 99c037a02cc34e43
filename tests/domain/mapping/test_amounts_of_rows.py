"""Every form of an amount and a currency of the format paper (section 4.2), with the verdict on its row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.mapping.cell_verdicts import outcome

NB = "\u00a0"
POINT: dict[str, Any] = {"decimal_mark": "."}
COMMA: dict[str, Any] = {"decimal_mark": ","}
SEEN_POINT: dict[str, Any] = {"plan": {"decimal_mark": "."}}
SEEN_COMMA: dict[str, Any] = {"plan": {"decimal_mark": ","}}
JSON_LINES: dict[str, Any] = {"plan": {"format": "jsonl"}}
USD: dict[str, Any] = {"default_currency": "USD"}
EUR: dict[str, Any] = {"default_currency": "EUR"}

USED = [
    # value, currency, what is given, code of the warning, what is sent
    ("59.90", "USD", {}, "", (59.9, "USD")),
    ("1000", "USD", {}, "", (1000, "USD")),
    ("15.999", "USD", POINT, "", (15.999, "USD")),
    ("15.999", "USD", SEEN_POINT, "", (15.999, "USD")),
    ("15.999", "USD", JSON_LINES, "", (15.999, "USD")),
    ("59.9", "USD", JSON_LINES, "", (59.9, "USD")),
    ("59.900000000000006", "USD", JSON_LINES, "VALUE_ROUNDED", (59.9, "USD")),
    ("$59.90", "USD", {}, "VALUE_SYMBOL", (59.9, "USD")),
    ("$59.90", "", USD, "VALUE_SYMBOL", (59.9, "USD")),
    ("59,90 EUR", "EUR", {}, "VALUE_SYMBOL", (59.9, "EUR")),
    ("59,90 EUR", "", EUR, "VALUE_SYMBOL", (59.9, "EUR")),
    ("USD 20.00", "USD", {}, "VALUE_SYMBOL", (20.0, "USD")),
    ("US$ 20.00", "USD", {}, "VALUE_SYMBOL", (20.0, "USD")),
    ("2,310.45", "USD", {}, "", (2310.45, "USD")),
    ("2.310,45", "USD", {}, "", (2310.45, "USD")),
    ("2 310,45", "USD", {}, "", (2310.45, "USD")),
    (f"2{NB}310,45", "USD", {}, "", (2310.45, "USD")),
    ("2'310.45", "USD", {}, "", (2310.45, "USD")),
    ("2,310", "USD", POINT, "", (2310, "USD")),
    ("2.310", "USD", POINT, "", (2.31, "USD")),
    ("2,310", "USD", COMMA, "", (2.31, "USD")),
    ("2.310", "USD", COMMA, "", (2310, "USD")),
    ("2,310", "USD", SEEN_POINT, "", (2310, "USD")),
    ("2,310", "USD", SEEN_COMMA, "", (2.31, "USD")),
    ("2.310", "USD", SEEN_COMMA, "", (2310, "USD")),
    ("19,95", "USD", SEEN_COMMA, "", (19.95, "USD")),
    ("19,95", "USD", {}, "", (19.95, "USD")),
    ("0", "USD", {}, "VALUE_ZERO", (0, "USD")),
    ("0.00", "USD", SEEN_COMMA, "VALUE_ZERO", (0, "USD")),
    ("59.90", "usd", {}, "", (59.9, "USD")),
    ("59.90", "US$", USD, "CURRENCY_WORD", (59.9, "USD")),
    ("59.90", "$", USD, "CURRENCY_WORD", (59.9, "USD")),
    ("59.90", "Dollar", USD, "CURRENCY_WORD", (59.9, "USD")),
    ("59.90", "", USD, "", (59.9, "USD")),
]


@pytest.mark.parametrize(("value", "currency", "given", "code", "sent"), USED)
def test_an_amount_is_used_as_the_paper_says(
    value: str, currency: str, given: dict[str, Any], code: str, sent: tuple[float, str]
) -> None:
    found = outcome({"value": value, "currency": currency}, **given)

    assert (found.verdict, found.codes) == (("warn", (code,)) if code else ("ok", ()))
    assert found.conversion is not None
    assert (found.conversion.value, found.conversion.currency) == sent


REJECTED = [
    ("¥500", "USD", {}, "CURRENCY_CONFLICT"),
    ("59,90 €", "USD", {}, "CURRENCY_CONFLICT"),
    ("2,310", "USD", {}, "VALUE_AMBIGUOUS"),
    ("2.310", "USD", {}, "VALUE_AMBIGUOUS"),
    ("15.999", "USD", {}, "VALUE_AMBIGUOUS"),
    ("19,95", "USD", POINT, "VALUE_AMBIGUOUS"),
    ("12.50", "USD", COMMA, "VALUE_AMBIGUOUS"),
    ("19,95", "USD", SEEN_POINT, "VALUE_AMBIGUOUS"),
    ("12.50", "USD", SEEN_COMMA, "VALUE_AMBIGUOUS"),
    ("19,95", "USD", JSON_LINES, "VALUE_AMBIGUOUS"),
    ("(12.00)", "USD", {}, "VALUE_NEGATIVE"),
    ("-12.00", "USD", {}, "VALUE_NEGATIVE"),
    ("12.00-", "USD", {}, "VALUE_NEGATIVE"),
    ("12.00 CR", "USD", {}, "VALUE_NEGATIVE"),
    ("0", "USD", {"zero_value": "reject"}, "VALUE_ZERO_REFUSED"),
    ("$0.00", "USD", {"zero_value": "reject"}, "VALUE_ZERO_REFUSED"),
    ("2.3E+03", "USD", {}, "VALUE_INVALID"),
    ("1e21", "USD", JSON_LINES, "VALUE_INVALID"),
    ("", "USD", {}, "VALUE_MISSING"),
    ("null", "USD", {}, "VALUE_MISSING"),
    ("N/A", "USD", {}, "VALUE_MISSING"),
    ("NaN", "USD", {}, "VALUE_INVALID"),
    ("Infinity", "USD", {}, "VALUE_INVALID"),
    ("-Infinity", "USD", {}, "VALUE_INVALID"),
    ("true", "USD", {}, "VALUE_INVALID"),
    ("abc", "USD", {}, "VALUE_INVALID"),
    ("59.90", "ZZZ", {}, "CURRENCY_INVALID"),
    ("59.90", "$", EUR, "CURRENCY_INVALID"),
    ("59.90", "BGN", {}, "CURRENCY_UNSUPPORTED"),
    ("59.90", "", {}, "CURRENCY_MISSING"),
]


@pytest.mark.parametrize(("value", "currency", "given", "code"), REJECTED)
def test_an_amount_that_is_none_or_not_clear_rejects_the_row(
    value: str, currency: str, given: dict[str, Any], code: str
) -> None:
    assert outcome({"value": value, "currency": currency}, **given)[:2] == ("reject", (code,))


@pytest.mark.parametrize("value", ["", "null", "N/A"])
def test_other_events_may_lack_an_amount(value: str) -> None:
    assert outcome({"event": "Contact", "value": value}).verdict == "ok"


def test_other_events_may_be_worth_nothing_even_where_purchases_may_not() -> None:
    assert outcome({"event": "Contact", "value": "0"}, zero_value="reject")[:2] == ("warn", ("VALUE_ZERO",))


# Refunds of a part

PARTLY = {"status": "partially_refunded", "value": "59.90", "refunded_amount": "10.00"}
NET: dict[str, Any] = {"partial_refunds": "net"}


def test_what_is_left_of_an_order_is_exact() -> None:
    found = outcome(PARTLY | {"value": "0.30", "refunded_amount": "0.10"}, **NET)

    assert (found.verdict, found.codes) == ("warn", ("VALUE_NET",))
    assert found.conversion is not None
    assert found.conversion.value == 0.2


@pytest.mark.parametrize(("refunded", "left"), [("10.00", 49.9), ("-10.00", 49.9), ("(9.90)", 50), ("$10", 49.9)])
def test_a_refund_is_taken_off_however_it_is_signed(refunded: str, left: float) -> None:
    found = outcome(PARTLY | {"refunded_amount": refunded}, **NET)

    assert found.conversion is not None
    assert found.conversion.value == left


@pytest.mark.parametrize("refunded", ["59.90", "60.00"])
def test_an_order_of_which_nothing_is_left_is_ignored(refunded: str) -> None:
    assert outcome(PARTLY | {"refunded_amount": refunded}, **NET)[:2] == ("ignore", ("ORDER_REFUNDED",))


@pytest.mark.parametrize("refunded", ["", "0.00", "some", "1e1"])
def test_a_partly_refunded_order_has_to_say_how_much(refunded: str) -> None:
    assert outcome(PARTLY | {"refunded_amount": refunded}, **NET)[:2] == ("reject", ("REFUND_INVALID",))


def test_the_refunded_amount_of_any_other_order_is_not_looked_at() -> None:
    found = outcome(PARTLY | {"status": "paid"}, **NET)

    assert found.verdict == "ok"
    assert found.conversion is not None
    assert found.conversion.value == 59.9


def test_without_a_status_column_the_amount_itself_says_what_was_refunded() -> None:
    cells = {"value": "59.90", "refunded_amount": "10.00"}
    found = outcome(cells, partial_refunds="net")
    whole = outcome(cells | {"refunded_amount": "0"}, partial_refunds="net")

    assert found.conversion is not None
    assert found.conversion.value == 49.9
    assert whole.verdict == "ok"


def test_gross_sends_the_whole_amount() -> None:
    found = outcome(PARTLY, partial_refunds="gross")

    assert found.verdict == "ok"
    assert found.conversion is not None
    assert found.conversion.value == 59.9


def test_without_either_a_partly_refunded_order_is_not_counted() -> None:
    assert outcome(PARTLY)[:2] == ("ignore", ("STATUS_NOT_COUNTED",))


@pytest.mark.parametrize("status", ["Partially refunded", "partially-refunded", "PARTLY REFUNDED", "partial refund"])
def test_the_status_of_such_an_order_is_known_in_any_spelling(status: str) -> None:
    found = outcome(PARTLY | {"status": status}, **NET)

    assert found.conversion is not None
    assert found.conversion.value == 49.9
