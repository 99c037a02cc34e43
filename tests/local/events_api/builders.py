"""Request bodies that the simulator takes, and ways to spoil them."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

OFFLINE_SET = "7000000000000000001"
EVENT_TIME = 1_760_000_000


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def an_event(event_id: str | None = "e-1", **changes: Any) -> dict[str, Any]:
    """A valid offline purchase; a change of None removes the field."""
    event: dict[str, Any] = {
        "event": "Purchase",
        "event_time": EVENT_TIME,
        "event_id": event_id,
        "user": {"email": digest("a@example.com")},
        "properties": {"currency": "EUR", "value": 12.5, "order_id": "o-1"},
    }
    event.update(changes)
    return {name: value for name, value in event.items() if value is not None}


def a_document(*events: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A valid offline request; a change of None removes the field."""
    document: dict[str, Any] = {
        "event_source": "offline",
        "event_source_id": OFFLINE_SET,
        "data": list(events) or [an_event()],
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not None}


def a_body(*events: dict[str, Any], **changes: Any) -> bytes:
    return orjson.dumps(a_document(*events, **changes))
