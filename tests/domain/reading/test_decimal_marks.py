"""The decimal mark of a column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.reading.decimal_marks import seen_decimal_mark
from conversion_delivery.domain.values.amounts import AmountReader


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("59.90", "."),
        ("59.9", "."),
        (".50", "."),
        ("0.999", "."),
        ("2310.123", "."),
        ("59.900000000000006", "."),
        ("$1,234.50", "."),
        ("1,23,456.78", "."),
        ("1,234,567", "."),
        ("2'310.45", "."),
        ("(12.50)", "."),
        ("19,95", ","),
        ("19,95 €", ","),
        ("EUR 19,95", ","),
        ("2.310,45", ","),
        ("2\u00a0310,45", ","),
        ("1.234.567", ","),
        ("0,999", ","),
        ("2,310", None),
        ("2.310", None),
        ("15.999", None),
        ("1000", None),
        ("", None),
        ("N/A", None),
        ("1,2,3", None),
        ("2026-11-10", None),
        ("1.2.3", None),
        ("4" * 100 + ".50", None),
    ],
)
def test_a_cell_tells_its_mark_or_nothing(cell: str, mark: str | None) -> None:
    assert seen_decimal_mark([cell]) == mark


def test_a_column_tells_where_no_cell_contradicts() -> None:
    assert seen_decimal_mark(["2,310", "", "19,95", "1000"]) == ","
    assert seen_decimal_mark(["2,310", "59.90"]) == "."
    assert seen_decimal_mark(["2,310", "19,95", "59.90"]) is None
    assert seen_decimal_mark([]) is None


def test_the_seen_mark_decides_about_cells_that_tell_nothing() -> None:
    comma, point = (AmountReader(mark, "EUR").read("2,310") for mark in (",", "."))

    assert (comma, point) == (2.31, 2310)


@given(st.text(max_size=60) | st.text(alphabet="0123456789.,' €$-", max_size=30))
def test_any_cell_is_looked_at_without_harm_and_read_by_what_it_tells(cell: str) -> None:
    mark = seen_decimal_mark([cell])
    found = AmountReader(mark or "auto", "EUR").read(cell, "EUR")  # type: ignore[arg-type]

    if mark:
        assert not (isinstance(found, CellFinding) and found.code == "VALUE_AMBIGUOUS")
