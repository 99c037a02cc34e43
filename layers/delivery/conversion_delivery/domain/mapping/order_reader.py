"""Rows of one order to one conversion.

In: the rows of an order, in order. Out: one verdict per row: the first that counts is the conversion, with an item for
each row; the others are ``LINE_ITEM_MERGED``, or share the fate of a rejected order (``ORDER_REJECTED``).

Cells that are empty in a further row are those of the first one: exports leave them out. Each row is then read as any
row is, so a bad price is found in the row where it stands; but one bad row rejects the order, for its value or its
items would be wrong. Where two rows name different totals, nobody can say which is right (``ORDER_ROWS_DIFFER``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from conversion_delivery.domain.conversions import Conversion, Ignored, Item, Problem, Rejection, Verdict
from conversion_delivery.domain.layouts.layouts import layout_named
from conversion_delivery.domain.reading.reading_plans import ReadingPlan

Record = list[str] | Verdict
"""The cells of a row, or the verdict on a record that is none."""

MERGED = Ignored(Problem("LINE_ITEM_MERGED", ""))

_FOR_EVERY_ROW = frozenset({"CONSENT_DENIED"})
"""What keeps one row out keeps out the whole order."""


class OrderReader:
    """Reads the orders of one file; ``read`` gives the verdict on a single row."""

    def __init__(self, plan: ReadingPlan, read: Callable[[list[str]], Verdict]) -> None:
        self._read = read
        self._adds_up = layout_named(plan.layout).orders == "sum"
        self._values = plan.columns_for("value")
        self._value_header = plan.header_of("value")
        items = {use.index for use in plan.columns if use.field is None or use.field.startswith("contents[]")}
        self._shared = [place for place in range(len(plan.header)) if place not in items]

    def read(self, rows: Sequence[Record], lines: Sequence[int]) -> list[Verdict]:
        """One verdict per row; ``lines`` are their numbers. A record that is no row brings its own verdict."""
        if len(rows) == 1:
            return [self._alone(rows[0])]
        first = self._first(rows)
        verdicts = [self._read(self._whole(row, first)) if isinstance(row, list) else row for row in rows]
        if denied := next((verdict for verdict in verdicts if _keeps_all_out(verdict)), None):
            return [verdict if isinstance(verdict, Rejection) else denied for verdict in verdicts]
        if not any(isinstance(verdict, Rejection) for verdict in verdicts):
            self._merge(rows, verdicts)
        return _with_order_rejected(verdicts, lines)

    def _alone(self, row: Record) -> Verdict:
        """The verdict on an order of one row; its amount, too, may stand for one unit of several."""
        verdict = self._read(row) if isinstance(row, list) else row
        if self._adds_up and isinstance(verdict, Conversion):
            return verdict._replace(value=self._sum([verdict], [row]))
        return verdict

    def _first(self, rows: Sequence[Record]) -> list[str]:
        """The cells of the order: those of its first row, with the first total that any row names."""
        given = [row for row in rows if isinstance(row, list)]
        if not given:
            return []
        first = given[0].copy()
        for place in self._values:
            first[place] = next((row[place] for row in given if row[place].strip()), "")
        return first

    def _whole(self, row: list[str], first: Sequence[str]) -> list[str]:
        row = row.copy()
        for place in self._shared:
            if not row[place].strip():
                row[place] = first[place]
        return row

    def _merge(self, rows: Sequence[Record], verdicts: list[Verdict]) -> None:
        """Put the order's conversion in the place of its first row that counts."""
        places = [place for place, verdict in enumerate(verdicts) if isinstance(verdict, Conversion)]
        orders = [verdict for verdict in verdicts if isinstance(verdict, Conversion)]
        if not orders:
            return
        first = orders[0]
        for place, order in zip(places, orders, strict=True):
            if order.currency != first.currency or (not self._adds_up and order.value != first.value):
                verdicts[place] = Rejection((Problem("ORDER_ROWS_DIFFER", "value", self._value_header),))
                return
        value = self._sum(orders, [rows[place] for place in places]) if self._adds_up else first.value
        items = tuple(item for order in orders for item in order.items)
        warnings = tuple(dict.fromkeys(problem for order in orders for problem in order.warnings))
        for place in places:
            verdicts[place] = MERGED
        verdicts[places[0]] = first._replace(value=value, items=items, warnings=warnings)

    def _sum(self, orders: Sequence[Conversion], rows: Sequence[Record]) -> float | int | None:
        """Quantity times price where every row has a price, else the amounts that the rows themselves name."""
        items = [item for order in orders for item in order.items]
        if len(items) >= len(orders) and all(item.price is not None for item in items):
            return _number(sum(map(_cost, items), Decimal()))
        named = [order.value for order, row in zip(orders, rows, strict=True) if self._names_value(row)]
        amounts = [Decimal(str(value)) for value in named if value is not None]
        return _number(sum(amounts, Decimal())) if amounts else None

    def _names_value(self, row: Record) -> bool:
        return isinstance(row, list) and any(row[place].strip() for place in self._values)


def _keeps_all_out(verdict: Verdict) -> bool:
    return isinstance(verdict, Ignored) and verdict.problem.code in _FOR_EVERY_ROW


def _with_order_rejected(verdicts: Sequence[Verdict], lines: Sequence[int]) -> list[Verdict]:
    """The verdicts, where one row of the order is rejected: nothing of such an order is sent.

    A further row that fails only for what it took over from the first one shares its fate, too.
    """
    at = next((at for at, verdict in enumerate(verdicts) if isinstance(verdict, Rejection)), None)
    if at is None:
        return list(verdicts)
    shared = Rejection((Problem("ORDER_REJECTED", "", shown=str(lines[at]), facts=(("first", lines[at]),)),))
    cause = verdicts[at]
    return [
        shared if isinstance(verdict, Conversion) or (place > at and verdict == cause) else verdict
        for place, verdict in enumerate(verdicts)
    ]


def _cost(item: Item) -> Decimal:
    return Decimal(str(item.price)) * (1 if item.quantity is None else item.quantity)


def _number(amount: Decimal) -> float | int:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
