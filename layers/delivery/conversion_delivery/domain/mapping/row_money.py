"""The amount of a row and its currency.

The currency is the one of the row's currency column, else the one that the amount names (``59,90 EUR``), else the one
in the header of the amount's column, else the destination's default. An amount without any currency is a problem of
the events that need an amount; of any other event it is left out, because TikTok would have to guess. A currency
without an amount or a price says nothing and is not sent.
"""

from __future__ import annotations

from typing import cast

from conversion_delivery.domain.conversions import CellFinding, Problem
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_notes import Note, Weight, note_of
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.values.amounts import AmountReader, DecimalMark

Number = float | int
PURCHASE = "Purchase"
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


def decimal_mark_of(plan: ReadingPlan) -> DecimalMark:
    """The mark that decides between the readings of ``2,310``.

    The destination's, else the one seen in the file; JSON writes its numbers with a point.
    """
    if plan.settings.decimal_mark != "auto":
        return plan.settings.decimal_mark
    return cast(DecimalMark, plan.decimal_mark) or ("." if plan.format == "jsonl" else "auto")


class MoneyReader:
    """Reads amount and currency for one file."""

    def __init__(self, plan: ReadingPlan, columns: RowColumns, amounts: AmountReader) -> None:
        self._columns = columns
        self._amounts = amounts
        self._default = plan.currency_hint or plan.settings.default_currency or ""
        self.currencies = Currencies(amounts, self._default)
        self._plain_amount = amounts.plain
        self.needs_value = {PURCHASE} if plan.settings.require_value_for_purchase else set()
        """Events that need an amount."""
        self._refuses_zero = {PURCHASE} if plan.settings.zero_value == "reject" else set()

    def read(
        self, event: str, value_cell: str, currency_cell: str, price_cell: str, notes: list[Note]
    ) -> tuple[Number | None, str]:
        """Value and currency; None and empty where there is none to send."""
        value = self._plain_amount(value_cell)
        currency = self.currencies[currency_cell]
        if currency and value is not None:
            return value, currency
        if not value_cell and not price_cell and event not in self.needs_value:
            return None, ""
        return self._read_with_care(event, value_cell, currency_cell, price_cell, notes)

    def _read_with_care(
        self, event: str, value_cell: str, currency_cell: str, price_cell: str, notes: list[Note]
    ) -> tuple[Number | None, str]:
        is_needed = event in self.needs_value
        said = self._amounts.currency(currency_cell)
        column = said if isinstance(said, str) else said.value or ""
        value, named = self._value(value_cell, column, event, notes)
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

    def _value(self, cell: str, currency: str, event: str, notes: list[Note]) -> tuple[Number | None, str]:
        """The amount and the currency that it names itself."""
        found = self._amounts.read(cell, currency)
        if isinstance(found, CellFinding):
            if found.code == "VALUE_ZERO" and event in self._refuses_zero:
                found = CellFinding("VALUE_ZERO_REFUSED", found.shown)
            notes.append(note_of(found, "value", self._columns.header("value")))
            return (found.value.value, found.value.currency) if found.value else (None, "")
        if found is None and event in self.needs_value:
            notes.append(Note(Weight.PROBLEM, self._problem("VALUE_MISSING", "value")))
        return found, ""

    def _is_empty(self, cell: str) -> bool:
        return not cell or self._amounts.read(cell) is None

    def _problem(self, code: str, field: str) -> Problem:
        return Problem(code, field, self._columns.header(field))
