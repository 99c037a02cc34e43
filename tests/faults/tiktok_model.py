"""A model of the Events API as the delivery protocol sees it: what it counts, what it forgets, how it answers.

TikTok drops an event whose source, name and id it has seen within 48 hours of the first (ads.tiktok.com, "About event
deduplication") and refuses a whole request for one bad event. The model also keeps what the product cannot see: which
events were really counted, how often, and when a POST may first have been accepted as far as its sender can know.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from tests.faults.disturbances import AnswerFault, Disturbance
from tests.faults.schedule import LIFETIME
from tests.faults.virtual_time import HOUR, MINUTE, VirtualClock

MEMORY = 48 * HOUR
RESEND_LIMIT = 47 * HOUR
LATE_BY = 12 * MINUTE
BAD_VALUE = 13
"""Amount of events that TikTok refuses whatever happens."""

_LOST = {
    AnswerFault.ACCEPTED_LOST: (True, Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")),
    AnswerFault.NOT_ACCEPTED_LOST: (False, Answer(AnswerKind.UNKNOWN, cause="ConnectionError")),
    AnswerFault.SERVER_ERROR_ACCEPTED: (True, Answer(AnswerKind.UNKNOWN, http_status=502, cause="no JSON")),
    AnswerFault.SERVER_ERROR_NOT_ACCEPTED: (False, Answer(AnswerKind.UNKNOWN, http_status=500, cause="no JSON")),
}
_NOT_TAKEN = {
    AnswerFault.NOT_SENT: Answer(AnswerKind.NOT_SENT, cause="ConnectTimeout"),
    AnswerFault.THROTTLED: Answer(AnswerKind.THROTTLED, 40100, 200, "r"),
    AnswerFault.BAD_TOKEN: Answer(AnswerKind.BAD_CREDENTIALS, 40105, 200, "r"),
    AnswerFault.MISCONFIGURED: Answer(AnswerKind.MISCONFIGURED, 40002, 200, "r"),
}


class Event(NamedTuple):
    """One element of a request's ``data``."""

    key: str
    is_bad: bool


@dataclass(slots=True)
class TikTok:
    """Remembers, counts, answers."""

    clock: VirtualClock
    report: Callable[[str], None]
    """Where a violation goes that shows itself at an arrival."""
    token: str = "token-1"
    counted: dict[str, list[float]] = field(default_factory=dict)
    """Event key -> moments at which TikTok counted it; more than one is revenue counted twice."""
    maybe_since: dict[str, float] = field(default_factory=dict)
    """Event key -> start of the first POST that may have been accepted as far as its sender can know."""
    posts: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    late_arrivals: int = 0

    def track(self, token: str, body: bytes, fault: Disturbance) -> Answer:
        """One POST that arrives now (or later, as ``fault`` says)."""
        self.posts += 1
        events = _events_of(body)
        self._check_age(events)
        answer = self._answer(token, events, fault)
        self.answers[answer.kind] = self.answers.get(answer.kind, 0) + 1
        return answer

    def _answer(self, token: str, events: list[Event], fault: Disturbance) -> Answer:
        kind = fault.answer
        if kind is AnswerFault.ARRIVES_LATE:
            self._may_have(events)
            self.clock.at(self.clock.now + LATE_BY, lambda _: self._arrive_late(token, events))
            return Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")
        if kind in _LOST:
            taken, answer = _LOST[kind]
            self._may_have(events)
            if taken and token == self.token:
                self._take_all(events)
            return answer
        if kind in _NOT_TAKEN:
            return _NOT_TAKEN[kind]
        if token != self.token:
            return _NOT_TAKEN[AnswerFault.BAD_TOKEN]
        return self._judge(events, fault)

    def _judge(self, events: list[Event], fault: Disturbance) -> Answer:
        bad = [index for index, event in enumerate(events) if event.is_bad]
        chosen = fault.choice % len(events)
        if fault.answer is AnswerFault.PARTIAL_NAMED:
            refused = sorted({*bad, chosen})
            return self._partial(events, refused, tuple(refused))
        if fault.answer is AnswerFault.PARTIAL_UNNAMED:
            self._may_have(events)
            return self._partial(events, sorted({*bad, chosen}), None)
        if fault.answer is AnswerFault.REFUSED_BY_INDEX:
            return _refused((chosen,))
        if fault.answer is AnswerFault.REFUSED_WITHOUT_INDEX:
            return _refused(None)
        if bad:
            return _refused(None if fault.choice % 2 else (bad[0],))
        self._may_have(events)
        self._take(events)
        return Answer(AnswerKind.ACCEPTED, 0, 200, f"request-{self.posts}")

    def _partial(self, events: list[Event], refused: Sequence[int], named: tuple[int, ...] | None) -> Answer:
        taken = [event for index, event in enumerate(events) if index not in refused]
        self._may_have(taken)
        self._take(taken)
        return Answer(AnswerKind.PARTIAL, 20001, 200, f"request-{self.posts}", named)

    def _arrive_late(self, token: str, events: list[Event]) -> None:
        if token == self.token:
            self.late_arrivals += 1
            self._take_all(events)

    def _take_all(self, events: list[Event]) -> None:
        """A request whose answer nobody saw: taken whole, or refused whole for a bad event in it."""
        if not any(event.is_bad for event in events):
            self._take(events)

    def _take(self, events: Sequence[Event]) -> None:
        now = self.clock.now
        for event in events:
            counted = self.counted.setdefault(event.key, [])
            if not counted or now - counted[-1] >= MEMORY:
                counted.append(now)
            if len(counted) > 1:
                self.report(f"I2: {event.key} is counted twice")

    def _may_have(self, events: Sequence[Event]) -> None:
        for event in events:
            self.maybe_since.setdefault(event.key, self.clock.now)

    def _check_age(self, events: Sequence[Event]) -> None:
        for event in events:
            since = self.maybe_since.get(event.key)
            if since is not None and self.clock.now - since > RESEND_LIMIT + LIFETIME:
                hours = (self.clock.now - since) / HOUR
                self.report(f"I2: {event.key} is sent {hours:.1f} h after a POST that may have been accepted")


def _refused(indices: tuple[int, ...] | None) -> Answer:
    return Answer(AnswerKind.REFUSED, 40002, 200, "r", indices, "properties.value")


def _events_of(body: bytes) -> list[Event]:
    document = json.loads(body)
    source = document["event_source_id"]
    return [
        Event(
            f"{source}#{event['event']}#{event['event_id']}",
            event.get("properties", {}).get("value") == BAD_VALUE,
        )
        for event in document["data"]
    ]
