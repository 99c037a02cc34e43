"""Every form of an event time of the format paper (section 4.1), with the verdict on its row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.domain.mapping.cell_verdicts import outcome

YEAR: dict[str, Any] = {"max_event_age_days": 365}
LONG: dict[str, Any] = {"max_event_age_days": 3_650}
MDY: dict[str, Any] = {"plan": {"date_order": "MDY"}}
DMY: dict[str, Any] = {"plan": {"date_order": "DMY"}}
LIVERAMP: dict[str, Any] = {"layout": "liveramp_tiktok"}
NEW_YORK: dict[str, Any] = {"default_timezone": "America/New_York"}

USED = [
    # cell, what is given, code of the warning, UTC
    ("2026-11-10T14:05:00Z", {}, "", "2026-11-10 14:05:00"),
    ("2026-11-10T14:05:00.250Z", {}, "", "2026-11-10 14:05:00"),
    ("2026-11-10T14:05:00+01:00", {}, "", "2026-11-10 13:05:00"),
    ("2026-11-10T14:05:00+0100", {}, "", "2026-11-10 13:05:00"),
    ("2026-11-10 14:05:00Z", {}, "", "2026-11-10 14:05:00"),
    ("2026-11-10 14:05:00+01:00", {}, "", "2026-11-10 13:05:00"),
    ("2026-11-10T14:05:00Z-0000", {}, "", "2026-11-10 14:05:00"),
    ("2026-11-10T14:05:00Z-0000", LIVERAMP, "", "2026-11-10 14:05:00"),
    ("2026-11-04T10:01:00Z-0800", {}, "TIME_ZONE_CONTRADICTORY", "2026-11-04 18:01:00"),
    ("2026-11-04T10:01:00Z-0800", LIVERAMP, "TIME_ZONE_CONTRADICTORY", "2026-11-04 10:01:00"),
    ("2026-11-10 14:05:00", {}, "", "2026-11-10 14:05:00"),
    ("2026-11-10 14:05", NEW_YORK, "", "2026-11-10 19:05:00"),
    ("2026-11-10 14:05:00 America/Los_Angeles", NEW_YORK, "", "2026-11-10 22:05:00"),
    ("06/02/2026 8:15:00 AM", MDY | YEAR, "", "2026-06-02 08:15:00"),
    ("6/2/2026 8:15", MDY | YEAR, "", "2026-06-02 08:15:00"),
    ("06/02/2026 20:15:00", MDY | YEAR, "", "2026-06-02 20:15:00"),
    ("06/11/2026 20:15:00", DMY, "", "2026-11-06 20:15:00"),
    ("11/13/2026 20:15:00", {}, "", "2026-11-13 20:15:00"),
    ("13/11/2026 20:15:00", {}, "", "2026-11-13 20:15:00"),
    ("07.10.2026 18:05:00", YEAR, "", "2026-10-07 18:05:00"),
    ("07.10.2026 18:05:00", MDY | YEAR, "", "2026-10-07 18:05:00"),
    ("Nov 07, 2026 4:05:06", {}, "", "2026-11-07 04:05:06"),
    ("Aug 14, 2025 17:01:54", LONG, "", "2025-08-14 17:01:54"),
    ("1794409200", {}, "", "2026-11-11 15:00:00"),
    ("1794409200000", {}, "", "2026-11-11 15:00:00"),
    ("1794409200.0", {}, "TIME_FLOAT", "2026-11-11 15:00:00"),
    ("2026-11-03", {}, "TIME_NO_CLOCK", "2026-11-03 00:00:00"),
    ("2026-11-03", NEW_YORK, "TIME_NO_CLOCK", "2026-11-03 05:00:00"),
    ("2026-11-12T19:11:01:152Z", {}, "TIME_COLON_FRACTION", "2026-11-12 19:11:01"),
    ("20261107", {}, "TIME_COMPACT", "2026-11-07 00:00:00"),
    ("5.11.26 9:05", {}, "TIME_SHORT_YEAR", "2026-11-05 09:05:00"),
    ("11/5/26", MDY, "TIME_SHORT_YEAR", "2026-11-05 00:00:00"),
    ("46334.75", {"spreadsheet_dates": True}, "TIME_SERIAL_READ", "2026-11-08 18:00:00"),
    ("46334.75", {"spreadsheet_dates": True} | NEW_YORK, "TIME_SERIAL_READ", "2026-11-08 23:00:00"),
    ("2026-11-01 01:30:00", NEW_YORK, "TIME_CLOCK_CHANGE", "2026-11-01 05:30:00"),
    ("2026-03-08 02:30:00", NEW_YORK | YEAR, "TIME_CLOCK_CHANGE", "2026-03-08 07:30:00"),
    ("2026-10-01T10:00:00Z", YEAR, "", "2026-10-01 10:00:00"),
    ("2026-11-16T12:09:00Z", {}, "", "2026-11-16 12:09:00"),
]


@pytest.mark.parametrize(("cell", "given", "code", "utc"), USED)
def test_a_time_is_used_as_the_paper_says(cell: str, given: dict[str, Any], code: str, utc: str) -> None:
    found = outcome({"event_time": cell}, **given)

    assert (found.verdict, found.codes) == (("warn", (code,)) if code else ("ok", ()))
    assert found.conversion is not None
    assert found.conversion.event_time == int(datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp())


REJECTED = [
    ("06/02/2026 8:15:00 AM", {}, "TIME_AMBIGUOUS"),
    ("6/2/2026 8:15", {}, "TIME_AMBIGUOUS"),
    ("06/02/2026 20:15:00", {}, "TIME_AMBIGUOUS"),
    ("11/5/26", {}, "TIME_AMBIGUOUS"),
    ("13/11/2026 20:15:00", MDY, "TIME_INVALID"),
    ("45321.75", {}, "TIME_SERIAL"),
    ("5-Nov", {}, "TIME_INVALID"),
    ("########", {}, "TIME_INVALID"),
    ("#VALUE!", {}, "TIME_INVALID"),
    ("yesterday", {}, "TIME_INVALID"),
    ("31.11.2026", {}, "TIME_INVALID"),
    ("25:10", {}, "TIME_INVALID"),
    ("", {}, "TIME_MISSING"),
    ("N/A", {}, "TIME_MISSING"),
    ("2026-11-16T12:11:00Z", {}, "TIME_FUTURE"),
    ("2026-11-21T12:00:00Z", {}, "TIME_FUTURE"),
    ("1795921041123", {}, "TIME_FUTURE"),
    ("2026-10-01T10:00:00Z", {}, "TIME_TOO_OLD"),
    ("Aug 14, 2012 17:01:54", {}, "TIME_TOO_OLD"),
    ("true", {}, "TIME_INVALID"),
    ("-1794409200", {}, "TIME_INVALID"),
]


@pytest.mark.parametrize(("cell", "given", "code"), REJECTED)
def test_a_time_that_is_none_or_not_clear_rejects_the_row(cell: str, given: dict[str, Any], code: str) -> None:
    assert outcome({"event_time": cell}, **given)[:2] == ("reject", (code,))


@pytest.mark.parametrize(
    ("cell", "utc_hour"),
    [("2026-11-10 14:05:00", 5), ("2026-11-10 14:05:00Z", 14), ("2026-11-10 14:05:00 America/New_York", 19)],
)
def test_the_cells_zone_comes_before_the_files_and_the_files_before_the_destinations(cell: str, utc_hour: int) -> None:
    found = outcome({"event_time": cell}, plan={"timezone": "Asia/Tokyo"}, default_timezone="Europe/Berlin")

    assert found.conversion is not None
    assert datetime.fromtimestamp(found.conversion.event_time, UTC).hour == utc_hour


def test_a_zone_column_comes_before_them_as_well() -> None:
    cells = {"event_time": "2026-11-10 14:05:00", "event_zone": "Pacific Time (US & Canada)"}
    found = outcome(cells, plan={"timezone": "Asia/Tokyo"})

    assert found.conversion is not None
    assert datetime.fromtimestamp(found.conversion.event_time, UTC).hour == 22
