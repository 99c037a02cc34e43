"""TikTok's return codes and what each means for the events of a request: one table, no logic.

In: the ``code`` of an answer's body. Out: an ``AnswerKind``. Owns the question "may it have been counted?": a code
is ``REFUSED``, ``THROTTLED``, ``BAD_CREDENTIALS`` or ``MISCONFIGURED`` only where its meaning says that TikTok turned
the request away before taking any event. Every server-side failure is ``UNKNOWN``, and so is a code nobody listed.

Sources: SDK = the code list of TikTok's official SDK (tiktok/tiktok-business-api-sdk), PORTAL = the Business API
portal's return code page as harvested in August 2026, REFERENCE = the portal's page of ``/event/track/``,
CLIENTS = what public integrations and their tests do with the code. ``confirmed``: two or more independent sources;
``single``: one; ``inferred``: the meaning is documented, the reaction is our conclusion.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from conversion_delivery.workflows.events_api_ports import AnswerKind

Confidence = Literal["confirmed", "single", "inferred"]


class ReturnCode(NamedTuple):
    """One code, or a range of codes where ``last`` is greater than ``first``."""

    first: int
    last: int
    meaning: str
    kind: AnswerKind
    sources: str
    confidence: Confidence


_TOP = AnswerKind.MISCONFIGURED
_AUTH = AnswerKind.BAD_CREDENTIALS
_SLOW = AnswerKind.THROTTLED
_DATA = AnswerKind.REFUSED
_OPEN = AnswerKind.UNKNOWN
_TWO: Confidence = "confirmed"
_ONE: Confidence = "single"
_OURS: Confidence = "inferred"


def _one(code: int, meaning: str, kind: AnswerKind, sources: str, confidence: Confidence) -> ReturnCode:
    return ReturnCode(code, code, meaning, kind, sources, confidence)


RETURN_CODES: tuple[ReturnCode, ...] = (
    _one(0, "taken", AnswerKind.ACCEPTED, "REFERENCE SDK PORTAL", _TWO),
    # Never seen documented for this endpoint; who was taken is read from `data` where it says so.
    _one(20001, "partly taken", AnswerKind.PARTIAL, "SDK PORTAL CLIENTS", _OURS),
    _one(40000, "invalid parameters", _DATA, "SDK PORTAL CLIENTS", _TWO),
    _one(40001, "no permission for the operation or the source", _AUTH, "SDK PORTAL CLIENTS", _TWO),
    _one(40002, "parameter error, the text names the field", _DATA, "SDK PORTAL CLIENTS", _TWO),
    _one(40003, "forbidden", _AUTH, "SDK", _ONE),
    _one(40006, "API version does not fit", _TOP, "SDK PORTAL", _TWO),
    _one(40007, "object or URL does not exist", _TOP, "SDK PORTAL", _TWO),
    _one(40008, "not implemented", _TOP, "SDK PORTAL", _TWO),
    _one(40009, "not supported in the sandbox", _TOP, "SDK PORTAL", _TWO),
    _one(40010, "wrong host", _TOP, "SDK PORTAL", _TWO),
    _one(40014, "not supported in this environment", _TOP, "SDK PORTAL", _TWO),
    _one(40016, "too frequent, for the app", _SLOW, "PORTAL", _ONE),
    # The duplicate's original may have been taken, or may be in flight: only a count at TikTok can tell.
    _one(40050, "duplicated request", _OPEN, "SDK PORTAL", _OURS),
    _one(40051, "invalid API version", _TOP, "SDK PORTAL", _TWO),
    # No event is at fault, but smaller requests are the cure, and those come from halving.
    _one(40061, "invalid batch size", _DATA, "SDK", _OURS),
    _one(40062, "personal data not hashed", _DATA, "SDK", _ONE),
    _one(40063, "invalid partner name", _TOP, "SDK", _ONE),
    _one(40100, "too frequent", _SLOW, "SDK PORTAL CLIENTS", _TWO),
    _one(40101, "invalid authentication parameters", _AUTH, "SDK PORTAL", _TWO),
    _one(40102, "access token expired", _AUTH, "SDK PORTAL", _TWO),
    _one(40104, "access token missing", _AUTH, "SDK PORTAL", _TWO),
    _one(40105, "access token incorrect or revoked", _AUTH, "SDK PORTAL CLIENTS", _TWO),
    _one(40106, "token and user do not fit", _AUTH, "SDK PORTAL", _TWO),
    _one(40113, "app blocked or unknown", _AUTH, "SDK PORTAL", _TWO),
    _one(40118, "not on the allow-list", _AUTH, "SDK PORTAL", _TWO),
    _one(40119, "developer and advertiser do not fit", _AUTH, "SDK PORTAL", _TWO),
    _one(40125, "developer lacks permission", _AUTH, "SDK PORTAL", _TWO),
    _one(40130, "scope not authorised", _AUTH, "SDK", _ONE),
    _one(40132, "too frequent for one value, such as one source id", _SLOW, "SDK PORTAL", _TWO),
    _one(40133, "too frequent for one advertiser", _SLOW, "PORTAL CLIENTS", _TWO),
    # A conflict of two writes: one of the two, possibly ours, may have gone through.
    _one(40202, "write conflict", _OPEN, "SDK PORTAL", _OURS),
    _one(40300, "advertiser does not exist", _TOP, "SDK PORTAL", _TWO),
    _one(40301, "advertiser does not fit", _TOP, "SDK PORTAL", _TWO),
    _one(40700, "internal validation error", _DATA, "SDK PORTAL", _OURS),
    _one(41000, "country of the caller's address banned", _TOP, "SDK PORTAL", _TWO),
    _one(41001, "interface offline", _TOP, "SDK PORTAL", _TWO),
    _one(41002, "field no longer in use", _DATA, "SDK PORTAL", _OURS),
    _one(50000, "system error", _OPEN, "SDK PORTAL", _OURS),
    _one(50002, "processing error or timeout", _OPEN, "SDK PORTAL CLIENTS", _OURS),
    ReturnCode(51000, 51099, "internal service error", _OPEN, "SDK", _OURS),
    ReturnCode(52000, 52299, "internal storage error", _OPEN, "SDK", _OURS),
    ReturnCode(53000, 53199, "internal serialisation error", _OPEN, "SDK", _OURS),
    # Nothing says that a request is turned away before it is worked on, so maintenance proves nothing.
    _one(60001, "maintenance", _OPEN, "SDK PORTAL", _OURS),
    _one(61000, "too many requests", _SLOW, "SDK", _ONE),
)

_SINGLE = {entry.first: entry for entry in RETURN_CODES if entry.first == entry.last}
_RANGES = tuple(entry for entry in RETURN_CODES if entry.first != entry.last)


def return_code(code: int) -> ReturnCode | None:
    """The entry for ``code``; None for a code that no source lists."""
    found = _SINGLE.get(code)
    if found is not None:
        return found
    return next((entry for entry in _RANGES if entry.first <= code <= entry.last), None)


def kind_of(code: int) -> AnswerKind:
    """What ``code`` means for the events of the request; ``UNKNOWN`` for a code that no source lists."""
    entry = return_code(code)
    return entry.kind if entry is not None else AnswerKind.UNKNOWN
