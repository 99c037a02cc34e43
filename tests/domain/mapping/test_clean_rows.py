"""The fast path says what the careful path says, or leaves the row to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import Conversion
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from tests.domain.rows_to_read import CLEAN, plan_of

FIELDS = (
    *CLEAN,
    "email",
    "phone",
    "event_id",
    "shop_id",
    "contents[].content_id",
    "contents[].content_name",
    "contents[].content_category",
    "contents[].brand",
    "contents[].quantity",
    "contents[].price",
)
ROW = [*CLEAN.values(), "", "", "", "NYC-014", "P-10", "Mug", "Kitchen", "Acme", "2", "29.95"]


def reader(fields: tuple[str, ...] = FIELDS, **given: Any) -> ConversionReader:
    return ConversionReader(plan_of([(f"column {at}", field) for at, field in enumerate(fields)], **given))


def read_fast(reading: ConversionReader, cells: list[str]) -> Conversion | None:
    assert reading.clean_rows is not None
    return reading.clean_rows.read([*cells, ""])


def changed(field: str, cell: str) -> list[str]:
    cells = ROW.copy()
    cells[FIELDS.index(field)] = cell
    return cells


def test_a_clean_row_is_read_in_one_step() -> None:
    reading = reader()

    assert read_fast(reading, ROW) == reading.read_with_care([*ROW, ""])
    assert isinstance(reading.read(ROW), Conversion)


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("event", "Walk-in"),
        ("event_time", "yesterday"),
        ("event_time", "2026-11-14"),
        ("email", "ava@mail"),
        ("email", "none@none.com"),
        ("phone", "+10000000000"),
        ("phone", "(415) 555-0101"),
        ("value", ""),
        ("value", "0.00"),
        ("value", "1,000.00"),
        ("currency", "US$"),
        ("order_id", "4.00077E+13"),
        ("order_id", "4155550101"),
        ("event_id", "4155550101"),
        ("event_id", "ava@example.com"),
        ("contents[].quantity", "1.5"),
        ("contents[].price", "-1.00"),
        ("contents[].content_name", "for ava@example.com"),
    ],
)
def test_anything_odd_is_left_to_the_careful_path(field: str, cell: str) -> None:
    assert read_fast(reader(), changed(field, cell)) is None


def test_so_is_a_row_without_identifier() -> None:
    cells = changed("email", "")
    cells[FIELDS.index("phone")] = ""

    assert read_fast(reader(), cells) is None


def test_a_clean_row_stays_fast_after_an_odd_text() -> None:
    reading = reader()
    reading.read(changed("contents[].content_name", "for ava@example.com"))

    assert read_fast(reading, ROW) is not None


@pytest.mark.parametrize("fields", [("status",), ("content_type",), ("event_zone",), ("description",), ("country",)])
def test_files_with_other_columns_that_count_are_read_with_care(fields: tuple[str, ...]) -> None:
    assert reader((*CLEAN, *fields)).clean_rows is None


def test_so_are_files_of_other_marks_second_choices_and_sources_that_need_more() -> None:
    assert reader(decimal_mark=",").clean_rows is None
    assert reader((*CLEAN, "value")).clean_rows is None
    assert reader(event_source="web").clean_rows is None
    assert reader(tuple(field for field in CLEAN if field != "value")).clean_rows is None
    assert reader((*CLEAN, "event_channel"), event_source="crm", require_lead_id=False).clean_rows is not None


CELLS = {
    "event": ["Purchase", "complete payment", "Contact", "Walk-in", ""],
    "event_time": ["2026-11-14T10:01:00Z", "2026-11-14 10:01:00", "1794650460", "11/14/2026 10:01:00", "2026-10-01"],
    "email": [
        "Ava@Example.COM",
        "a+b@mail.example.org",
        "ava@mail",
        "none@none.com",
        "",
        "n/a",
        "ä@example.com",
        "a" * 64,
    ],
    "phone": [
        "+14155550101",
        "4155550101",
        "14155550101",
        "+4930231250",
        "0000000000",
        "+999999999",
        "",
        "+5555555555",
    ],
    "value": ["59.90", "7", "0.00", "0.01", "1,000.00", "", "-1.00", "999999999999.99", "$5.00"],
    "currency": ["USD", "eur", "", "ZZZ", "US$"],
    "order_id": ["TT-1", "#1001", "4155550101", "0101", "1.5E+10", "", "x y", "N/A"],
    "event_id": ["e-1", "", "4155550101", "+14155550101", "ava@example.com"],
    "shop_id": ["NYC", "", "N/A", "shop ava@example.com"],
    "contents[].quantity": ["1", "2.0", "0", "", "10000", "1.5"],
    "contents[].price": ["0.00", "29.95", "", "30", "-1.00"],
}


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    texts = st.sampled_from(["Mug", "", '24" Jacket', "null", "to ava@example.com"])
    return [draw(st.sampled_from(CELLS[field]) | st.text(max_size=6) if field in CELLS else texts) for field in FIELDS]


@given(
    st.from_regex(r"\+?(1|49|4|2|86|353)?[0-9]{5,14}", fullmatch=True), st.sampled_from([None, "US", "DE", "IE", "CN"])
)
def test_both_paths_agree_on_every_number(phone: str, country: str | None) -> None:
    reading = reader(default_country=country)
    fast = read_fast(reading, changed("phone", phone))

    assert fast is None or fast == reading.read_with_care([*changed("phone", phone), ""])


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+14155550101", None),
        ("+14155550101", "DE"),
        ("4155550101", "US"),
        ("+493023125042", "DE"),
        ("+8613912345678", "CN"),
    ],
)
def test_an_ordinary_number_does_not_need_care(phone: str, country: str | None) -> None:
    assert read_fast(reader(default_country=country), changed("phone", phone)) is not None


@given(st.lists(rows(), min_size=1, max_size=4), st.sampled_from([None, "US", "DE"]), st.sampled_from(["", "columns"]))
def test_both_paths_agree_on_every_row(rows: list[list[str]], country: str | None, currency: str) -> None:
    reading = reader(default_country=country, default_currency="USD" if currency else None)
    for cells in rows:
        fast = read_fast(reading, cells)
        assert fast is None or fast == reading.read_with_care([*cells, ""])
        assert reading.read(cells) == reader(
            default_country=country, default_currency="USD" if currency else None
        ).read_with_care([*cells, ""])
