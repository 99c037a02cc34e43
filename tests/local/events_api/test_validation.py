from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.domain.values.currencies import CURRENCIES
from local.events_api.field_table import LISTED_CURRENCIES
from local.events_api.validation import RequestCheck
from tests.local.events_api.builders import EVENT_TIME, OFFLINE_SET, a_document, an_event, digest

check = RequestCheck()
lenient = RequestCheck(strict=False)

EMAIL = digest("a@example.com")


def web_event(**changes: Any) -> dict[str, Any]:
    return an_event(page={"url": "https://shop.example/"}) | changes


def crm_event(**changes: Any) -> dict[str, Any]:
    return an_event(lead={"lead_id": "7100"}) | changes


def app_event(**changes: Any) -> dict[str, Any]:
    event = an_event(app={"app_id": "com.example"}) | changes
    del event["event_id"]  # the reference lists it for web, offline and crm only
    return event


WEB = {"event_source": "web", "event_source_id": "C4A7B2PIXELCODE"}
CRM = {"event_source": "crm", "event_source_id": "7200000000000000001"}
APP = {"event_source": "app", "event_source_id": "app-1"}

FULL_PROPERTIES = {
    "currency": "USD",
    "value": 46,
    "content_ids": ["a", "b"],
    "content_type": "product",
    "num_items": 3,
    "search_string": "shoes",
    "description": "d",
    "order_id": "o",
    "shop_id": "s",
    "contents": [
        {"price": 8, "quantity": 2, "content_id": "a", "content_category": "c", "content_name": "n", "brand": "b"},
        {"price": 30.5},
    ],
}


@pytest.mark.parametrize(
    "document",
    [
        a_document(),
        a_document(an_event(user={"phone": digest("+12133734253")})),
        a_document(an_event(user={"email": [EMAIL, digest("b")], "phone": [digest("c")]})),
        a_document(an_event(properties=FULL_PROPERTIES)),
        a_document(an_event(properties=None)),
        a_document(an_event(event="CompletePayment")),
        a_document(an_event(event_id=None)),
        a_document(test_event_code="TEST123"),
        a_document(web_event(), **WEB),
        a_document(web_event(event="My_Own-Event1", user={"external_id": EMAIL, "ip": "192.0.2.1"}), **WEB),
        a_document(web_event(ad={"attribution_share": 0.5}, limited_data_use=True), **WEB),
        a_document(crm_event(event="Deal won", user={"external_id": [EMAIL]}), **CRM),
        a_document(app_event(ad={"callback": "c", "is_retargeting": False}), **APP),
        a_document(*[an_event(str(number)) for number in range(1000)]),
    ],
)
def test_what_the_reference_allows_passes(document: dict[str, Any]) -> None:
    assert check(document) is None


@pytest.mark.parametrize(
    ("document", "path", "code"),
    [
        ([], (), 40002),
        (None, (), 40002),
        (a_document(event_source=None), ("event_source",), 40002),
        (a_document(event_source="Offline"), ("event_source",), 40002),
        (a_document(event_source=["offline"]), ("event_source",), 40002),
        (a_document(event_source_id=None), ("event_source_id",), 40002),
        (a_document(event_source_id=int(OFFLINE_SET)), ("event_source_id",), 40002),
        (a_document(event_source_id=""), ("event_source_id",), 40002),
        (a_document(event_source_id="C4A7PIXELCODE"), ("event_source_id",), 40002),
        (a_document(data=None), ("data",), 40002),
        (a_document(data=[]), ("data",), 40002),
        (a_document(data={}), ("data",), 40002),
        (a_document(*[an_event(str(number)) for number in range(1001)]), ("data",), 40061),
        (a_document(test_event_code=""), ("test_event_code",), 40002),
        (a_document(test_event_code=7), ("test_event_code",), 40002),
        (a_document(partner_name="me"), ("partner_name",), 40063),
        (a_document(pixel_code="x"), ("pixel_code",), 40002),
        (a_document() | {"a b": 1}, ("?",), 40002),
    ],
)
def test_a_fault_at_the_top_names_no_event(document: Any, path: tuple[str, ...], code: int) -> None:
    wrong = check(document)
    assert wrong is not None
    assert (wrong.path, wrong.code) == (path, code)


BAD_EVENTS: list[tuple[Any, tuple[str | int, ...], int]] = [
    ("text", (), 40002),
    (an_event(event=None), ("event",), 40002),
    (an_event(event=7), ("event",), 40002),
    (an_event(event="purchase"), ("event",), 40002),
    (an_event(event="MyOwnEvent"), ("event",), 40002),
    (an_event(event_time=None), ("event_time",), 40002),
    (an_event(event_time=str(EVENT_TIME)), ("event_time",), 40002),
    (an_event(event_time=float(EVENT_TIME)), ("event_time",), 40002),
    (an_event(event_time=True), ("event_time",), 40002),
    (an_event(event_time=EVENT_TIME * 1000), ("event_time",), 40002),
    (an_event(event_time=0), ("event_time",), 40002),
    (an_event(event_time=-EVENT_TIME), ("event_time",), 40002),
    (an_event() | {"event_id": 17}, ("event_id",), 40002),
    (an_event(""), ("event_id",), 40002),
    (an_event() | {"event_id": None}, ("event_id",), 40002),
    (an_event(user=None), ("user",), 40002),
    (an_event(user={}), ("user",), 40002),
    (an_event(user=[]), ("user",), 40002),
    (an_event(user={"email": "a@example.com"}), ("user", "email"), 40062),
    (an_event(user={"email": EMAIL.upper()}), ("user", "email"), 40062),
    (an_event(user={"email": EMAIL + "\n"}), ("user", "email"), 40062),
    (an_event(user={"email": EMAIL[:-1]}), ("user", "email"), 40062),
    (an_event(user={"email": ""}), ("user", "email"), 40062),
    (an_event(user={"email": []}), ("user", "email"), 40002),
    (an_event(user={"email": None}), ("user", "email"), 40002),
    (an_event(user={"email": [EMAIL, "b@example.com"]}), ("user", "email", 1), 40062),
    (an_event(user={"phone": "+12133734253"}), ("user", "phone"), 40062),
    (an_event(user={"phone": [7]}), ("user", "phone", 0), 40002),
    (an_event(user={"email": EMAIL, "phone_number": EMAIL}), ("user", "phone_number"), 40002),
    (an_event(user={"email": EMAIL, "external_id": EMAIL}), ("user", "external_id"), 40002),
    (an_event(user={"email": EMAIL, "ip": "192.0.2.1"}), ("user", "ip"), 40002),
    (an_event(properties={"value": "12.50"}), ("properties", "value"), 40002),
    (an_event(properties={"value": True}), ("properties", "value"), 40002),
    (an_event(properties={"value": None}), ("properties", "value"), 40002),
    (an_event(properties={"currency": "eur"}), ("properties", "currency"), 40002),
    (an_event(properties={"currency": "BGN"}), ("properties", "currency"), 40002),
    (an_event(properties={"content_type": "Product"}), ("properties", "content_type"), 40002),
    (an_event(properties={"content_ids": "a"}), ("properties", "content_ids"), 40002),
    (an_event(properties={"content_ids": ["a", 7]}), ("properties", "content_ids", 1), 40002),
    (an_event(properties={"num_items": 1.0}), ("properties", "num_items"), 40002),
    (an_event(properties={"order_id": 17}), ("properties", "order_id"), 40002),
    (an_event(properties={"order_id": ""}), ("properties", "order_id"), 40002),
    (an_event(properties={"event_channel": "in_store"}), ("properties", "event_channel"), 40002),
    (an_event(properties={"customer_type": "new"}), ("properties", "customer_type"), 40002),
    (an_event(properties={"contents": {}}), ("properties", "contents"), 40002),
    (an_event(properties={"contents": []}), ("properties", "contents"), 40002),
    (an_event(properties={"contents": ["a"]}), ("properties", "contents", 0), 40002),
    (an_event(properties={"contents": [{"content_id": 7}]}), ("properties", "contents", 0, "content_id"), 40002),
    (an_event(properties={"contents": [{}, {"price": "1"}]}), ("properties", "contents", 1, "price"), 40002),
    (an_event(properties={"contents": [{"quantity": 1.5}]}), ("properties", "contents", 0, "quantity"), 40002),
    (an_event(page={"url": "https://x.example"}), ("page",), 40002),
    (an_event(limited_data_use=True), ("limited_data_use",), 40002),
    (an_event(timestamp="2026-01-01T00:00:00Z"), ("timestamp",), 40002),
]


@pytest.mark.parametrize(("event", "path", "code"), BAD_EVENTS)
def test_a_fault_in_an_event_names_its_index_and_field(event: Any, path: tuple[str | int, ...], code: int) -> None:
    document = a_document(an_event("first"))
    document["data"] = [*document["data"], event, "also wrong"]
    wrong = check(document)
    assert wrong is not None
    assert (wrong.path, wrong.code) == (("data", 1, *path), code)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (a_document(an_event(), **WEB), ("page",)),
        (a_document(web_event(page={}), **WEB), ("page", "url")),
        (a_document(web_event(page={"url": ""}), **WEB), ("page", "url")),
        (a_document(web_event(event="1st"), **WEB), ("event",)),
        (a_document(web_event(event="x" * 51), **WEB), ("event",)),
        (a_document(web_event(lead={"lead_id": "1"}), **WEB), ("lead",)),
        (a_document(web_event(user={"external_id": "raw"}), **WEB), ("user", "external_id")),
        (a_document(web_event(ad={"callback": "c"}), **WEB), ("ad", "callback")),
        (a_document(web_event(limited_data_use=1), **WEB), ("limited_data_use",)),
        (a_document(an_event(), **CRM), ("lead",)),
        (a_document(crm_event(lead={"lead_event_source": "x"}), **CRM), ("lead", "lead_id")),
        (a_document(crm_event(event=""), **CRM), ("event",)),
        (a_document(an_event(event_id=None), **APP), ("app",)),
        (a_document(app_event(user={"att_status": "MAYBE"}), **APP), ("user", "att_status")),
    ],
)
def test_each_source_has_its_own_required_and_allowed_fields(
    document: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    wrong = check(document)
    assert wrong is not None
    assert wrong.path == ("data", 0, *path)


def test_lenient_mode_lets_unknown_fields_and_empty_text_pass_but_no_raw_personal_data() -> None:
    assert lenient(a_document(an_event(extra=1, properties={"order_id": ""}), partner_name="me", more=2)) is None
    assert lenient(a_document(an_event(user=None))) is None
    wrong = lenient(a_document(an_event(user={"email": "a@example.com"})))
    assert wrong is not None
    assert wrong.code == 40062


def test_source_ids_are_not_looked_at_where_that_is_switched_off() -> None:
    assert RequestCheck(check_source_ids=False)(a_document(event_source_id="any-text")) is None


def test_no_sentence_holds_a_value() -> None:
    for event, _, _ in BAD_EVENTS:
        wrong = check(a_document(data=[event]))
        assert wrong is not None
        assert "example" not in repr(wrong)
        assert EMAIL not in repr(wrong)


def test_simulator_and_product_list_the_same_currencies() -> None:
    assert LISTED_CURRENCIES == CURRENCIES
