"""The fields of a row that few files have: web and CRM identifiers, the page, descriptions.

In: the cells of a row. Out: the last part of a ``Conversion`` (from ``external_id`` on). Only fields that the event
source takes are read; a column for another source's field is known, and not used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from conversion_delivery.domain.conversions import CellFinding, Conversion, Problem
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_notes import Note, Weight, note_of
from conversion_delivery.domain.values.texts import (
    id_finding,
    read_customer_id,
    read_id,
    read_ip,
    read_limited_data_use,
    read_text,
    read_url,
)

FIRST = Conversion._fields.index("external_id")
FIELDS = frozenset(Conversion._fields[FIRST:-1])
NONE_OF_THEM: tuple[Any, ...] = tuple(Conversion._field_defaults[name] for name in Conversion._fields[FIRST:])
"""The rest of a conversion whose file has none of these columns."""

_Reader = Callable[[str], Any]

_EVERYWHERE: dict[str, _Reader] = {"description": read_text, "search_string": read_text}
_WEB: dict[str, _Reader] = {
    "external_id": read_customer_id,
    "ttclid": read_text,
    "ttp": read_text,
    "ip": read_ip,
    "user_agent": read_text,
    "locale": read_text,
    "url": read_url,
    "referrer": read_url,
    "limited_data_use": read_limited_data_use,
}
_CRM: dict[str, _Reader] = {"external_id": read_customer_id, "lead_id": read_id, "lead_event_source": read_text}
_READERS: dict[str, dict[str, _Reader]] = {
    "offline": _EVERYWHERE,
    "web": _EVERYWHERE | _WEB,
    "crm": _EVERYWHERE | _CRM,
}
_EXTRA_ID_FIELDS: dict[str, _Reader] = _WEB | _CRM
"""Fields that are read for ``event_id_from`` even where the source does not send them."""

_WEIGHTS = {
    **dict.fromkeys(("external_id", "lead_id", "ttclid", "ttp", "ip"), Weight.IDENTIFIER),
    "referrer": Weight.WARNING,
}
"""What a bad cell does to its row where that is not the finding's own weight."""


class _Use(NamedTuple):
    field: str
    place: int
    """Index among the fields from ``external_id`` on."""
    column: int
    header: str
    read: _Reader


class SourceFields:
    """Reads these fields for one file; false where the file and the source need none of them."""

    def __init__(self, settings: DestinationSettings, columns: RowColumns) -> None:
        self._uses = _uses_of(settings, columns)
        self._needed = _needed_by(settings)
        self._identifies = _IDENTIFIED_BY[settings.event_source]

    def __bool__(self) -> bool:
        return bool(self._uses or self._needed)

    def read(self, cells: Sequence[str], notes: list[Note]) -> tuple[Any, ...]:
        """The rest of the conversion; what there is to say about it goes into ``notes``."""
        rest = list(NONE_OF_THEM)
        for use in self._uses:
            cell = cells[use.column]
            if cell:
                found = use.read(cell)
                if isinstance(found, CellFinding):
                    notes.append(_note(use, found))
                    found = NONE_OF_THEM[use.place] if found.value is None else found.value
                rest[use.place] = found
        for field, code in self._needed.items():
            if not rest[Conversion._fields.index(field) - FIRST]:
                _insist(notes, field, code)
        return tuple(rest)

    def identify(self, conversion: Conversion) -> bool:
        """Whether the source can tell the person by something else than e-mail and phone."""
        return self._identifies(conversion)


def _needed_by(settings: DestinationSettings) -> dict[str, str]:
    """Fields without which TikTok refuses an event of the source -> code of their absence (portal reference)."""
    if settings.event_source == "web":
        return {"url": "URL_MISSING"}
    return {"lead_id": "LEAD_ID_MISSING"} if settings.event_source == "crm" and settings.require_lead_id else {}


def _insist(notes: list[Note], field: str, code: str) -> None:
    """Make the absence of a field a problem: that of the finding about its cell, if there is one."""
    for at, note in enumerate(notes):
        if note.problem.field == field:
            notes[at] = note._replace(weight=Weight.PROBLEM)
            return
    notes.append(Note(Weight.PROBLEM, Problem(code, field)))


def _uses_of(settings: DestinationSettings, columns: RowColumns) -> tuple[_Use, ...]:
    return tuple(
        _Use(field, Conversion._fields.index(field) - FIRST, columns.place(field), columns.header(field), read)
        for field, read in _readers_for(settings).items()
        if columns.has(field)
    )


def fields_read(settings: DestinationSettings) -> frozenset[str]:
    """Those of ``FIELDS`` that are read for a destination."""
    return frozenset(_readers_for(settings))


def _readers_for(settings: DestinationSettings) -> dict[str, _Reader]:
    wanted = {field: read for field, read in _EXTRA_ID_FIELDS.items() if field in settings.event_id_from}
    return wanted | _READERS[settings.event_source]


def _note(use: _Use, finding: CellFinding) -> Note:
    return note_of(id_finding(use.field, finding), use.field, use.header, _WEIGHTS.get(use.field))


def _identified_on_the_web(conversion: Conversion) -> bool:
    """A click id, a cookie, a customer id, or address and browser together (portal reference, fields of ``user``)."""
    return bool(
        conversion.external_id or conversion.ttclid or conversion.ttp or (conversion.ip and conversion.user_agent)
    )


def _identified_by_lead(conversion: Conversion) -> bool:
    """The portal reference asks for a lead id; the page for CRM files takes e-mail or phone in its place."""
    return bool(conversion.lead_id)


_IDENTIFIED_BY: dict[str, Callable[[Conversion], bool]] = {
    "offline": lambda conversion: False,
    "web": _identified_on_the_web,
    "crm": _identified_by_lead,
}
