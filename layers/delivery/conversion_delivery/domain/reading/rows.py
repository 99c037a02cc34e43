"""Physical lines to rows: quotes, line breaks inside them, ragged and damaged records.

In: the bytes of a file from a place between two records on. Out: one item per record, its cells or a fault.
Owns ``ROW_SHAPE``, ``ENCODING_INVALID``, ``LINE_TOO_LONG`` and ``QUOTE_UNCLOSED``: a quote that is never closed costs
the line it stands in and nothing else.

A record that spans several lines is believed only if it is whole: closed within bounds, as wide as the header, and
with nothing but a delimiter after each closing quote. Otherwise its first line alone is the fault and reading goes on
with the second. Being open at the end of the input counts as not closed. So a row's verdict depends on its own lines
only: whoever re-reads a slice that begins and ends between two rows finds the same rows in it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from conversion_delivery.domain.batches import START, Position
from conversion_delivery.domain.reading.text_lines import LINE_CHARACTERS, Lines, LongLine, byte_size, text_lines

CELL_CHARACTERS = 32 << 10
"""Most characters of one cell of a record that spans lines."""

RECORD_CHARACTERS = LINE_CHARACTERS
RECORD_LINES = 200
"""Most characters and physical lines of one record."""

FIRST_WINDOW = 8
"""Lines looked at after a fault, four times as many after each success: reading again what a fault had swallowed stays
cheap even where every line is a fault."""


class RowFault(NamedTuple):
    """A record that cannot be used, with its cells as far as they can be told apart; a long line has none."""

    code: str
    cells: list[str]
    """Bytes that are not UTF-8 are lone surrogates: encode with ``surrogateescape`` to get the same bytes back."""
    found: int = 0
    """Cells of the row (ROW_SHAPE), bytes of the line (LINE_TOO_LONG)."""
    expected: int = 0
    """Cells of the header (ROW_SHAPE), most characters of a line (LINE_TOO_LONG)."""

    def __repr__(self) -> str:
        return f"RowFault({self.code}, found={self.found}, expected={self.expected})"


NumberedRow = tuple[int, int, "list[str] | RowFault"]
"""Number of the data row, number of the line on which it begins (both from 1), its cells or what is wrong with it."""


class PlainRows(NamedTuple):
    """Rows in a row that are as they should be: one line each, as wide as the header, all of it UTF-8."""

    row: int
    """Number of the first row, from 1; of the line on which it stands."""
    line: int
    cells: list[list[str]]
    damaged: bool = False
    """Some of them may hold bytes that are not UTF-8 all the same: their reader has asked for it."""


def is_blank(cells: list[str]) -> bool:
    """Nothing but blanks in any cell."""
    return not "".join(cells).strip()


def is_damaged(cells: list[str]) -> bool:
    """Some cell holds bytes that were not UTF-8."""
    try:
        "".join(cells).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


class RowReader:
    """Iterate once; ``position`` is then the place just after the last row that came out.

    ``stretches`` gives the same rows with plain ones held together; whoever uses it says with ``came_out`` how many of
    those have come out, all of them in the end, before asking for more.

    ``takes_damaged``: damaged rows that are plain otherwise come as plain ones.

    Blank lines are no rows. Extra empty cells at the end of a row are dropped; a ragged row of blanks gets its width.
    """

    def __init__(
        self,
        blocks: Iterable[bytes],
        *,
        delimiter: str,
        width: int,
        start: Position = START,
        takes_damaged: bool = False,
    ) -> None:
        self._pieces = text_lines(blocks)
        self._delimiter = delimiter
        self._width = width
        self._lines: list[str] = []
        self._damaged = False
        self._takes_damaged = takes_damaged
        self._next = 0
        """Index in ``_lines`` of the first line that belongs to no row yet."""
        self._broken = False
        """The record that begins there is not whole."""
        self._row = start.row
        self._end = 0
        """Index in ``_lines`` just after the last row that came out."""
        self._lines_before = start.line
        """Physical lines before ``_lines``."""
        self._offset_after = start.offset
        """Byte offset of the end of ``_lines``."""
        self._long = 0
        """Bytes of the long line just before ``_lines``, if that was the last row."""
        self._mark = (0, 0)
        self._marked: Position | None = start
        self._sentinel = "end" if width != 1 else f"end{delimiter}end"
        """A row of another width after the last line: where it is not a row of its own, a quote is still open."""

    def __iter__(self) -> Iterator[NumberedRow]:
        for item in self.stretches():
            if isinstance(item, PlainRows):
                for at, cells in enumerate(item.cells):
                    self.came_out(1)
                    yield item.row + at, item.line + at, cells
            else:
                yield item

    def stretches(self) -> Iterator[PlainRows | NumberedRow]:
        return chain.from_iterable(self._stretches())

    def came_out(self, rows: int) -> None:
        """So many more of the plain rows have come out."""
        self._row += rows
        self._end += rows

    def position(self, ahead: int = 0) -> Position:
        """Just after the last row that came out; after the last row of all, the end of the input.

        ``ahead``: so many plain rows of the present stretch have come out too.
        """
        end = self._end + ahead
        offset = self._offset_after - byte_size(self._lines[end:])
        return Position(offset, self._row + ahead, self._lines_before + end)

    def mark(self, row: int, line: int) -> None:
        """Remember the place before the row that came out last, named by its numbers."""
        self._mark, self._marked = (row, line), None

    def marked(self) -> Position:
        """Just before the row that was marked last. Found when it is asked for, or when its lines are let go."""
        if self._marked is None:
            row, line = self._mark
            first = line - 1 - self._lines_before
            rest = byte_size(self._lines[max(first, 0) :]) + (self._long if first < 0 else 0)
            self._marked = Position(self._offset_after - rest, row - 1, line - 1)
        return self._marked

    def _stretches(self) -> Iterator[Iterable[PlainRows | NumberedRow]]:
        for piece in self._pieces:
            if isinstance(piece, LongLine):
                yield from self._windows(final=True)
                yield (self._long_line(piece),)
            else:
                self._take(piece)
                yield from self._windows(final=False)
        yield from self._windows(final=True)
        self._end = len(self._lines)

    def _take(self, piece: Lines) -> None:
        """Go on with the lines of ``piece``, after those that belong to no row yet."""
        self.marked()
        carried = self._lines[self._next :]
        self._damaged = piece.damaged or (self._damaged and bool(carried))
        self._lines_before += self._next
        self._offset_after += piece.size
        self._lines = carried + piece.lines
        self._next = self._end = 0

    def _windows(self, *, final: bool) -> Iterator[Iterable[PlainRows | NumberedRow]]:
        """Rows of the lines at hand; ``final``: no line comes after them that could close a quote."""
        count = window = len(self._lines)
        while self._next < count:
            start = self._next
            stop = min(count, start + window)
            yield self._whole_rows(start, stop)
            window *= 4
            if self._next == start and not self._broken:
                if stop == count and not final and self._may_go_on(start):
                    return
                self._broken = stop == count or stop - start >= RECORD_LINES
            if self._broken:
                yield (self._unclosed_line(),)
                window = FIRST_WINDOW

    def _may_go_on(self, start: int) -> bool:
        """Whether the open record that begins at ``start`` could still be closed within bounds."""
        lines = self._lines
        return len(lines) - start < RECORD_LINES and sum(map(len, lines[start:])) <= RECORD_CHARACTERS

    def _whole_rows(self, start: int, stop: int) -> Iterator[PlainRows | NumberedRow]:
        """Rows from ``start`` on, up to the first record that is not whole or not closed before ``stop``.

        The loop is the hot path of the whole product: one comparison more is one hundredth of a large file's time.
        """
        lines = self._lines[start:stop]
        reader = csv.reader([*lines, self._sentinel], delimiter=self._delimiter)
        read, width, clean = 0, self._width, self._takes_damaged or not self._damaged
        plain: list[list[str]] = []
        item: list[str] | RowFault | None
        try:
            for item in reader:  # pragma: no branch -- the sentinel ends it
                reached = reader.line_num
                if reached == read + 1 and len(item) == width and (clean or not is_damaged(item)):
                    plain.append(item)
                    read = reached
                    continue
                if plain:
                    yield self._plain_rows(plain, start + read)
                    plain = []
                if reached > len(lines):
                    break
                if item:
                    item = self._verdict(item, lines[read:reached])
                    if item is None:
                        self._broken = True
                        break
                    self._row += 1
                    self._end = start + reached
                    yield self._row, self._lines_before + start + read + 1, item
                read = reached
        except csv.Error:
            self._broken = True
            if plain:
                yield self._plain_rows(plain, start + read)
        self._next = start + read

    def _plain_rows(self, rows: list[list[str]], end: int) -> PlainRows:
        """``end``: index just after their last line. Blank lines may stand before the first, and belong to no row."""
        self._end = end - len(rows)
        return PlainRows(self._row + 1, self._lines_before + self._end + 1, rows, self._damaged)

    def _verdict(self, cells: list[str], lines: list[str]) -> list[str] | RowFault | None:
        """What to make of an unusual record; None where it is not whole."""
        width = self._width
        if len(lines) > 1 and not self._is_whole(cells, lines):
            return None
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) != width:
            return [""] * width if is_blank(cells) else RowFault("ROW_SHAPE", cells, len(cells), width)
        if self._damaged and is_damaged(cells):
            return RowFault("ENCODING_INVALID", cells)
        return cells

    def _is_whole(self, cells: list[str], lines: list[str]) -> bool:
        """Whether a record of several lines is what its writer meant, and not two that a stray quote joined."""
        if len(lines) > RECORD_LINES or sum(map(len, lines)) > RECORD_CHARACTERS:
            return False
        if len(cells) < self._width or any(cells[self._width :]) or max(map(len, cells)) > CELL_CHARACTERS:
            return False
        try:
            return len(list(csv.reader(lines, delimiter=self._delimiter, strict=True))) == 1
        except csv.Error:
            return False

    def _unclosed_line(self) -> NumberedRow:
        text = self._lines[self._next].rstrip("\r\n")
        self._broken = False
        self._next += 1
        self._row += 1
        self._end = self._next
        return self._row, self._lines_before + self._next, RowFault("QUOTE_UNCLOSED", text.split(self._delimiter))

    def _long_line(self, line: LongLine) -> NumberedRow:
        """Every line before it belongs to a row by now, so it begins a record of its own."""
        self.marked()
        self._lines_before += len(self._lines) + 1
        self._offset_after += line.size
        self._lines = []
        self._long = line.size
        self._row += 1
        self._next = self._end = 0
        return self._row, self._lines_before, RowFault("LINE_TOO_LONG", [], line.size, LINE_CHARACTERS)
