"""Items without anything odd, read many at a time, for rows that have several: ``clean_windows`` reads one per row.

In: the item columns of a window, one cell per item and column. Out: which items somebody has to read with care, and the
others. Where an item is read here, ``ItemReader`` gives the same item without a note.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from conversion_delivery.domain.conversions import CellFinding, Item
from conversion_delivery.domain.mapping.cell_columns import Cells, FormColumn, Others, look_at_labels
from conversion_delivery.domain.mapping.row_items import TEXT_FIELDS, Quantities
from conversion_delivery.domain.values.texts import LONGEST_TEXT, Texts, read_text

_new = tuple.__new__
_QUANTITY, _PRICE = 4, 5
"""Places of these columns, as in ``row_items.ITEM_FIELDS``."""


class ItemWindow(NamedTuple):
    """The items of a window of rows, judged."""

    cells: Sequence[Cells]
    doubtful: set[int]
    prices: Others[Any]
    """Prices that are not of the plain form."""


class CleanItems:
    """Reads the clean items of one file."""

    def __init__(self, price: FormColumn[Any], texts: Texts, quantities: Quantities) -> None:
        self._price = price
        self._texts = texts
        self._quantities = quantities

    def judge(self, cells: Sequence[Cells]) -> ItemWindow:
        """Which items are doubtful. ``cells``: columns in the order of ``ITEM_FIELDS``; no cell holds a line break."""
        doubtful: set[int] = set()
        _look_at_texts(cells[: len(TEXT_FIELDS)], doubtful)
        look_at_labels(cells[_QUANTITY], self._is_quantity, doubtful)
        return ItemWindow(cells, doubtful, self._price.look(cells[_PRICE], doubtful))

    def items(self, window: ItemWindow) -> list[Item]:
        """One per item; those that are doubtful are not to be used."""
        texts = self._texts.__getitem__
        columns = (
            *(map(texts, column) for column in window.cells[: len(TEXT_FIELDS)]),
            map(self._quantities.__getitem__, window.cells[_QUANTITY]),
            self._price.values(window.cells[_PRICE], window.prices, window.doubtful),
        )
        return [_new(Item, item) for item in zip(*columns, strict=True)]

    def _is_quantity(self, cell: str) -> bool:
        return not cell or self._quantities[cell] is not None


def _look_at_texts(columns: Sequence[Cells], doubtful: set[int]) -> None:
    """A text without ``@`` and ``+`` holds neither an address nor an international number."""
    text = "".join(chain.from_iterable(columns))
    if "@" in text or "+" in text or max(map(len, chain.from_iterable(columns))) > LONGEST_TEXT:
        for column in columns:
            doubtful.update(at for at, cell in enumerate(column) if isinstance(read_text(cell), CellFinding))
