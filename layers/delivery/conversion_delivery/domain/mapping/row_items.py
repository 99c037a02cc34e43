"""The item of a row: product, quantity and price.

In: the cells of a row. Out: no item, or one. Names are left out where they hold personal data; a quantity or a price
that is no number rejects the row, as an amount that is none does: cells of a shifted row look like that.
"""

from __future__ import annotations

from conversion_delivery.domain.conversions import CellFinding, Item
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_notes import Note, note_of
from conversion_delivery.domain.values.amounts import AmountReader
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.masking import mask
from conversion_delivery.domain.values.null_words import is_null
from conversion_delivery.domain.values.texts import Texts, read_text

ITEM_FIELDS = tuple(f"contents[].{name}" for name in Item._fields)
TEXT_FIELDS = ITEM_FIELDS[:4]
LARGEST_QUANTITY = 1_000_000
LIMIT = 4_096
"""Distinct cells that a reader remembers before it starts anew."""

_new = tuple.__new__
NO_ITEM = Item()


class Quantities(dict[str, "int | None"]):
    """``quantities[cell]`` is a number of units; None for an empty cell and for one that ``read_quantity`` explains."""

    def __missing__(self, cell: str) -> int | None:
        if len(self) >= LIMIT:
            self.clear()
        found = read_quantity(cell)
        units = self[cell] = None if isinstance(found, CellFinding) else found
        return units


def read_quantity(cell: str) -> int | CellFinding | None:
    """A whole number from 1 on; ``2.0`` is 2. A fraction (goods by weight) is left out: TikTok takes integers."""
    text = bare(cell)
    if is_null(text):
        return None
    whole, _, decimals = text.replace(",", ".").partition(".")
    if not whole.isdecimal() or not (decimals or "0").isdecimal() or len(whole) > 12:
        return CellFinding("QUANTITY_INVALID", mask(text))
    if decimals.strip("0"):
        return CellFinding("QUANTITY_FRACTION", "", 0)
    units = int(whole)
    return units if 1 <= units <= LARGEST_QUANTITY else CellFinding("QUANTITY_INVALID", mask(text))


class ItemReader:
    """Reads the item columns of one file; false where it has none."""

    def __init__(self, columns: RowColumns, amounts: AmountReader, texts: Texts) -> None:
        self._columns = columns
        self._cells = columns.picker(ITEM_FIELDS)
        self._amounts = amounts
        self._read_amount = amounts.read
        self._texts = texts
        self.quantities = Quantities()

    def read(self, cells: list[str], currency: str, notes: list[Note]) -> tuple[Item, ...]:
        """The row's item. ``currency`` is the row's, in ISO form, or empty."""
        content_id, name, category, brand, quantity_cell, price_cell = self._cells(cells)
        texts = self._texts
        quantity = self.quantities[quantity_cell]
        price = self._read_amount(price_cell) if price_cell else None
        if (quantity is None and quantity_cell) or type(price) is CellFinding:
            quantity, price = self._odd_numbers(quantity_cell, price_cell, currency, notes)
        item = _new(Item, (texts[content_id], texts[name], texts[category], texts[brand], quantity, price))
        if texts.has_odd:
            self._note_odd_texts((content_id, name, category, brand), notes)
        return () if item == NO_ITEM else (item,)

    def _odd_numbers(
        self, quantity_cell: str, price_cell: str, currency: str, notes: list[Note]
    ) -> tuple[int | None, float | int | None]:
        quantity = read_quantity(quantity_cell)
        if isinstance(quantity, CellFinding):
            notes.append(self._note("contents[].quantity", quantity))
            quantity = None
        price = self._amounts.read(price_cell, currency)
        if isinstance(price, CellFinding):
            if price.code != "VALUE_ZERO":
                notes.append(self._note("contents[].price", _price_finding(price)))
            price = price.value and price.value.value
        return quantity, price

    def _note_odd_texts(self, cells: tuple[str, ...], notes: list[Note]) -> None:
        for field, cell in zip(TEXT_FIELDS, cells, strict=True):
            if cell and not self._texts[cell]:
                found = read_text(cell)
                if isinstance(found, CellFinding):
                    notes.append(self._note(field, found))

    def _note(self, field: str, finding: CellFinding) -> Note:
        return note_of(finding, field, self._columns.header(field))


def _price_finding(finding: CellFinding) -> CellFinding:
    """What is wrong with an amount, in words about a price."""
    is_plain = finding.code in ("VALUE_INVALID", "VALUE_NEGATIVE")
    return finding._replace(code="PRICE_INVALID") if is_plain else finding
