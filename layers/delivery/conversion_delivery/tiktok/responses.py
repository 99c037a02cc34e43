"""An answer of the Events API, read: HTTP status, body and exception -> what became of the events.

In: what came over the wire. Out: an ``Answer`` without a word of TikTok's text, which can echo values.
The body's ``code`` decides whatever the HTTP status, because public sources disagree about the status of errors.
Owns answers that cannot be read: HTML from a gateway, half a JSON document, a body that is not TikTok's envelope.

Without an envelope the status decides only where HTTP itself says that the request was not carried out (RFC 9110):
401 "has not been applied", 404 and 405 (nobody there to apply it), 413 (body turned away; smaller requests help),
429, and the redirects 301, 307 and 308, whose meaning is "repeat it over there". 302 and 303 may follow a request
that was carried out. 403 without an envelope comes from something between us and TikTok, which may have answered
after passing the request on. These two and all 2xx and 5xx are ``UNKNOWN``. A body that begins like JSON and cannot
be read is ``UNKNOWN`` with any status: its missing half held the code.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from conversion_delivery.tiktok.field_paths import LARGEST_INDEX, read_named
from conversion_delivery.tiktok.return_codes import kind_of, return_code
from conversion_delivery.tiktok.transport_errors import classify_exception
from conversion_delivery.workflows.events_api_ports import UNLISTED_CODE, Answer, AnswerKind

__all__ = ["DEFAULT_PAUSE_SECONDS", "classify_exception", "read_response"]

DEFAULT_PAUSE_SECONDS = 30.0
"""Rest after a refusal for frequency that does not say which limit was met."""

_DAY = 86_400

_KIND_OF_STATUS = {
    301: AnswerKind.MISCONFIGURED,
    307: AnswerKind.MISCONFIGURED,
    308: AnswerKind.MISCONFIGURED,
    401: AnswerKind.BAD_CREDENTIALS,
    404: AnswerKind.MISCONFIGURED,
    405: AnswerKind.MISCONFIGURED,
    413: AnswerKind.REFUSED,
    429: AnswerKind.THROTTLED,
}

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PER_DAY = re.compile(r"\bper[\s-]?day\b|\bdaily\b|\bQPD\b", re.IGNORECASE)
_PER_MINUTE = re.compile(r"\bper[\s-]?minute\b|\bQPM\b", re.IGNORECASE)
_PER_SECOND = re.compile(r"\bper[\s-]?second\b|\bQPS\b", re.IGNORECASE)
_FAILURE_LIST = re.compile(r"fail|error|invalid|reject|refus", re.IGNORECASE)
_INDEX_KEYS = ("index", "event_index", "idx", "position")


def read_response(status: int, content: bytes, content_type: str, *, now: float | None = None) -> Answer:
    """What an answer means. ``now`` (Unix seconds) serves limits per day, which end at 00:00 UTC."""
    envelope, defect = _envelope(content, content_type)
    if envelope is None:
        return _without_envelope(status, defect)
    code: int = envelope["code"]
    text = _text(envelope.get("message"))
    return _by_kind(kind_of(code), code, status, _request_id(envelope), text, envelope.get("data"), now)


def _by_kind(
    kind: AnswerKind, code: int, status: int, request_id: str, text: str, data: object, now: float | None
) -> Answer:
    if kind is AnswerKind.REFUSED:
        named = read_named(text)
        if named.top_level:  # every event shares this field, so none of them is to blame
            return Answer(AnswerKind.MISCONFIGURED, code, status, request_id, field=named.field)
        return Answer(kind, code, status, request_id, named.indices, named.field)
    if kind is AnswerKind.MISCONFIGURED:
        return Answer(kind, code, status, request_id, field=read_named(text).field)
    if kind is AnswerKind.PARTIAL:
        return Answer(kind, code, status, request_id, failed_indices(data))
    if kind is AnswerKind.THROTTLED:
        return Answer(kind, code, status, request_id, pause_seconds=_pause(text, now))
    return Answer(kind, code, status, request_id, cause="" if return_code(code) else UNLISTED_CODE)


def _envelope(content: bytes, content_type: str) -> tuple[dict[str, Any] | None, str]:
    """The body as an object with an integer ``code``, or None and the name of the defect."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    start = content[:64].lstrip()
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        if not start:
            return None, "EMPTY_BODY"
        if start[:1] in b"{[":
            return None, "JSON_CUT"
        return None, "HTML" if start[:1] == b"<" or "html" in content_type.lower() else "NOT_JSON"
    if not isinstance(document, dict):
        return None, "NOT_AN_OBJECT"
    if "code" not in document:
        return None, "CODE_MISSING"
    if type(document["code"]) is not int:  # True is an int to isinstance, and TikTok's success is 0
        return None, "CODE_NOT_A_NUMBER"
    return document, ""


def _without_envelope(status: int, defect: str) -> Answer:
    kind = AnswerKind.UNKNOWN if defect in ("JSON_CUT", "CODE_NOT_A_NUMBER") else _KIND_OF_STATUS.get(status)
    pause = DEFAULT_PAUSE_SECONDS if kind is AnswerKind.THROTTLED else None
    return Answer(kind or AnswerKind.UNKNOWN, http_status=status, cause=defect, pause_seconds=pause)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _request_id(envelope: dict[str, Any]) -> str:
    """The request id if it looks like one: it goes into logs and reports."""
    text = _text(envelope.get("request_id"))
    return text if _REQUEST_ID.fullmatch(text) else ""


def _pause(text: str, now: float | None) -> float:
    """Seconds to rest (portal: next second; about 5 minutes; 00:00 UTC). No ``Retry-After`` is ever sent."""
    if _PER_DAY.search(text):
        return DEFAULT_PAUSE_SECONDS if now is None else _DAY - now % _DAY
    if _PER_MINUTE.search(text):
        return 300.0
    if _PER_SECOND.search(text):
        return 1.0
    return DEFAULT_PAUSE_SECONDS


def failed_indices(data: object) -> tuple[int, ...] | None:
    """The failed events of a partial success, where ``data`` lists them in a way that leaves no doubt.

    Undocumented, so read narrowly: one list under a key that speaks of failure, of indices or of objects with an
    index; or a list of one object per event with index and code. Anything else is None: nobody said which.
    """
    if isinstance(data, dict):
        lists = [value for key, value in data.items() if _FAILURE_LIST.search(key) and isinstance(value, list)]
        return _all_indices(lists[0]) if len(lists) == 1 else None
    if isinstance(data, list) and all(isinstance(part, dict) and type(part.get("code")) is int for part in data):
        return _all_indices([part for part in data if part["code"] != 0])
    return None


def _all_indices(parts: list[Any]) -> tuple[int, ...] | None:
    indices = [_index(part) for part in parts]
    named = sorted({index for index in indices if index is not None})
    return tuple(named) if named and len(named) == len(parts) else None


def _index(part: object) -> int | None:
    """An index, unless its own code says that this event may have been taken after all."""
    if isinstance(part, dict):
        code = part.get("code")
        if code is not None and (type(code) is not int or kind_of(code) is not AnswerKind.REFUSED):
            return None
        part = next((part[key] for key in _INDEX_KEYS if key in part), None)
    return part if type(part) is int and 0 <= part <= LARGEST_INDEX else None
