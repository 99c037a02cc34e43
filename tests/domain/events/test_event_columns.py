"""Events that are written column by column are byte for byte those that are written one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import Conversion, Item
from conversion_delivery.domain.events.event_columns import ColumnEncoder
from conversion_delivery.domain.events.tiktok_events import EventEncoder
from tests.domain.rows_to_read import CLEAN, plan_of

DIGEST = "0a" * 32
TEXTS = st.sampled_from(["", "TT-1", ",", '","', '"', "\\", '\\","', "ä", "€ 5", "\x1f", "null", "😀"]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=5
)
NUMBERS = st.none() | st.sampled_from([0.01, 59.9, 1, 1e15, 123456789012345, 1e-7, 999999999999.99, 100.0])
IDENTIFIERS = st.lists(st.sampled_from(["a@x.com", "ben@x.com", "+14155550101", DIGEST]), max_size=3, unique=True)
ITEMS = st.builds(Item, TEXTS, TEXTS, TEXTS, TEXTS, st.none() | st.integers(1, 9), NUMBERS)
CONVERSIONS = st.builds(
    Conversion,
    st.sampled_from(["Purchase", "Contact", "Our Event"]),
    st.integers(1_700_000_000, 1_800_000_000),
    IDENTIFIERS.map(tuple),
    IDENTIFIERS.map(tuple),
    NUMBERS,
    st.sampled_from(["USD", ""]),
    TEXTS,
    st.just("") | TEXTS,
    st.lists(ITEMS.filter(lambda item: item != Item()), max_size=1).map(tuple),
    st.sampled_from(["", "product"]),
    TEXTS,
    description=TEXTS,
    search_string=TEXTS,
    external_id=st.sampled_from(["", "c-1"]),
    lead_id=st.sampled_from(["", "7"]),
)
SETTINGS: list[dict[str, Any]] = [
    {},
    {"event_source": "crm", "require_lead_id": False},
    {"event_source": "web"},
    {"event_id_from": ("order_id", "email")},
    {"test_event_code": "TEST1"},
    {"layout": "liveramp_tiktok"},
]


def encoder(settings: dict[str, Any]) -> EventEncoder:
    return EventEncoder(plan_of([(field, field) for field in CLEAN], **settings))


@pytest.mark.parametrize("settings", SETTINGS)
@given(conversions=st.lists(CONVERSIONS, min_size=1, max_size=6))
def test_both_ways_write_the_same_events(settings: dict[str, Any], conversions: list[Conversion]) -> None:
    one_by_one = encoder(settings)
    columns = list(zip(*conversions, strict=True))

    assert ColumnEncoder(one_by_one).encode(columns) == [one_by_one.encode(conversion) for conversion in conversions]


@given(conversions=st.lists(CONVERSIONS, min_size=1, max_size=6))
def test_items_may_come_as_columns_of_their_own(conversions: list[Conversion]) -> None:
    one_by_one = encoder({})
    columns = list(zip(*(conversion._replace(items=()) for conversion in conversions), strict=True))
    items = list(zip(*(conversion.items[0] if conversion.items else Item() for conversion in conversions), strict=True))

    found = ColumnEncoder(one_by_one).encode(columns, items)

    assert found == [one_by_one.encode(conversion) for conversion in conversions]
