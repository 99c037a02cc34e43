"""Conversions as elements of an Events API 2.0 request.

In: conversions. Out: the JSON bytes of ``data[]`` elements, their keys and fingerprints, and whole request bodies.
Every field that leaves is official for the destination's event source; personal data leaves as SHA-256 digests only.
Source of fields and scopes: TikTok Business API portal, "Report App, Web, Offline, or CRM Events" (``/event/track/``).

JSON types are strict there: ids are strings, amounts numbers, times integers. Empty fields are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from orjson import dumps, loads

from conversion_delivery.domain.conversions import Conversion, Item
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.events.event_ids import EventIds, content_event_id, event_key, ledger_scope
from conversion_delivery.domain.events.personal_data import digest
from conversion_delivery.domain.layouts.layouts import layout_named
from conversion_delivery.domain.reading.reading_plans import ReadingPlan

BODY_LIMIT = 1_000_000
"""Bytes of a request body that we stay below. TikTok documents no limit; 1 MB is what Tealium's connector keeps to."""

ENVELOPE_BYTES = 640
"""More than a request needs around its events: names, brackets, a source id and a test code of full length."""

Sized = TypeVar("Sized")
_JsonObject = dict[str, Any]

_new = tuple.__new__
"""Makes a named tuple in a fraction of the time that calling its class takes."""


KEY_BITS = {"email": 1, "phone": 2, "external_id": 4, "lead_id": 8, "ttclid": 16, "ttp": 32, "ip": 64}
"""Identifier by which TikTok may match an event -> its bit in ``EncodedEvent.keys``."""


class EncodedEvent(NamedTuple):
    """One event, ready to be sent, and what the ledger and the report need to know of it."""

    event_id: str
    event_key: str
    body: bytes
    """The JSON object for ``data[]``. Holds digests of personal data: not for logs, queues or tables."""
    fingerprint: bytes
    """16 bytes of SHA-256 over the content without the event id: other bytes mean other content."""
    event: str
    event_time: int
    value: float | int | None
    currency: str
    order_id: str
    keys: int = 0
    """Which identifiers it carries, as a sum of ``KEY_BITS``: for the report's coverage, which sees no identifier."""

    def __repr__(self) -> str:
        return "EncodedEvent(...)"


class EventEncoder:
    """Encodes the conversions of one file. Raises ``UploadRejected`` (``SETTINGS_INVALID``) for its settings."""

    def __init__(self, plan: ReadingPlan) -> None:
        settings = plan.settings
        self.scope = ledger_scope(settings)
        self.ids = EventIds(
            settings.event_id_from, item_level=plan.order_rows == "row" and layout_named(plan.layout).item_level
        )
        self._add_source_fields = _SOURCE_FIELDS[settings.event_source]
        self._further_keys = _FURTHER_KEYS[settings.event_source]

    @property
    def takes_nothing_more(self) -> bool:
        """Whether the event source takes nothing beyond e-mail, phone and properties."""
        return self._add_source_fields is None

    def encode(self, conversion: Conversion) -> EncodedEvent:
        content = dumps(self._content(conversion))
        content_digest = sha256(content).digest()
        event_id = self.ids.of(conversion) or content_event_id(content_digest)
        event = conversion.event
        keys = (1 if conversion.emails else 0) + (2 if conversion.phones else 0)
        if self._further_keys is not None:
            keys += self._further_keys(conversion)
        return _new(
            EncodedEvent,
            (
                event_id,
                event_key(self.scope, event, event_id),
                b'{"event_id":' + dumps(event_id) + b"," + content[1:],
                content_digest[:16],
                event,
                conversion.event_time,
                conversion.value,
                conversion.currency,
                conversion.order_id,
                keys,
            ),
        )

    def event_dict(self, conversion: Conversion) -> _JsonObject:
        """The ``data[]`` element exactly as it would be sent, as a Python object."""
        element: _JsonObject = loads(self.encode(conversion).body)
        return element

    def _content(self, conversion: Conversion) -> _JsonObject:
        """The element without its event id. The order of keys is part of the fingerprint: it never changes.

        One identifier is a string, several are an array: sorted, so that the order of columns makes no difference.
        """
        user: _JsonObject = {}
        if emails := conversion.emails:
            user["email"] = digest(emails[0]) if len(emails) == 1 else sorted(map(digest, emails))
        if phones := conversion.phones:
            user["phone"] = digest(phones[0]) if len(phones) == 1 else sorted(map(digest, phones))
        content: _JsonObject = {"event": conversion.event, "event_time": conversion.event_time, "user": user}
        if properties := _properties(conversion):
            content["properties"] = properties
        if self._add_source_fields is not None:
            self._add_source_fields(content, user, conversion)
        return content


def _properties(conversion: Conversion) -> _JsonObject:
    properties: _JsonObject = {}
    value, currency, order_id, _, items, content_type, shop_id = conversion[4:11]
    if value is not None:
        properties["value"] = value
    if currency:
        properties["currency"] = currency
    if order_id:
        properties["order_id"] = order_id
    if shop_id:
        properties["shop_id"] = shop_id
    if items:
        properties["contents"] = list(map(_item, items))
    if content_type:
        properties["content_type"] = content_type
    if description := conversion.description:
        properties["description"] = description
    if search_string := conversion.search_string:
        properties["search_string"] = search_string
    return properties


def _item(item: Item) -> _JsonObject:
    content_id, name, category, brand, quantity, price = item
    content: _JsonObject = {}
    if content_id:
        content["content_id"] = content_id
    if name:
        content["content_name"] = name
    if category:
        content["content_category"] = category
    if brand:
        content["brand"] = brand
    if quantity is not None:
        content["quantity"] = quantity
    if price is not None:
        content["price"] = price
    return content


def _add_web_fields(content: _JsonObject, user: _JsonObject, conversion: Conversion) -> None:
    if conversion.external_id:
        user["external_id"] = digest(conversion.external_id)
    for name in ("ttclid", "ttp", "ip", "user_agent", "locale"):
        if value := getattr(conversion, name):
            user[name] = value
    content["page"] = {"url": conversion.url}
    if conversion.referrer:
        content["page"]["referrer"] = conversion.referrer
    if conversion.limited_data_use is not None:
        content["limited_data_use"] = conversion.limited_data_use


def _add_crm_fields(content: _JsonObject, user: _JsonObject, conversion: Conversion) -> None:
    if conversion.external_id:
        user["external_id"] = digest(conversion.external_id)
    lead = {"lead_id": conversion.lead_id, "lead_event_source": conversion.lead_event_source}
    if lead := {name: value for name, value in lead.items() if value}:
        content["lead"] = lead


_SOURCE_FIELDS: dict[str, Callable[[_JsonObject, _JsonObject, Conversion], None] | None] = {
    "offline": None,
    "web": _add_web_fields,
    "crm": _add_crm_fields,
}
"""What a source takes beyond e-mail, phone and properties; offline takes nothing more."""


def _web_keys(conversion: Conversion) -> int:
    return (
        (4 if conversion.external_id else 0)
        + (16 if conversion.ttclid else 0)
        + (32 if conversion.ttp else 0)
        + (64 if conversion.ip else 0)
    )


def _crm_keys(conversion: Conversion) -> int:
    return (4 if conversion.external_id else 0) + (8 if conversion.lead_id else 0)


_FURTHER_KEYS: dict[str, Callable[[Conversion], int] | None] = {"offline": None, "web": _web_keys, "crm": _crm_keys}
"""The bits of ``KEY_BITS`` for what a source takes beyond e-mail and phone."""


def request_body(settings: DestinationSettings, bodies: Sequence[bytes]) -> bytes:
    """The request for already encoded events. It is put together once: copies of large bytes cost page faults."""
    parts = [*bodies] or [b""]
    parts[0] = _envelope(settings) + parts[0]
    parts[-1] += b"]}"
    return b",".join(parts)


def _envelope(settings: DestinationSettings) -> bytes:
    """The request up to its first event."""
    head: _JsonObject = {"event_source": settings.event_source, "event_source_id": settings.event_source_id}
    if settings.test_event_code:
        head["test_event_code"] = settings.test_event_code
    return dumps(head)[:-1] + b',"data":['


def split_by_size(
    events: Iterable[Sized], body_of: Callable[[Sized], bytes], limit: int = BODY_LIMIT
) -> list[list[Sized]]:
    """Cut events, in order, into parts whose request stays below ``limit`` bytes.

    An event that is too large on its own makes a part on its own; ``body_of`` gives its encoded body.
    """
    parts: list[list[Sized]] = []
    used = limit
    for event in events:
        size = len(body_of(event)) + 1
        if used + size > limit:
            parts.append([])
            used = ENVELOPE_BYTES
        parts[-1].append(event)
        used += size
    return parts
