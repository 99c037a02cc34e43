"""Rows with their verdicts: what everybody reads who wants to know what became of a file's rows.

Plain rows are judged column by column (``clean_windows``), as many at a time as come at once; what is doubtful there,
and what is no plain row, is read with care. Nobody sees a difference but the clock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, compress, count, repeat
from typing import Any, NamedTuple

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.conversions import Conversion, Ignored, Rejection, Verdict
from conversion_delivery.domain.events.event_columns import ColumnEncoder
from conversion_delivery.domain.events.tiktok_events import EncodedEvent, EventEncoder
from conversion_delivery.domain.mapping.cell_columns import Cells
from conversion_delivery.domain.mapping.clean_windows import CleanWindows, Window
from conversion_delivery.domain.reading.csv_safety import unprotected
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import ENCODING_GUESSED, RowVerdicts
from conversion_delivery.domain.reading.rows import PlainRows, RowFault, RowReader
from conversion_delivery.domain.reading.trailers import counted
from conversion_delivery.domain.reading.windows_text import in_windows_text

_new = tuple.__new__
"""Makes a named tuple in half the time that calling its class takes; there is one per row."""


class JudgedRow(NamedTuple):
    """One data row and what it turned into."""

    row: int
    line: int
    cells: list[str]
    """The record as it was written: its cells; in JSON Lines the line as the only one."""
    verdict: Verdict
    rest: tuple[tuple[int, list[str]], ...] = ()
    """Line and cells of the further rows of an order, which a conversion of several rows takes with it."""


class EncodedRow(NamedTuple):
    """One data row with the event that it turned into, if it is a conversion."""

    row: int
    line: int
    cells: list[str]
    found: EncodedEvent | Rejection | Ignored
    rest: tuple[tuple[int, list[str]], ...] = ()


class NotedRows(NamedTuple):
    """Rows that are conversions, one line each, with warnings, for somebody who needs no more of them."""

    rows: range
    lines_before: int
    """Number of a row's line less the row's own number."""
    warnings: dict[str, list[int]]
    """Code -> the rows about which it is said, in order."""


class _Judged(NamedTuple):
    """A window of plain rows, judged column by column."""

    rows: PlainRows
    columns: list[Cells]
    damaged: set[int]
    """Rows whose cells in ``columns`` were read as Windows-1252."""
    window: Window

    def cells(self, at: int) -> list[str]:
        """The cells of a row as they are to be read."""
        return [column[at] for column in self.columns] if at in self.damaged else self.rows.cells[at]


class JudgedRows:
    """The rows of a stretch of a file, each with its verdict. Iterate once; ``position`` is the place reached."""

    def __init__(
        self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position, verdicts: RowVerdicts | None = None
    ) -> None:
        self._verdicts = verdicts or RowVerdicts(plan)
        self._encoding = self._verdicts.encoding
        self._windows = self._verdicts.reader.clean_windows
        self._rows = RowReader(
            blocks,
            delimiter=plan.delimiter,
            width=len(plan.header),
            start=start,
            takes_damaged=self._windows is not None and self._encoding.takes_windows,
        )
        self._ahead = 0
        """Rows of the present stretch that have come out here."""

    def __iter__(self) -> Iterator[JudgedRow]:
        for item in self._rows.stretches():
            if isinstance(item, PlainRows):
                for ahead, judged in enumerate(self._judged_rows(item), 1):
                    self._ahead = ahead
                    yield judged
                self._came_out()
            else:
                yield self._judged(*item)

    def stretches(self, room: Callable[[], int]) -> Iterator[JudgedRow | NotedRows | range]:
        """The same rows for somebody who needs no conversions (``slices.RowStretches``)."""
        for item in self._rows.stretches():
            if not isinstance(item, PlainRows):
                yield self._judged(*item)
            elif self._windows is None:
                for at, cells in enumerate(self._readable(item).cells):
                    self._ahead = at + 1
                    yield self._read(item.row + at, item.line + at, cells)
                self._came_out()
            else:
                yield from self._clean_rows(self._judge(item, self._windows), room)

    def encoded(self, encoder: EventEncoder) -> Iterator[EncodedRow]:
        """The same rows for somebody who needs events: those of clean rows are made column by column.

        Whole stretches come out at once, so ``position`` means nothing on the way.
        """
        return chain.from_iterable(self._encoded_stretches(encoder))

    def position(self) -> Position:
        return self._rows.position(self._ahead)

    def is_border(self) -> bool:
        return True

    def _encoded_stretches(self, encoder: EventEncoder) -> Iterator[Iterable[EncodedRow]]:
        columns = ColumnEncoder(encoder)
        for item in self._rows.stretches():
            if isinstance(item, PlainRows) and self._windows is not None:
                yield self._encoded_rows(self._judge(item, self._windows), self._windows, encoder, columns)
                self._rows.came_out(len(item.cells))
            elif isinstance(item, PlainRows):
                yield (encoded_row(judged, encoder) for judged in self._judged_rows(item))
                self._rows.came_out(len(item.cells))
            else:
                yield (encoded_row(self._judged(*item), encoder),)

    def _encoded_rows(
        self, judged: _Judged, windows: CleanWindows, encoder: EventEncoder, columns: ColumnEncoder
    ) -> list[EncodedRow]:
        doubtful, size = judged.window.doubtful, judged.window.rows
        takes_items = columns.takes_item_columns
        fields = _clean(windows.fields(judged.window, with_items=not takes_items), judged.window)
        items = _clean(windows.item_fields(judged.window), judged.window) if takes_items else None
        events: list[EncodedEvent | None] = [*columns.encode(fields, items)] if len(doubtful) < size else []
        plain = judged.rows
        for at in sorted(doubtful):
            events.insert(at, None)
        numbered = zip(count(plain.row), count(plain.line), plain.cells, events, repeat(()))
        rows = list(map(_new, repeat(EncodedRow), numbered))
        for at in doubtful:
            rows[at] = encoded_row(self._read_again(judged, at), encoder)
        return rows

    def _clean_rows(self, judged: _Judged, room: Callable[[], int]) -> Iterator[JudgedRow | NotedRows | range]:
        first, lines_before = judged.rows.row, judged.rows.line - judged.rows.row
        size, warnings = judged.window.rows, self._warnings(judged)
        at = 0
        for doubtful in (*sorted(judged.window.doubtful), size):
            while at < doubtful:
                stop = self._ahead = min(doubtful, at + room())
                rows = range(first + at, first + stop)
                yield _noted(rows, lines_before, warnings) if warnings else rows
                at = stop
            if at < size:
                row = self._read_again(judged, at)
                at = self._ahead = at + 1
                yield row
        self._came_out()

    def _warnings(self, judged: _Judged) -> dict[str, list[int]]:
        """What there is to say about rows that are clean otherwise: code -> row numbers, in order."""
        window, noted = judged.window, judged.window.noted
        if judged.damaged and not self._encoding.is_noted:
            noted = noted | {ENCODING_GUESSED.code: judged.damaged - window.doubtful}
        return {code: [judged.rows.row + at for at in sorted(rows)] for code, rows in noted.items() if rows}

    def _judged_rows(self, plain: PlainRows) -> Iterable[JudgedRow]:
        if self._windows is None:
            rows = self._readable(plain).cells
            return (self._read(plain.row + at, plain.line + at, cells) for at, cells in enumerate(rows))
        judged = self._judge(plain, self._windows)
        conversions = self._windows.conversions(judged.window)
        numbered = zip(count(plain.row), count(plain.line), judged.rows.cells, conversions, repeat(()))
        read = list(map(_new, repeat(JudgedRow), numbered))
        for at in judged.window.doubtful.union(judged.damaged, *judged.window.noted.values()):
            read[at] = self._read_again(judged, at)
        return read

    def _judge(self, plain: PlainRows, windows: CleanWindows) -> _Judged:
        rows = self._readable(plain)
        columns: list[Cells] = [*zip(*rows.cells, strict=True)]
        damaged = in_windows_text(columns) if rows.damaged else set[int]()
        return _Judged(rows, columns, damaged, windows.judge(columns, len(rows.cells)))

    def _readable(self, plain: PlainRows) -> PlainRows:
        return plain._replace(cells=list(map(unprotected, plain.cells))) if self._verdicts.is_returned else plain

    def _came_out(self) -> None:
        self._rows.came_out(self._ahead)
        self._ahead = 0

    def _judged(self, row: int, line: int, item: list[str] | RowFault) -> JudgedRow:
        """One row, read with care."""
        if isinstance(item, RowFault):
            return _new(JudgedRow, (row, line, item.cells, self._verdicts.of_fault(item, row), ()))
        return self._read(row, line, unprotected(item) if self._verdicts.is_returned else item)

    def _read(self, row: int, line: int, cells: list[str]) -> JudgedRow:
        return _new(JudgedRow, (row, line, cells, counted(self._verdicts.read(cells), row), ()))

    def _read_again(self, judged: _Judged, at: int) -> JudgedRow:
        """A row of a window, read with care."""
        plain = judged.rows
        read = self._read(plain.row + at, plain.line + at, judged.cells(at))
        if at not in judged.damaged:
            return read
        return read._replace(cells=plain.cells[at], verdict=self._encoding.noted(read.verdict))


def encoded_row(judged: JudgedRow, encoder: EventEncoder) -> EncodedRow:
    """A row with its conversion encoded."""
    row, line, cells, verdict, rest = judged
    found = encoder.encode(verdict) if isinstance(verdict, Conversion) else verdict
    return _new(EncodedRow, (row, line, cells, found, rest))


def _clean(fields: Iterable[Iterable[Any]], window: Window) -> list[list[Any]]:
    """The fields of the rows that are not doubtful."""
    rows = window.rows - len(window.doubtful)
    is_clean = [True] * window.rows
    for at in window.doubtful:
        is_clean[at] = False
    return [[next(field)] * rows if isinstance(field, repeat) else list(compress(field, is_clean)) for field in fields]


def _noted(rows: range, lines_before: int, warnings: dict[str, list[int]]) -> NotedRows | range:
    """The rows with what is to be said about them."""
    found = {code: of[bisect_left(of, rows.start) : bisect_left(of, rows.stop)] for code, of in warnings.items()}
    found = {code: of for code, of in found.items() if of}
    return NotedRows(rows, lines_before, found) if found else rows
