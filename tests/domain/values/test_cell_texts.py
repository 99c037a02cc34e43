"""What is taken off a cell before it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.values.cell_texts import bare


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  a b \t", "a b"),
        ("\u00a0a\u202f", "a"),
        ("\ufeffa\u200b\u2060", "a"),
        ("'0123", "0123"),
        ("' 0123", "0123"),
        ('="0123"', "0123"),
        ('="\'0123"', "0123"),
        ("=+1415", "+1415"),
        ("=1415", "1415"),
        ("=SUM(A1)", "=SUM(A1)"),
        ('="a"b"', '="a"b"'),
        ("", ""),
        ("'", ""),
    ],
)
def test_outer_blanks_and_spreadsheet_marks_come_off(cell: str, expected: str) -> None:
    assert bare(cell) == expected


@given(st.text())
def test_what_is_left_is_a_part_of_the_cell_without_outer_blanks(cell: str) -> None:
    text = bare(cell)

    assert text in cell
    assert text == text.strip()
