"""Every column of every known layout feeds the field that its maker means."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.conversions import FIELDS
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.layouts.columns import SOURCES, map_columns
from conversion_delivery.domain.layouts.layout import feeds
from conversion_delivery.domain.layouts.layouts import LAYOUTS, layout_named
from tests.domain.layouts.known_columns import EXPECTED
from tests.domain.layouts.known_headers import ALIASES, NEVER

COLUMNS = [(layout, header, field) for layout, lines in EXPECTED.items() for header, field in feeds(lines)]


def uses_of(header: str, layout: str, source: str) -> set[str | None]:
    settings = DestinationSettings.model_validate({"event_source_id": "1", "event_source": source})
    return {use.field for use in map_columns([header], settings, layout_named(layout))}


def test_there_are_27_layouts_and_all_of_them_are_known() -> None:
    assert len(EXPECTED) == 27
    assert {layout.name for layout in LAYOUTS} >= EXPECTED.keys()


@pytest.mark.parametrize(("layout", "header", "field"), COLUMNS)
def test_a_column_feeds_its_field(layout: str, header: str, field: str) -> None:
    source = SOURCES.get(field, ("offline",))[0]

    assert field == "-" or field in FIELDS
    assert (None if field == "-" else field) in uses_of(header, layout, source)


@pytest.mark.parametrize(("layout", "header", "field"), [column for column in COLUMNS if column[2] == "-"])
def test_a_column_without_a_place_in_an_event_is_not_worth_a_word(layout: str, header: str, field: str) -> None:
    settings = DestinationSettings.model_validate({"event_source_id": "1"})
    (use,) = map_columns([header], settings, layout_named(layout))

    assert (use.field, use.note) == (None, "")


@pytest.mark.parametrize("layout", EXPECTED)
@pytest.mark.parametrize("source", ["offline", "web", "crm"])
def test_a_file_with_all_columns_has_no_remarks(layout: str, source: str) -> None:
    settings = DestinationSettings.model_validate({"event_source_id": "1", "event_source": source})
    header = list(dict.fromkeys(header for name, header, _ in COLUMNS if name == layout))

    assert {use.note for use in map_columns(header, settings, layout_named(layout))} == {""}


def listed(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(field, name.strip()) for field, lines in table.items() for name in lines.split(";")]


@pytest.mark.parametrize(("field", "header"), listed(ALIASES))
def test_a_header_that_people_write_feeds_its_field(field: str, header: str) -> None:
    field = field.removesuffix(" (further)")

    assert uses_of(header, "columns", SOURCES.get(field, ("offline",))[0]) == {field}


@pytest.mark.parametrize(("field", "header"), listed(NEVER))
@pytest.mark.parametrize("layout", ["columns", "json_lines"])
def test_a_header_that_looks_right_and_is_something_else_is_never_mapped(layout: str, field: str, header: str) -> None:
    assert field not in uses_of(header, layout, "offline")
    assert field not in uses_of(f"properties.{header}", layout, "offline")
    assert field not in uses_of(f"order.{header}", layout, "offline") or f"order.{header}" == "order.id"
