"""Rows without anything odd, read many at a time: the fast path of ``conversion_reader``.

Most rows of most files are clean. Row by row, a dozen cells cost a dozen calls; column by column, one pass of a regular
expression or of a look-up settles a field of some two hundred rows. Rows that are not surely clean come out as
``doubtful`` and are read with care, so nothing is decided here: where a row is read here, the careful path gives the
same conversion without a warning, which property tests hold.

The splitter asks only which rows are doubtful; the sender wants the conversions too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from conversion_delivery.domain.conversions import CellFinding, Conversion, Item
from conversion_delivery.domain.mapping.cell_columns import Cells, FormColumn, Others, look_at_labels, places_of
from conversion_delivery.domain.mapping.clean_forms import Forms, together
from conversion_delivery.domain.mapping.event_names import EventNames
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_items import ITEM_FIELDS, NO_ITEM, TEXT_FIELDS, Quantities
from conversion_delivery.domain.mapping.row_money import Currencies
from conversion_delivery.domain.mapping.source_fields import NONE_OF_THEM
from conversion_delivery.domain.mapping.time_columns import TimeColumn, TimesSeen
from conversion_delivery.domain.values.texts import LONGEST_TEXT, Texts, read_text

FIELDS = frozenset(
    {"event", "event_time", "email", "phone", "value", "currency", "order_id", "event_id", "shop_id", *ITEM_FIELDS}
)
"""Fields that can be read here."""

UNREAD_FIELDS = frozenset({"event_channel", "refunded_amount", "event_source_id"})
"""Fields that nobody reads: their columns make no difference."""

_PRICE = "contents[].price"
_QUANTITY = "contents[].quantity"

_tail = itemgetter(slice(-7, None))
"""The end of a number or an id. An id that repeats a phone number has seven digits at least (``is_identifier``)."""

_new = tuple.__new__


class Window(NamedTuple):
    """A window of rows, judged."""

    cells: list[Cells]
    """By column, an empty one last (``row_columns.ABSENT``)."""
    doubtful: set[int]
    others: dict[int, Others[Any]]
    """Values of cells that are not of their column's plain form, by column."""
    times: TimesSeen


class CleanWindows:
    """Reads the clean rows of one file."""

    def __init__(
        self,
        columns: RowColumns,
        forms: Forms,
        *,
        events: EventNames,
        read_time: Callable[[str], int | CellFinding],
        currencies: Currencies,
        texts: Texts,
        quantities: Quantities,
    ) -> None:
        self._emails, self._phones = columns.places("email"), columns.places("phone")
        self._contacts = (*self._emails, *self._phones)
        self._ids = tuple(columns.place(field) for field in ("order_id", "event_id"))
        self._value, self._price = columns.place("value"), columns.place(_PRICE)
        self._formed: dict[int, FormColumn[Any]] = {
            **dict.fromkeys(self._emails, forms.email),
            **dict.fromkeys(self._phones, forms.phone),
            **{place: forms.id for place in self._ids if place >= 0},
            **({self._price: forms.price} if self._price >= 0 else {}),
            self._value: forms.value,
        }
        self._event, self._currency = columns.place("event"), columns.place("currency")
        self._quantity = columns.place(_QUANTITY)
        self._time = columns.place("event_time")
        self._text_places = tuple(columns.place(field) for field in (*TEXT_FIELDS, "shop_id"))
        self._has_items = columns.has_any(ITEM_FIELDS)
        self._events = events
        self._times = TimeColumn(read_time)
        self._currencies = currencies
        self._texts = texts
        self._quantities = quantities

    @staticmethod
    def can_read(columns: RowColumns) -> bool:
        """Whether a file has the columns for it, and no others that count."""
        return columns.has("value") and not columns.have_choices and columns.fields <= FIELDS | UNREAD_FIELDS

    def judge(self, rows: Sequence[list[str]]) -> Window:
        """Which rows are doubtful. Rows are as wide as the header, and no cell holds a line break."""
        cells: list[Cells] = [*zip(*rows, strict=True), ("",) * len(rows)]
        doubtful: set[int] = set()
        others = {place: column.look(cells[place], doubtful) for place, column in self._formed.items()}
        window = Window(cells, doubtful, others, self._times.look(cells[self._time], doubtful))
        look_at_labels(cells[self._event], self._is_event, doubtful)
        look_at_labels(cells[self._currency], self._is_currency, doubtful)
        look_at_labels(cells[self._quantity], self._is_quantity, doubtful)
        self._look_at_texts(cells, doubtful)
        self._look_at_identifiers(window)
        self._look_at_repeated_numbers(window)
        return window

    def conversions(self, window: Window) -> list[Conversion]:
        """One per row; those of doubtful rows are not to be used."""
        cells = window.cells
        texts = self._texts.__getitem__
        read: Iterable[tuple[Any, ...]] = zip(
            map(self._events.__getitem__, cells[self._event]),
            self._times.values(window.times),
            together([self._values(window, place) for place in self._emails], len(cells[-1])),
            together([self._values(window, place) for place in self._phones], len(cells[-1])),
            self._values(window, self._value),
            map(self._currencies.__getitem__, cells[self._currency]),
            *(self._values(window, place) for place in self._ids),
            self._items(window) if self._has_items else repeat(()),
            repeat(""),
            map(texts, cells[self._text_places[-1]]),
            *map(repeat, NONE_OF_THEM),
        )
        return list(map(_new, repeat(Conversion), read))

    def _values(self, window: Window, place: int) -> Sequence[Any]:
        if place not in self._formed:
            return window.cells[place]
        return self._formed[place].values(window.cells[place], window.others[place], window.doubtful)

    def _items(self, window: Window) -> list[tuple[Item, ...]]:
        cells = window.cells
        texts = self._texts.__getitem__
        read = zip(  # noqa: B905 - some of them never end
            *(map(texts, cells[place]) for place in self._text_places[:-1]),
            map(self._quantities.__getitem__, cells[self._quantity]),
            self._values(window, self._price) if self._price >= 0 else repeat(None),
        )
        return [() if item == NO_ITEM else (item,) for item in map(_new, repeat(Item), read)]

    def _is_event(self, cell: str) -> bool:
        return isinstance(self._events[cell], str)

    def _is_currency(self, cell: str) -> bool:
        return bool(self._currencies[cell])

    def _is_quantity(self, cell: str) -> bool:
        return not cell or self._quantities[cell] is not None

    def _look_at_texts(self, cells: list[Cells], doubtful: set[int]) -> None:
        """A text without ``@`` and ``+`` holds neither an address nor an international number."""
        columns = [cells[place] for place in self._text_places]
        text = "\n".join(chain.from_iterable(columns))
        if "@" in text or "+" in text or max(map(len, chain.from_iterable(columns))) > LONGEST_TEXT:
            for column in columns:
                doubtful.update(at for at, cell in enumerate(column) if _is_odd(cell))

    def _look_at_identifiers(self, window: Window) -> None:
        """A row needs an e-mail address or a phone number. A cell that is not empty is usable, or its row doubtful."""
        cells = [window.cells[place] for place in self._contacts]
        if not any("" not in column for column in cells):
            joined = list(map("".join, zip(*cells, strict=True))) if cells else window.cells[-1]
            window.doubtful.update(places_of(joined, {""}))

    def _look_at_repeated_numbers(self, window: Window) -> None:
        """An id that ends like the row's phone number may repeat it. In nearly every window no two ends meet."""
        ids = [list(map(_tail, window.cells[place])) for place in self._ids if any(window.cells[place])]
        ends = set(chain.from_iterable(ids)) - {""}
        for place in self._phones if ends else ():
            phones = self._values(window, place) if window.others[place] else window.cells[place]
            if not ends.isdisjoint(map(_tail, phones)):
                near = [
                    at for at, phone in enumerate(phones) if phone and _tail(phone) in {column[at] for column in ids}
                ]
                window.doubtful.update(near)


def _is_odd(text: str) -> bool:
    return ("@" in text or "+" in text or len(text) > LONGEST_TEXT) and isinstance(read_text(text), CellFinding)
