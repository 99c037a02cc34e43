"""What TikTok would have counted: the 48-hour memory of event ids, and the events received.

In: requests that passed the checks. Out: counts and the received events. Owns the one figure that this product must
keep at zero: ``double_counts``, events counted again because their id came back after TikTok had forgotten it.
Raw values of ``user`` (address, browser, click id) are kept as digests; hashed ones as they came.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple

import orjson

from local.events_api.state_file import CountedKeys, StateFile

DEDUPLICATION_SECONDS = 48 * 3600
_SHOWN_DOUBLE_COUNTS = 100
_HASHED = frozenset({"email", "phone", "external_id", "first_name", "last_name", "zip_code"})
_KEPT = frozenset(
    {"event", "event_time", "event_id", "user", "properties", "page", "lead", "app", "ad", "limited_data_use"}
)


class Page(NamedTuple):
    """A piece of the received events, as JSON lines without their line ends."""

    lines: list[bytes]
    next_offset: int | None


class EventMemory:
    """Counts events and drops repeats. Every method may be called from several threads."""

    def __init__(self, now: Callable[[], float], kept_events: int, state: StateFile | None = None) -> None:
        self._now = now
        self._state = state
        self._lock = threading.RLock()
        self._kept: deque[bytes] = deque(maxlen=kept_events)
        self._clear()
        for counted in state.load() if state else ():
            self._remember(counted)

    def _clear(self) -> None:
        self._first_seen: dict[tuple[str, str], dict[str, float]] = {}
        self._kept.clear()
        self._late: list[tuple[float, dict[str, Any], int]] = []
        self._double: list[list[str]] = []
        self._counts = dict.fromkeys(
            ("accepted", "counted", "duplicates", "double_counts", "test_events", "without_event_id"), 0
        )

    def _remember(self, counted: CountedKeys) -> None:
        for event, event_id in counted.keys:
            self._first_seen.setdefault((counted.source_id, event), {})[event_id] = counted.at

    def take(self, document: dict[str, Any], request: int) -> None:
        """Take all events of a request that passed the checks."""
        with self._lock:
            self._settle_late()
            self._take(document, request, self._now())

    def take_later(self, document: dict[str, Any], request: int, seconds: float) -> None:
        """Take them once the clock has gone on by ``seconds``."""
        with self._lock:
            self._late.append((self._now() + seconds, document, request))

    def _settle_late(self) -> None:
        now = self._now()
        due = [late for late in self._late if late[0] <= now]
        self._late = [late for late in self._late if late[0] > now]
        for at, document, request in sorted(due, key=lambda late: late[0]):
            self._take(document, request, at)

    def _take(self, document: dict[str, Any], request: int, at: float) -> None:
        source_id, data = document["event_source_id"], document["data"]
        test = "test_event_code" in document
        keys: list[tuple[str, str]] = []
        for event in data:
            verdict = "test" if test else self._verdict(source_id, event, at, keys)
            self._keep(document, event, verdict, request, at)
        self._counts["accepted"] += len(data)
        if test:
            self._counts["test_events"] += len(data)
        elif self._state is not None:
            self._state.append(CountedKeys(at, source_id, keys))

    def _verdict(self, source_id: str, event: dict[str, Any], at: float, keys: list[tuple[str, str]]) -> str:
        name, event_id = event["event"], event.get("event_id")
        if event_id is None:
            self._counts["counted"] += 1
            self._counts["without_event_id"] += 1
            return "counted"
        seen = self._first_seen.get((source_id, name))
        if seen is None:
            seen = self._first_seen[(source_id, name)] = {}
        first = seen.get(event_id)
        if first is not None and at - first < DEDUPLICATION_SECONDS:
            self._counts["duplicates"] += 1
            return "duplicate"
        seen[event_id] = at
        keys.append((name, event_id))
        self._counts["counted"] += 1
        if first is None:
            return "counted"
        self._counts["double_counts"] += 1
        if len(self._double) < _SHOWN_DOUBLE_COUNTS:
            self._double.append([source_id, name, event_id])
        return "counted_again"

    def _keep(self, document: dict[str, Any], event: dict[str, Any], verdict: str, request: int, at: float) -> None:
        record = {
            "verdict": verdict,
            "request": request,
            "received_at": at,
            "event_source": document["event_source"],
            "event_source_id": document["event_source_id"],
            "event": _without_raw_values(event),
        }
        if verdict == "test":
            record["test_event_code"] = document["test_event_code"]
        self._kept.append(orjson.dumps(record))

    def page(self, offset: int, limit: int, verdict: str | None = None) -> Page:
        """Received events in order of arrival. ``offset`` counts those of this ``verdict`` among the kept ones."""
        with self._lock:
            self._settle_late()
            mark = b'{"verdict":"%s"' % verdict.encode() if verdict else b"{"
            matching = (line for line in self._kept if line.startswith(mark))
            lines = list(islice(matching, offset, offset + limit + 1))
        more = len(lines) > limit
        return Page(lines[:limit], offset + limit if more else None)

    def stats(self) -> dict[str, Any]:
        with self._lock:
            self._settle_late()
            return {
                **self._counts,
                "known_event_ids": sum(len(seen) for seen in self._first_seen.values()),
                "kept_events": len(self._kept),
                "late": sum(len(document["data"]) for _, document, _ in self._late),
                "double_counted": list(self._double),
            }

    def reset(self) -> None:
        """Forget everything, on disk too."""
        with self._lock:
            self._clear()
            if self._state is not None:
                self._state.clear()

    def close(self) -> None:
        with self._lock:
            if self._state is not None:
                self._state.close()


def _without_raw_values(event: dict[str, Any]) -> dict[str, Any]:
    user = event.get("user")
    if event.keys() <= _KEPT and (user is None or user.keys() <= _HASHED):
        return event
    kept = {name: value for name, value in event.items() if name in _KEPT}
    if user is not None:
        kept["user"] = {name: value if name in _HASHED else _digest(value) for name, value in user.items()}
    return kept


def _digest(value: object) -> str:
    return hashlib.sha256(str(value).encode()).hexdigest()
