"""The simulator's own endpoints: look at what was received, and change what happens next.

``GET /_events``, ``GET /_stats``, ``POST /_faults``, ``POST /_tokens``, ``POST /_clock``, ``POST /_reset``.
Everything else is nobody's address and answers as a web server would: HTML, 404.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import orjson

from local.events_api.clock import SimulatorClock
from local.events_api.fault_plan import FaultPlan, FaultPlanInvalid
from local.events_api.replies import Reply

_MOST_PER_PAGE = 100_000
_VERDICTS = frozenset({"counted", "counted_again", "duplicate", "test"})


class _Wrong(Exception):
    """A call of a control endpoint that makes no sense; the text says why."""


class Controlled(Protocol):
    """What can be looked at and changed."""

    clock: SimulatorClock

    def page(self, offset: int, limit: int, verdict: str | None) -> tuple[list[bytes], int | None]: ...

    def stats(self) -> dict[str, Any]: ...

    def set_faults(self, plan: FaultPlan | Mapping[str, Any] | None) -> None: ...

    def set_tokens(self, tokens: Mapping[str, frozenset[str] | None]) -> None: ...

    def reset(self) -> None: ...


class Control:
    """Answers the control endpoints of one simulator."""

    def __init__(self, simulator: Controlled) -> None:
        self._simulator = simulator
        self._routes: dict[tuple[str, str], Callable[[dict[str, str], Any], Reply]] = {
            ("GET", "/_events"): self._events,
            ("GET", "/_stats"): self._stats,
            ("POST", "/_faults"): self._set_faults,
            ("POST", "/_tokens"): self._set_tokens,
            ("POST", "/_clock"): self._set_clock,
            ("POST", "/_reset"): self._reset,
        }

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> Reply:
        route = self._routes.get((method, path))
        if route is None:
            return Reply(404, b"<html><head><title>404 Not Found</title></head></html>", "text/html")
        try:
            return route(query, _object(body))
        except (_Wrong, FaultPlanInvalid) as wrong:
            return _json({"error": str(wrong)}, 400)

    def _events(self, query: dict[str, str], body: Any) -> Reply:
        """Lines (``format=lines``, the default) or one document (``format=array``) with ``next_offset``."""
        offset, limit = _number(query, "offset", 0), min(_number(query, "limit", 1_000), _MOST_PER_PAGE)
        verdict = query.get("verdict")
        if verdict is not None and verdict not in _VERDICTS:
            raise _Wrong("verdict must be counted, counted_again, duplicate or test")
        lines, next_offset = self._simulator.page(offset, limit, verdict)
        if query.get("format", "lines") == "array":
            shown = b"null" if next_offset is None else str(next_offset).encode()
            return Reply(200, b'{"events":[' + b",".join(lines) + b'],"next_offset":' + shown + b"}")
        headers = () if next_offset is None else (("X-Next-Offset", str(next_offset)),)
        return Reply(200, b"".join(line + b"\n" for line in lines), "application/x-ndjson", headers)

    def _stats(self, query: dict[str, str], body: Any) -> Reply:
        return _json(self._simulator.stats())

    def _set_faults(self, query: dict[str, str], body: Any) -> Reply:
        self._simulator.set_faults(body)
        return _json({"ok": True})

    def _set_tokens(self, query: dict[str, str], body: Any) -> Reply:
        """``{"tokens": {"a-token": null | ["source id", ...]}}``."""
        tokens = body.get("tokens")
        if not isinstance(tokens, dict) or not all(_is_source_list(sources) for sources in tokens.values()):
            raise _Wrong("tokens must be an object: token -> null or a list of source ids")
        self._simulator.set_tokens(
            {token: None if sources is None else frozenset(sources) for token, sources in tokens.items()}
        )
        return _json({"ok": True})

    def _set_clock(self, query: dict[str, str], body: Any) -> Reply:
        """``{"now": seconds or ISO 8601, "freeze": true}``, ``{"advance": seconds}`` or ``{"release": true}``."""
        clock = self._simulator.clock
        if "now" in body:
            clock.set(_moment(body["now"]), freeze=body.get("freeze") is True)
        elif _is_number(body.get("advance")):
            clock.advance(body["advance"])
        elif body.get("release") is True:
            clock.release()
        else:
            raise _Wrong("give now, advance or release")
        return _json({"now": clock.now()})

    def _reset(self, query: dict[str, str], body: Any) -> Reply:
        self._simulator.reset()
        return _json({"ok": True})


def _json(document: Any, status: int = 200) -> Reply:
    return Reply(status, orjson.dumps(document))


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        raise _Wrong("the body is not JSON") from None
    if not isinstance(document, dict):
        raise _Wrong("the body is not a JSON object")
    return document


def _number(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdecimal():
        raise _Wrong(f"{name} must be a whole number")
    return int(text)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_source_list(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(part, str) for part in value))


def _moment(value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise _Wrong("now must be Unix seconds or ISO 8601") from None
    if moment.tzinfo is None:
        raise _Wrong("now needs a time zone, such as Z")
    return moment.timestamp()
