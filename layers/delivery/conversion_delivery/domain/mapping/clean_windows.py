"""Rows without anything odd, read many at a time: the fast path of ``conversion_reader``.

Most rows of most files are clean. Row by row, a dozen cells cost a dozen calls; column by column, one pass of a regular
expression or of a look-up settles a field of some two hundred rows. Rows that are not surely clean come out as
``doubtful`` and are read with care, so nothing is decided here: where a row is read here, the careful path gives the
same conversion without a warning, which property tests hold.

The splitter asks only which rows are doubtful; the sender wants the conversions too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from conversion_delivery.domain.conversions import CellFinding, Conversion, Item
from conversion_delivery.domain.mapping.cell_columns import Cells, FormColumn, Others, look_at_labels, places_of
from conversion_delivery.domain.mapping.clean_forms import Forms, together
from conversion_delivery.domain.mapping.event_names import EventNames
from conversion_delivery.domain.mapping.kept_out import KeptOut
from conversion_delivery.domain.mapping.row_columns import ABSENT, RowColumns
from conversion_delivery.domain.mapping.row_items import ITEM_FIELDS, NO_ITEM, TEXT_FIELDS, Quantities
from conversion_delivery.domain.mapping.row_money import MoneyReader
from conversion_delivery.domain.mapping.row_notes import Note
from conversion_delivery.domain.mapping.source_fields import NONE_OF_THEM, SourceFields
from conversion_delivery.domain.mapping.symbol_columns import VALUE_SYMBOL, SymbolColumn
from conversion_delivery.domain.mapping.time_columns import TimeColumn, TimesSeen
from conversion_delivery.domain.values.texts import LONGEST_TEXT, Texts, read_content_type, read_text

FIELDS = frozenset(
    {"event", "event_time", "email", "phone", "country", "value", "currency", "order_id", "event_id"}
    | {"content_type", "shop_id", *ITEM_FIELDS}
)
"""Fields that can be read here."""

UNREAD_FIELDS = frozenset({"event_channel", "refunded_amount", "event_source_id"})
"""Fields that nobody reads: their columns make no difference."""

_PRICE = "contents[].price"
_QUANTITY = "contents[].quantity"

_tail = itemgetter(slice(-7, None))
"""The end of a number or an id. An id that repeats a phone number has seven digits at least (``is_identifier``)."""

_new = tuple.__new__

_content_type = lru_cache(maxsize=1_024)(read_content_type)


class Window(NamedTuple):
    """A window of rows, judged."""

    rows: int

    cells: list[Cells]
    """By column, an empty one last (``row_columns.ABSENT``); without currency symbols where rows are noted for them."""
    doubtful: set[int]
    noted: dict[str, set[int]]
    """Code of a warning -> the rows about which that is all there is to say."""
    others: dict[int, Others[Any]]
    """Values of cells that are not of their column's plain form, by column."""
    times: TimesSeen
    more: Iterable[Iterable[Any]]
    """The rest of a conversion, from ``external_id`` on, by column."""


class CleanWindows:
    """Reads the clean rows of one file."""

    def __init__(
        self,
        columns: RowColumns,
        forms: Forms,
        *,
        events: EventNames,
        read_time: Callable[[str], int | CellFinding],
        money: MoneyReader,
        texts: Texts,
        quantities: Quantities,
        kept_out: KeptOut | None = None,
        more: SourceFields | None = None,
    ) -> None:
        self._emails, self._phones = columns.places("email"), columns.places("phone")
        self._contacts = (*self._emails, *self._phones)
        self._countries = columns.place("country")
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
        self._quantity, self._content_type = columns.place(_QUANTITY), columns.place("content_type")
        self._time = columns.place("event_time")
        self._text_places = tuple(columns.place(field) for field in (*TEXT_FIELDS, "shop_id"))
        self._has_items = columns.has_any(ITEM_FIELDS)
        self._events = events
        self._times = TimeColumn(read_time)
        self._money = money
        self._symbols = SymbolColumn(money.currencies)
        self._texts = texts
        self._quantities = quantities
        self._kept_out = kept_out
        self._more = more

    @staticmethod
    def can_read(columns: RowColumns, more: frozenset[str]) -> bool:
        """Whether a file has only columns that can be read; ``more``: fields that the other readers read."""
        return not columns.have_choices and columns.fields <= FIELDS | UNREAD_FIELDS | more

    def judge_columns(self, columns: Sequence[Cells], rows: int) -> Window:
        """The same for whoever reads prices elsewhere, and asks about doubtful rows only."""
        window = self.judge(columns, rows)
        window.doubtful.update(places_of(window.cells[self._value], {""}), *window.noted.values())
        return window._replace(noted={})

    def judge(self, columns: Sequence[Cells], rows: int) -> Window:
        """Which rows are doubtful. Columns are those of the header, and no cell holds a line break."""
        cells: list[Cells] = [*columns, ("",) * rows]
        doubtful: set[int] = set()
        symbols = self._take_symbols(cells)
        others = {place: self._look(place, cells, doubtful) for place in self._formed}
        times = self._times.look(cells[self._time], doubtful)
        for place, is_clean in self._labels(cells):
            look_at_labels(cells[place], is_clean, doubtful)
        self._look_at_screens(cells, doubtful)
        window = Window(rows, cells, doubtful, {}, others, times, self._read_more(columns, doubtful))
        self._look_at_texts(cells, doubtful)
        self._look_at_missing_amounts(window)
        self._look_at_identifiers(window)
        self._look_at_repeated_numbers(window)
        self._note_symbols(window, symbols)
        return window

    def conversions(self, window: Window) -> list[Conversion]:
        """One per row; those of doubtful rows are not to be used, and those of noted rows lack their warning."""
        read = zip(*self.fields(window))  # noqa: B905 - some of them never end
        return list(map(_new, repeat(Conversion), read))

    def fields(self, window: Window, *, with_items: bool = True) -> tuple[Iterable[Any], ...]:
        """The same by field, in the order of ``Conversion``; some of these columns never end.

        ``with_items``: not for whoever takes ``item_fields``.
        """
        cells = window.cells
        texts = self._texts.__getitem__
        return (
            map(self._events.__getitem__, cells[self._event]),
            self._times.values(window.times),
            self._together(window, self._emails),
            self._together(window, self._phones),
            self._values(window, self._value),
            self._currencies(window),
            *(self._values(window, place) for place in self._ids),
            self._items(window) if self._has_items and with_items else repeat(()),
            map(_content_type, cells[self._content_type]),
            map(texts, cells[self._text_places[-1]]),
            *window.more,
        )

    def item_fields(self, window: Window) -> tuple[Iterable[Any], ...]:
        """The fields of each row's ``Item``, by field; none where the file has no items."""
        if not self._has_items:
            return ()
        cells = window.cells
        texts = self._texts.__getitem__
        return (
            *(map(texts, cells[place]) for place in self._text_places[:-1]),
            map(self._quantities.__getitem__, cells[self._quantity]),
            self._values(window, self._price) if self._price >= 0 else repeat(None),
        )

    def _together(self, window: Window, places: Sequence[int]) -> Iterable[tuple[str, ...]]:
        used = [place for place in places if any(window.cells[place])]
        return together([self._values(window, place) for place in used], window.rows)

    def _look(self, place: int, cells: list[Cells], doubtful: set[int]) -> Others[Any]:
        has_country = self._countries >= 0 and place in self._phones
        return self._formed[place].look(cells[place], doubtful, cells[self._countries] if has_country else None)

    def _labels(self, cells: list[Cells]) -> Iterable[tuple[int, Callable[[str], bool]]]:
        """Columns of few different cells, and which of those are clean."""
        yield self._event, self._is_event
        if any(cells[self._value]):
            yield self._currency, self._is_currency
        yield self._quantity, self._is_quantity
        yield self._content_type, lambda cell: isinstance(_content_type(cell), str)

    def _read_more(self, columns: Sequence[Cells], doubtful: set[int]) -> Iterable[Iterable[Any]]:
        if self._more is None:
            return map(repeat, NONE_OF_THEM)
        notes: list[Note] = []
        found = []
        for at, row in enumerate(zip(*columns, strict=True)):
            found.append(self._more.read(row, notes))
            if notes:
                doubtful.add(at)
                notes.clear()
        return zip(*found, strict=True)

    def _look_at_screens(self, cells: list[Cells], doubtful: set[int]) -> None:
        """Labels that may keep a row out, such as a status."""
        if self._kept_out is not None:
            labels = list(zip(*(cells[place] for place in self._kept_out.places), strict=True))
            odd = {of_row for of_row in set(labels) if self._kept_out[of_row] is not False}
            doubtful.update(at for at, of_row in enumerate(labels) if of_row in odd)

    def _take_symbols(self, cells: list[Cells]) -> set[int]:
        """Take currency symbols out of value and price; the rows that had some."""
        symbols: set[int] = set()
        for place in {self._value, self._price} - {ABSENT}:
            cells[place], found = self._symbols.without_symbols(cells[place], cells[self._currency])
            symbols |= found
        return symbols

    def _note_symbols(self, window: Window, symbols: set[int]) -> None:
        """Behind the symbol has to stand a plain amount."""
        if symbols:
            for place in {self._value, self._price} - {ABSENT}:
                window.doubtful.update(symbols & window.others[place].keys())
            window.noted[VALUE_SYMBOL] = symbols - window.doubtful

    def _look_at_missing_amounts(self, window: Window) -> None:
        """An event that needs no amount may lack it, and its currency with it. A price would keep the currency."""
        values, events, prices = (window.cells[place] for place in (self._value, self._event, self._price))
        if "" in values:
            needing = {cell for cell in set(events) if self._events[cell] in self._money.needs_value}
            rows = places_of(values, {""})
            window.doubtful.update(at for at in rows if prices[at] or events[at] in needing)

    def _currencies(self, window: Window) -> Iterable[str]:
        cells, values = window.cells[self._currency], window.cells[self._value]
        currencies = map(self._money.currencies.__getitem__, cells)
        if "" not in values:
            return currencies
        return [currency if value else "" for currency, value in zip(currencies, values, strict=True)]

    def _values(self, window: Window, place: int) -> Sequence[Any]:
        if place not in self._formed:
            return window.cells[place]
        return self._formed[place].values(window.cells[place], window.others[place], window.doubtful)

    def _items(self, window: Window) -> list[tuple[Item, ...]]:
        read = zip(*self.item_fields(window))  # noqa: B905 - some of them never end
        return [() if item == NO_ITEM else (item,) for item in map(_new, repeat(Item), read)]

    def _is_event(self, cell: str) -> bool:
        return isinstance(self._events[cell], str)

    def _is_currency(self, cell: str) -> bool:
        return bool(self._money.currencies[cell])

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
