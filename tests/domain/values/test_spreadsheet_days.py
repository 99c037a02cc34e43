"""Day numbers of spreadsheets, read where that is switched on."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.values.event_times import TimeReader
from tests.domain.values.test_event_times import AS_OF, at

SERIALS = [
    # Excel's own figures: 46334 is 2026-11-08.
    ("46334", "2026-11-08 00:00:00"),
    ("46334.5", "2026-11-08 12:00:00"),
    ("46334,75", "2026-11-08 18:00:00"),
    ("46334.586886574073", "2026-11-08 14:05:07"),
    ("46334.999999999", "2026-11-09 00:00:00"),
    ("46334.0", "2026-11-08 00:00:00"),
    ("46334 14:05", "2026-11-08 14:05:00"),
]


@pytest.mark.parametrize(("cell", "expected"), SERIALS)
def test_a_spreadsheets_day_number_is_read_in_the_default_zone_where_that_is_switched_on(
    cell: str, expected: str
) -> None:
    in_utc = TimeReader("UTC", None, AS_OF, 28, serial_days=True)
    in_berlin = TimeReader("Europe/Berlin", None, AS_OF, 28, serial_days=True)

    for _ in range(2):
        found = in_utc.read(cell)
        assert isinstance(found, CellFinding)
        assert (found.code, found.value) == ("TIME_SERIAL_READ", at(expected))
        moved = in_berlin.read(cell)
        assert isinstance(moved, CellFinding)
        assert moved.value == at(expected) - 3_600


def test_a_day_number_meets_the_window_like_any_other_time() -> None:
    found = TimeReader("UTC", None, AS_OF, 28, serial_days=True).read("45321.75")

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == ("TIME_TOO_OLD", None)
