"""The e-mail addresses and phone numbers of a row.

In: the cells of a row. Out: every usable one, once, in the order of the columns; an address that stands there both
plain and as its own digest is one. Of several in one cell all are used, or the first (``several_values``). A cell that
cannot be used is noted with the weight ``IDENTIFIER``: it costs the row only if nothing else identifies the person.
"""

from __future__ import annotations

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.events.personal_data import digest
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_notes import Note, Weight, note_of
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.values.emails import EmailReader
from conversion_delivery.domain.values.phones import PhoneReader

_PAIR = 2
_DIGEST_LENGTH = 64


class ContactReader:
    """Reads these columns for one file."""

    def __init__(self, plan: ReadingPlan, columns: RowColumns) -> None:
        self._columns = columns
        self._email_cells = columns.all_of("email")
        self._phone_cells = columns.all_of("phone")
        self._most = 1 if plan.settings.several_values == "first" else None
        self.read_email = EmailReader().read
        self.read_phone = PhoneReader(plan.settings.default_country).read

    def emails(self, row: list[str], notes: list[Note]) -> tuple[str, ...]:
        """Normalised addresses and ready digests."""
        emails: tuple[str, ...] = ()
        read = self.read_email
        for cell in self._email_cells(row):
            if cell:
                found = read(cell)
                if not isinstance(found, str):
                    emails = self._odd("email", cell, row, found, emails, notes)
                elif found and found not in emails:
                    emails += (found,)
        return emails if len(emails) < _PAIR else without_digests_of_others(emails)

    def phones(self, row: list[str], country: str, notes: list[Note]) -> tuple[str, ...]:
        """E.164 numbers and ready digests. ``country``: cell of the row's country."""
        phones: tuple[str, ...] = ()
        read = self.read_phone
        for cell in self._phone_cells(row):
            if cell:
                found = read(cell, country)
                if not isinstance(found, str):
                    phones = self._odd("phone", cell, row, found, phones, notes)
                elif found and found not in phones:
                    phones += (found,)
        return phones if len(phones) < _PAIR else without_digests_of_others(phones)

    def _odd(
        self, field: str, cell: str, row: list[str], found: CellFinding, known: tuple[str, ...], notes: list[Note]
    ) -> tuple[str, ...]:
        """Note a finding; the values known so far and those that the finding brings."""
        place = next(place for place in self._columns.places(field) if row[place] is cell)
        weight = Weight.IDENTIFIER if found.value is None else Weight.WARNING
        notes.append(note_of(found, field, self._columns.header_at(place), weight))
        values = found.value[: self._most] if isinstance(found.value, tuple) else (found.value,)
        return known + tuple(value for value in dict.fromkeys(values) if value and value not in known)


def without_digests_of_others(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values without digests of values that stand there in plain text: TikTok would get the same digest twice."""
    if _DIGEST_LENGTH not in map(len, values):
        return values
    plain = {digest(value) for value in values if len(value) != _DIGEST_LENGTH}
    return tuple(value for value in values if value not in plain)
