"""What a time reader remembers changes no later reading."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.values.event_times import FUTURE_TOLERANCE, _memory_for
from tests.domain.values.test_event_times import AS_OF, DAY, OK, at, reader

FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%b %d, %Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.250",
    "%a, %d %b %Y %H:%M:%S",
]
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo"]


@settings(max_examples=300)
@given(
    moments=st.lists(st.integers(AS_OF - 360 * DAY, AS_OF), min_size=1, max_size=8),
    form=st.sampled_from(FORMATS),
    zone=st.sampled_from(ZONES),
)
def test_a_written_moment_is_read_back_whatever_was_read_before(moments: list[int], form: str, zone: str) -> None:
    times = reader(zone, "MDY", 365)

    for moment in moments * 2:
        local = datetime.fromtimestamp(moment, ZoneInfo(zone))
        found = times.read(local.strftime(form))
        if isinstance(found, CellFinding):
            assert found.code == "TIME_CLOCK_CHANGE"
            assert abs(found.value - moment) <= 3_600
            assert (
                local.utcoffset() != (local + timedelta(hours=2)).astimezone(ZoneInfo(zone)).utcoffset() or local.fold
            )
        else:
            assert found == moment


PIECES = st.sampled_from(
    [
        "2026",
        "11",
        "10",
        "7",
        "-",
        "/",
        ".",
        " ",
        "T",
        ":",
        "14",
        "05",
        "00",
        "Z",
        "+01:00",
        " PM",
        "am",
        ",",
        "Nov",
        "é",
    ]
)


@settings(max_examples=500)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join)))
def test_any_text_is_a_time_or_a_finding_and_memory_does_not_change_it(cell: str) -> None:
    _memory_for.cache_clear()
    fresh = reader("America/New_York", "MDY")
    first = fresh.read(cell)
    warm = reader("America/New_York", "MDY")
    for other, _ in OK:
        warm.read(other)

    assert isinstance(first, (int, CellFinding))
    assert warm.read(cell) == first == fresh.read(cell)
    if isinstance(first, int):
        assert AS_OF - 28 * DAY <= first <= AS_OF + FUTURE_TOLERANCE


def test_memory_is_bounded() -> None:
    times = reader(max_age_days=3650)

    for hour in range(5_000):
        moment = AS_OF - hour * 3_600
        assert times.read(datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")) == moment
    for fraction in range(3_000):
        assert times.read(f"2026-11-10 14:05:00.{fraction:06d}") == at("2026-11-10 14:05:00")

    memory = times._memory
    assert all(len(hours) <= 4_096 for hours in memory.hours_by_kind.values())
    assert len(memory.hours_by_suffix) <= 2_048
