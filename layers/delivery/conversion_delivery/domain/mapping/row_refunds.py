"""Orders of which a part was paid back, where the destination wants what is left of them (``partial_refunds``: net).

In: a row and its amount. Out: the amount less what was refunded. Which rows are meant: where the file has a status
column, those whose status says so (the refunded amount of any other order is not looked at); else those that name a
refund. An order of which nothing is left is nobody's conversion. A partly refunded order that does not say how much
was refunded is rejected, for its amount is known to be too high.
"""

from __future__ import annotations

from decimal import Decimal

from conversion_delivery.domain.conversions import CellFinding, Problem
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.mapping.event_names import folded
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_notes import Note, Weight
from conversion_delivery.domain.values.amounts import AmountReader
from conversion_delivery.domain.values.cell_texts import bare

PARTLY_REFUNDED = frozenset(
    map(folded, ("partially_refunded", "partly refunded", "partial refund", "partially refund"))
)
"""Statuses, folded (Shopify writes the first)."""

_FIELD = "refunded_amount"
_LONGEST_STATUS = 100
_SIGNS = " -−()"
"""Some exports write what was paid back as a negative amount."""

Number = float | int


class RefundReader:
    """Takes refunds off the amounts of one file; false where the settings or the file ask for none of that."""

    def __init__(self, settings: DestinationSettings, columns: RowColumns, amounts: AmountReader) -> None:
        self._amounts = amounts
        self._place = columns.place(_FIELD)
        self._column = columns.header(_FIELD)
        self._statuses = columns.places("status")
        self._is_asked = settings.partial_refunds == "net" and (columns.has(_FIELD) or columns.has("status"))

    def __bool__(self) -> bool:
        return self._is_asked

    def net(self, row: list[str], value: Number | None, currency: str, notes: list[Note]) -> Number | None:
        """The amount that is left. ``row`` has an empty cell behind its last; ``currency`` is the row's, or empty."""
        if value is None or (self._statuses and not self._is_partly_refunded(row)):
            return value
        refunded = self._refunded(row[self._place], currency)
        if not refunded:
            if refunded is None or self._statuses:
                notes.append(self._note(Weight.PROBLEM, "REFUND_INVALID"))
            return value
        left = Decimal(str(value)) - Decimal(str(refunded))
        if left <= 0:
            notes.append(self._note(Weight.IGNORED, "ORDER_REFUNDED"))
            return value
        notes.append(self._note(Weight.WARNING, "VALUE_NET"))
        return float(left) if left % 1 else int(left)

    def _is_partly_refunded(self, row: list[str]) -> bool:
        return any(folded(bare(row[place])[:_LONGEST_STATUS]) in PARTLY_REFUNDED for place in self._statuses)

    def _refunded(self, cell: str, currency: str) -> Number | None:
        """What was paid back; 0 for an empty cell; None for a cell that is no amount."""
        found = self._amounts.read(bare(cell).strip(_SIGNS), currency)
        if not isinstance(found, CellFinding):
            return found or 0
        return found.value.value if found.value is not None else None

    def _note(self, weight: Weight, code: str) -> Note:
        return Note(weight, Problem(code, _FIELD, self._column))
