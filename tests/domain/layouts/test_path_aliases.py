"""Paths of JSON objects that nobody described."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.domain.conversions import FIELDS
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.layouts.columns import map_columns
from conversion_delivery.domain.layouts.layouts import layout_named
from conversion_delivery.domain.layouts.path_aliases import OF_THE_ITEM, PERSONAL_FIELDS
from conversion_delivery.domain.reading.reading_plans import ColumnUse


def mapped(*paths: str, layout: str = "json_lines", **given: Any) -> tuple[ColumnUse, ...]:
    settings = DestinationSettings.model_validate({"event_source_id": "1", "event_source": "web", **given})
    return map_columns(paths, settings, layout_named(layout))


def field_of(path: str, **given: Any) -> str | None:
    return mapped(path, **given)[0].field


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("email", "email"),
        ("order.id", "order_id"),
        ("customer.email", "email"),
        ("user.phone_number", "phone"),
        ("traits.email", "email"),
        ("context.traits.email", "email"),
        ("user_data.em", "email"),
        ("customer.country", "country"),
        ("properties.value", "value"),
        ("order.total_price", "value"),
        ("order.created_at", "event_time"),
        ("custom_data.currency", "currency"),
        ("properties.email", "email"),
        ("data.event_name", "event"),
        ("event.custom_attributes.total", "value"),
        ("data.custom_attributes.currency", "currency"),
        ("items[].sku", "contents[].content_id"),
        ("order.line_items[].name", "contents[].content_name"),
        ("products[].price", "contents[].price"),
        ("contents[].content_category", "contents[].content_category"),
    ],
)
def test_an_alias_is_read_alone_and_one_level_deep_in_a_well_known_object(path: str, field: str) -> None:
    assert field_of(path) == field


@pytest.mark.parametrize(
    "path",
    [
        "customer.created_at",
        "user.status",
        "user.value",
        "context.traits.order_id",
        "customer.name",
        "properties.customer.email",
        "shipping.email",
        "staff.email",
        "properties.emial",
        "order.name",
        "items[].email",
        "items[].variants[].sku",
        "people[].name",
        "items[].id.inner",
    ],
)
def test_what_stands_deeper_or_in_another_object_is_not_guessed(path: str) -> None:
    assert field_of(path) is None


def test_a_path_of_the_settings_is_read_as_written_and_comes_before_the_layout() -> None:
    columns = {"properties.$email": "email", "properties.basket[].article": "contents[].content_id"}
    uses = mapped("properties.$email", "properties.basket[].article", "properties.email", columns=columns)

    assert [(use.header, use.field) for use in uses][:2] == [
        ("properties.$email", "email"),
        ("properties.basket[].article", "contents[].content_id"),
    ]


def test_the_settings_extend_a_named_layout() -> None:
    columns = {"properties.contact_mail": "email", "properties.total": "-"}
    uses = mapped(
        "event", "timestamp", "properties.contact_mail", "properties.total", "properties.order_id",
        layout="segment", columns=columns,
    )  # fmt: skip

    assert {use.header: use.field for use in uses} == {
        "event": "event",
        "timestamp": "event_time",
        "properties.contact_mail": "email",
        "properties.order_id": "order_id",
        "properties.total": None,
    }


def test_an_archive_is_full_of_things_that_nobody_needs_to_hear_of() -> None:
    uses = mapped("event", "properties.curency", "properties.customer_id", "userId", "x.y", layout="segment")

    assert {use.note for use in uses} == {""}


def test_a_status_in_an_archive_can_be_the_status_of_anything() -> None:
    assert field_of("properties.status", layout="segment") is None
    assert field_of("order.status") == "status"


def test_of_unknown_paths_only_near_misses_are_worth_a_word() -> None:
    curency, colour = mapped("properties.curency", "properties.colour")

    assert (curency.note, curency.suggestion) == ("COLUMN_UNKNOWN", "currency")
    assert (colour.note, colour.suggestion) == ("", "")


def test_the_fields_of_a_person_and_of_an_item_exist() -> None:
    assert FIELDS.keys() >= PERSONAL_FIELDS
    assert {f"contents[].{name}" for name in OF_THE_ITEM.values()} <= FIELDS.keys()
