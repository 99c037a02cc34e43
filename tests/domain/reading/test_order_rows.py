"""Orders of several rows: one event each, whatever place a slice is read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.batches import START, Position
from conversion_delivery.domain.conversions import Conversion, Ignored, Item
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.events.tiktok_events import EventEncoder
from conversion_delivery.domain.layouts.layouts import LAYOUTS
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.order_rows import ENDLESS_ROWS, ORDER_ROWS
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import SliceLimits, cut_slices
from tests.domain.rows_to_read import AS_OF, accepted, plan_of, problem_codes
from tests.domain.rows_to_read import settings as settings_of

FIELDS = (
    "order_id",
    "event",
    "event_time",
    "email",
    "value",
    "currency",
    "contents[].content_id",
    "contents[].quantity",
    "contents[].price",
)
HEAD = "Purchase,2026-11-14T10:01:00Z,ava@example.com,{value},USD"


def plan(layout: str = "columns") -> ReadingPlan:
    return plan_of([(field, field) for field in FIELDS], layout=layout).model_copy(update={"order_rows": "order"})


def first_row(order: str, value: str = "59.90", item: str = "P1,1,59.90") -> str:
    return f"{order},{HEAD.format(value=value)},{item}\n"


def further_row(order: str, item: str = "P2,2,5.00", value: str = "") -> str:
    return f"{order},,,,{value},,{item}\n"


def judged(text: str | bytes, read: ReadingPlan | None = None) -> list[JudgedRow]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(Reading().rows(read or plan(), [data], START))


def codes(rows: list[JudgedRow]) -> list[list[str]]:
    return [problem_codes(row.verdict) for row in rows]


def test_the_rows_of_an_order_are_one_conversion_with_an_item_each() -> None:
    rows = judged(first_row("A") + further_row("A") + first_row("B"))
    order = accepted(rows[0].verdict)
    assert order.value == 59.90
    assert order.items == (Item("P1", quantity=1, price=59.90), Item("P2", quantity=2, price=5.0))
    assert codes(rows) == [[], ["LINE_ITEM_MERGED"], []]
    assert rows[0].rest == ((2, ["A", "", "", "", "", "", "P2", "2", "5.00"]),)


def test_an_order_has_one_event_id_however_many_rows_it_takes() -> None:
    encode = EventEncoder(plan("liveramp_tiktok")).encode
    one, two = judged(first_row("A")), judged(first_row("A", item="P9,1,59.90") + further_row("A"))
    assert encode(accepted(one[0].verdict)).event_id == encode(accepted(two[0].verdict)).event_id


def test_a_row_without_an_order_id_is_an_order_of_its_own() -> None:
    rows = judged(first_row("") + first_row(""))
    assert codes(rows) == [[], []]
    assert rows[0].rest == ()


def test_a_row_of_another_event_begins_another_order() -> None:
    rows = judged(first_row("A") + first_row("A").replace("Purchase", "AddToCart"))
    assert [accepted(row.verdict).event for row in rows] == ["Purchase", "AddToCart"]


def test_rows_with_another_total_reject_the_order_and_never_guess() -> None:
    rows = judged(first_row("A") + further_row("A", value="12.00") + first_row("B"))
    assert codes(rows) == [["ORDER_REJECTED"], ["ORDER_ROWS_DIFFER"], []]


def test_the_first_total_that_a_row_names_is_the_order_s() -> None:
    rows = judged(first_row("A", value="") + further_row("A", value="12.00"))
    assert accepted(rows[0].verdict).value == 12.0


def test_one_bad_row_rejects_the_order_and_names_its_line() -> None:
    rows = judged(first_row("A") + further_row("A", item="P2,many,5.00") + further_row("A"))
    assert codes(rows) == [["ORDER_REJECTED"], ["QUANTITY_INVALID"], ["ORDER_REJECTED"]]
    assert dict(rows[0].verdict.problems[0].facts) == {"first": 2}  # type: ignore[union-attr]


def test_a_damaged_record_rejects_the_order_that_it_names() -> None:
    rows = judged(first_row("A") + "A,too,short\n" + further_row("A") + first_row("B"))
    assert codes(rows) == [["ORDER_REJECTED"], ["ROW_SHAPE"], ["ORDER_REJECTED"], []]


def test_an_order_of_more_than_a_thousand_rows_is_rejected_row_by_row() -> None:
    rows = judged(first_row("A") + further_row("A") * ORDER_ROWS + first_row("B"))
    assert {tuple(found) for found in codes(rows[:-1])} == {("ORDER_TOO_LONG",)}
    assert len(rows) == ORDER_ROWS + 2
    assert codes(rows)[-1] == []


def test_an_order_without_an_end_stops_the_file_after_what_came_before() -> None:
    text = first_row("A") + first_row("B") + further_row("C") * (ENDLESS_ROWS + 1)
    rows = Reading().rows(plan(), [text.encode()], START)
    slices = cut_slices(rows, START, SliceLimits())
    before = next(slices)
    assert before.end == Position(len(first_row("A") + first_row("B")), 2, 2)
    assert before.valid == [1, 2]
    with pytest.raises(UploadRejected, match="ORDER_ENDLESS"):
        next(slices)


@pytest.mark.parametrize("name", [layout.name for layout in LAYOUTS if layout.orders == "sum"])
def test_orders_add_up_where_the_layout_says_so(name: str) -> None:
    rows = judged(first_row("A", value="1.00", item="P1,2,10.00") + further_row("A", "P2,1,5.50"), plan(name))
    assert accepted(rows[0].verdict).value == 25.5


ORDER_TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                first_row("A"),
                further_row("A"),
                first_row("B"),
                further_row("B"),
                first_row(""),
                "\n",
                "\r\n",
                "A,too,short\n",
                "B,short\r\n",
                ",,,,,,,,\n",
                'A,,,,,,"P\n3",1,2.00\n',
                'B,,,,,,"open,1,2.00\n',
                "A,M\udcfcller\n",
                "TRAILER,4\n",
                further_row("A", item="P,x,1"),
            ]
        )
    ),
    max_size=30,
)


def _slices(read: ReadingPlan, data: bytes, start: Position, limits: SliceLimits) -> list[Any]:
    rows = Reading().rows(read, [data[start.offset :]], start)
    return [(cut.start, cut.end, cut.valid, cut.ignored, cut.reasons) for cut in cut_slices(rows, start, limits)]


@given(texts=ORDER_TEXTS, conversions=st.integers(1, 3), every=st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_reading_again_from_any_border_gives_the_same_rows_and_borders(
    texts: list[str], conversions: int, every: int
) -> None:
    data, read = "".join(texts).encode("utf-8", "surrogateescape"), plan()
    limits = SliceLimits(conversions=conversions, rows=every * 2, look_every=every)
    whole = _slices(read, data, START, limits)
    rows = judged(data, read)
    assert sum(cut[1].row - cut[0].row for cut in whole) == len(rows)
    for at, (start, end, valid, ignored, reasons) in enumerate(whole):
        assert _slices(read, data, start, limits) == whole[at:]
        alone = list(Reading().rows(read, [data[start.offset : end.offset]], start))
        assert alone == rows[start.row : end.row]
        assert [row.row for row in alone if isinstance(row.verdict, Conversion)] == valid
        assert sum(isinstance(row.verdict, Ignored) for row in alone) == ignored
        assert end.row - start.row == len(valid) + reasons.total()


@given(texts=ORDER_TEXTS, size=st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_rows_do_not_depend_on_how_the_bytes_arrive(texts: list[str], size: int) -> None:
    data, read = "".join(texts).encode("utf-8", "surrogateescape"), plan()
    blocks: Iterator[bytes] = (data[at : at + size] for at in range(0, len(data), size))
    assert list(Reading().rows(read, blocks, START)) == judged(data, read)


def test_a_file_with_scattered_orders_gets_a_hint() -> None:
    header = ",".join(FIELDS).replace("contents[].", "item_")
    data = (header + "\n" + first_row("A") + first_row("B") + first_row("A")).encode()
    columns = {f"item_{name}": f"contents[].{name}" for name in ("content_id", "quantity", "price")}
    found = Reading().plan(
        data, size=len(data), name="x", settings=settings_of(order_rows="order", columns=columns), as_of=AS_OF
    )
    assert found.order_rows == "order"
    assert [(hint.code, hint.facts) for hint in found.hints] == [("ORDER_ROWS_SCATTERED", {"orders": 1})]
