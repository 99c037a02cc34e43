"""A request body against the field table of its source: None, or the first thing that is wrong.

TikTok refuses the request as a whole and names one field and the zero-based index of its event, so checking stops at
the first fault. Strict mode also refuses what TikTok's reference does not list: a slip should show here, not there.
"""

from __future__ import annotations

from typing import Any

from local.events_api.field_checks import (
    CHECKS,
    Check,
    Wrong,
    custom_event,
    each_of,
    key_text,
    nested,
    standard_event,
    text,
)
from local.events_api.field_table import FIELDS, SOURCES, TOP_LEVEL, Field, Kind

MOST_EVENTS = 1_000
INVALID_BATCH_SIZE = 40061
INVALID_PARTNER_NAME = 40063

_EVENT_NAMES: dict[str, Check] = {"o": standard_event, "w": custom_event, "a": custom_event, "c": key_text}
"""Offline takes standard names only; sources disagree about crm, so it takes any."""

_LOOSE = {Kind.TEXT: text}
_TIGHT = {Kind.TEXT: key_text}
"""An empty text is never worth sending: strict mode refuses it everywhere."""


class RequestCheck:
    """Checks request bodies; built once."""

    def __init__(self, *, strict: bool = True, check_source_ids: bool = True) -> None:
        self._strict = strict
        self._check_source_ids = check_source_ids
        self._events = {source: _event_check(letter, strict) for source, letter in SOURCES.items()}

    def __call__(self, document: Any) -> Wrong | None:
        """What is wrong with the parsed body; its ``path`` begins with ``data`` and an index where an event is."""
        if type(document) is not dict:
            return Wrong("the body is not a JSON object")
        return self._top_level(document) or self._data(document["event_source"], document["data"])

    def _top_level(self, document: dict[str, Any]) -> Wrong | None:
        for name in ("event_source", "event_source_id", "data"):
            if name not in document:
                return Wrong("missing data for required field", (name,))
        if type(document["event_source"]) is not str or document["event_source"] not in SOURCES:
            return Wrong("not one of the allowed values", ("event_source",))
        wrong = self._source_id(document["event_source"], document["event_source_id"])
        if wrong is not None:
            return wrong
        if "test_event_code" in document and key_text(document["test_event_code"]):
            return Wrong("not a valid string", ("test_event_code",))
        return self._top_level_extras(document) if self._strict else None

    def _source_id(self, source: str, source_id: Any) -> Wrong | None:
        wrong = key_text(source_id)
        if wrong is None and source == "offline" and self._check_source_ids and not source_id.isdecimal():
            wrong = Wrong("not a valid string")  # what users of a pixel code report for offline events
        return wrong.under("event_source_id") if wrong else None

    def _top_level_extras(self, document: dict[str, Any]) -> Wrong | None:
        if "partner_name" in document:
            return Wrong("not a registered partner", ("partner_name",), INVALID_PARTNER_NAME)
        extra = next((name for name in document if name not in TOP_LEVEL), None)
        return None if extra is None else Wrong("unknown field", (extra if extra.isidentifier() else "?",))

    def _data(self, source: str, data: Any) -> Wrong | None:
        if type(data) is not list:
            return Wrong("not a valid list", ("data",))
        if not data:
            return Wrong("shorter than minimum length 1", ("data",))
        if len(data) > MOST_EVENTS:
            return Wrong(f"longer than maximum length {MOST_EVENTS}", ("data",), INVALID_BATCH_SIZE)
        check = self._events[source]
        for index, event in enumerate(data):
            wrong = check(event)
            if wrong is not None:
                return wrong._replace(path=("data", index, *wrong.path))
        return None


def _event_check(source: str, strict: bool) -> Check:
    check = _object_check(source, "", strict)
    if source != "o" or not strict:
        return check
    nobody = Wrong("email or phone is required", ("user",))

    def check_offline(event: Any) -> Wrong | None:
        wrong = check(event)
        if wrong is not None:
            return wrong
        user = event["user"]
        return None if "email" in user or "phone" in user else nobody

    return check_offline


def _object_check(source: str, parent: str, strict: bool) -> Check:
    """The check for the object at ``parent`` (empty: the event itself), with all that lies below it."""
    children = [field for field in FIELDS if field.path.rpartition(".")[0] == parent and source in field.sources]
    checks = {_name(field): _field_check(field, source, strict) for field in children}
    required = tuple(_name(field) for field in children if source in field.required)
    return nested(checks, required if strict else tuple(n for n in required if n != "user"), strict)


def _field_check(field: Field, source: str, strict: bool) -> Check:
    if field.kind is Kind.OBJECT:
        return _object_check(source, field.path, strict)
    if field.kind is Kind.OBJECTS:
        return each_of(_object_check(source, field.path, strict))
    if field.kind is Kind.EVENT_NAME:
        return _EVENT_NAMES[source]
    return {**CHECKS, **(_TIGHT if strict else _LOOSE)}[field.kind]


def _name(field: Field) -> str:
    return field.path.rpartition(".")[2]
