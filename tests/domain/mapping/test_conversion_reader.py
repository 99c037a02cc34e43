"""Which rows are sent, as what, and what is said about the others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import FIELDS, Conversion, Ignored, Item, Problem, Rejection
from conversion_delivery.domain.events.tiktok_events import EventEncoder
from conversion_delivery.domain.mapping.conversion_codes import CONVERSION_CODES
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.mapping.row_codes import ROW_CODES
from conversion_delivery.domain.reading.reading_codes import READING_CODES
from conversion_delivery.domain.reading.row_verdicts import rejection_of
from conversion_delivery.domain.reading.rows import RowFault
from tests.domain.rows_to_read import (
    CLEAN,
    accepted,
    plan_of,
    problem_codes,
    read,
    read_clean,
    warning_codes,
)

DIGEST = "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f"
WEB = {"event_source": "web"}
CRM = {"event_source": "crm"}
PAGE = {"url": "https://shop.example.com/checkout"}


def test_a_clean_row_becomes_a_conversion() -> None:
    row = CLEAN | {
        "shop_id": "NYC-014",
        "contents[].content_id": "SKU-100",
        "contents[].content_name": "Trail Shoe",
        "contents[].content_category": "Shoes",
        "contents[].brand": "Acme",
        "contents[].quantity": "2",
        "contents[].price": "29.95",
        "content_type": "product",
        "description": "Autumn sale",
    }

    assert read(row) == Conversion(
        event="Purchase",
        event_time=1_794_650_460,
        emails=("ava.lopez@example.com",),
        phones=("+14155550101",),
        value=59.9,
        currency="USD",
        order_id="TT-1001",
        items=(Item("SKU-100", "Trail Shoe", "Shoes", "Acme", 2, 29.95),),
        content_type="product",
        shop_id="NYC-014",
        description="Autumn sale",
    )


def test_the_row_itself_is_left_as_it_was() -> None:
    for cells in (list(CLEAN.values()), ["" for _ in CLEAN], ["x" for _ in CLEAN]):
        before = cells.copy()
        ConversionReader(plan_of([(field, field) for field in CLEAN])).read(cells)
        assert cells == before


# Identifiers


@pytest.mark.parametrize("missing", ["email", "phone"])
def test_one_identifier_is_enough(missing: str) -> None:
    accepted(read_clean({missing: "N/A"}))


def test_every_usable_identifier_of_a_row_is_kept_once() -> None:
    columns = [(field, field) for field in CLEAN] + [("email_2", "email"), ("email_3", "email"), ("phone_2", "phone")]
    verdict = ConversionReader(plan_of(columns)).read(
        [*CLEAN.values(), "AVA.LOPEZ@example.com", DIGEST.upper(), "+1 415 555 0102"]
    )

    assert accepted(verdict).emails == ("ava.lopez@example.com", DIGEST)
    assert accepted(verdict).phones == ("+14155550101", "+14155550102")


def test_a_bad_address_is_left_out_with_a_warning_while_another_identifier_is_left() -> None:
    verdict = accepted(read_clean({"email": "ava@mail"}))

    assert verdict.emails == ()
    assert warning_codes(verdict) == ["EMAIL_INVALID"]


def test_without_another_identifier_it_rejects_the_row() -> None:
    verdict = read_clean({"email": "ava@mail", "phone": ""})

    assert problem_codes(verdict) == ["EMAIL_INVALID"]
    assert problem_codes(read_clean({"email": "ava@mail", "phone": "1.4E+10"})) == ["EMAIL_INVALID", "PHONE_SCIENTIFIC"]


def test_a_row_without_any_identifier_says_so() -> None:
    assert problem_codes(read_clean({"email": "null", "phone": "N/A"})) == ["IDENTIFIER_MISSING"]


def test_an_address_that_needs_a_word_is_used_with_that_word() -> None:
    verdict = accepted(read_clean({"email": "Ava Lopez <ava.lopez@example.com>"}))

    assert verdict.emails == ("ava.lopez@example.com",)
    assert len(verdict.warnings) == 1


def test_a_problem_names_the_column_as_the_customer_wrote_it() -> None:
    columns = [(field, field) for field in CLEAN if field != "email"] + [("E-Mail", "email"), ("Second Mail", "email")]
    values = [cell for field, cell in CLEAN.items() if field != "email"]
    verdict = accepted(ConversionReader(plan_of(columns)).read([*values, "ava@example.com", "ava@mail"]))

    assert verdict.warnings == (Problem("EMAIL_INVALID", "email", "Second Mail", verdict.warnings[0].shown),)


def test_a_national_number_is_read_with_the_country_of_its_row() -> None:
    verdict = read_clean({"phone": "030 23125042", "country": "DE"})

    assert accepted(verdict).phones == ("+493023125042",)


@pytest.mark.parametrize(
    "identifier",
    [
        {"external_id": "user_123"},
        {"ttclid": "E.C.P.abc"},
        {"ttp": "ttp-1"},
        {"ip": "192.0.2.1", "user_agent": "Mozilla/5.0"},
    ],
)
def test_the_web_has_further_identifiers(identifier: dict[str, str]) -> None:
    verdict = read_clean({"email": "", "phone": ""} | PAGE | identifier, **WEB)

    for field, cell in identifier.items():
        assert getattr(accepted(verdict), field) == cell


def test_an_address_without_browser_identifies_nobody() -> None:
    assert problem_codes(read_clean({"email": "", "phone": "", "ip": "192.0.2.1"} | PAGE, **WEB)) == [
        "IDENTIFIER_MISSING"
    ]


@pytest.mark.parametrize("row", [{"lead_id": "7412345678901234567"}, {"email": "ava@example.com"}])
def test_a_crm_event_without_lead_id_needs_an_address_and_the_setting_that_allows_it(row: dict[str, str]) -> None:
    empty = {"email": "", "phone": "", "lead_id": ""}

    accepted(read_clean(empty | row, **CRM, require_lead_id=False))
    assert problem_codes(read_clean(empty, **CRM, require_lead_id=False)) == ["IDENTIFIER_MISSING"]


def test_a_crm_event_without_lead_id_is_rejected_as_the_api_reference_asks() -> None:
    assert problem_codes(read_clean({"lead_id": ""}, **CRM)) == ["LEAD_ID_MISSING"]


def test_a_lead_id_that_a_spreadsheet_rounded_is_no_lead_id() -> None:
    bad = {"lead_id": "7.41235E+18"}

    assert problem_codes(read_clean(bad, **CRM)) == ["LEAD_ID_SCIENTIFIC"]
    assert warning_codes(accepted(read_clean(bad, **CRM, require_lead_id=False))) == ["LEAD_ID_SCIENTIFIC"]
    assert problem_codes(read_clean(bad | {"email": "", "phone": ""}, **CRM, require_lead_id=False)) == [
        "LEAD_ID_SCIENTIFIC"
    ]


def test_fields_of_another_source_are_not_read() -> None:
    verdict = accepted(read_clean({"external_id": "u1", "ttclid": "E.C.P.abc", "lead_id": "7", "ip": "x"}))

    assert (verdict.external_id, verdict.ttclid, verdict.lead_id, verdict.ip) == ("", "", "", "")


def test_a_field_is_read_for_the_event_id_even_if_the_source_does_not_send_it() -> None:
    assert accepted(read_clean({"external_id": "u1"}, event_id_from=["external_id"])).external_id == "u1"


# Event and time


def test_event_and_time_are_needed() -> None:
    verdict = read_clean({"event": "", "event_time": ""})

    assert problem_codes(verdict) == ["EVENT_MISSING", "TIME_MISSING"]


def test_labels_that_are_no_events_need_the_event_map() -> None:
    assert problem_codes(read_clean({"event": "In Store"})) == ["EVENT_UNKNOWN"]
    assert accepted(read_clean({"event": "In Store"}, event_map={"In Store": "Purchase"})).event == "Purchase"


def test_a_file_without_an_event_column_uses_the_default_event() -> None:
    row = {field: cell for field, cell in CLEAN.items() if field != "event"}

    assert accepted(read(row, default_event="Contact")).event == "Contact"
    assert problem_codes(read(row)) == ["EVENT_MISSING"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("2026-10-01T00:00:00Z", "TIME_TOO_OLD"), ("2026-11-17T00:00:00Z", "TIME_FUTURE"), ("yesterday", "TIME_INVALID")],
)
def test_a_time_outside_the_window_rejects_the_row(cell: str, code: str) -> None:
    assert problem_codes(read_clean({"event_time": cell})) == [code]


def test_a_date_without_a_clock_is_used_with_a_warning() -> None:
    verdict = accepted(read_clean({"event_time": "2026-11-14"}))

    assert verdict.event_time == 1_794_614_400
    assert warning_codes(verdict) == ["TIME_NO_CLOCK"]


def test_day_clock_and_zone_may_stand_in_columns_of_their_own() -> None:
    row = {field: cell for field, cell in CLEAN.items() if field != "event_time"}
    parts = {"event_date": "2026-11-14", "event_clock": "11:01:00", "event_zone": "Europe/Berlin"}

    assert accepted(read(row | parts)).event_time == 1_794_650_460
    assert problem_codes(read(row | parts | {"event_date": ""})) == ["TIME_MISSING"]


def test_a_zone_column_stands_for_the_zone_of_the_time() -> None:
    row = {"event_time": "2026-11-14 11:01:00", "event_zone": "Europe/Berlin"}

    assert accepted(read_clean(row)).event_time == 1_794_650_460


# Amount and currency


def test_a_purchase_needs_amount_and_currency() -> None:
    assert problem_codes(read_clean({"value": ""})) == ["VALUE_MISSING"]
    assert problem_codes(read_clean({"currency": ""})) == ["CURRENCY_MISSING"]
    assert problem_codes(read_clean({"value": "", "currency": "ZZZ"})) == ["VALUE_MISSING", "CURRENCY_INVALID"]


def test_the_setting_lifts_that() -> None:
    verdict = accepted(read_clean({"value": "", "currency": ""}, require_value_for_purchase=False))

    assert (verdict.value, verdict.currency, verdict.warnings) == (None, "", ())


def test_other_events_need_no_amount_and_send_no_currency_without_one() -> None:
    verdict = accepted(read_clean({"event": "Contact", "value": ""}))

    assert (verdict.value, verdict.currency, verdict.warnings) == (None, "", ())


def test_a_price_needs_its_currency_even_without_an_amount() -> None:
    verdict = accepted(read_clean({"event": "AddToCart", "value": "", "contents[].price": "5.00"}))

    assert (verdict.value, verdict.currency) == (None, "USD")


def test_an_amount_whose_currency_nobody_knows_is_left_out() -> None:
    verdict = accepted(read_clean({"event": "Contact", "currency": ""}))

    assert (verdict.value, verdict.currency) == (None, "")
    assert warning_codes(verdict) == ["VALUE_WITHOUT_CURRENCY"]


@pytest.mark.parametrize(
    ("cells", "given", "currency"),
    [
        ({"currency": "eur"}, {"default_currency": "USD", "currency_hint": "GBP"}, "EUR"),
        ({"currency": "", "value": "59,90 EUR"}, {}, "EUR"),
        ({"currency": ""}, {"default_currency": "USD", "currency_hint": "GBP"}, "GBP"),
        ({"currency": ""}, {"default_currency": "USD"}, "USD"),
    ],
)
def test_the_currency_is_the_rows_then_the_amounts_then_the_headers_then_the_default(
    cells: dict[str, str], given: dict[str, Any], currency: str
) -> None:
    verdict = accepted(read_clean(cells, **given))

    assert (verdict.value, verdict.currency) == (59.9, currency)


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"value": "-5.00"}, ["VALUE_NEGATIVE"]),
        ({"value": "abc"}, ["VALUE_INVALID"]),
        ({"currency": "ZZZ"}, ["CURRENCY_INVALID"]),
        ({"currency": "BGN"}, ["CURRENCY_UNSUPPORTED"]),
        ({"value": "€5.00"}, ["CURRENCY_CONFLICT"]),
        ({"event": "Contact", "value": "abc"}, ["VALUE_INVALID"]),
        ({"event": "Contact", "currency": "ZZZ"}, ["CURRENCY_INVALID"]),
    ],
)
def test_a_bad_amount_or_currency_rejects_the_row(cells: dict[str, str], codes: list[str]) -> None:
    assert problem_codes(read_clean(cells)) == codes


def test_a_zero_amount_is_sent_with_a_warning() -> None:
    verdict = accepted(read_clean({"value": "0.00"}))

    assert verdict.value == 0
    assert warning_codes(verdict) == ["VALUE_ZERO"]


# Ids


@pytest.mark.parametrize("order", ["#1001", "000123", " TT-1 ", "4E13", "a b/c", "x" * 256])
def test_order_ids_stay_text(order: str) -> None:
    assert accepted(read_clean({"order_id": order})).order_id == order.strip()


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ("4.00077E+13", "ORDER_ID_SCIENTIFIC"),
        ("ava@example.com", "ORDER_ID_PERSONAL"),
        ("+14155550199", "ORDER_ID_PERSONAL"),
        ("4155550101", "ORDER_ID_PERSONAL"),
        ("x" * 257, "ORDER_ID_TOO_LONG"),
    ],
)
def test_an_order_id_that_cannot_be_used_is_left_out_with_a_warning(order: str, code: str) -> None:
    verdict = accepted(read_clean({"order_id": order}))

    assert verdict.order_id == ""
    assert warning_codes(verdict) == [code]


@pytest.mark.parametrize("event_id", ["e-1", "550e8400-e29b-41d4-a716-446655440000", DIGEST, "4155550199"])
def test_an_event_id_is_kept(event_id: str) -> None:
    assert accepted(read_clean({"event_id": event_id})).given_event_id == event_id


@pytest.mark.parametrize("event_id", ["ava@example.com", "+14155550199", "14155550101", "4155550101"])
def test_an_event_id_that_is_personal_rejects_the_row(event_id: str) -> None:
    assert problem_codes(read_clean({"event_id": event_id})) == ["EVENT_ID_PERSONAL"]


def test_so_does_one_that_is_the_digest_of_the_rows_address() -> None:
    row = {"email": "alice_abc@gmail.com", "event_id": DIGEST}

    assert problem_codes(read_clean(row)) == ["EVENT_ID_PERSONAL"]


def test_an_event_id_that_is_too_long_rejects_the_row_and_a_rounded_one_is_left_out() -> None:
    assert problem_codes(read_clean({"event_id": "x" * 257})) == ["EVENT_ID_TOO_LONG"]
    assert accepted(read_clean({"event_id": "4.00077E+13"})).given_event_id == ""
    assert warning_codes(read_clean({"event_id": "4.00077E+13"})) == ["EVENT_ID_SCIENTIFIC"]


# Items and texts


@pytest.mark.parametrize(("cell", "units"), [("1", 1), ("2.0", 2), (" 3 ", 3), ("12,0", 12), ("", None), ("N/A", None)])
def test_quantities_are_whole_units(cell: str, units: int | None) -> None:
    items = accepted(read_clean({"contents[].quantity": cell})).items

    assert items == (() if units is None else (Item(quantity=units),))


@pytest.mark.parametrize("cell", ["0", "-1", "two", "1e3", "9" * 20, "1.x", "²"])
def test_a_quantity_that_is_none_rejects_the_row(cell: str) -> None:
    assert problem_codes(read_clean({"contents[].quantity": cell})) == ["QUANTITY_INVALID"]


def test_a_quantity_by_weight_is_left_out_with_a_warning() -> None:
    verdict = accepted(read_clean({"contents[].quantity": "0.456"}))

    assert verdict.items == ()
    assert warning_codes(verdict) == ["QUANTITY_FRACTION"]


@pytest.mark.parametrize("cell", ["-5.00", "abc"])
def test_a_price_that_is_none_rejects_the_row(cell: str) -> None:
    assert problem_codes(read_clean({"contents[].price": cell})) == ["PRICE_INVALID"]


def test_a_price_of_nothing_is_a_gift_and_needs_no_word() -> None:
    verdict = accepted(read_clean({"contents[].price": "0.00", "contents[].content_id": "GIFT"}))

    assert verdict.items == (Item("GIFT", price=0.0),)
    assert verdict.warnings == ()


@pytest.mark.parametrize("field", ["shop_id", "contents[].content_name", "contents[].content_id", "description"])
@pytest.mark.parametrize(("cell", "code"), [("for ava@example.com", "TEXT_PERSONAL"), ("x" * 1_001, "TEXT_TOO_LONG")])
def test_a_text_that_may_not_travel_is_left_out_with_a_warning(field: str, cell: str, code: str) -> None:
    reader = ConversionReader(plan_of([(name, name) for name in (*CLEAN, field)]))
    for _ in range(2):
        verdict = accepted(reader.read([*CLEAN.values(), cell]))
        assert (verdict.items, verdict.shop_id, verdict.description) == ((), "", "")
        assert warning_codes(verdict) == [code]

    accepted(reader.read([*CLEAN.values(), "Mug"]))


@pytest.mark.parametrize(("cell", "kind"), [("Product", "product"), ("product group", "product_group"), ("", "")])
def test_content_types_are_two(cell: str, kind: str) -> None:
    assert accepted(read_clean({"content_type": cell})).content_type == kind
    assert warning_codes(read_clean({"content_type": "bundle"})) == ["CONTENT_TYPE_UNKNOWN"]


# The page and other web fields


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("", ["URL_MISSING"]),
        ("shop.example.com", ["URL_INVALID"]),
        ("javascript:alert(1)", ["URL_INVALID"]),
        ("https://shop.example.com/ava@example.com", ["URL_INVALID"]),
        ("https://x.example/" + "a" * 4_000, ["URL_INVALID"]),
    ],
)
def test_a_web_event_needs_the_address_of_its_page(cell: str, codes: list[str]) -> None:
    assert problem_codes(read_clean({"url": cell}, **WEB)) == codes


def test_without_a_column_for_it_every_web_row_lacks_it() -> None:
    assert problem_codes(read_clean({}, **WEB)) == ["URL_MISSING"]


@pytest.mark.parametrize("query", ["?mail=ava@example.com", "?mail=ava%40example.com", "#ava@example.com"])
def test_a_page_address_is_cut_where_an_e_mail_address_stands_in_it(query: str) -> None:
    verdict = accepted(read_clean({"url": PAGE["url"] + query}, **WEB))

    assert verdict.url == PAGE["url"]
    assert warning_codes(verdict) == ["URL_PERSONAL"]


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("ip", "300.1.1.1", "IP_INVALID"),
        ("referrer", "nowhere", "URL_INVALID"),
        ("ttclid", "ava@example.com", "TEXT_PERSONAL"),
        ("external_id", "4.00077E+13", "EXTERNAL_ID_SCIENTIFIC"),
        ("external_id", "x" * 257, "EXTERNAL_ID_TOO_LONG"),
    ],
)
def test_a_bad_web_field_is_left_out_while_the_row_has_an_identifier(field: str, cell: str, code: str) -> None:
    verdict = accepted(read_clean(PAGE | {field: cell}, **WEB))

    assert getattr(verdict, field) == ""
    assert warning_codes(verdict) == [code]


@pytest.mark.parametrize(("cell", "flag"), [("true", True), ("LDU", True), ("0", False), ("", None), ("null", None)])
def test_limited_data_use_is_a_flag(cell: str, flag: bool | None) -> None:
    assert accepted(read_clean(PAGE | {"limited_data_use": cell}, **WEB)).limited_data_use is flag
    assert problem_codes(read_clean(PAGE | {"limited_data_use": "perhaps"}, **WEB)) == ["LIMITED_DATA_USE_INVALID"]


def test_an_ip_address_may_be_empty_or_of_either_version() -> None:
    row = PAGE | {"ip": "2001:db8::1"}

    assert accepted(read_clean(row, **WEB)).ip == "2001:db8::1"
    assert accepted(read_clean(row | {"ip": "N/A"}, **WEB)).ip == ""


def test_a_customer_id_may_be_an_address_because_it_is_hashed() -> None:
    verdict = accepted(read_clean(PAGE | {"external_id": " Ava@example.com "}, **WEB))

    assert verdict.external_id == "Ava@example.com"
    assert accepted(read_clean(PAGE | {"external_id": DIGEST.upper()}, **WEB)).external_id == DIGEST


# Whole rows


def test_columns_without_a_field_make_no_difference() -> None:
    columns = [(None, "first_name"), *((field, field) for field in CLEAN)]
    reader = ConversionReader(plan_of([(header, field) for field, header in columns]))

    assert reader.read(["Pat", *CLEAN.values()]) == read(CLEAN)


def test_every_problem_of_a_row_is_told_in_a_stable_order() -> None:
    verdict = read_clean(
        {
            "event": "Walk-in",
            "event_time": "yesterday",
            "email": "ava@mail",
            "phone": "",
            "value": "abc",
            "currency": "ZZZ",
            "event_id": "ava@example.com",
            "contents[].quantity": "two",
        }
    )

    assert problem_codes(verdict) == [
        "EMAIL_INVALID",
        "EVENT_UNKNOWN",
        "TIME_INVALID",
        "VALUE_INVALID",
        "CURRENCY_INVALID",
        "EVENT_ID_PERSONAL",
        "QUANTITY_INVALID",
    ]


def test_a_rejected_row_keeps_its_warnings() -> None:
    verdict = read_clean({"value": "", "order_id": "4.00077E+13"})

    assert problem_codes(verdict) == ["VALUE_MISSING"]
    assert warning_codes(verdict) == ["ORDER_ID_SCIENTIFIC"]


@pytest.mark.parametrize("cell", ["", " ", "\t"])
def test_a_blank_row_is_nobodys_error(cell: str) -> None:
    verdict = read(dict.fromkeys(CLEAN, cell))

    assert isinstance(verdict, Ignored)
    assert verdict.problem.code == "ROW_BLANK"


def test_a_repeated_header_is_nobodys_error() -> None:
    assert problem_codes(read({field: f" {field}" for field in CLEAN})) == ["HEADER_REPEATED"]


def test_of_several_columns_for_one_field_the_first_filled_one_counts() -> None:
    columns = [(field, field) for field in CLEAN if field != "value"]
    columns += [("Value", "value"), ("Revenue", "value"), ("Total", "value")]
    reader = ConversionReader(plan_of(columns))
    cells = [cell for field, cell in CLEAN.items() if field != "value"]

    assert accepted(reader.read([*cells, "", "N/A", "7.00"])).value == 7.0
    assert accepted(reader.read([*cells, "5.00", "6.00", "7.00"])).value == 5.0


def test_a_problem_names_the_column_that_counted() -> None:
    columns = [(field, field) for field in CLEAN if field != "value"] + [("Value", "value"), ("Total", "value")]
    reader = ConversionReader(plan_of(columns))
    cells = [cell for field, cell in CLEAN.items() if field != "value"]
    rejected = reader.read([*cells, "", "abc"])
    warned = reader.read([*cells, "", "0"])

    assert isinstance(rejected, Rejection)
    assert [problem.column for problem in rejected.problems] == ["Total"]
    assert [problem.column for problem in accepted(warned).warnings] == ["Total"]
    assert problem_codes(reader.read([""] * len(columns))) == ["ROW_BLANK"]


def test_a_record_that_is_no_row_is_rejected_with_its_numbers() -> None:
    facts = (("found", 9), ("expected", 8))

    assert rejection_of(RowFault("ROW_SHAPE", ["a"], 9, 8)) == Rejection(
        (Problem("ROW_SHAPE", "", "", "(9 instead of 8)", facts),)
    )
    unclosed = rejection_of(RowFault("QUOTE_UNCLOSED", ["a"]))
    assert isinstance(unclosed, Rejection)
    assert unclosed.problems[0].shown == ""


ALL_CODES = {**ROW_CODES, **CONVERSION_CODES, **READING_CODES}
CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", *CLEAN.values(), "4.00077E+13", "N/A", "0", "-1", "+14155550101", "ava@example.com", "x" * 300]
    ),
)


@given(
    st.sampled_from(["offline", "web", "crm"]),
    st.lists(st.sampled_from(sorted(FIELDS)), max_size=12),
    st.data(),
)
def test_any_row_of_any_columns_has_a_verdict_that_can_be_explained(
    source: str, fields: list[str], data: st.DataObject
) -> None:
    """Whatever the cells: no exception, codes with sentences, and an event that can be encoded."""
    plan = plan_of([(f"column {at}", field) for at, field in enumerate(fields)], event_source=source)
    reader = ConversionReader(plan)
    for _ in range(2):
        verdict = reader.read(data.draw(st.lists(CELLS, min_size=len(fields), max_size=len(fields))))
        if isinstance(verdict, Conversion):
            EventEncoder(plan).encode(verdict)
        problems = (verdict.problem,) if isinstance(verdict, Ignored) else verdict.warnings
        problems += verdict.problems if isinstance(verdict, Rejection) else ()
        assert {problem.code for problem in problems} <= set(ALL_CODES)


@given(st.permutations(sorted(CLEAN)), st.booleans())
def test_the_event_is_the_same_in_any_order_of_columns(order: list[str], has_order_id: bool) -> None:
    row = CLEAN if has_order_id else CLEAN | {"order_id": ""}
    columns, moved = [(field, field) for field in row], [(field, field) for field in order]
    first = ConversionReader(plan_of(columns)).read([row[field] for field, _ in columns])
    second = ConversionReader(plan_of(moved)).read([row[field] for field, _ in moved])

    assert EventEncoder(plan_of(columns)).encode(accepted(first)) == EventEncoder(plan_of(moved)).encode(
        accepted(second)
    )
