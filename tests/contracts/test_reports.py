"""What any ReportStore must do: whole objects, written as often as one likes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conversion_delivery.domain.errors import SourceGone
from tests.contracts.backends import Backend

KEY = "reports/shop/May.csv/0123/summary.json"


def blocks(count: int, size: int = 1 << 20) -> Iterator[bytes]:
    for number in range(count):
        yield bytes([number % 256]) * size


def test_a_report_comes_back_as_it_was_put(backend: Backend) -> None:
    backend.reports.put(KEY, b'{"a": 1}', "application/json", {"previous": "parts/x/1.csv"})
    assert backend.reports.get(KEY) == b'{"a": 1}'
    assert backend.reports.metadata(KEY) == {"previous": "parts/x/1.csv"}


def test_metadata_is_empty_where_none_was_given(backend: Backend) -> None:
    backend.reports.put(KEY, b"", "text/csv")
    assert backend.reports.metadata(KEY) == {}
    assert backend.reports.get(KEY) == b""


def test_the_last_write_counts(backend: Backend) -> None:
    for body in (b"one", b"two", b"two"):
        backend.reports.put(KEY, body, "text/csv")
    assert backend.reports.get(KEY) == b"two"


def test_a_report_that_nobody_wrote_is_gone(backend: Backend) -> None:
    with pytest.raises(SourceGone, match="SOURCE_GONE"):
        backend.reports.get(KEY)
    with pytest.raises(SourceGone, match="SOURCE_GONE"):
        backend.reports.metadata(KEY)


@pytest.mark.parametrize("count", [0, 1, 5, 6, 10, 11, 23])
def test_a_stream_of_any_length_becomes_one_object(backend: Backend, count: int) -> None:
    backend.reports.write_stream(KEY, blocks(count), "text/csv")
    assert backend.reports.get(KEY) == b"".join(blocks(count))


@pytest.mark.parametrize("good", [0, 1, 12])
def test_a_stream_that_breaks_leaves_the_old_object_as_it_was(backend: Backend, good: int) -> None:
    def breaking() -> Iterator[bytes]:
        yield from blocks(good)
        raise LookupError("broken")

    backend.reports.put(KEY, b"old", "text/csv")
    with pytest.raises(LookupError, match="broken"):
        backend.reports.write_stream(KEY, breaking(), "text/csv")
    assert backend.reports.get(KEY) == b"old"


@pytest.mark.parametrize("count", [0, 1, 8, 30])
def test_several_reports_come_in_the_order_of_their_keys(backend: Backend, count: int) -> None:
    keys = [f"parts/f/{number * 7 % 31:02d}.csv" for number in range(count)]
    for key in keys:
        backend.reports.put(key, key.encode(), "text/csv")
    assert list(backend.reports.get_each(keys)) == [key.encode() for key in keys]


def test_one_of_several_that_is_not_there_is_gone(backend: Backend) -> None:
    backend.reports.put(KEY, b"x", "text/csv")
    bodies = backend.reports.get_each([KEY, "parts/none", KEY])
    assert next(bodies) == b"x"
    with pytest.raises(SourceGone):
        next(bodies)
