"""The same event has the same id, wherever it comes from."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import Conversion, Item
from conversion_delivery.domain.destinations import parse_settings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.events.event_ids import ID_FIELDS, EventIds, content_event_id, event_key

SALE = Conversion("Purchase", 1_794_650_460, ("ava@example.com",), value=59.9, currency="USD", order_id="TT-1001")
LINE = SALE._replace(items=(Item("P-10", "Mug"),))


def test_the_files_own_id_comes_first() -> None:
    assert EventIds(("shop_id",)).of(SALE._replace(given_event_id="e-1", shop_id="NYC")) == "e-1"


def test_an_order_id_makes_the_id_together_with_the_event() -> None:
    ids = EventIds()

    assert ids.of(SALE) == ids.of(SALE._replace(value=10, event_time=1, emails=(), items=LINE.items))
    assert ids.of(SALE) != ids.of(SALE._replace(event="Contact"))
    assert ids.of(SALE) != ids.of(SALE._replace(order_id="TT-1002"))


def hashed(json_array: str) -> str:
    return hashlib.sha256(json_array.encode()).hexdigest()[:32]


def test_ids_never_change_between_versions() -> None:
    """Another id for the same row would be counted a second time."""
    assert EventIds().of(SALE) == hashed('["order_id","Purchase","TT-1001"]')
    assert EventIds(item_level=True).of(LINE) == hashed(
        '["order_id+contents[].content_id","Purchase","TT-1001","P-10"]'
    )
    assert EventIds(("shop_id", "event_time")).of(SALE._replace(shop_id="NYC")) == hashed(
        '["shop_id+event_time","Purchase","NYC",1794650460]'
    )


def test_in_a_layout_of_item_lines_the_product_is_part_of_the_id() -> None:
    ids = EventIds(item_level=True)
    other = LINE._replace(items=(Item("P-11", "Mug"),))

    assert ids.of(LINE) != ids.of(other)
    assert ids.of(LINE) == ids.of(LINE._replace(items=(Item("P-10", "Mug, renamed"),)))
    assert ids.of(SALE) == ids.of(SALE._replace(value=1))


def test_without_order_id_the_content_has_to_decide() -> None:
    assert EventIds().of(SALE._replace(order_id="")) == ""
    assert content_event_id(bytes(range(32))) == "000102030405060708090a0b0c0d0e0f"


def test_the_setting_chooses_the_fields() -> None:
    ids = EventIds(("shop_id", "event_time"))
    sale = SALE._replace(shop_id="NYC")

    assert ids.of(sale) == ids.of(sale._replace(order_id="other", value=1))
    assert ids.of(sale) != ids.of(sale._replace(event_time=1))


@pytest.mark.parametrize("field", sorted(ID_FIELDS - {"event", "event_time", "event_id"}))
def test_a_row_without_a_chosen_field_falls_back_to_its_order(field: str) -> None:
    empty = Conversion("Purchase", 1, order_id="" if field == "order_id" else "TT-1001")

    assert EventIds((field,)).of(empty) == EventIds().of(empty)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("email", {"emails": ("bob@example.com",)}),
        ("phone", {"phones": ("+14155550101",)}),
        ("external_id", {"external_id": "u1"}),
        ("contents[].content_id", {"items": (Item("P-10"),)}),
        ("contents[].quantity", {"items": (Item("", quantity=2),)}),
        ("value", {"value": 0}),
        ("lead_id", {"lead_id": "7412"}),
    ],
)
def test_any_field_of_an_event_can_be_chosen(field: str, changes: dict[str, object]) -> None:
    row = SALE._replace(**changes)  # type: ignore[arg-type]

    assert EventIds((field,)).of(row) not in ("", EventIds().of(row))


def test_an_identifier_makes_the_same_id_plain_and_hashed_and_in_any_order() -> None:
    digest = "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f"
    ids = EventIds(("email",))
    plain = SALE._replace(emails=("alice_abc@gmail.com", "bob@example.com"))

    assert ids.of(plain) == ids.of(SALE._replace(emails=("bob@example.com", digest)))


def test_a_field_that_no_event_has_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(UploadRejected) as refused:
        parse_settings('{"event_source_id": "1", "event_id_from": ["order_id", "ordre"]}')

    assert refused.value.facts == {"key": "event_id_from", "problem": "names something that is no field of an event"}
    with pytest.raises(UploadRejected):
        EventIds(("ordre",))


def test_the_key_is_tiktoks_scope_of_deduplication() -> None:
    assert event_key("7654", "Purchase", "e#1") == "7654#Purchase#e#1"


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_different_parts_never_read_the_same(order: str, product: str, order_2: str, product_2: str) -> None:
    ids = EventIds(item_level=True)
    first = ids.of(SALE._replace(order_id=order, items=(Item(product),)))
    second = ids.of(SALE._replace(order_id=order_2, items=(Item(product_2),)))

    assert (first == second) == ((order, product) == (order_2, product_2))
    assert EventIds(("shop_id",)).of(SALE._replace(shop_id=order)) != EventIds().of(SALE._replace(order_id=order))
