"""Amounts with a currency symbol (``$1,234.50``, ``59,90 €``), a whole column at a time.

Tills write the symbol into every row. It is left out with a warning where it agrees with the row's currency, and that
is all that such a cell has to say: so the cell is read as the amount behind the symbol, and the row is noted.
"""

from __future__ import annotations

from collections.abc import Mapping

from conversion_delivery.domain.mapping.cell_columns import Cells, Rows
from conversion_delivery.domain.values.currency_words import currencies_meant

VALUE_SYMBOL = "VALUE_SYMBOL"

_SYMBOLS = frozenset("$€£")


class SymbolColumn:
    """Takes symbols out of the amounts of one file. ``currencies``: currency cell -> the row's currency, or empty."""

    def __init__(self, currencies: Mapping[str, str]) -> None:
        self._currencies = currencies

    def without_symbols(self, cells: Cells, currency_cells: Cells) -> tuple[Cells, Rows]:
        """The cells, and which of them held a symbol that agrees with the row's currency: it is gone.

        What is left of them is an amount only if it is of the plain form.
        """
        text = "".join(cells)
        if not any(symbol in text for symbol in _SYMBOLS):
            return cells, set()
        marked = [at for at, cell in enumerate(cells) if cell[:1] in _SYMBOLS or cell[-1:] in _SYMBOLS]
        agreeing = {
            (symbol, cell)
            for symbol in _SYMBOLS
            for cell in set(currency_cells)
            if self._currencies[cell] in currencies_meant(symbol)
        }
        found, left = set(), list(cells)
        for at in marked:
            cell = cells[at]
            is_first = cell[0] in _SYMBOLS
            amount = cell[1:] if is_first else cell[:-1].rstrip(" ")
            if amount and (cell[0 if is_first else -1], currency_cells[at]) in agreeing:
                found.add(at)
                left[at] = amount
        return left, found
