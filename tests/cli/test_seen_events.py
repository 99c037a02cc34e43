"""The compact memory of event keys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cli.seen_events import SeenEvents


@given(st.lists(st.text(max_size=3), max_size=300))
def test_it_agrees_with_a_dictionary_of_first_lines(keys: list[str]) -> None:
    seen, first = SeenEvents(slots=4), dict[str, int]()
    for line, key in enumerate(keys, start=1):
        assert seen.first_line(key, line) == first.setdefault(key, line)
