"""Counts and sums of what was delivered."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import EventTotals
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.events.tiktok_events import EncodedEvent
from conversion_delivery.domain.reports.tallies import DAYS_KEPT, Tally


def event(
    value: float | int | None = None,
    currency: str = "",
    *,
    name: str = "Purchase",
    event_time: int = 1_794_000_000,
    keys: int = 0,
) -> EncodedEvent:
    return EncodedEvent("id", "key", b"{}", b"", name, event_time, value, currency, "", keys)


def tally_of(*events: EncodedEvent) -> Tally:
    tally = Tally()
    for one in events:
        tally.add(one)
    return tally


def test_events_are_counted_per_name_and_currency() -> None:
    tally = tally_of(event(5, "USD"), event(1.5, "EUR"), event(7.25, "USD"), event(name="Contact"))

    assert tally.totals() == {
        ("Contact", ""): EventTotals(1, ""),
        ("Purchase", "EUR"): EventTotals(1, "1.5"),
        ("Purchase", "USD"): EventTotals(2, "12.25"),
    }


def test_a_tenth_added_a_thousand_times_is_a_hundred() -> None:
    assert tally_of(*[event(0.1, "USD")] * 1_000).totals()["Purchase", "USD"].value == "100.0"


def test_the_span_of_times_is_kept() -> None:
    tally = tally_of(event(event_time=30), event(event_time=10), event(event_time=20))

    assert (tally.earliest, tally.latest) == (10, 30)


def test_an_empty_tally_has_no_span_and_no_totals() -> None:
    assert Tally().to_record() == {"events": {}, "earliest": None, "latest": None, "days": {}, "keys": {}}
    assert Tally.from_record({}) == Tally()


AMOUNTS = st.one_of(st.none(), st.integers(0, 10**15), st.floats(0, 1e300, allow_nan=False))
EVENTS = st.lists(
    st.builds(
        event,
        AMOUNTS,
        st.sampled_from(["", "USD", "EUR"]),
        event_time=st.one_of(st.integers(0, 2**40), st.integers(0, 100).map(lambda day: day * 86_400)),
        keys=st.integers(0, 127),
    ),
    max_size=200,
)


@given(EVENTS)
def test_sums_are_exact(events: list[EncodedEvent]) -> None:
    for (name, currency), totals in tally_of(*events).totals().items():
        values = [
            one.value for one in events if (one.event, one.currency) == (name, currency) and one.value is not None
        ]
        expected = sum((Fraction(repr(value)) for value in values), Fraction(0))
        assert (Fraction(totals.value) if totals.value else Fraction(0)) == expected


@given(EVENTS)
def test_a_record_survives_json(events: list[EncodedEvent]) -> None:
    tally = tally_of(*events)

    assert Tally.from_record(json.loads(json.dumps(tally.to_record()))) == tally


@given(EVENTS, EVENTS)
def test_merging_is_the_same_as_counting_together(first: list[EncodedEvent], second: list[EncodedEvent]) -> None:
    merged = tally_of(*first)
    merged.merge(tally_of(*second))

    assert merged == tally_of(*first, *second)


@pytest.mark.parametrize(
    "record",
    [
        {"events": {"Purchase": {"USD": {"events": "x", "value": ""}}}},
        {"events": {"Purchase": {"USD": {"events": 1}}}},
        {"events": {"Purchase": {"USD": {"events": 1, "value": "ten"}}}},
        {"events": [1]},
        {"events": {}, "earliest": 1, "latest": None},
        {"days": {"monday": {"USD": [1, ""]}}},
        {"days": {"20000": {"USD": 1}}},
        {"keys": {"x": 1}},
    ],
)
def test_a_damaged_record_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ContractBroken, match="TALLY_INVALID"):
        Tally.from_record(record)


def test_a_tally_is_no_other_thing() -> None:
    assert Tally() != {}


def test_days_and_identifiers_are_counted() -> None:
    tally = tally_of(
        event(5, "USD", event_time=86_399, keys=1),
        event(7, "USD", event_time=86_400, keys=3),
        event(event_time=86_401, keys=3),
    )

    assert tally.days() == {
        (0, "USD"): EventTotals(1, "5"),
        (1, ""): EventTotals(1, ""),
        (1, "USD"): EventTotals(1, "7"),
    }
    assert tally.keys() == {1: 1, 3: 2}


@given(EVENTS)
def test_days_and_identifiers_add_up_to_all_events(events: list[EncodedEvent]) -> None:
    tally = tally_of(*events)

    assert sum(total.events for total in tally.days().values()) == len(events)
    assert sum(tally.keys().values()) == len(events)
    assert len({day for day, _ in tally.days()}) <= DAYS_KEPT + 1


def test_only_the_latest_days_are_kept_apart() -> None:
    tally = tally_of(*(event(1, "USD", event_time=day * 86_400) for day in range(DAYS_KEPT + 5)))

    assert list(tally.days())[:2] == [(None, "USD"), (5, "USD")]
    assert tally.days()[None, "USD"] == EventTotals(5, "5")


def test_a_record_of_an_ordinary_batch_is_small() -> None:
    events = [
        event(at * 1.37, "USD", event_time=1_794_000_000 + at % 7 * 86_400, keys=1 + at % 3) for at in range(1000)
    ]

    assert len(json.dumps(tally_of(*events).to_record())) < 600


def test_a_record_from_before_days_were_counted_is_read() -> None:
    record = {"events": {"Purchase": {"USD": {"events": 2, "value": "3.5"}}}, "earliest": 1, "latest": 2}

    tally = Tally.from_record(record)

    assert tally.totals() == {("Purchase", "USD"): EventTotals(2, "3.5")}
    assert (tally.days(), tally.keys()) == ({}, {})
