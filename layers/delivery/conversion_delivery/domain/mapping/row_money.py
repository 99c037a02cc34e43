"""The amount of a row and its currency.

The currency is the one of the row's currency column, else the one that the amount names (``59,90 EUR``), else the one
in the header of the amount's column, else the destination's default. An amount without any currency is a problem of
the events that need an amount; of any other event it is left out, because TikTok would have to guess. A currency
without an amount or a price says nothing and is not sent.
"""

from __future__ import annotations

from conversion_delivery.domain.conversions import CellFinding, Problem
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_notes import Note, Weight, note_of
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.values.amounts import AmountReader

Number = float | int
LIMIT = 4_096
"""Distinct currency cells that a reader remembers before it starts anew."""


class Currencies(dict[str, str]):
    """``currencies[cell]`` is the row's currency; empty where there is none, or something must be said about it."""

    def __init__(self, amounts: AmountReader, default: str) -> None:
        super().__init__()
        self._read = amounts.currency
        self._default = default

    def __missing__(self, cell: str) -> str:
        if len(self) >= LIMIT:
            self.clear()
        found = self._read(cell)
        currency = self[cell] = found or self._default if isinstance(found, str) else ""
        return currency


class MoneyReader:
    """Reads amount and currency for one file."""

    def __init__(self, plan: ReadingPlan, columns: RowColumns, amounts: AmountReader) -> None:
        self._columns = columns
        self._amounts = amounts
        self._default = plan.currency_hint or plan.settings.default_currency or ""
        self.currencies = Currencies(amounts, self._default)
        self._read_amount = amounts.read
        self._needs_value = {"Purchase"} if plan.settings.require_value_for_purchase else set()

    def read(
        self, event: str, value_cell: str, currency_cell: str, price_cell: str, notes: list[Note]
    ) -> tuple[Number | None, str]:
        """Value and currency; None and empty where there is none to send."""
        value = self._read_amount(value_cell)
        currency = self.currencies[currency_cell]
        if currency and (type(value) is float or type(value) is int):
            return value, currency
        if not value_cell and not price_cell and event not in self._needs_value:
            return None, ""
        return self._read_with_care(event in self._needs_value, value_cell, currency_cell, price_cell, notes)

    def _read_with_care(
        self, is_needed: bool, value_cell: str, currency_cell: str, price_cell: str, notes: list[Note]
    ) -> tuple[Number | None, str]:
        said = self._amounts.currency(currency_cell)
        column = said if isinstance(said, str) else said.value or ""
        value, named = self._value(value_cell, column, is_needed, notes)
        if not is_needed and self._is_empty(value_cell) and self._is_empty(price_cell):
            return None, ""
        currency = column or named or self._default
        if isinstance(said, CellFinding):
            notes.append(note_of(said, "currency", self._columns.header("currency")))
        elif not currency and is_needed:
            notes.append(Note(Weight.PROBLEM, self._problem("CURRENCY_MISSING", "currency")))
        elif not currency and value is not None:
            notes.append(Note(Weight.WARNING, self._problem("VALUE_WITHOUT_CURRENCY", "value")))
            value = None
        return value, currency

    def _value(self, cell: str, currency: str, is_needed: bool, notes: list[Note]) -> tuple[Number | None, str]:
        """The amount and the currency that it names itself."""
        found = self._amounts.read(cell, currency)
        if isinstance(found, CellFinding):
            notes.append(note_of(found, "value", self._columns.header("value")))
            return (found.value.value, found.value.currency) if found.value else (None, "")
        if found is None and is_needed:
            notes.append(Note(Weight.PROBLEM, self._problem("VALUE_MISSING", "value")))
        return found, ""

    def _is_empty(self, cell: str) -> bool:
        return not cell or self._amounts.read(cell) is None

    def _problem(self, code: str, field: str) -> Problem:
        return Problem(code, field, self._columns.header(field))
