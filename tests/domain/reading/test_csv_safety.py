"""Cells that go back to the customer: harmless in a spreadsheet, and the same when they return."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversion_delivery.domain.reading.csv_safety import csv_line, is_returned_header, protected, unprotected
from conversion_delivery.domain.reading.rows import RowReader

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.text(
    alphabet="'=+-@\t\r\n1 \",;", max_size=8
)


@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from([",", "\t", "|", ";"]))
@example(["'=1+1", "''=1", "'", "+", "-", "\r", "\n=1"], ",")
def test_any_text_comes_back_from_a_returned_file(cells: list[str], delimiter: str) -> None:
    line = csv_line(cells, delimiter)
    ((_, _, read),) = RowReader([line.encode()], delimiter=delimiter, width=len(cells))
    assert isinstance(read, list)
    assert unprotected(read) == cells


@given(texts)
def test_no_cell_that_goes_out_is_a_formula(cell: str) -> None:
    shown = protected(cell)
    assert not shown.startswith(("=", "@", "\t", "\r", "\n"))
    if shown.startswith(("+", "-")):
        assert shown[1:2].isdigit()
        assert not any(map(str.isalpha, shown))


@pytest.mark.parametrize(
    "cell", ["", "+14155550123", "+1 (415) 555-0123", "-59.90", "-1,240.00", "a=b", "'+14155550123"]
)
def test_plain_cells_phones_and_negative_amounts_stay_as_they_are(cell: str) -> None:
    assert protected(cell) == cell
    assert unprotected([cell]) == [cell]


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "\tx", "\rx", "+x", "-", "+", "-2+3+cmd|' /C calc'!A0", "'=1", "+1;=2"]
)
def test_what_a_spreadsheet_would_run_gets_one_apostrophe(cell: str) -> None:
    assert protected(cell) == "'" + cell
    assert unprotected([protected(cell)]) == [cell]


def test_a_file_of_ours_is_known_by_its_line_column() -> None:
    assert is_returned_header(["email", "_line", "_codes", "_messages"])
    assert not is_returned_header(["email", "line"])


def test_a_line_keeps_the_delimiter_and_quotes_what_needs_it() -> None:
    assert csv_line(["a;b", 'say "x"', "c,d"], ";") == '"a;b";"say ""x""";c,d\r\n'


def test_bytes_that_were_not_utf8_go_back_unchanged() -> None:
    ((_, _, fault),) = RowReader([b"M\xfcller,b\r\n"], delimiter=",", width=2)
    assert not isinstance(fault, list)
    assert csv_line(fault.cells, ",").encode("utf-8", "surrogateescape") == b"M\xfcller,b\r\n"
