"""What a single column may feed, by whose word: the settings', the layout's, or that of the aliases.

In: a header cell. Out: its claims, each with its rank; ``columns`` decides between the claims of a whole header.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

from conversion_delivery.domain.conversions import FIELDS
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.column_aliases import ALIASES, FURTHER, numbered_identifier
from conversion_delivery.domain.layouts.header_names import find, header_name, plain
from conversion_delivery.domain.layouts.layout import NOT_USED, Layout
from conversion_delivery.domain.layouts.path_aliases import field_in_object

SETTINGS, LAYOUT, ALIAS, IN_OBJECT, FURTHER_ALIAS = range(5)
"""Ranks of claims; the smallest wins."""


class Claim(NamedTuple):
    """A column's wish to feed a field; the smallest claim wins."""

    rank: int
    preference: int
    column: int
    field: str
    name: str


ALIAS_CLAIMS = {
    name: (ALIAS, preference, field) for field, names in ALIASES.items() for preference, name in enumerate(names)
} | {
    name: (FURTHER_ALIAS, preference, field)
    for field, names in FURTHER.items()
    for preference, name in enumerate(names)
}

_NO_ARCHIVE_ALIAS = frozenset({"status"})
"""Fields that an alias does not feed in an event archive: a property ``status`` can be the status of anything."""


def settings_claims(settings: DestinationSettings) -> dict[str, tuple[int, str]]:
    """Header as written and header name -> place and field.

    Raises ``UploadRejected`` (``SETTINGS_INVALID``) for a field that does not exist.
    """
    claims: dict[str, tuple[int, str]] = {}
    for place, (column, field) in enumerate(settings.columns.items()):
        if field != NOT_USED and field not in FIELDS:
            near = get_close_matches(field, FIELDS, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UploadRejected("SETTINGS_INVALID", key=f"columns.{column}", problem=f"names no field: {field}{hint}")
        claims.setdefault(header_name(column), (place, field))
    for place, (column, field) in enumerate(settings.columns.items()):
        claims[column.strip()] = (place, field)
    return claims


def claims_of(index: int, cell: str, wanted: Mapping[str, tuple[int, str]], layout: Layout) -> list[Claim]:
    """What a column may feed; several fields where its layout says so, none where nobody knows it."""
    name = header_name(cell)
    chosen = wanted.get(cell.strip()) or (wanted.get(name) if name else None)
    if chosen:
        return [Claim(SETTINGS, chosen[0], index, chosen[1], name)]
    uses = find(layout.uses, name)
    if uses:
        return [Claim(LAYOUT, place, index, field, name) for field, place in uses]
    alias = _alias_claim(index, cell, name)
    return [alias] if alias and not (layout.is_archive and alias.field in _NO_ARCHIVE_ALIAS) else []


def _alias_claim(index: int, cell: str, name: str) -> Claim | None:
    known = find(ALIAS_CLAIMS, name)
    if known:
        return Claim(known[0], known[1], index, known[2], name)
    numbered = numbered_identifier(plain(name))
    if numbered:
        return Claim(FURTHER_ALIAS, int(numbered[2]), index, numbered[1], name)
    inside = field_in_object(cell, ALIAS_CLAIMS)
    return Claim(IN_OBJECT, inside[0], index, inside[1], name) if inside else None
