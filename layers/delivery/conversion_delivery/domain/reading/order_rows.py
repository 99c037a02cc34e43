"""Files in which an order takes several rows: the rows in a row that name one order are judged together.

In: the bytes of a file from a place between two orders on. Out: the rows with their verdicts; the first row of an order
carries its conversion and takes the others with it (``JudgedRow.rest``). Owns ``ORDER_TOO_LONG`` and ``ORDER_ENDLESS``.

A row without an order id is an order of its own, and so is a row that names another event. A damaged record belongs to
the order that its cells name. Reading looks one row ahead, so the place reached is the place before that row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.conversions import Conversion, Problem, Rejection, Verdict
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.mapping.order_reader import MERGED, OrderReader
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import RowVerdicts, rejection_of
from conversion_delivery.domain.reading.rows import RowFault, RowReader
from conversion_delivery.domain.reading.trailers import counted
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.null_words import is_null

ORDER_ROWS = 1_000
"""Most rows of an order; nobody buys more at once, but a mapping may take a shop's number for an order's."""

ENDLESS_ROWS = 20_000
ENDLESS_CHARACTERS = 8 << 20
"""Rows of one order are held together, so there must be an end to them. Every cell counts as one character more."""


class _Line(NamedTuple):
    """One record, as it was written and as it is read; a record that is no row has no cells to be read."""

    row: int
    line: int
    written: list[str]
    cells: list[str] | Verdict
    is_guessed: bool


class JudgedOrders:
    """Judged rows (``slices.Rows``) of a file with orders of several rows.

    Iterating raises ``UploadRejected`` (``ORDER_ENDLESS``) at rows of one order without an end.
    """

    def __init__(self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position) -> None:
        self._rows = RowReader(blocks, delimiter=plan.delimiter, width=len(plan.header), start=start)
        self._verdicts = RowVerdicts(plan)
        self._orders = OrderReader(plan, self._verdicts.read)
        self._order_ids = plan.columns_for("order_id")
        self._events = plan.columns_for("event")
        self._is_whole = True
        """Every row of the order has come out."""
        self._is_ahead = True
        """A row is held that has not come out yet, or nothing has been read."""

    def position(self) -> Position:
        return self._rows.marked() if self._is_ahead else self._rows.position()

    def is_border(self) -> bool:
        return self._is_whole

    def __iter__(self) -> Iterator[JudgedRow]:
        order: list[_Line] = []
        name = event = ""
        size = 0
        for row, line, item in self._rows:
            read = self._line(row, line, item)
            named, of_event = self._names(item)
            if named and named == name and (not of_event or not event or of_event == event):
                size += _size(read)
                event = event or of_event
            else:
                self._rows.mark(row, line)
                yield from self._judged(order)
                order, name, event, size = [], named, of_event, _size(read)
            order.append(read)
            if len(order) > ENDLESS_ROWS or size > ENDLESS_CHARACTERS:
                raise UploadRejected("ORDER_ENDLESS", line=order[0].line, rows=len(order))
        self._is_ahead = False
        yield from self._judged(order)

    def _line(self, row: int, line: int, item: list[str] | RowFault) -> _Line:
        cells = self._verdicts.cells_of(item)
        if not isinstance(item, RowFault):
            written = cells if cells is not None else item
            return _Line(row, line, written, written, False)
        if cells is None:
            return _Line(row, line, item.cells, counted(rejection_of(item), row), False)
        return _Line(row, line, item.cells, cells, True)

    def _names(self, item: list[str] | RowFault) -> tuple[str, str]:
        """The order and the event that a record names; empty where it names none.

        The further cells of a damaged record may have shifted: only its order is believed.
        """
        if isinstance(item, RowFault) and item.code != "ENCODING_INVALID":
            return _first_filled(item.cells, self._order_ids), ""
        cells = item.cells if isinstance(item, RowFault) else item
        return _first_filled(cells, self._order_ids), _first_filled(cells, self._events)

    def _judged(self, order: list[_Line]) -> Iterator[JudgedRow]:
        """The rows of one order."""
        if not order:
            return
        verdicts = self._verdicts_on(order)
        rest = tuple(
            (read.line, read.written) for read, verdict in zip(order, verdicts, strict=True) if verdict is MERGED
        )
        last, is_guessed = order[-1].row, any(read.is_guessed for read in order)
        for read, verdict in zip(order, verdicts, strict=True):
            self._is_whole = read.row == last
            if is_guessed:
                verdict = self._verdicts.encoding.noted(verdict)
            taken = rest if isinstance(verdict, Conversion) else ()
            yield JudgedRow(read.row, read.line, read.written, counted(verdict, read.row), taken)

    def _verdicts_on(self, order: list[_Line]) -> list[Verdict]:
        if len(order) > ORDER_ROWS:
            facts = (("rows", len(order)), ("most", ORDER_ROWS))
            return [Rejection((Problem("ORDER_TOO_LONG", "", shown=str(len(order)), facts=facts),))] * len(order)
        return self._orders.read([read.cells for read in order], [read.line for read in order])


def _first_filled(cells: list[str], places: tuple[int, ...]) -> str:
    for place in places:
        if place < len(cells) and not is_null(text := bare(cells[place])):
            return text
    return ""


def _size(read: _Line) -> int:
    return len(read.written) + sum(map(len, read.written))
