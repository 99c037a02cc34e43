"""The compact memory of event keys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.events.seen_events import SeenEvents


@given(st.lists(st.text(max_size=3), max_size=300))
def test_it_agrees_with_a_dictionary_of_first_lines(keys: list[str]) -> None:
    seen, first = SeenEvents(slots=4), dict[str, int]()
    for line, key in enumerate(keys, start=1):
        assert seen.first_line(key, line) == first.setdefault(key, line)


def test_it_remembers_no_more_than_it_may() -> None:
    seen = SeenEvents(slots=4, most=2)
    assert [seen.first_line(key, line) for line, key in enumerate("abcabc", start=1)] == [1, 2, 3, 1, 2, 6]
