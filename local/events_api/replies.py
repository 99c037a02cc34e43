"""What the simulator answers: bodies in TikTok's envelope, and the spellings in which a message names an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

from local.events_api.field_checks import Wrong
from local.events_api.settings import ErrorStatus, MessageStyle

_JSON = "application/json; charset=utf-8"


class Reply(NamedTuple):
    """One HTTP answer. ``code`` is TikTok's code, or None where the body has none."""

    status: int
    body: bytes
    content_type: str = _JSON
    headers: tuple[tuple[str, str], ...] = ()
    code: int | None = None


MESSAGES = {
    0: "OK",
    20001: "Partial success.",
    40001: "No permission to operate this event source.",
    40100: "App reaches the QPS limit.",
    40102: "Access token is expired.",
    40104: "Access token is null, you should set it in http header with key Access-Token.",
    40105: "Access token is incorrect or has been revoked.",
    40132: "Too many requests for this value. Please retry in some time.",
    40133: "The QPS limit for this advertiser is reached, request is temporarily restricted.",
    50000: "System error.",
    50002: "Processing timeout.",
    60001: "The service is under maintenance.",
}
"""Text where a plan gives none."""


def envelope(code: int, message: str, request_id: str, status: int, data: Any = None) -> Reply:
    body = {"code": code, "message": message, "request_id": request_id, "data": {} if data is None else data}
    return Reply(status, orjson.dumps(body), code=code)


def status_of(code: int, style: ErrorStatus) -> int:
    """HTTP status of a code. The mapping of ``4xx`` follows public tests of this endpoint (401 also for 40100)."""
    if style == "always200" or code in (0, 20001):
        return 200
    if code in (40001, 40003):
        return 403
    if 40100 <= code <= 40199:
        return 401
    if code == 61000:
        return 429
    return 400 if code < 50000 else 500


def refusal_text(wrong: Wrong, style: MessageStyle) -> str:
    """The sentence for a refused request. Never holds a value."""
    if not wrong.path:
        return f"{wrong.text[0].upper()}{wrong.text[1:]}."
    return _STYLES[style](wrong)


def _spaced(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f". {part} "
        else:
            text += f".{part}" if text else part
    return text.rstrip()


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path)


def _bracketed(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _in_batch(wrong: Wrong) -> str:
    path = ("Batch", *wrong.path[1:]) if wrong.path[0] == "data" else wrong.path
    return f"{_dotted(path)}: {wrong.text[0].upper()}{wrong.text[1:]}"


def _nested(wrong: Wrong) -> str:
    document: object = [f"{wrong.text}."]
    for part in reversed(wrong.path):
        document = {part: document}
    return str(document)


def _unindexed(wrong: Wrong) -> str:
    names = [part for part in wrong.path if isinstance(part, str)]
    inner = names[1:] if names[0] == "data" and len(names) > 1 else names
    return f"Invalid value for {'.'.join(inner)}: {wrong.text}."


_STYLES: dict[MessageStyle, Callable[[Wrong], str]] = {
    "spaced": lambda wrong: f"Invalid value for {_spaced(wrong.path)}: {wrong.text}.",
    "dotted": lambda wrong: f"Invalid value for {_dotted(wrong.path)}: {wrong.text}.",
    "brackets": lambda wrong: f"{_bracketed(wrong.path)}: {wrong.text}",
    "batch": _in_batch,
    "nested": _nested,
    "unindexed": _unindexed,
    "mute": lambda wrong: "Invalid parameters." if wrong.path[0] == "data" else _unindexed(wrong),
}
