"""Events as TikTok's reference describes them, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import Conversion, Item, Problem
from conversion_delivery.domain.events.tiktok_events import (
    BODY_LIMIT,
    ENVELOPE_BYTES,
    EncodedEvent,
    EventEncoder,
    request_body,
    split_by_size,
)
from tests.domain.rows_to_read import plan_of, settings

ALICE = "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f"
PHONE = "9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd"
USER = "80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b"

EVERYTHING = Conversion(
    event="Purchase",
    event_time=1_794_650_460,
    emails=("alice_abc@gmail.com",),
    phones=("+12133734253",),
    value=59.9,
    currency="USD",
    order_id="1001",
    given_event_id="e-1",
    items=(Item("100", "Mug", "Kitchen", "Acme", 2, 29.95),),
    content_type="product",
    shop_id="7",
    external_id="user_123",
    lead_id="7412345678901234567",
    lead_event_source="HubSpot",
    ttclid="E.C.P.abc",
    ttp="ttp-1",
    ip="192.0.2.1",
    user_agent="Mozilla/5.0",
    locale="de-DE",
    url="https://shop.example.com/checkout",
    referrer="https://shop.example.com/",
    description="Autumn sale",
    search_string="mug",
    limited_data_use=True,
    warnings=(Problem("VALUE_SYMBOL", "value"),),
)

PROPERTIES = {
    "value": 59.9,
    "currency": "USD",
    "order_id": "1001",
    "shop_id": "7",
    "content_type": "product",
    "description": "Autumn sale",
    "search_string": "mug",
    "contents": [
        {
            "content_id": "100",
            "content_name": "Mug",
            "content_category": "Kitchen",
            "brand": "Acme",
            "quantity": 2,
            "price": 29.95,
        }
    ],
}
COMMON = {"event": "Purchase", "event_time": 1_794_650_460, "event_id": "e-1", "properties": PROPERTIES}

GOLDEN = {
    "offline": COMMON | {"user": {"email": ALICE, "phone": PHONE}},
    "web": COMMON
    | {
        "user": {
            "email": ALICE,
            "phone": PHONE,
            "external_id": USER,
            "ttclid": "E.C.P.abc",
            "ttp": "ttp-1",
            "ip": "192.0.2.1",
            "user_agent": "Mozilla/5.0",
            "locale": "de-DE",
        },
        "page": {"url": "https://shop.example.com/checkout", "referrer": "https://shop.example.com/"},
        "limited_data_use": True,
    },
    "crm": COMMON
    | {
        "user": {"email": ALICE, "phone": PHONE, "external_id": USER},
        "lead": {"lead_id": "7412345678901234567", "lead_event_source": "HubSpot"},
    },
}

STRING, NUMBER, INTEGER, DIGESTS = "string", "number", "integer", "digests"
EVERY_SOURCE = {
    "event": STRING,
    "event_time": INTEGER,
    "event_id": STRING,
    "user.email": DIGESTS,
    "user.phone": DIGESTS,
    "properties.value": NUMBER,
    "properties.currency": STRING,
    "properties.order_id": STRING,
    "properties.shop_id": STRING,
    "properties.content_type": STRING,
    "properties.description": STRING,
    "properties.search_string": STRING,
    **{f"properties.contents.{name}": STRING for name in ("content_id", "content_name", "content_category", "brand")},
    "properties.contents.quantity": INTEGER,
    "properties.contents.price": NUMBER,
}
OFFICIAL = {
    "offline": EVERY_SOURCE,
    "web": EVERY_SOURCE
    | {"user.external_id": DIGESTS}
    | {f"user.{name}": STRING for name in ("ttclid", "ttp", "ip", "user_agent", "locale")}
    | {"page.url": STRING, "page.referrer": STRING, "limited_data_use": "boolean"},
    "crm": EVERY_SOURCE | {"user.external_id": DIGESTS, "lead.lead_id": STRING, "lead.lead_event_source": STRING},
}
"""Fields that the portal reference documents per event source, with their JSON types."""


def encoder(source: str = "offline", layout: str = "columns", **given: Any) -> EventEncoder:
    return EventEncoder(plan_of([("email", "email")], layout=layout, event_source=source, **given))


def is_of_type(value: Any, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str) and value != ""
        case "integer":
            return type(value) is int
        case "number":
            return type(value) in (int, float)
        case "boolean":
            return isinstance(value, bool)
        case _:
            digests = value if isinstance(value, list) else [value]
            return bool(digests) and all(re.fullmatch("[0-9a-f]{64}", one) for one in digests)


def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Paths and values; elements of ``contents`` share their path, arrays of digests are leaves."""
    if isinstance(value, dict):
        return [leaf for name, part in value.items() for leaf in leaves(part, f"{path}.{name}" if path else name)]
    if isinstance(value, list) and path.endswith("contents"):
        return [leaf for part in value for leaf in leaves(part, path)]
    return [(path, value)]


@pytest.mark.parametrize("source", ["offline", "web", "crm"])
def test_an_event_has_every_field_of_its_source_and_no_other(source: str) -> None:
    event = encoder(source).event_dict(EVERYTHING)

    assert event == GOLDEN[source]
    assert {path for path, _ in leaves(event)} == set(OFFICIAL[source])


def test_what_is_empty_is_left_out() -> None:
    bare = Conversion("Contact", 1_794_650_460, phones=("+12133734253",), given_event_id="e-1")

    assert encoder().event_dict(bare) == {
        "event": "Contact",
        "event_time": 1_794_650_460,
        "event_id": "e-1",
        "user": {"phone": PHONE},
    }


def test_one_identifier_is_a_string_and_several_are_an_array() -> None:
    several = EVERYTHING._replace(emails=("alice_abc@gmail.com", "bob@example.com"))

    assert encoder().event_dict(EVERYTHING)["user"]["email"] == ALICE
    assert ALICE in encoder().event_dict(several)["user"]["email"]
    assert len(encoder().event_dict(several)["user"]["email"]) == 2


def test_a_zero_is_a_value_and_a_missing_lead_is_no_lead() -> None:
    event = encoder("crm").event_dict(Conversion("Lead", 1, ("alice_abc@gmail.com",), value=0, currency="USD"))

    assert event["properties"] == {"value": 0, "currency": "USD"}
    assert "lead" not in event


def test_the_order_of_columns_and_hashing_beforehand_make_no_difference() -> None:
    row = EVERYTHING._replace(emails=("alice_abc@gmail.com", "bob@example.com"), given_event_id="", order_id="")
    other = row._replace(emails=("bob@example.com", ALICE))

    assert encoder().encode(row) == encoder().encode(other)


def test_the_key_names_source_event_and_id() -> None:
    encoded = encoder().encode(EVERYTHING)

    assert encoded.event_key == "7654321098765432109#Purchase#e-1"
    assert (encoded.event_id, encoded.event, encoded.event_time) == ("e-1", "Purchase", 1_794_650_460)
    assert (encoded.value, encoded.currency, encoded.order_id) == (59.9, "USD", "1001")


def test_the_fingerprint_changes_with_the_content_and_not_with_the_id_or_the_warnings() -> None:
    encode = encoder().encode
    first = encode(EVERYTHING).fingerprint

    assert len(first) == 16
    assert encode(EVERYTHING._replace(given_event_id="e-2", warnings=())).fingerprint == first
    assert encode(EVERYTHING._replace(value=60)).fingerprint != first
    assert encode(EVERYTHING._replace(event_time=1)).fingerprint != first


def test_without_any_id_the_content_is_the_id() -> None:
    encode = encoder().encode
    row = EVERYTHING._replace(given_event_id="", order_id="")

    assert encode(row).event_id == encode(row).fingerprint.hex()
    assert encode(row).event_id != encode(row._replace(shop_id="8")).event_id


def test_item_lines_of_one_order_are_different_events_only_where_the_layout_says_so() -> None:
    row = EVERYTHING._replace(given_event_id="")
    other = row._replace(items=(Item("101"),))
    by_item, by_order = encoder(layout="liveramp_tiktok").encode, encoder().encode

    assert by_item(row).event_id != by_item(other).event_id
    assert by_order(row).event_id == by_order(other).event_id


def test_content_without_ids_keeps_its_event_id_between_versions() -> None:
    encoded = encoder("web").encode(EVERYTHING._replace(given_event_id="", order_id=""))

    assert encoded.event_id == "9401a4be17158db6ecb40101216fe3ba"


def test_no_repr_shows_personal_data() -> None:
    encoded = encoder("web").encode(EVERYTHING)

    assert "192.0.2.1" not in repr(encoded)
    assert "alice" not in repr(EVERYTHING)


def test_a_request_holds_its_events_below_source_and_test_code() -> None:
    bodies = [encoder().encode(EVERYTHING._replace(given_event_id=name)).body for name in ("e-1", "e-2")]
    body = json.loads(request_body(settings(test_event_code="TEST123"), bodies))

    assert [event["event_id"] for event in body.pop("data")] == ["e-1", "e-2"]
    assert body == {
        "event_source": "offline",
        "event_source_id": "7654321098765432109",
        "test_event_code": "TEST123",
    }
    assert "test_event_code" not in json.loads(request_body(settings(), bodies))


def sized(size: int) -> EncodedEvent:
    return encoder().encode(EVERYTHING)._replace(body=b"{" + b" " * (size - 2) + b"}")


@given(st.lists(st.integers(2, 4_000), max_size=30), st.integers(4_600, 9_000))
def test_events_are_cut_in_order_into_requests_below_the_limit(sizes: list[int], limit: int) -> None:
    bodies = [b"{" + b" " * (size - 2) + b"}" for size in sizes]
    parts = split_by_size(bodies, lambda body: body, limit)
    longest = settings(event_source_id="9" * 64, test_event_code="T" * 64)

    assert [body for part in parts for body in part] == bodies
    assert all(part and len(request_body(longest, part)) <= limit for part in parts)


def test_a_thousand_ordinary_events_are_one_request_and_a_giant_stands_alone() -> None:
    ordinary = [encoder().encode(EVERYTHING)] * 1_000
    giant = sized(BODY_LIMIT)

    assert [len(part) for part in split_by_size(ordinary, lambda event: event.body)] == [1_000]
    assert [len(part) for part in split_by_size([sized(9), giant, sized(9)], lambda event: event.body)] == [1, 1, 1]
    assert split_by_size([], lambda event: event.body) == []


def test_the_longest_envelope_fits_its_allowance() -> None:
    longest = settings(event_source="offline", event_source_id="9" * 64, test_event_code="\u0001" * 64)

    assert len(request_body(longest, [])) <= ENVELOPE_BYTES


TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NUMBERS = st.one_of(st.none(), st.integers(0, 10**15), st.floats(0, 1e15, allow_nan=False))
CONVERSIONS = st.builds(
    Conversion,
    event=st.sampled_from(["Purchase", "Lead"]),
    event_time=st.integers(0, 2**33),
    emails=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
    phones=st.lists(TEXT.filter(bool), max_size=2).map(tuple),
    value=NUMBERS,
    items=st.lists(st.builds(Item, TEXT, TEXT, TEXT, TEXT, st.none() | st.integers(1, 10**6), NUMBERS), max_size=2).map(
        lambda items: tuple(item for item in items if item != Item())
    ),
    url=TEXT.filter(bool),
    limited_data_use=st.none() | st.booleans(),
    **{
        name: TEXT
        for name in Conversion._fields
        if name
        not in ("event", "event_time", "emails", "phones", "value", "items", "url", "limited_data_use", "warnings")
    },
)


@given(CONVERSIONS, st.sampled_from(["offline", "web", "crm"]))
def test_any_conversion_becomes_official_fields_of_the_right_types(conversion: Conversion, source: str) -> None:
    for path, value in leaves(encoder(source).event_dict(conversion)):
        if value != {}:
            assert is_of_type(value, OFFICIAL[source][path]), (path, value)
