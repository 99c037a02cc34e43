"""Names of time zones, and wall clocks in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.values.time_zones import _LABELS, Instant, configured_zone, instant, zone_named


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Z", UTC),
        ("utc", UTC),
        ("GMT", UTC),
        ("+00:00", UTC),
        ("-0000", UTC),
        ("+01:00", timezone(timedelta(hours=1))),
        ("-0830", timezone(-timedelta(hours=8, minutes=30))),
        ("+5", timezone(timedelta(hours=5))),
        ("GMT+2", timezone(timedelta(hours=2))),
        ("GMT-0800 (Pacific Standard Time)", timezone(-timedelta(hours=8))),
        ("-05:00[America/New_York]", timezone(-timedelta(hours=5))),
        ("Z[Etc/UTC]", UTC),
        ("[America/New_York]", ZoneInfo("America/New_York")),
        ("(UTC)", UTC),
        ("[nowhere]", None),
        ("[]", None),
        ("PST", timezone(-timedelta(hours=8))),
        ("America/Los_Angeles", ZoneInfo("America/Los_Angeles")),
        ("America/Argentina/Buenos_Aires", ZoneInfo("America/Argentina/Buenos_Aires")),
        ("Pacific Time (US & Canada)", ZoneInfo("America/Los_Angeles")),
        ("(GMT-08:00) Pacific Time (US & Canada)", ZoneInfo("America/Los_Angeles")),
        ("Berlin", ZoneInfo("Europe/Berlin")),
        ("+15:00", None),
        ("Mars/Olympus", None),
        ("America", None),
        ("../../etc/passwd", None),
        ("Europe/../Europe/Berlin", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_a_text_names_a_zone_or_none(text: str, zone: tzinfo | None) -> None:
    assert zone_named(text) == zone


@pytest.mark.parametrize("label", sorted(_LABELS))
def test_every_label_leads_to_a_zone(label: str) -> None:
    assert isinstance(zone_named(label), ZoneInfo)


def test_a_setting_may_name_any_zone_of_the_database() -> None:
    assert configured_zone("Japan") == ZoneInfo("Japan")
    assert configured_zone("+01:00") == timezone(timedelta(hours=1))
    assert configured_zone("nowhere") is None


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), st.sampled_from(["UTC", "Asia/Tokyo", "Pacific/Apia"]))  # noqa: DTZ001
def test_any_wall_clock_has_an_instant(wall: datetime, zone: str) -> None:
    found = instant(wall, ZoneInfo(zone))

    assert isinstance(found, Instant)
    if not found.is_doubtful and 1900 < wall.year < 2100:
        assert found.seconds == int(wall.replace(microsecond=0, tzinfo=ZoneInfo(zone)).timestamp())
