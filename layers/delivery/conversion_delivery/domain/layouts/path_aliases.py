"""Dotted paths of JSON objects of unknown shape, and the fields they feed.

In: a path such as ``user.email`` or ``items[].sku``. Out: a field and the place of its alias, or None. A path is read
where it is an alias as a whole (with underscores for its dots: ``order.id``), or where what stands in a well-known
object is one; never by similarity, and never deeper. What stands in an object about a person is only ever about the
person: ``customer.created_at`` is not the time of the event.
"""

from __future__ import annotations

from collections.abc import Mapping

from conversion_delivery.domain.layouts.header_names import header_name

OF_THE_EVENT = (
    "event.custom_attributes.",
    "data.custom_attributes.",
    "custom_attributes.",
    "properties.",
    "event_properties.",
    "order.",
    "custom_data.",
    "custom.",
    "data.",
)
"""Objects that describe the event: whatever an alias names may stand in them. The longer name comes first."""

OF_THE_PERSON = ("context.traits.", "traits.", "user_properties.", "user_data.", "user.", "customer.", "contact.")
"""Objects that describe the person."""

PERSONAL_FIELDS = frozenset(
    {"email", "phone", "external_id", "country", "consent", "lead_id", "ttclid", "ttp", "ip", "user_agent", "locale"}
)

OF_THE_ITEM = {
    "id": "content_id",
    "name": "content_name",
    "title": "content_name",
    "category": "content_category",
    "brand": "brand",
    "quantity": "quantity",
    "price": "price",
}
"""Names inside a list of products that say nothing elsewhere."""

_LISTS = ("products", "items", "line_items", "contents", "lineitems")
_ITEM = "contents[]."

Claims = Mapping[str, tuple[int, int, str]]


def field_in_object(path: str, aliases: Claims) -> tuple[int, str] | None:
    """The preference and the field of a path inside a well-known object."""
    if "[]" in path:
        return _field_of_item(path, aliases)
    name = header_name(path)
    for objects, personal in ((OF_THE_EVENT, False), (OF_THE_PERSON, True)):
        for begins in objects:
            if name.startswith(begins):
                return _known(name[len(begins) :], aliases, personal=personal)
    return None


def _known(name: str, aliases: Claims, *, personal: bool) -> tuple[int, str] | None:
    found = aliases.get(name)
    if found is None or "." in name or (personal and found[2] not in PERSONAL_FIELDS):
        return None
    return found[1], found[2]


def _field_of_item(path: str, aliases: Claims) -> tuple[int, str] | None:
    objects, _, rest = path.rpartition("[].")
    if header_name(objects.rpartition(".")[2]) not in _LISTS or "[]" in objects:
        return None
    name = header_name(rest)
    if name in OF_THE_ITEM:
        return 0, _ITEM + OF_THE_ITEM[name]
    found = aliases.get(name)
    return (found[1], found[2]) if found and found[2].startswith(_ITEM) else None
