"""Layouts: data that holds together, and recognition by header."""

from __future__ import annotations

import random

import pytest

from conversion_delivery.domain.conversions import FIELDS
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.header_names import header_name
from conversion_delivery.domain.layouts.layouts import BY_ALIASES, LAYOUTS, NOT_USED, Layout, layout_named, recognised


def names(header: str) -> list[str]:
    return [header_name(cell) for cell in header.split(",")]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_maps_to_fields_that_exist_and_is_recognised_by_columns_it_has(layout: Layout) -> None:
    assert {field for _, field in layout.columns} <= FIELDS.keys() | {NOT_USED}
    assert len(layout.fields) == len(layout.columns)
    assert {header_name(marker) for marker in (*layout.markers, *layout.one_of)} <= layout.fields.keys()
    assert layout.markers
    assert layout.title
    assert layout.source


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_recognises_its_own_columns_in_any_order_and_case(layout: Layout) -> None:
    headers = [header.upper() for header, _ in layout.columns]
    random.Random(7).shuffle(headers)
    assert recognised(map(header_name, headers), layout.event_source or "offline") is layout


def test_names_of_layouts_are_told_apart() -> None:
    spelled = [name for layout in (BY_ALIASES, *LAYOUTS) for name in (layout.name, *layout.short_names)]
    assert len(spelled) == len(set(spelled))
    assert all(layout_named(name) is layout for layout in LAYOUTS for name in (layout.name, *layout.short_names))
    assert layout_named("columns") is BY_ALIASES
    assert layout_named(" LiveRamp-TikTok ").name == "liveramp_tiktok"


def test_liveramp_has_one_row_per_item_in_utc_with_the_month_first() -> None:
    layout = layout_named("liveramp_tiktok")
    assert (layout.item_level, layout.utc_times, layout.date_order, len(layout.columns)) == (True, True, "MDY", 24)


def test_liveramp_is_recognised_without_its_optional_columns() -> None:
    header = "transaction_timestamp,phone_1,transaction_category,transaction_amount,store"
    assert recognised(names(header), "offline").name == "liveramp_tiktok"


def test_one_marker_missing_is_another_file() -> None:
    assert recognised(names("transaction_timestamp,phone_1,transaction_category"), "offline") is BY_ALIASES
    assert recognised(names("transaction_timestamp,transaction_category,transaction_amount"), "offline") is BY_ALIASES


def test_a_file_of_mostly_other_columns_is_no_file_of_the_layout() -> None:
    assert recognised(names("event_type,timestamp,email,a,b,c"), "offline").name == "tiktok_offline_template"
    assert recognised(names("event_type,timestamp,email,a,b,c,d"), "offline") is BY_ALIASES


def test_a_lead_id_makes_it_a_crm_file() -> None:
    assert recognised(names("Event_type,Timestamp,lead_id,Email,Phone"), "offline").name == "tiktok_crm_events"
    assert recognised(names("Event_type,Timestamp,Email,Phone"), "crm").name == "tiktok_offline_template"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("liveramp_tiktokk", "is not the name of a layout; did you mean liveramp_tiktok?"),
        ("#", "is not the name of a layout; known are auto, columns, "),
    ],
)
def test_an_unknown_layout_is_refused_with_the_near_name(name: str, problem: str) -> None:
    with pytest.raises(UploadRejected) as refused:
        layout_named(name)
    assert refused.value.code == "SETTINGS_INVALID"
    assert refused.value.facts["key"] == "layout"
    assert str(refused.value.facts["problem"]).startswith(problem)


def test_no_header_is_no_layout() -> None:
    assert recognised([], "offline") is BY_ALIASES
