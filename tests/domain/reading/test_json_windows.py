"""JSON Lines read many at a time: the same verdicts as line by line, or none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import Conversion, Item, Verdict
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.json_rows import JudgedLines, ObjectVerdicts
from conversion_delivery.domain.reading.json_windows import clean_objects
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from tests.domain.rows_to_read import AS_OF
from tests.domain.rows_to_read import settings as settings_of

PRODUCT = {"product_id": "p1", "name": "Mug", "brand": "Acme", "quantity": 2, "price": 49.9}
ORDER: dict[str, Any] = {
    "type": "track",
    "event": "Order Completed",
    "messageId": "ajs-next-1",
    "timestamp": "2026-11-14T10:01:00.250Z",
    "userId": "user-7",
    "context": {
        "ip": "203.0.113.7",
        "traits": {"email": "Ava@Example.com", "phone": "+14155550101"},
        "page": {"url": "https://shop.example.com/thanks"},
    },
    "properties": {
        "order_id": "TT-1",
        "email": "ava@example.com",
        "revenue": 59.9,
        "total": 64.25,
        "currency": "USD",
        "products": [PRODUCT, {**PRODUCT, "product_id": "p2", "price": 5}],
    },
}


def plan(*objects: Any, **given: Any) -> ReadingPlan:
    data = lines(*objects).encode()
    return Reading().plan(data, size=len(data), name="x", settings=settings_of(**given), as_of=AS_OF)


def lines(*objects: Any) -> str:
    return "".join(f"{json.dumps(found)}\n" for found in objects)


def changed(path: str, value: Any) -> dict[str, Any]:
    """The order with another value at a path; ``None`` behind the path's last key takes it out."""
    *way, key = path.split(".")
    order: dict[str, Any] = json.loads(json.dumps(ORDER))
    holder = order
    for step in way:
        holder = holder[step]
    holder[key] = value
    return order


def fast(read: ReadingPlan, *objects: Any) -> list[Verdict | None]:
    """What is read at once; None for what is left to the careful path."""
    clean = clean_objects(read, ConversionReader(read))
    assert clean is not None
    window = clean.judge(objects)
    conversions = clean.conversions(window)
    assert set(conversions) == window.clean
    return [window.kept_out.get(at) or conversions.get(at) for at in range(len(objects))]


@pytest.mark.parametrize("number", ["1234567890123456789012", "1234567890123456.5", "59.900000000000000000001", "1e15"])
def test_numbers_longer_than_a_float_lose_no_digit(number: str) -> None:
    order = json.dumps(changed("properties.order_id", "#")).replace('"#"', number)
    verdicts = ObjectVerdicts(plan(ORDER))
    assert verdicts.verdicts([order] * 3, 1) == [verdicts.verdict(order, 1)] * 3


def careful(read: ReadingPlan, *objects: Any) -> list[Verdict]:
    verdicts = ObjectVerdicts(read)
    return [verdicts.verdict(json.dumps(found), at) for at, found in enumerate(objects, 1)]


def test_an_order_is_read_at_once_as_it_is_read_alone() -> None:
    read = plan(ORDER)
    (order,) = fast(read, ORDER)
    assert [order] == careful(read, ORDER)
    assert isinstance(order, Conversion)
    assert (order.value, order.emails, order.event_time % 60) == (59.9, ("ava@example.com",), 0)
    assert order.items == (Item("p1", "Mug", "", "Acme", 2, 49.9), Item("p2", "Mug", "", "Acme", 2, 5))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", "identify"),
        ("type", "page"),
        ("event", "Order Refunded"),
        ("event", "Ticket Opened"),
        ("properties.products", None),
        ("properties.products", []),
        ("properties.products", PRODUCT),
        ("properties.products", [{}, PRODUCT]),
        ("properties.revenue", None),
        ("properties.revenue", 60),
        ("properties.revenue", "59.90"),
        ("properties.value", 12.5),
        ("properties.email", None),
        ("context.traits", None),
        ("context.traits", []),
        ("context", "none"),
        ("properties.query", ""),
        ("properties.shop_id", "NYC-014"),
        ("userId", 7),
        ("context.ip", {"v4": "203.0.113.7"}),
        ("properties.content_type", "product"),
        ("timestamp", "2026-11-14T10:01:00Z"),
        ("timestamp", 1794650460),
        ("properties.order_id", 765432109876543210),
    ],
)
def test_usual_variants_are_read_at_once_too(path: str, value: Any) -> None:
    read, order = plan(ORDER), changed(path, value)
    assert fast(read, ORDER, order, ORDER)[1] == careful(read, order)[0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("_text", "{}"),
        ("properties.order_id", {"number": 1}),
        ("properties.products", "mug"),
        ("properties.products", [PRODUCT, "mug"]),
        ("properties.products", [PRODUCT, {**PRODUCT, "price": "many"}]),
        ("properties.products", [PRODUCT, {**PRODUCT, "name": "for ava@example.com"}]),
        ("properties.products", [PRODUCT, {**PRODUCT, "quantity": []}]),
        ("properties.name", "Mug"),
        ("properties.email", "none"),
        ("properties.email", ["ava@example.com", "b@example.com"]),
        ("properties.email", "nobody"),
        ("properties.revenue", "n/a"),
        ("properties.revenue", 0),
        ("properties.revenue", -1.5),
        ("properties.revenue", 59.900000000000006),
        ("properties.content_type", "bundle"),
        ("timestamp", "2026-01-05T10:00:00.000Z"),
        ("properties.products", [PRODUCT, {**PRODUCT, "brand": "A\ncme"}]),
        ("properties.shop_id", "a\nb"),
        ("type", {"call": "track"}),
        ("type", "type"),
        ("type", "Total"),
        ("type", "\ntrack"),
    ],
)
def test_what_is_odd_is_left_to_the_careful_path(path: str, value: Any) -> None:
    read, order = plan(ORDER), changed(path, value)
    before, found, after = fast(read, ORDER, order, ORDER)
    assert found is None
    assert before is not None
    assert before == after


def test_a_key_with_dots_is_left_to_the_careful_path() -> None:
    read, order = plan(ORDER), {**ORDER, "properties.total": 3}
    assert fast(read, order, ORDER)[0] is None


def test_one_product_beside_the_other_values_is_an_item() -> None:
    viewed = {**ORDER, "event": "Product Viewed", "properties": {**PRODUCT, "value": 49.9, "currency": "USD"}}
    read = plan(ORDER, viewed)
    (found,) = fast(read, viewed)
    assert isinstance(found, Conversion)
    assert [found] == careful(read, viewed)
    assert [item.content_id for item in found.items] == ["p1"]


@pytest.mark.parametrize(
    "given",
    [
        {"columns": {"properties.products[].mail": "email"}},
        {"columns": {"properties.revenue": "-", "properties.total": "-", "properties.value": "-"}},
    ],
)
def test_files_with_columns_of_other_kinds_are_read_with_care(given: dict[str, Any]) -> None:
    order = changed("properties.products", [{**PRODUCT, "mail": "a@example.com"}])
    read = plan(order, **given)
    assert clean_objects(read, ConversionReader(read)) is None


def test_web_events_carry_what_their_source_asks_for() -> None:
    read = plan(ORDER, event_source="web")
    without_url = changed("context.page", {})
    first, second = fast(read, ORDER, without_url)
    assert isinstance(first, Conversion)
    assert (first.url, first.ip, first.external_id) == ("https://shop.example.com/thanks", "203.0.113.7", "user-7")
    assert [first] == careful(read, ORDER)
    assert second is None


_WORDS = st.sampled_from(
    (
        *(None, "", " ", "n/a", "null", "-", 0, 1, 2, 7.5, 59.9, 12.25, -3, 1e21, True, [], ["x"], {}, {"a": 1}),
        *("0", "7", "59.9", "1,000.5", "١.5", "Mug", "a\nb", "ava@example.com", "AVA@example.com", "$59.90", "US$ 7"),
        *("TT-1", "track", "page", "Order Completed", "Product Viewed", "Total", "type", "USD", "usd", "EUR"),
        *("2026-11-14T10:01:00.999Z", "2026-11-14T10:59:59.001Z", "2026-11-14 10:01", "2026-10-01T00:00:00.5Z"),
        *(1794650460, 1794650460123, "https://example.com/?a=1", "product", 123456789012345678, "1.5E+10"),
        *("+14155550101", "4155550101"),
    )
)
_PATHS = st.sampled_from(
    (
        *("type", "event", "messageId", "timestamp", "userId", "context", "context.ip", "context.traits", "properties"),
        *("context.traits.email", "context.traits.phone", "context.page.url"),
        *(f"properties.{name}" for name in ("email", "phone", "order_id", "revenue", "total", "value", "currency")),
        *(f"properties.{name}" for name in ("products", "shop_id", "content_type", "query", "price", "quantity")),
    )
)
_PRODUCTS = st.lists(
    st.dictionaries(st.sampled_from(["product_id", "name", "brand", "category", "price", "quantity"]), _WORDS)
    | st.just(PRODUCT),
    max_size=3,
)


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """Orders with a few values changed."""
    order: dict[str, Any] = json.loads(json.dumps(ORDER))
    if draw(st.booleans()):
        order["properties"]["products"] = draw(_PRODUCTS)
    for path, value in draw(st.dictionaries(_PATHS, _WORDS, max_size=3)).items():
        *way, key = path.split(".")
        holder: Any = order
        for step in way:
            holder = holder.get(step) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            holder[key] = value
    return order


@given(st.lists(orders(), min_size=1, max_size=6), st.sampled_from(["offline", "web", "crm"]))
def test_both_paths_agree_on_every_order(found: list[dict[str, Any]], source: str) -> None:
    read = plan(ORDER, event_source=source)
    for at_once, alone in zip(fast(read, *found), careful(read, *found), strict=True):
        assert at_once is None or repr_of(at_once) == repr_of(alone)


def repr_of(verdict: Verdict) -> str:
    """With the types of numbers: ``5`` and ``5.0`` are sent differently."""
    return repr(tuple(verdict))


@given(st.lists(orders() | st.sampled_from(["", "{", "7"]), min_size=1, max_size=6), st.integers(1, 4))
def test_the_splitter_finds_the_rows_that_the_sender_finds(found: list[Any], room: int) -> None:
    read = plan(ORDER)
    data = "".join(f"{text if isinstance(text, str) else json.dumps(text)}\n" for text in found).encode()
    every = list(Reading().rows(read, [data], read.data_starts))
    source = Reading().rows(read, [data], read.data_starts)
    assert isinstance(source, JudgedLines)

    rows: list[JudgedRow | None] = []
    for item in source.stretches(lambda: room):
        if isinstance(item, range):
            assert len(item) <= room
            assert item.start == len(rows) + 1
            rows += [None] * len(item)
        else:
            rows.append(item)
    assert source.position() == list_position(read, data, every)
    for row, judged in zip(rows, every, strict=True):
        assert row == judged if row else isinstance(judged.verdict, Conversion)


def list_position(read: ReadingPlan, data: bytes, every: list[JudgedRow]) -> Any:
    return read.data_starts._replace(
        offset=read.data_starts.offset + len(data), row=len(every), line=read.data_starts.line + data.count(b"\n")
    )
