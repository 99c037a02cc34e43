from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.tiktok.field_paths import LARGEST_INDEX, read_named


@pytest.mark.parametrize(
    ("text", "index", "field"),
    [
        ("Invalid value for data. 1 .event_id: not a valid string.", 1, "event_id"),
        ("Invalid value for data.1.event_id: not a valid string.", 1, "event_id"),
        ("Invalid value for data[1].event_id: not a valid string.", 1, "event_id"),
        ("data[3].user.email: not hashed", 3, "user.email"),
        ("data [ 3 ] .user.email: not hashed", 3, "user.email"),
        ("data/3/user/email: not hashed", 3, "user.email"),
        ("$.data[999].user.phone is wrong", 999, "user.phone"),
        ("body.data.12.user.phone: wrong", 12, "user.phone"),
        ("Batch.0.properties.contents.0.content_id: Not a valid string", 0, "properties.contents.content_id"),
        ("data. 7 .properties.contents. 4 .content_id: no", 7, "properties.contents.content_id"),
        ("data[7].properties.contents[4].price: no", 7, "properties.contents.price"),
        ("Data.5.event_time: no", 5, "event_time"),
        ("events[5]['event_time']: no", 5, "event_time"),
        ("data. 0 : missing data for required field", 0, ""),
        ("There is a fault in data[42]", 42, ""),
        ("{'data': {1: {'event_id': ['Not a valid string.']}}}", 1, "event_id"),
        ('{"data": {"17": {"event_time": ["x"]}}}', 17, "event_time"),
        ('Bad "data.4.event"', 4, "event"),
    ],
)
def test_every_known_spelling_names_the_event_and_the_field(text: str, index: int, field: str) -> None:
    named = read_named(text)
    assert named.indices == (index,)
    assert named.field == field
    assert not named.top_level


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Invalid parameters.",
        "The maximum length of data. 50. Please shorten it.",
        "data 7 is wrong",
        "data: longer than maximum length 1000.",
        "data.1000.event_id: no such place",
        "data[123456789012].event_id: no such place",
        "metadata.3.event_id: another field",
        "user_data.3.x: another field",
        "Too many requests in 60 seconds",
    ],
)
def test_a_text_that_names_no_event_names_no_event(text: str) -> None:
    assert read_named(text).indices is None


def test_an_enumeration_names_all_its_events() -> None:
    text = "Invalid value for data. 9 .event_id: no; data. 2 .event_time: no, data.2.event: no"
    assert read_named(text).indices == (2, 9)
    assert read_named("data[1].event: no and data[3].event: no").indices == (1, 3)
    assert read_named("Invalid value for data.1.event: no. Invalid value for data.5.event: no.").indices == (1, 5)


def test_an_index_inside_an_echoed_value_accuses_nobody_else() -> None:
    assert read_named("Invalid value for data.1.event_id: order data.7.event is not valid").indices == (1,)


def test_a_piece_of_a_value_never_becomes_part_of_the_field() -> None:
    assert read_named("data.1.user.email.alice@example.com: no").field == "user.email"
    assert read_named("data.1.user.alice.email: no").field == "user"
    assert read_named("data.1.alice: no") == ((1,), "", False)
    assert read_named("Invalid value for alice: no").field == ""


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Invalid value for event_source_id: not a valid string.", "event_source_id"),
        ("event_source_id: Missing data for required field.", "event_source_id"),
        ("Invalid event_source_id", "event_source_id"),
        ("Invalid value for event_source: x", "event_source"),
        ("Invalid value for test_event_code: x", "test_event_code"),
        ("Pixel code does not exist", ""),
        ("This offline event set was deleted", ""),
    ],
)
def test_a_field_that_all_events_share_is_top_level(text: str, field: str) -> None:
    named = read_named(text)
    assert named.top_level
    assert named.indices is None
    assert named.field == field


def test_a_field_of_an_event_without_an_index_is_not_top_level() -> None:
    assert read_named("Invalid value for event_id: not a valid string.") == (None, "event_id", False)
    assert read_named("Invalid value for properties.contents.content_id: no").field == "properties.contents.content_id"


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader_or_leaks_through_it(text: str) -> None:
    named = read_named(text)
    assert named.indices is None or all(0 <= index <= LARGEST_INDEX for index in named.indices)
    assert all(part.replace("_", "").isalpha() for part in named.field.split(".") if part)


def test_a_long_hostile_text_is_read_in_linear_time() -> None:
    assert read_named("data . " * 200_000).indices is None
    assert read_named("data" + " " * 1_000_000).indices is None
