"""``POST /open_api/v1.3/event/track/``: one request in, what goes over the wire out.

Owns the order of things: a fault rule first, then token, rate, JSON, permission, checks, counting. ``Wire`` is what
the HTTP server offers; everything else here knows nothing of sockets.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import orjson

from local.events_api.clock import SimulatorClock
from local.events_api.event_memory import EventMemory
from local.events_api.fault_plan import FaultRule
from local.events_api.field_checks import PARAMETER_ERROR, Wrong
from local.events_api.replies import MESSAGES, Reply, envelope, refusal_text, status_of
from local.events_api.settings import SimulatorSettings
from local.events_api.validation import RequestCheck

PARTIAL = 20001


class Wire(Protocol):
    """One HTTP exchange, seen from the endpoint."""

    def wait(self, seconds: float) -> None: ...

    def send(self, reply: Reply, over_seconds: float = 0) -> None: ...

    def send_half(self, reply: Reply) -> None: ...

    def cut(self, *, reset: bool) -> None: ...


class TrackRequest(NamedTuple):
    """A request as it came, with its body parsed where that is possible (else None)."""

    number: int
    token: str | None
    content_type: str
    document: Any


def parsed(body: bytes) -> Any:
    """The body as JSON, or None."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


class TrackEndpoint:
    """Serves requests one after the other or at the same time."""

    def __init__(self, settings: SimulatorSettings, memory: EventMemory, clock: SimulatorClock) -> None:
        self._settings = settings
        self._memory = memory
        self._clock = clock
        self._check = RequestCheck(strict=settings.strict, check_source_ids=settings.check_source_ids)
        self._lock = threading.Lock()
        self._in_second: Counter[int] = Counter()
        self.tokens: Mapping[str, frozenset[str] | None] = settings.tokens
        self._actions: dict[str, Callable[[FaultRule, TrackRequest, Wire], None]] = {
            "answer": self._answer,
            "accept_then_answer": self._accept_then_answer,
            "accept_late": self._accept_late,
            "refuse_event": self._refuse_event,
            "partial": self._partial,
            "hang": self._hang,
            "hang_before_accepting": self._hang_before_accepting,
            "accept_then_hang": self._accept_then_hang,
            "slow": self._slow,
            "cut_before_accepting": self._cut,
            "accept_then_cut": self._accept_then_cut,
            "accept_then_half_answer": self._accept_then_half_answer,
        }

    def serve(self, request: TrackRequest, rule: FaultRule | None, wire: Wire) -> None:
        """Answer ``request``, or do to it what ``rule`` says."""
        if rule is None:
            wire.send(self.process(request))
        else:
            self._actions[rule.action](rule, request, wire)

    def process(self, request: TrackRequest) -> Reply:
        """What TikTok would answer; the events are taken if it is ``code`` 0."""
        refusal = self.refusal(request)
        if refusal is not None:
            return refusal
        self._memory.take(request.document, request.number)
        return self._envelope(0, request)

    def refusal(self, request: TrackRequest) -> Reply | None:
        """The answer to a request that is turned away; None if its events are to be taken."""
        code = self._wrong_access(request)
        if code is not None:
            return self._envelope(code, request)
        if request.document is None or "json" not in request.content_type:
            return self._refuse(Wrong("the body is not JSON, or not declared as application/json"), request)
        wrong = self._check(request.document)
        return self._refuse(wrong, request) if wrong else None

    def _wrong_access(self, request: TrackRequest) -> int | None:
        if not request.token:
            return 40104
        if self.tokens and request.token not in self.tokens:
            return 40105
        if self._over_the_limit():
            return 40100
        sources = self.tokens.get(request.token)
        source_id = request.document.get("event_source_id") if isinstance(request.document, dict) else None
        return 40001 if sources is not None and source_id not in sources else None

    def _over_the_limit(self) -> bool:
        if self._settings.rate_limit is None:
            return False
        second = int(self._clock.now())
        with self._lock:
            self._in_second = Counter({second: self._in_second[second] + 1})
            return self._in_second[second] > self._settings.rate_limit

    def _envelope(self, code: int, request: TrackRequest, message: str | None = None, data: Any = None) -> Reply:
        text = message or MESSAGES.get(code, f"Return code {code}.")
        status = status_of(code, self._settings.error_status)
        return envelope(code, text, self._request_id(request.number), status, data)

    def _request_id(self, number: int) -> str:
        return time.strftime("%Y%m%d%H%M%S", time.gmtime(self._clock.now())) + f"{number:020X}"

    def _refuse(self, wrong: Wrong, request: TrackRequest) -> Reply:
        return self._envelope(wrong.code, request, refusal_text(wrong, self._settings.message_style))

    def _from_rule(self, rule: FaultRule, request: TrackRequest) -> Reply:
        headers = tuple(rule.headers.items())
        if rule.body is not None:
            content_type = rule.content_type or "text/html"
            return Reply(rule.http_status or 200, rule.body.encode(), content_type, headers)
        code = rule.code if rule.code is not None else 50000
        reply = self._envelope(code, request, rule.message, rule.data)
        content_type = rule.content_type or reply.content_type
        return reply._replace(status=rule.http_status or reply.status, content_type=content_type, headers=headers)

    def _answer(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        wire.send(self._from_rule(rule, request))

    def _accept_then_answer(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        refused = self.process(request)
        wire.send(self._from_rule(rule, request) if refused.code == 0 else refused)

    def _accept_late(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        refused = self.refusal(request)
        if refused is not None:
            wire.send(refused)
            return
        self._memory.take_later(request.document, request.number, rule.seconds)
        if rule.code is None and rule.body is None and rule.http_status is None:
            wire.cut(reset=rule.reset)
        else:
            wire.send(self._from_rule(rule, request))

    def _refuse_event(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        refused = self.refusal(request)
        if refused is None:
            path: tuple[str | int, ...] = ("data", rule.blamed(request.document)[0], *rule.field.split("."))
            wrong = Wrong("not a valid value", path, rule.code if rule.code is not None else PARAMETER_ERROR)
            style = self._settings.message_style if rule.named else "mute"
            refused = self._envelope(wrong.code, request, rule.message or refusal_text(wrong, style))
        wire.send(refused)

    def _partial(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        refused = self.refusal(request)
        if refused is not None:
            wire.send(refused)
            return
        failed = rule.blamed(request.document)
        others = [event for index, event in enumerate(request.document["data"]) if index not in set(failed)]
        self._memory.take({**request.document, "data": others}, request.number)
        wire.send(self._envelope(PARTIAL, request, rule.message, {"failed": failed} if rule.named else rule.data))

    def _hang(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        wire.wait(rule.seconds)
        wire.cut(reset=rule.reset)

    def _hang_before_accepting(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        wire.wait(rule.seconds)
        wire.send(self.process(request))

    def _accept_then_hang(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        reply = self.process(request)
        wire.wait(rule.seconds)
        wire.send(reply)

    def _slow(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        wire.send(self.process(request), rule.seconds)

    def _cut(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        wire.cut(reset=rule.reset)

    def _accept_then_cut(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        self.process(request)
        wire.cut(reset=rule.reset)

    def _accept_then_half_answer(self, rule: FaultRule, request: TrackRequest, wire: Wire) -> None:
        wire.send_half(self.process(request))
