from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from local.events_api.event_memory import DEDUPLICATION_SECONDS, EventMemory
from local.events_api.state_file import CountedKeys, StateFile, StateFileUnreadable
from tests.local.events_api.builders import a_document, an_event, digest

START = 1_760_000_000.0


class Moment:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> float:
        return self.at


def a_memory(now: Callable[[], float] | None = None, kept: int = 100, state: Path | None = None) -> EventMemory:
    return EventMemory(now or Moment(), kept, StateFile(state) if state else None)


def kept_events(memory: EventMemory, verdict: str | None = None) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in memory.page(0, 1000, verdict).lines]


def counts(memory: EventMemory) -> tuple[int, int, int]:
    stats = memory.stats()
    return stats["counted"], stats["duplicates"], stats["double_counts"]


def test_a_repeat_within_48_hours_of_the_first_is_dropped_and_one_after_is_a_double_count() -> None:
    now = Moment()
    memory = a_memory(now)
    for after, expected in [
        (0.0, (1, 0, 0)),
        (0.0, (1, 1, 0)),
        (DEDUPLICATION_SECONDS - 1, (1, 2, 0)),
        (DEDUPLICATION_SECONDS, (2, 2, 1)),
        (2 * DEDUPLICATION_SECONDS - 1, (2, 3, 1)),
        (2 * DEDUPLICATION_SECONDS, (3, 3, 2)),
    ]:
        now.at = START + after
        memory.take(a_document(), 1)
        assert counts(memory) == expected


def test_the_key_is_source_id_and_event_and_event_id() -> None:
    memory = a_memory()
    memory.take(a_document(an_event("a"), an_event("b"), an_event("a", event="Lead")), 1)
    memory.take(a_document(an_event("a"), event_source_id="7000000000000000002"), 2)
    assert counts(memory) == (4, 0, 0)
    memory.take(a_document(an_event("a")), 3)
    assert counts(memory) == (4, 1, 0)


def test_copies_within_one_request_are_counted_once() -> None:
    memory = a_memory()
    memory.take(a_document(an_event("a"), an_event("a")), 1)
    assert counts(memory) == (1, 1, 0)


def test_events_without_an_id_are_all_counted() -> None:
    memory = a_memory()
    memory.take(a_document(an_event(event_id=None), an_event(event_id=None)), 1)
    assert memory.stats()["counted"] == 2
    assert memory.stats()["without_event_id"] == 2


def test_test_events_are_neither_counted_nor_remembered() -> None:
    memory = a_memory()
    memory.take(a_document(test_event_code="T1"), 1)
    assert (memory.stats()["test_events"], memory.stats()["accepted"]) == (1, 1)
    assert kept_events(memory)[0]["test_event_code"] == "T1"
    memory.take(a_document(), 2)
    assert counts(memory) == (1, 0, 0)


def test_late_events_are_taken_when_their_time_has_come() -> None:
    now = Moment()
    memory = a_memory(now)
    memory.take_later(a_document(an_event("late")), 1, 60)
    assert (memory.stats()["counted"], memory.stats()["late"]) == (0, 1)
    now.at += 100
    memory.take(a_document(an_event("late")), 2)
    assert counts(memory) == (1, 1, 0)
    assert kept_events(memory)[0]["received_at"] == START + 60


def test_events_are_kept_as_they_came_with_their_verdict() -> None:
    memory = a_memory()
    memory.take(a_document(an_event("a")), 7)
    memory.take(a_document(an_event("a"), an_event("b")), 8)
    assert [(kept["verdict"], kept["request"], kept["event"]["event_id"]) for kept in kept_events(memory)] == [
        ("counted", 7, "a"),
        ("duplicate", 8, "a"),
        ("counted", 8, "b"),
    ]
    assert kept_events(memory)[0]["event"] == an_event("a")
    assert len(kept_events(memory, "duplicate")) == 1


def test_only_so_many_events_are_kept_but_all_are_counted() -> None:
    memory = a_memory(kept=2)
    memory.take(a_document(*[an_event(name) for name in "abc"]), 1)
    assert [kept["event"]["event_id"] for kept in kept_events(memory)] == ["b", "c"]
    assert memory.stats()["counted"] == 3


def test_pages_go_on_where_the_last_one_ended() -> None:
    memory = a_memory()
    memory.take(a_document(*[an_event(str(number)) for number in range(5)]), 1)
    first = memory.page(0, 2)
    assert (len(first.lines), first.next_offset) == (2, 2)
    last = memory.page(4, 2)
    assert (len(last.lines), last.next_offset) == (1, None)
    assert memory.page(3, 2).next_offset is None


def test_raw_values_of_the_user_are_kept_as_digests_and_unknown_fields_not_at_all() -> None:
    memory = a_memory()
    user = {"email": digest("a"), "ip": "192.0.2.1", "user_agent": "Mozilla", "more": "alice"}
    memory.take(a_document(an_event("a", user=user, extra="alice@example.com")), 1)
    (kept,) = kept_events(memory)
    assert kept["event"]["user"]["email"] == digest("a")
    assert kept["event"]["user"]["ip"] == digest("192.0.2.1")
    text = repr(memory.page(0, 10))
    for raw in ("192.0.2.1", "Mozilla", "alice"):
        assert raw not in text


def test_the_memory_of_ids_survives_a_restart_and_the_counts_begin_anew(tmp_path: Path) -> None:
    state, now = tmp_path / "deep" / "state.jsonl", Moment()
    memory = a_memory(now, state=state)
    memory.take(a_document(an_event("a"), an_event("b"), an_event(event_id=None)), 1)
    memory.take(a_document(an_event("t"), test_event_code="T"), 2)
    memory.close()
    again = a_memory(now, state=state)
    assert again.stats()["known_event_ids"] == 2
    again.take(a_document(an_event("a"), an_event("c"), an_event("t")), 1)
    assert counts(again) == (2, 1, 0)
    now.at += DEDUPLICATION_SECONDS
    again.take(a_document(an_event("b")), 2)
    assert counts(again) == (3, 1, 1)
    again.close()
    assert stat.S_IMODE(os.stat(state).st_mode) == 0o600


def test_a_state_file_that_was_cut_in_its_last_line_goes_on_from_the_line_before(tmp_path: Path) -> None:
    state = tmp_path / "state"
    memory = a_memory(state=state)
    memory.take(a_document(an_event("a")), 1)
    memory.take(a_document(an_event("b")), 2)
    memory.close()
    state.write_bytes(state.read_bytes()[:-5])
    again = a_memory(state=state)
    again.take(a_document(an_event("a"), an_event("b")), 1)
    again.close()
    assert counts(again) == (1, 1, 0)
    assert [counted.keys for counted in StateFile(state).load()] == [[("Purchase", "a")], [("Purchase", "b")]]


@pytest.mark.parametrize("content", [b"hello\n", b"[1]\n", b'{"at": 1}\n', b'["x", "1", []]\n', b"\n"])
def test_a_file_of_something_else_is_not_taken_for_a_state(tmp_path: Path, content: bytes) -> None:
    state = tmp_path / "state"
    state.write_bytes(content)
    with pytest.raises(StateFileUnreadable):
        a_memory(state=state)
    assert state.read_bytes() == content


def test_a_reset_forgets_everything_on_disk_too(tmp_path: Path) -> None:
    state = tmp_path / "state"
    memory = a_memory(state=state)
    memory.take(a_document(), 1)
    memory.reset()
    assert counts(memory) == (0, 0, 0)
    assert kept_events(memory) == []
    assert not state.exists()
    memory.take(a_document(), 2)
    memory.close()
    assert list(StateFile(state).load()) == [CountedKeys(START, a_document()["event_source_id"], [("Purchase", "e-1")])]
