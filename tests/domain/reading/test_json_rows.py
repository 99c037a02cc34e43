"""JSON Lines: one object per line, its paths as cells, its products as items."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.batches import START
from conversion_delivery.domain.conversions import Item
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.json_paths import JsonPaths, parse_object, paths_of
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import SliceLimits, cut_slices
from conversion_delivery.domain.reading.text_lines import LINE_CHARACTERS
from tests.domain.rows_to_read import AS_OF, accepted, problem_codes, warning_codes
from tests.domain.rows_to_read import settings as settings_of

ORDER: dict[str, Any] = {
    "type": "track",
    "event": "Order Completed",
    "messageId": "m-1",
    "timestamp": "2026-11-14T10:01:00Z",
    "context": {"traits": {"email": "ava@example.com"}, "library": {"name": "analytics.js"}},
    "properties": {
        "order_id": 7654321098765432109,
        "value": 59.90,
        "currency": "USD",
        "products": [
            {"product_id": "p1", "quantity": 1, "price": 49.90},
            {"product_id": "p2", "quantity": 2, "price": 5},
        ],
    },
}


def changed(**properties: Any) -> dict[str, Any]:
    return {**ORDER, "properties": {**ORDER["properties"], **properties}}


def lines(*objects: Any) -> bytes:
    return b"".join(json.dumps(found, ensure_ascii=False).encode() + b"\n" for found in objects)


def plan(data: bytes, **given: Any) -> ReadingPlan:
    return Reading().plan(data, size=len(data), name="x", settings=settings_of(**given), as_of=AS_OF)


def judged(data: bytes, **given: Any) -> list[JudgedRow]:
    read = plan(data, **given)
    return list(Reading().rows(read, [data[read.data_starts.offset :]], read.data_starts))


def test_an_archive_is_recognised_by_the_shape_of_its_objects() -> None:
    read = plan(lines(ORDER))
    assert (read.format, read.layout) == ("jsonl", "segment_track_jsonl")


def test_an_order_with_several_products_is_one_conversion_with_several_items() -> None:
    order = accepted(judged(lines(ORDER))[0].verdict)
    assert (order.event, order.value, order.emails) == ("Purchase", 59.9, ("ava@example.com",))
    assert order.items == (Item("p1", quantity=1, price=49.9), Item("p2", quantity=2, price=5.0))


def test_an_id_of_nineteen_digits_loses_none() -> None:
    assert accepted(judged(lines(ORDER))[0].verdict).order_id == "7654321098765432109"


def test_the_cells_of_a_row_are_the_line_as_it_was_written() -> None:
    data = lines(ORDER)
    assert judged(data)[0].cells == [data.decode().rstrip("\n")]


def test_a_mark_and_blank_lines_are_no_rows() -> None:
    rows = judged(b"\xef\xbb\xbf\n" + lines(ORDER) + b"\r\n  \n" + lines(changed(order_id="2")))
    assert [(row.row, row.line) for row in rows] == [(1, 2), (2, 5)]


@pytest.mark.parametrize(
    "line", ['{"event": ', "[1]", '"text"', "{} {}", '{"a":NaN}', '{"a":1e999}', '{"a":"\\ud800"}', "null", "{" * 2_000]
)
def test_a_line_that_is_no_object_costs_itself_only(line: str) -> None:
    rows = judged(lines(ORDER) + line.encode() + b"\n" + lines(changed(order_id="2")))
    assert [problem_codes(row.verdict) for row in rows] == [[], ["JSON_INVALID"], []]


def test_a_line_beyond_the_bound_costs_itself_only() -> None:
    rows = judged(lines(ORDER, {"a": "x" * LINE_CHARACTERS}, changed(order_id="2")))
    assert [problem_codes(row.verdict) for row in rows] == [[], ["LINE_TOO_LONG"], []]
    assert [row.line for row in rows] == [1, 2, 3]


@pytest.mark.parametrize(
    "properties",
    [{"value": {"amount": 1}}, {"order_id": ["a", "b"]}, {"products": "mug"}, {"products": [{"price": {}}]}],
)
def test_an_object_in_the_place_of_a_value_rejects_the_row(properties: dict[str, Any]) -> None:
    rows = judged(lines(ORDER, changed(**properties)))
    assert problem_codes(rows[1].verdict) == ["JSON_NESTED"]


def test_a_list_of_addresses_is_several_addresses() -> None:
    order = {**ORDER, "context": {"traits": {"email": ["ava@example.com", "a.lopez@example.com"]}}}
    verdict = accepted(judged(lines(ORDER, order))[1].verdict)
    assert verdict.emails == ("ava@example.com", "a.lopez@example.com")


def test_a_bad_price_of_a_further_product_rejects_the_row() -> None:
    rows = judged(lines(changed(products=[{"product_id": "p1"}, {"product_id": "p2", "price": "many"}])))
    assert problem_codes(rows[0].verdict) == ["PRICE_INVALID"]


def test_calls_of_other_kinds_and_foreign_events_are_ignored() -> None:
    rows = judged(lines(ORDER, {**ORDER, "type": "identify"}, {**ORDER, "event": "Ticket Opened"}))
    assert [problem_codes(row.verdict) for row in rows] == [[], ["CALL_NOT_TRACK"], ["EVENT_NOT_MAPPED"]]


def test_the_columns_setting_names_paths() -> None:
    found = {"name": "Purchase", "at": "2026-11-14T10:01:00Z", "who": {"$mail": "a@example.com"}, "amount": 5}
    given = {"columns": {"name": "event", "at": "event_time", "who.$mail": "email", "amount": "value"}}
    order = accepted(judged(lines(found), default_currency="USD", **given)[0].verdict)
    assert (order.emails, order.value) == (("a@example.com",), 5)


def test_a_key_with_dots_is_found_as_well() -> None:
    cells = JsonPaths(["user.email"], ["email"]).read({"user.email": "a@example.com"})
    assert cells.cells == ["a@example.com"]


@pytest.mark.parametrize("data", [b'[{"event":"Purchase"},\n{"event":"Purchase"}]\n', b'{\n "event": "Purchase"\n}\n'])
def test_a_document_over_the_whole_file_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(UploadRejected, match="FORMAT_UNSUPPORTED") as refusal:
        plan(data)
    assert "one object per line" in str(refusal.value.facts["advice"])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("59.90", "59.9"),
        ("1e3", "1000"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("1234567890123456789.5", "1234567890123456789.5"),
        ("-0.5", "-0.5"),
        ("1E-7", "0.0000001"),
        ("true", "true"),
        ("false", "false"),
        ("null", ""),
        ('"007"', "007"),
        ("[]", ""),
        ('["x"]', "x"),
    ],
)
def test_values_come_out_as_a_cell_would_hold_them(number: str, text: str) -> None:
    found = parse_object(f'{{"a": {number}}}')
    assert found is not None
    assert JsonPaths(["a"], [None]).read(found) == ([text], [], [])


def test_the_last_of_two_equal_keys_counts_in_long_and_in_short_objects() -> None:
    for number in ("1", "12345678901234567890123"):
        assert parse_object(f'{{"a": 0, "b": {number}, "a": 7}}')["a"] in (7, "7")  # type: ignore[index]


def test_a_line_that_is_not_utf8_is_read_as_windows_1252_where_nothing_shows_utf8() -> None:
    order = json.dumps(changed(shop_id="Koeln")).replace("Koeln", "Köln").encode("cp1252") + b"\n"
    rows = judged(lines(ORDER) * 3 + order)
    assert accepted(rows[3].verdict).shop_id == "Köln"
    assert "ENCODING_GUESSED" not in warning_codes(rows[3].verdict)
    read = plan(lines(ORDER))
    late = list(Reading().rows(read, [order], START))
    assert warning_codes(late[0].verdict) == ["ENCODING_GUESSED"]


def test_depth_beside_a_long_number_costs_the_line_only() -> None:
    deep = '{"n": 12345678901234567890123, "a": ' + "[" * 1_000 + "]" * 1_000 + "}"
    rows = judged(lines(ORDER) + deep.encode() + b"\n" + lines(changed(order_id="2")))
    assert [bool(problem_codes(row.verdict)) for row in rows] == [False, True, False]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["event", "properties", "products", "email", "price", "value", "a"]), inner)
    ),
    max_leaves=10,
)


@given(found=st.dictionaries(st.sampled_from(["event", "properties", "context", "type", "timestamp"]), JSON))
@settings(max_examples=200, deadline=None)
def test_any_object_gets_a_verdict(found: dict[str, Any]) -> None:
    data = lines(ORDER, found)
    assert len(judged(data)) == 2
    assert all(isinstance(path, str) for path in paths_of(found))


@given(kinds=st.lists(st.integers(0, 3), max_size=20), most=st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_reading_again_from_any_border_gives_the_same_rows(kinds: list[int], most: int) -> None:
    some = [lines(ORDER), b"\n", b"{broken\r\n", '{"a": "ü"}\n'.encode("cp1252")]
    data = b"".join(some[kind] for kind in kinds)
    read, limits = plan(lines(ORDER)), SliceLimits(conversions=most, rows=4, look_every=2)
    rows = list(Reading().rows(read, [data], START))
    reached = START
    for cut in cut_slices(Reading().rows(read, [data], START), START, limits):
        assert cut.start == reached
        alone = list(Reading().rows(read, [data[cut.start.offset : cut.end.offset]], cut.start))
        assert alone == rows[cut.start.row : cut.end.row]
        reached = cut.end
    assert (reached.offset, reached.row) == (len(data), len(rows))


@pytest.mark.parametrize("path", ["[]", ".", "a..b", "a[].b[].c", "a[]b", ""])
def test_a_path_of_the_settings_that_leads_to_no_value_costs_no_row(path: str) -> None:
    odd = {**ORDER, "properties": {**ORDER["properties"], "products": ["p1", 2]}}
    body = "".join(json.dumps(line) + "\n" for line in (ORDER, odd)).encode()
    settings = settings_of(columns={path: "order_id"})
    plan = Reading().plan(body, size=len(body), name="events.jsonl", settings=settings, as_of=AS_OF)
    judged = list(Reading().rows(plan, [body], START))

    assert accepted(judged[0].verdict).event == "Purchase"
    assert problem_codes(judged[1].verdict) == ["JSON_NESTED"]


def test_keys_that_look_like_lists_are_no_paths() -> None:
    line = {"event": "Purchase", "email[]": "ava@example.com", "email": ["ben@example.com"], "phone[]": 5, "": 1}
    body = json.dumps({**line, "timestamp": "2026-11-14T10:01:00Z", "value": 5, "currency": "USD"}).encode()
    plan = Reading().plan(body, size=len(body), name="events.jsonl", settings=settings_of(), as_of=AS_OF)

    assert [accepted(judged.verdict).emails for judged in Reading().rows(plan, [body], START)] == [("ben@example.com",)]
