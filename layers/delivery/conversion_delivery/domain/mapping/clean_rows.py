"""Rows without anything odd, read in one step: the fast path of ``conversion_reader``.

Most rows of most files are clean: addresses that are plainly addresses, amounts such as ``59.90``, ids of letters and
digits. One regular expression over all such cells of a row says so; then the conversion is put together from cells and
look-ups. Whatever is not plainly clean is left to the careful path, so nothing is decided here: where a row is read
here, the careful path gives the same conversion, which a property test holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from phonenumbers import country_code_for_region

from conversion_delivery.domain.conversions import CellFinding, Conversion, Item
from conversion_delivery.domain.mapping.event_names import EventNames
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_items import ITEM_FIELDS, NO_ITEM, TEXT_FIELDS, Quantities
from conversion_delivery.domain.mapping.row_money import Currencies
from conversion_delivery.domain.mapping.source_fields import NONE_OF_THEM
from conversion_delivery.domain.values.emails import PLACEHOLDERS
from conversion_delivery.domain.values.phone_plans import CLEAR_LENGTHS
from conversion_delivery.domain.values.texts import PLAIN_ID, Texts

FIELDS = frozenset(
    {"event", "event_time", "email", "phone", "value", "currency", "order_id", "event_id", "shop_id", *ITEM_FIELDS}
)
"""Fields that can be read here."""

UNREAD_FIELDS = frozenset({"event_channel", "refunded_amount", "event_source_id"})
"""Fields that nobody reads: their columns make no difference."""

_EMAIL = r"(?:[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}+@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}+\.){1,8}+[A-Za-z]{2,24}|)"
_ID = rf"(?:{PLAIN_ID}|)"
_OTHER_NUMBER = r"\+(?!{})[0-9]{{7,15}}|[0-9]{{7,15}}"
_VALUE = r"[0-9]{1,12}\.[0-9]{2}"
_PRICE = rf"(?:{_VALUE}|)"
"""None of these takes a line break, and cells are joined by line breaks: so each cell meets its own pattern."""

_NOWHERE = "+none"
"""In place of the country code of most numbers, where no form settles that country's numbers."""

_EQUAL_DIGITS = 7
"""More of one digit look like a placeholder; ``phones`` decides."""

_SHORT = 6
"""Characters of an id that no longer id repeats by chance: the end of a phone number is none of its own."""

_new = tuple.__new__


class CleanRows:
    """Reads the clean rows of one file. Rows have an empty cell behind their last (``row_columns.ABSENT``)."""

    def __init__(
        self,
        columns: RowColumns,
        *,
        events: EventNames,
        read_phone: Callable[[str], str | CellFinding],
        read_time: Callable[[str], int | CellFinding],
        currencies: Currencies,
        texts: Texts,
        quantities: Quantities,
        default_country: str | None,
    ) -> None:
        emails, phones = columns.places("email"), columns.places("phone")
        self._emails = slice(0, len(emails))
        self._phones = slice(len(emails), len(emails) + len(phones))
        home = f"+{country_code_for_region(default_country or 'US')}"
        settled = _settled_forms(home)
        self._home = home if settled else _NOWHERE
        phone = rf"(?:{'|'.join([*settled, _OTHER_NUMBER.format(self._home[1:])])}|)"
        patterns = [_EMAIL] * len(emails) + [phone] * len(phones) + [_VALUE, _ID, _ID, _PRICE]
        self._match = re.compile("\n".join(patterns)).fullmatch
        checked = ("value", "order_id", "event_id", "contents[].price")
        self._checked = columns.picker_at(*emails, *phones, *map(columns.place, checked))
        self._labels = columns.picker(
            ("event", "event_time", "currency", "shop_id", *TEXT_FIELDS, "contents[].quantity")
        )
        self._events = events
        self._read_phone = read_phone
        self._read_time = read_time
        self._currencies = currencies
        self._texts = texts
        self._quantities = quantities

    @staticmethod
    def can_read(columns: RowColumns) -> bool:
        """Whether a file has the columns for it, and no others that count."""
        return columns.has("value") and not columns.have_choices and columns.fields <= FIELDS | UNREAD_FIELDS

    def read(self, row: list[str]) -> Conversion | None:
        """The conversion; None where the row needs care."""
        checked = self._checked(row)
        if self._match("\n".join(checked)) is None:
            return None
        value_cell, order_id, event_id, price = checked[-4:]
        event_cell, time_cell, currency_cell, shop_cell, product, name, category, brand, units_cell = self._labels(row)
        event = self._events[event_cell]
        event_time = self._read_time(time_cell)
        value = float(value_cell)
        currency = self._currencies[currency_cell]
        emails = _emails_of(checked[self._emails])
        phones = self._phones_of(checked[self._phones], order_id, event_id)
        if type(event) is not str or type(event_time) is not int or emails is None or phones is None:
            return None
        texts = self._texts
        labels = (texts[product], texts[name], texts[category], texts[brand])
        shop_id = texts[shop_cell]
        if texts.has_odd and (*labels, shop_id).count("") != (product, name, category, brand, shop_cell).count(""):
            return None
        units = self._quantities[units_cell]
        if not (value and currency and (emails or phones)) or (units is None and units_cell):
            return None
        item = _new(Item, (*labels, units, float(price) if price else None))
        items = (item,) if item != NO_ITEM else ()
        first = (event, event_time, emails, phones, value, currency, order_id, event_id, items, "", shop_id)
        return _new(Conversion, first + NONE_OF_THEM)

    def _phones_of(self, cells: tuple[str, ...], order_id: str, event_id: str) -> tuple[str, ...] | None:
        """The numbers, each once; None where one is not clear, or repeats an id of the row."""
        phones: tuple[str, ...] = ()
        home = self._home
        for phone in cells:
            if phone:
                if not phone.startswith(home) or phone.count(phone[-1]) > _EQUAL_DIGITS:
                    read = self._read_phone(phone)
                    if not isinstance(read, str):
                        return None
                    phone = read
                if phone not in phones:
                    phones += (phone,)
        if len(order_id) > _SHORT or len(event_id) > _SHORT:
            ids = (order_id or "-", event_id or "-")
            if any(phone.endswith(ids) for phone in phones):
                return None
        return phones


def _settled_forms(home: str) -> list[str]:
    """Patterns of the numbers behind a country code that their form settles; none for some countries."""
    first_digits: dict[frozenset[int], str] = {}
    for digit in "0123456789":
        lengths = CLEAR_LENGTHS[f"{home}{digit}000"[:5]]
        first_digits[lengths] = first_digits.get(lengths, "") + digit
    return [
        rf"\{home}[{digits}][0-9]{{{length - len(home) - 1}}}"
        for lengths, digits in first_digits.items()
        for length in sorted(lengths)
    ]


def _emails_of(cells: tuple[str, ...]) -> tuple[str, ...] | None:
    """The addresses in lower case, each once; None where one is a placeholder."""
    emails: tuple[str, ...] = ()
    for cell in cells:
        if cell:
            email = cell.lower()
            if email in PLACEHOLDERS:
                return None
            if email not in emails:
                emails += (email,)
    return emails
