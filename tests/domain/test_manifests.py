"""The number of rows in a marker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.manifests import expected_rows


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"123", 123),
        (b" 123\r\n", 123),
        (b"\xef\xbb\xbf123\n", 123),
        (b"rows=123", 123),
        (b"file=sales.csv\nrecords: 123\n", 123),
        (b"Record Count = 123", 123),
        (b"'row_count': 123,", 123),
        (b'{"rows": 123}', 123),
        (b'{"file": "sales.csv", "record_count": "123"}', 123),
        (b'{"total-rows": 0}', 0),
        (b"", None),
        (b"sales.csv", None),
        (b"rows=many", None),
        (b"size=123", None),
        (b'{"rows": true}', None),
        (b'{"rows": -1}', None),
        (b'{"rows": 1.5}', None),
        (b'{"rows": ', None),
        (b"{" * 100_000, None),
        (b"[1]", None),
        (b"\xff\xfe1\x002\x00", None),
        (b"1234567890123456", None),
        (b"d41d8cd98f00b204e9800998ecf8427e  sales.csv", None),
    ],
)
def test_a_count_is_read_where_a_marker_has_one(content: bytes, rows: int | None) -> None:
    assert expected_rows(content) == rows


@given(st.binary(max_size=300))
def test_no_marker_is_an_error(content: bytes) -> None:
    assert expected_rows(content) is None or isinstance(expected_rows(content), int)
