"""Calendar dates without their clocks."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.values.calendar_dates import Day, read_day


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-11-07", None, Day(date(2026, 11, 7))),
        ("2026/11/7", None, Day(date(2026, 11, 7))),
        ("2026.11.07", None, Day(date(2026, 11, 7))),
        ("11/07/2026", "MDY", Day(date(2026, 11, 7))),
        ("11/07/2026", "DMY", Day(date(2026, 7, 11))),
        ("11/07/2026", None, "TIME_AMBIGUOUS"),
        ("13/07/2026", None, Day(date(2026, 7, 13))),
        ("07/13/2026", None, Day(date(2026, 7, 13))),
        ("07/07/2026", None, Day(date(2026, 7, 7))),
        ("13/07/2026", "MDY", "TIME_INVALID"),
        ("11.07.2026", "MDY", Day(date(2026, 7, 11))),
        ("5.11.26", None, Day(date(2026, 11, 5), "TIME_SHORT_YEAR")),
        ("11/5/26", "MDY", Day(date(2026, 11, 5), "TIME_SHORT_YEAR")),
        ("20261107", None, Day(date(2026, 11, 7), "TIME_COMPACT")),
        ("20261307", None, "TIME_INVALID"),
        ("Nov 7, 2026", None, Day(date(2026, 11, 7))),
        ("Sept. 7th 2026", None, Day(date(2026, 9, 7))),
        ("Saturday, 7 November 2026", None, Day(date(2026, 11, 7))),
        ("7-Nov-26", None, Day(date(2026, 11, 7), "TIME_SHORT_YEAR")),
        ("Foo 7, 2026", None, "TIME_INVALID"),
        ("31.11.2026", None, "TIME_INVALID"),
        ("2026-02-29", None, "TIME_INVALID"),
        ("0000-01-01", None, "TIME_INVALID"),
        ("2026-11/07", None, "TIME_INVALID"),
        ("5-Nov", None, "TIME_INVALID"),
        ("", None, "TIME_INVALID"),
    ],
)
def test_a_day_is_read_or_refused(text: str, order: str | None, expected: Day | str) -> None:
    assert read_day(text, order) == expected  # type: ignore[arg-type]


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["MDY", "DMY"]))
def test_a_written_day_is_read_back_in_its_order(day: date, order: str) -> None:
    first, second = (day.month, day.day) if order == "MDY" else (day.day, day.month)

    assert read_day(f"{first}/{second}/{day.year}", order) == Day(day)  # type: ignore[arg-type]


@given(st.dates(date(1000, 1, 1)))
def test_without_an_order_a_day_is_read_right_or_not_at_all(day: date) -> None:
    for first, second in ((day.month, day.day), (day.day, day.month)):
        assert read_day(f"{first:02d}/{second:02d}/{day.year}", None) in (Day(day), "TIME_AMBIGUOUS")
