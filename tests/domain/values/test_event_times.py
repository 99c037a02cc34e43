"""Every form of an event time that the format paper lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.values.event_times import FUTURE_TOLERANCE, TimeReader

AS_OF = int(datetime(2026, 11, 16, 12, tzinfo=UTC).timestamp())
DAY = 86_400


def reader(
    zone: str = "UTC", order: str | None = None, max_age_days: int = 28, *, liveramp: bool = False
) -> TimeReader:
    return TimeReader(zone, order, AS_OF, max_age_days, liveramp)  # type: ignore[arg-type]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


OK = [
    ("2026-11-10T14:05:00Z", "2026-11-10 14:05:00"),
    ("2026-11-10T14:05:00.000Z", "2026-11-10 14:05:00"),
    ("2026-11-10T14:05:00.999999Z", "2026-11-10 14:05:00"),
    ("2026-11-10 18:22:33.456000", "2026-11-10 18:22:33"),
    ("2026-11-10T14:05:00+01:00", "2026-11-10 13:05:00"),
    ("2026-11-10T14:05:00+0100", "2026-11-10 13:05:00"),
    ("2026-11-10 14:05:00 +0100", "2026-11-10 13:05:00"),
    ("2026-11-10 14:05:00-05", "2026-11-10 19:05:00"),
    ("2026-11-10 14:05:00Z", "2026-11-10 14:05:00"),
    ("2026-11-10T14:05Z", "2026-11-10 14:05:00"),
    ("2026-11-10T14:05:00Z-0000", "2026-11-10 14:05:00"),
    ("2026-11-10 14:05:00", "2026-11-10 14:05:00"),
    ("2026-11-10 14:05", "2026-11-10 14:05:00"),
    ("2026-11-10T14:05:00", "2026-11-10 14:05:00"),
    ("2026/11/10 14:05:00", "2026-11-10 14:05:00"),
    ("2026-11-10 14:05:00 America/Los_Angeles", "2026-11-10 22:05:00"),
    ("2026-11-10 14:05:00 UTC", "2026-11-10 14:05:00"),
    ("2026-11-10 2:05:54 PM", "2026-11-10 14:05:54"),
    ("11/13/2026 8:15:00 AM", "2026-11-13 08:15:00"),
    ("11/13/2026 20:15:00", "2026-11-13 20:15:00"),
    ("13/11/2026 20:15", "2026-11-13 20:15:00"),
    ("11/11/2026 20:15", "2026-11-11 20:15:00"),
    ("11/13/2026T5:01:54 PM", "2026-11-13 17:01:54"),
    ("07.11.2026 18:05:00", "2026-11-07 18:05:00"),
    ("Nov 07, 2026 4:05:06", "2026-11-07 04:05:06"),
    ("November 7, 2026 at 4:05 pm", "2026-11-07 16:05:00"),
    ("7 Nov 2026 04:05", "2026-11-07 04:05:00"),
    ("07-Nov-2026 04:05:00", "2026-11-07 04:05:00"),
    ("Sat, 07 Nov 2026 14:05:00 GMT", "2026-11-07 14:05:00"),
    ("Sat Nov 07 2026 14:05:06 GMT-0800 (Pacific Standard Time)", "2026-11-07 22:05:06"),
    ("1794409200", "2026-11-11 15:00:00"),
    ("1794409200000", "2026-11-11 15:00:00"),
    ("1794409200123456", "2026-11-11 15:00:00"),
    ("  2026-11-10 14:05:00\u00a0", "2026-11-10 14:05:00"),
    ("'2026-11-10 14:05:00", "2026-11-10 14:05:00"),
    ('="2026-11-10 14:05:00"', "2026-11-10 14:05:00"),
    ("2026-11-10 12:05:00 AM", "2026-11-10 00:05:00"),
    ("2026-11-10 12:05:00 PM", "2026-11-10 12:05:00"),
]


@pytest.mark.parametrize(("cell", "expected"), OK)
def test_a_listed_form_is_read_without_a_word_the_first_and_every_further_time(cell: str, expected: str) -> None:
    times = reader()

    assert [times.read(cell) for _ in range(3)] == [at(expected)] * 3


MONTH_FIRST = [
    ("06/02/2026 8:15:00 AM", "2026-06-02 08:15:00"),
    ("6/2/2026 8:15", "2026-06-02 08:15:00"),
    ("06/02/2026 20:15:00", "2026-06-02 20:15:00"),
    ("11/04/2026 10:01:00 am", "2026-11-04 10:01:00"),
    ("9/6/2026  6:29:00", "2026-09-06 06:29:00"),
    ("07.10.2026 18:05:00", "2026-10-07 18:05:00"),
    ("Nov 07, 2026 4:05:06", "2026-11-07 04:05:06"),
    ("11-04-2026 10:01:00", "2026-11-04 10:01:00"),
]


@pytest.mark.parametrize(("cell", "expected"), MONTH_FIRST)
def test_a_month_first_file_reads_slashes_month_first_and_dots_day_first(cell: str, expected: str) -> None:
    assert reader(order="MDY", max_age_days=365).read(cell) == at(expected)


def test_a_day_first_file_reads_slashes_day_first() -> None:
    assert reader(order="DMY").read("04/11/2026 10:01") == at("2026-11-04 10:01:00")


WARNED = [
    ("2026-11-04T10:01:00Z-0800", "TIME_ZONE_CONTRADICTORY", "2026-11-04 18:01:00"),
    ("1794409200.0", "TIME_FLOAT", "2026-11-11 15:00:00"),
    ("1794409200.75", "TIME_FLOAT", "2026-11-11 15:00:00"),
    ("1794409200000.0", "TIME_FLOAT", "2026-11-11 15:00:00"),
    ("2026-11-03", "TIME_NO_CLOCK", "2026-11-03 00:00:00"),
    ("Nov 3, 2026", "TIME_NO_CLOCK", "2026-11-03 00:00:00"),
    ("2026-11-12T19:11:01:152Z", "TIME_COLON_FRACTION", "2026-11-12 19:11:01"),
    ("20261107", "TIME_COMPACT", "2026-11-07 00:00:00"),
    ("20261107140500", "TIME_COMPACT", "2026-11-07 14:05:00"),
    ("202611071405", "TIME_COMPACT", "2026-11-07 14:05:00"),
    ("20261107T140500Z", "TIME_COMPACT", "2026-11-07 14:05:00"),
    ("20261107T140500+0100", "TIME_COMPACT", "2026-11-07 13:05:00"),
    ("5.11.26 9:05", "TIME_SHORT_YEAR", "2026-11-05 09:05:00"),
    ("13/11/26", "TIME_SHORT_YEAR", "2026-11-13 00:00:00"),
]


@pytest.mark.parametrize(("cell", "code", "expected"), WARNED)
def test_a_doubtful_form_is_used_with_a_warning(cell: str, code: str, expected: str) -> None:
    times = reader()

    for _ in range(2):
        found = times.read(cell)
        assert isinstance(found, CellFinding)
        assert (found.code, found.value) == (code, at(expected))


REJECTED = [
    ("", "TIME_MISSING"),
    ("  ", "TIME_MISSING"),
    ("null", "TIME_MISSING"),
    ("N/A", "TIME_MISSING"),
    ("45321.75", "TIME_SERIAL"),
    ("46341", "TIME_SERIAL"),
    ("46341,25", "TIME_SERIAL"),
    ("46341 14:05", "TIME_SERIAL"),
    ("15000.5", "TIME_INVALID"),
    ("5-Nov", "TIME_INVALID"),
    ("########", "TIME_INVALID"),
    ("#VALUE!", "TIME_INVALID"),
    ("yesterday", "TIME_INVALID"),
    ("31.11.2026", "TIME_INVALID"),
    ("31/31/2026 08:00", "TIME_INVALID"),
    ("25:10", "TIME_INVALID"),
    ("2026-11-10 25:10", "TIME_INVALID"),
    ("2026-11-10 13:05:00 AM", "TIME_INVALID"),
    ("2026-11-10 0:05:00 PM", "TIME_INVALID"),
    ("1.7944E+09", "TIME_INVALID"),
    ("123", "TIME_INVALID"),
    ("2026-11-10 14:05 Mars/Olympus", "TIME_ZONE_UNKNOWN"),
    ("2026-11-10 14:05 +99:00", "TIME_ZONE_UNKNOWN"),
    ("03/04/2026", "TIME_AMBIGUOUS"),
    ("11/5/26", "TIME_AMBIGUOUS"),
    ("06/02/2026 8:15:00 AM", "TIME_AMBIGUOUS"),
    ("11-10-2026 8:15", "TIME_AMBIGUOUS"),
    ("Aug 14, 2012 17:01:54", "TIME_TOO_OLD"),
    ("2026-10-01 10:00:00", "TIME_TOO_OLD"),
    ("2026-11-21 12:00:00", "TIME_FUTURE"),
    ("1795021041123", "TIME_FUTURE"),
    ("x" * 5000 + "12:00", "TIME_INVALID"),
    ("'" * 5000, "TIME_INVALID"),
    ("''2026-11-10 14:05", "TIME_INVALID"),
]


@pytest.mark.parametrize(("cell", "code"), REJECTED)
def test_what_is_no_usable_time_is_refused_with_its_code(cell: str, code: str) -> None:
    found = reader().read(cell)

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == (code, None)


LIVERAMP = [
    ("2026-11-04T10:01:00Z-0000", "", "2026-11-04 10:01:00"),
    ("2026-11-04T10:01:00Z-0800", "TIME_ZONE_CONTRADICTORY", "2026-11-04 10:01:00"),
    ("2026-11-04", "TIME_NO_CLOCK", "2026-11-04 00:00:00"),
    ("11/04/2026 9:01:00 PM", "", "2026-11-04 21:01:00"),
    ("Nov 04, 2026 9:01:00", "", "2026-11-04 09:01:00"),
    ("11/04/2026 21:01:00", "", "2026-11-04 21:01:00"),
    ("2026-11-04 21:01:00", "", "2026-11-04 21:01:00"),
    ("2026-11-04T21:01:00", "", "2026-11-04 21:01:00"),
    ("2026-11-04 21:01:00-0800", "", "2026-11-05 05:01:00"),
    ("2026-11-04 21:01:00Z", "", "2026-11-04 21:01:00"),
]


@pytest.mark.parametrize(("cell", "code", "expected"), LIVERAMP)
def test_the_liveramp_formats_are_read_as_utc(cell: str, code: str, expected: str) -> None:
    found = reader(order="MDY", liveramp=True).read(cell)

    if code:
        assert isinstance(found, CellFinding)
        assert (found.code, found.value) == (code, at(expected))
    else:
        assert found == at(expected)


def test_an_order_that_is_known_is_never_overruled_by_a_row() -> None:
    found = reader(order="MDY").read("13/11/2026 10:00")

    assert isinstance(found, CellFinding)
    assert found.code == "TIME_INVALID"


def test_a_file_receipt_is_the_measure_of_future_and_age() -> None:
    times = reader()
    newest, oldest = AS_OF + FUTURE_TOLERANCE, AS_OF - 28 * DAY

    assert times.read(str(newest)) == newest
    assert times.read(str(oldest)) == oldest
    assert times.read(str(newest + 1)) == CellFinding("TIME_FUTURE", "10 minutes", facts=(("seconds_ahead", 601),))
    assert times.read(str(oldest - 1)) == CellFinding(
        "TIME_TOO_OLD", "28 days old, the limit is 28", facts=(("days", 28),)
    )
    assert times.read(str(AS_OF + 5 * DAY)) == CellFinding("TIME_FUTURE", "5 days", facts=(("seconds_ahead", 5 * DAY),))
    assert times.read(str(AS_OF - 41 * DAY)) == CellFinding(
        "TIME_TOO_OLD", "41 days old, the limit is 28", facts=(("days", 41),)
    )


def test_a_remembered_hour_still_meets_the_window_of_each_file() -> None:
    cell = "2026-10-20 10:00:00"

    assert reader(max_age_days=90).read(cell) == at("2026-10-20 10:00:00")
    assert reader(max_age_days=7).read(cell) == CellFinding(
        "TIME_TOO_OLD", "27 days old, the limit is 7", facts=(("days", 27),)
    )


def test_minutes_without_seconds_meet_the_window_too() -> None:
    times = reader(max_age_days=90, order="MDY")
    times.read("10/20/2026 10:00 AM")

    found = reader(max_age_days=7, order="MDY").read("10/20/2026 10:59 AM")

    assert isinstance(found, CellFinding)
    assert found.code == "TIME_TOO_OLD"


def test_local_times_follow_the_zone_through_the_year() -> None:
    times = reader("America/New_York", max_age_days=365)

    assert times.read("2026-07-10 14:05:00") == at("2026-07-10 18:05:00")
    assert times.read("2026-11-10 14:05:00") == at("2026-11-10 19:05:00")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("2026-11-01 01:30:00", "2026-11-01 05:30:00"), ("2026-03-08 02:30:00", "2026-03-08 07:30:00")],
)
def test_an_hour_in_which_the_clocks_change_is_used_with_a_warning(cell: str, expected: str) -> None:
    times = reader("America/New_York", max_age_days=365)

    for _ in range(2):
        found = times.read(cell)
        assert isinstance(found, CellFinding)
        assert (found.code, found.value) == ("TIME_CLOCK_CHANGE", at(expected))


def test_half_hour_clock_changes_are_seen_within_their_hour() -> None:
    times = reader("Australia/Lord_Howe", max_age_days=365)

    assert times.read("2026-04-05 01:15:00") == at("2026-04-04 14:15:00")
    found = times.read("2026-04-05 01:45:00")
    assert isinstance(found, CellFinding)
    assert found.code == "TIME_CLOCK_CHANGE"


@pytest.mark.parametrize(
    ("date", "clock", "zone", "expected"),
    [
        ("11/12/2026", "2:30:00 PM", "Pacific Time (US & Canada)", "2026-11-12 22:30:00"),
        ("2026-11-05", "21:50:48", "Eastern Time (US & Canada)", "2026-11-06 02:50:48"),
        ("2026-11-05", "21:50", "America/Chicago", "2026-11-06 03:50:00"),
        ("2026-11-05 00:00:00", "21:50:48", "", "2026-11-05 21:50:48"),
        ("2026-11-05", "21:50:48", "-05:00", "2026-11-06 02:50:48"),
        ("2026-11-05", "21:50:48Z", "America/Chicago", "2026-11-05 21:50:48"),
    ],
)
def test_date_clock_and_zone_may_stand_in_three_cells(date: str, clock: str, zone: str, expected: str) -> None:
    times = reader(order="MDY")

    assert [times.read_parts(date, clock, zone) for _ in range(2)] == [at(expected)] * 2


@pytest.mark.parametrize(
    ("date", "clock", "zone", "code"),
    [
        ("", "21:50:48", "UTC", "TIME_MISSING"),
        ("n/a", "", "", "TIME_MISSING"),
        ("2026-11-05", "", "", "TIME_NO_CLOCK"),
        ("2026-11-05", "late", "", "TIME_INVALID"),
        ("2026-11-05", "21:50:48", "Middle Earth", "TIME_ZONE_UNKNOWN"),
        (" " * 5000 + "x", "21:50:48", "", "TIME_INVALID"),
    ],
)
def test_parts_that_make_no_time_are_refused(date: str, clock: str, zone: str, code: str) -> None:
    found = reader().read_parts(date, clock, zone)

    assert isinstance(found, CellFinding)
    assert found.code == code


def test_many_zones_in_one_file_stay_bounded() -> None:
    times = reader()

    for minute in range(200):
        zone = f"+{minute // 60:02d}:{minute % 60:02d}"
        assert times.read_parts("2026-11-05", "21:50:48", zone) == at("2026-11-05 21:50:48") - minute * 60


def test_a_zone_of_the_settings_may_be_any_name_of_the_zone_database() -> None:
    assert reader("Japan").read("2026-11-10 14:05:00") == at("2026-11-10 05:05:00")
    with pytest.raises(ContractBroken, match="ZONE_UNKNOWN"):
        reader("Middle/Earth")
