"""Headers as people write them, and the fields they feed."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.conversions import FIELDS
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.column_aliases import ALIASES, FURTHER, NEVER, UNUSED
from conversion_delivery.domain.layouts.columns import (
    IDENTIFIERS,
    SOURCES,
    absent_columns,
    currency_hint,
    map_columns,
    refuse_missing,
    required_fields,
)
from conversion_delivery.domain.layouts.header_names import currency_of, header_name, is_ours
from conversion_delivery.domain.layouts.layouts import BY_ALIASES, Layout, layout_named
from conversion_delivery.domain.reading.reading_plans import ColumnUse


def settings(**given: object) -> DestinationSettings:
    return DestinationSettings.model_validate({"event_source_id": "1", **given})


def mapped(header: str, layout: Layout = BY_ALIASES, **given: object) -> tuple[ColumnUse, ...]:
    return map_columns(header.split(","), settings(**given), layout)


def fields_of(header: str, layout: Layout = BY_ALIASES, **given: object) -> list[tuple[str, str | None]]:
    return [(use.header, use.field) for use in mapped(header, layout, **given)]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("\ufeffEmail", "email"),
        ("\u00a0E-Mail\u00a0", "e_mail"),
        ("Event\u00a0Type", "event_type"),
        ('"Order / ID"', "order_id"),
        ("[email]", "email"),
        ("“Phone  Number”", "phone_number"),
        ("Total (USD)", "total"),
        ("Total ( eur )", "total"),
        ("Betrag (€)", "betrag"),
        ("Total ($)", "total"),
        ("Size (XL)", "size_(xl)"),
        ("Email (already SHA256 hashed)", "email_(already_sha256_hashed)"),
        ("user.email", "user.email"),
        ("- order_id -", "order_id"),
        ("_ttp", "_ttp"),
        ("order –  id", "order_id"),
        ("  ", ""),
        ("Umsatz", "umsatz"),
    ],
)
def test_a_header_is_compared_by_its_name(header: str, name: str) -> None:
    assert header_name(header) == name


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("Total (USD)", "USD"),
        ("Total (gbp)", "GBP"),
        ("Total (€)", "EUR"),
        ("Total ($)", None),
        ("Total (net)", None),
        ("Total", None),
    ],
)
def test_a_currency_in_brackets_is_remembered(header: str, currency: str | None) -> None:
    assert currency_of(header) == currency


def test_the_currency_hint_comes_from_amount_columns_that_agree() -> None:
    assert currency_hint(mapped("Total (EUR),Tax (USD),Unit Price (EUR)")) == "EUR"
    assert currency_hint(mapped("Total (EUR),Unit Price (USD)")) is None
    assert currency_hint(mapped("Total")) is None


def test_every_alias_is_written_as_names_are_compared_and_feeds_one_field_that_exists() -> None:
    names = [name for table in (ALIASES, FURTHER) for aliases in table.values() for name in aliases]
    assert [name for name in names if header_name(name) != name] == []
    assert len(names) == len(set(names))
    assert set(ALIASES) == set(FIELDS) - {"description"}
    assert FURTHER.keys() <= FIELDS.keys()
    assert SOURCES.keys() | {field for group in IDENTIFIERS.values() for field in group} <= FIELDS.keys()
    assert [name for name in (*UNUSED, *sum(NEVER.values(), ())) if header_name(name) != name] == []
    assert not UNUSED & set(names)


@pytest.mark.parametrize(("field", "alias"), [(field, alias) for field, names in ALIASES.items() for alias in names])
def test_every_alias_feeds_its_field(field: str, alias: str) -> None:
    source = SOURCES.get(field, ("offline",))[0]
    assert fields_of(alias, event_source=source) == [(alias, field)]


@pytest.mark.parametrize("header", sorted({name for names in NEVER.values() for name in names} | UNUSED))
def test_a_name_that_only_looks_like_a_field_is_not_mapped_and_not_worth_a_word(header: str) -> None:
    (use,) = mapped(header)
    assert use.field != next((field for field, names in NEVER.items() if header in names), "none")
    assert (use.note, use.suggestion) == ("", "")


def test_the_earlier_alias_wins_and_the_loser_is_named() -> None:
    columns = mapped("Customer Email,Email,order_date,timestamp")
    assert [(use.header, use.field, use.note, use.suggestion) for use in columns] == [
        ("Email", "email", "", ""),
        ("timestamp", "event_time", "", ""),
        ("Customer Email", None, "COLUMN_CONFLICT", "Email"),
        ("order_date", None, "COLUMN_CONFLICT", "timestamp"),
    ]


def test_columns_keep_their_places_whatever_their_precedence() -> None:
    assert {use.header: use.index for use in mapped("x,value,Email,amount")} == {
        "x": 0,
        "value": 1,
        "Email": 2,
        "amount": 3,
    }


def test_the_same_column_twice_is_a_conflict_except_for_identifiers() -> None:
    assert fields_of("value,value") == [("value", "value"), ("value", None)]
    assert [use.index for use in mapped("email,phone,email,phone,email") if use.field == "email"] == [0, 2, 4]


def test_further_identifiers_are_used_behind_the_main_ones() -> None:
    header = "email_3,Home Phone,email_2,email_1,alternate email,phone,phone2"
    used = [(use.header, use.field) for use in mapped(header)]
    assert next(name for name, field in used if field == "email") == "email_1"
    assert {name for name, field in used if field == "email"} == {"email_1", "email_2", "email_3", "alternate email"}
    assert [name for name, field in used if field == "phone"] == ["phone", "Home Phone", "phone2"]


def test_email_1_beside_email_is_used_too() -> None:
    assert fields_of("email_1,email") == [("email", "email"), ("email_1", "email")]


def test_a_further_identifier_alone_is_the_identifier() -> None:
    assert fields_of("email_2") == [("email_2", "email")]


def test_dots_are_kept_for_known_names_and_blanks_for_others() -> None:
    assert dict(fields_of("user.email,Order.ID,custom.value")) == {
        "user.email": "email",
        "Order.ID": "order_id",
        "custom.value": "value",
    }


def test_our_own_columns_are_passed_over_in_silence_but_the_cookie_is_not_ours() -> None:
    columns = mapped("_line,_codes,_messages,_ttp", event_source="web")
    assert [(use.header, use.field, use.note) for use in columns] == [
        ("_ttp", "ttp", ""),
        ("_line", None, ""),
        ("_codes", None, ""),
        ("_messages", None, ""),
    ]
    assert is_ours('"_line"')
    assert not is_ours("line_")


def test_an_unknown_header_is_named_with_what_it_may_have_meant() -> None:
    columns = {use.header: use for use in mapped("curency,transacton amount,colour of the shop,")}
    assert (columns["curency"].note, columns["curency"].suggestion) == ("COLUMN_UNKNOWN", "currency")
    assert columns["transacton amount"].suggestion == "transaction_amount"
    assert columns["colour of the shop"].note == "COLUMN_UNKNOWN"
    assert columns["colour of the shop"].suggestion == ""
    assert columns[""].note == ""


def test_nothing_is_suggested_for_a_field_that_has_its_column() -> None:
    columns = {use.header: use for use in mapped("currency,curency")}
    assert columns["curency"].suggestion == ""


def test_similarity_never_maps_a_column() -> None:
    assert fields_of("evnt_time") == [("evnt_time", None)]


def test_a_thousand_unknown_columns_are_no_puzzle() -> None:
    columns = mapped(",".join(f"curenc{number}" for number in range(1_000)))
    assert sum(bool(use.suggestion) for use in columns) <= 20


# --- settings and layouts -------------------------------------------------------------------------------------------


def test_the_settings_come_before_the_layout_and_the_layout_before_the_aliases() -> None:
    layout = Layout("x", "X", "test", columns=(("Amount", "contents[].price"), ("Sum", "value"), ("Memo", "-")))
    found = dict(fields_of("Total,Sum,Amount,Memo", layout))
    assert found == {"Amount": "contents[].price", "Sum": "value", "Total": None, "Memo": None}
    chosen = dict(fields_of("Total,Sum,Amount,Memo", layout, columns={"total": "value", "Memo": "order_id"}))
    assert chosen == {"Total": "value", "Memo": "order_id", "Amount": "contents[].price", "Sum": None}


def test_the_settings_match_a_header_as_written_or_by_its_name() -> None:
    assert dict(fields_of("Kunde Nr.,Mail Adresse", columns={"Kunde Nr.": "order_id", "mail-adresse": "email"})) == {
        "Kunde Nr.": "order_id",
        "Mail Adresse": "email",
    }


def test_the_settings_can_set_a_column_aside() -> None:
    (use,) = mapped("email", columns={"Email": "-"})
    assert (use.field, use.note) == (None, "")


def test_several_columns_of_the_settings_are_choices_in_their_order() -> None:
    columns = mapped("paid,created", columns={"created": "event_time", "paid": "event_time"})
    assert [use.index for use in columns if use.field == "event_time"] == [1, 0]


def test_a_layout_may_have_several_choices_for_a_field() -> None:
    layout = Layout("x", "X", "test", columns=(("Paid at", "event_time"), ("Created at", "event_time")))
    columns = mapped("Created at,Paid at,timestamp", layout)
    assert [use.header for use in columns if use.field == "event_time"] == ["Paid at", "Created at"]
    assert columns[-1].note == "COLUMN_CONFLICT"


def test_a_field_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(UploadRejected) as refused:
        mapped("a", columns={"Kunde": "emial"})
    assert refused.value.code == "SETTINGS_INVALID"
    assert refused.value.facts["key"] == "columns.Kunde"
    assert refused.value.facts["problem"] == "names no field: emial; did you mean email?"


def test_columns_of_the_settings_that_the_file_does_not_have_are_known() -> None:
    given = settings(columns={"Mail": "email", "E-Mail 2": "email", "Sum": "value"})
    assert absent_columns(["mail", "e_mail_2", "x"], given) == ["Sum"]


# --- event sources --------------------------------------------------------------------------------------------------


def test_a_field_that_the_source_does_not_take_is_dropped_with_a_word() -> None:
    (use,) = mapped("click_id", event_source="offline")
    assert (use.field, use.note, use.suggestion) == (None, "COLUMN_DROPPED", "ttclid")
    assert fields_of("click_id", event_source="web") == [("click_id", "ttclid")]
    assert fields_of("customer_id", event_source="crm") == [("customer_id", "external_id")]


def test_a_field_that_makes_the_event_id_is_kept_whatever_the_source() -> None:
    assert fields_of("customer_id", event_id_from=["external_id"]) == [("customer_id", "external_id")]


@pytest.mark.parametrize(
    ("header", "given", "missing"),
    [
        ("event,timestamp,email", {}, []),
        ("event,date,phone", {}, []),
        ("timestamp,email", {}, ["event"]),
        ("timestamp,email", {"default_event": "Purchase"}, []),
        ("event,email", {}, ["event_time"]),
        ("event,timestamp,customer_id", {}, ["email or phone"]),
        ("event,timestamp,customer_id", {"event_source": "web"}, []),
        ("event,timestamp,ttclid", {"event_source": "web"}, []),
        ("event,timestamp", {"event_source": "web"}, ["email, phone, external_id or ttclid"]),
        ("event,timestamp,lead_id", {"event_source": "crm"}, []),
        ("event,timestamp,ttclid", {"event_source": "crm"}, ["email, phone or lead_id"]),
        ("event,timestamp,email", {"event_source": "crm"}, ["lead_id"]),
        ("event,timestamp,email", {"event_source": "crm", "require_lead_id": False}, []),
        ("x", {}, ["event", "event_time", "email or phone"]),
    ],
)
def test_a_file_needs_an_event_a_time_and_an_identifier(
    header: str, given: dict[str, object], missing: list[str]
) -> None:
    assert required_fields(mapped(header, BY_ALIASES, **given), settings(**given), BY_ALIASES) == missing


def test_a_layout_may_stand_in_for_the_event_column() -> None:
    layout = Layout("x", "X", "test", default_event="Purchase")
    assert required_fields(mapped("timestamp,email", layout), settings(), layout) == []


def refusal(header: str, **given: object) -> UploadRejected:
    with pytest.raises(UploadRejected) as refused:
        refuse_missing(mapped(header, BY_ALIASES, **given), settings(**given), BY_ALIASES)
    return refused.value


def test_a_missing_column_is_named_with_the_headers_found_and_the_near_miss() -> None:
    refused = refusal("Event,evnt_tme,Email,_line")
    assert refused.code == "COLUMN_REQUIRED"
    assert refused.facts == {
        "field": "event_time",
        "found": "Event, evnt_tme, Email, _line",
        "suggestion": "evnt_tme",
        "hint": ' Did you mean event_time by "evnt_tme"?',
    }


def test_an_employees_address_is_no_near_miss() -> None:
    refused = refusal("event,timestamp,owner email,store_phone")
    assert (refused.facts["field"], refused.facts["suggestion"]) == ("email or phone", "")


def test_long_digits_are_not_shown_among_the_headers() -> None:
    assert refusal("event,4155550101").facts["found"] == "event, ..."


def test_a_file_with_every_layout_column_has_no_remarks() -> None:
    layout = layout_named("liveramp_tiktok")
    columns = map_columns([header for header, _ in layout.columns], settings(), layout)
    assert {use.note for use in columns} == {""}
    assert [use.header for use in columns if use.field == "email"] == ["email_1", "email_2", "email_3", "email_4"]


def test_the_settings_extend_a_layout_and_do_not_replace_it() -> None:
    columns = dict(
        fields_of("Name,Total,Mail of buyer,Email", layout_named("shopify"), columns={"Mail of buyer": "email"})
    )

    assert columns == {"Mail of buyer": "email", "Name": "order_id", "Total": "value", "Email": None}


def test_a_column_of_a_layout_that_the_source_does_not_take_is_set_aside_in_silence() -> None:
    (use,) = mapped("customer_id", layout_named("woocommerce"))

    assert (use.field, use.note) == (None, "")
