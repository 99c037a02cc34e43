"""Event ids: the same event has the same id, in whichever file, row or column order it comes.

TikTok drops repeats of (source id, event, event id) for 48 hours, and the ledger refuses them for good. So an id
is made from the business data of the row and from nothing else: never from a row number, a file name or a clock.

First match wins:

1. the file's own event id;
2. the fields of the setting ``event_id_from``, if the row has every one of them;
3. event and order id (and product id, where the layout has one row per item);
4. nothing here: the digest of the whole content decides (``content_event_id``).

Hashed ids are 32 hex digits of SHA-256 over a JSON array, so no two different lists of parts read the same.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING

from orjson import dumps

from conversion_delivery.domain.conversions import Conversion, Item
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.events.personal_data import digest

if TYPE_CHECKING:  # the settings check their field names against this module
    from conversion_delivery.domain.destinations import DestinationSettings

_NO_ITEM = Item()

_Part = Callable[[Conversion], object]


def _item_part(name: str) -> _Part:
    part = attrgetter(name)
    return lambda conversion: part(conversion.items[0] if conversion.items else _NO_ITEM)


_PARTS: dict[str, _Part] = {
    "email": lambda conversion: sorted(map(digest, conversion.emails)),
    "phone": lambda conversion: sorted(map(digest, conversion.phones)),
    "external_id": lambda conversion: conversion.external_id and digest(conversion.external_id),
    "event_id": attrgetter("given_event_id"),
    **{f"contents[].{name}": _item_part(name) for name in Item._fields},
    **{
        name: attrgetter(name)
        for name in Conversion._fields
        if name not in ("emails", "phones", "external_id", "given_event_id", "items", "limited_data_use", "warnings")
    },
}

ID_FIELDS = frozenset(_PARTS)
"""Fields that ``event_id_from`` may name."""

_ORDER = "order_id"
_ORDER_LINE = "order_id+contents[].content_id"


class EventIds:
    """Event ids by the rules above, as far as they can be told without the whole content.

    Raises ``UploadRejected`` (``SETTINGS_INVALID``) where ``event_id_from`` names something else than ``ID_FIELDS``.
    """

    def __init__(self, event_id_from: tuple[str, ...] = (), *, item_level: bool = False) -> None:
        if not ID_FIELDS.issuperset(event_id_from):
            raise UploadRejected("SETTINGS_INVALID", key="event_id_from", problem="names no field of an event")
        self._chosen = "+".join(event_id_from)
        self._parts = tuple(_PARTS[field] for field in event_id_from)
        self.item_level = item_level
        """Whether the product is a part of the id that an order gives."""
        self.rule = _ORDER_LINE if item_level else _ORDER
        """The name of the rule that makes an id of an order, as it begins the parts that are hashed."""

    @property
    def are_chosen(self) -> bool:
        """Whether fields that the settings name come before the order."""
        return bool(self._parts)

    def of(self, conversion: Conversion) -> str:
        """The id, or empty where only the whole content tells the event apart."""
        if conversion.given_event_id:
            return conversion.given_event_id
        if self._parts and (chosen := self._from_chosen(conversion)):
            return chosen
        if not conversion.order_id:
            return ""
        if self.item_level:
            items = conversion.items
            line = items[0].content_id if items else ""
            return _hashed([self.rule, conversion.event, conversion.order_id, line])
        return _hashed([self.rule, conversion.event, conversion.order_id])

    def _from_chosen(self, conversion: Conversion) -> str:
        """Empty where the row lacks one of the fields: without it, different events would read the same."""
        parts = [part(conversion) for part in self._parts]
        if any(part is None or part in ("", []) for part in parts):
            return ""
        return _hashed([self._chosen, conversion.event, *parts])


def content_event_id(content_digest: bytes) -> str:
    """The id of an event that only its content tells apart."""
    return content_digest[:16].hex()


def ledger_scope(settings: DestinationSettings) -> str:
    """The source that an event key begins with.

    Events of a test (``test_event_code``) are not counted by TikTok, so they have a scope of their own: a file that was
    tried in a test is still delivered afterwards.
    """
    return f"{settings.event_source_id}{':test' if settings.test_event_code else ''}"


def event_key(scope: str, event: str, event_id: str) -> str:
    """TikTok's scope of de-duplication as one text; neither scopes nor event names hold a ``#``."""
    return f"{scope}#{event}#{event_id}"


def _hashed(named_parts: list[object]) -> str:
    """The first part says which rule made the list, so that two rules never make the same id of different facts."""
    return sha256(dumps(named_parts)).hexdigest()[:32]
