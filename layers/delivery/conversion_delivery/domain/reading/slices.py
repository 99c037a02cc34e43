"""Rows with their verdicts, and the places where a file is cut into slices.

In: the bytes of a file from some position on. Out: one verdict per row, and slices whose borders depend on the bytes
alone: whoever starts at a border, however often, finds the same borders after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, repeat
from typing import NamedTuple, Protocol

from conversion_delivery.domain.batches import EVENTS_PER_BATCH, START, Position, RowSet
from conversion_delivery.domain.conversions import Conversion, Rejection, Verdict
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.mapping.clean_windows import CleanWindows
from conversion_delivery.domain.reading.csv_safety import unprotected
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import RowVerdicts
from conversion_delivery.domain.reading.rows import PlainRows, RowFault, RowReader
from conversion_delivery.domain.reading.trailers import counted

LINES_NAMED = 5
"""First lines that are remembered per code."""

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


class JudgedRows:
    """The rows of a stretch of a file, each with its verdict. Iterate once; ``position`` is the place reached."""

    def __init__(
        self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position, verdicts: RowVerdicts | None = None
    ) -> None:
        self._rows = RowReader(blocks, delimiter=plan.delimiter, width=len(plan.header), start=start)
        self._verdicts = verdicts or RowVerdicts(plan)
        self._windows = self._verdicts.reader.clean_windows
        self._ahead = 0
        """Rows of the present stretch that have come out here."""

    def __iter__(self) -> Iterator[JudgedRow]:
        for item in self._rows.stretches():
            if isinstance(item, PlainRows):
                yield from self._judged_rows(item)
            else:
                yield self._judged(*item)

    def stretches(self, room: Callable[[], int]) -> Iterator[JudgedRow | range]:
        """The same rows for somebody who needs no conversions: clean rows come as ranges of row numbers.

        A range holds at most ``room()`` rows, which is asked anew for each.
        """
        for item in self._rows.stretches():
            if not isinstance(item, PlainRows):
                yield self._judged(*item)
            elif self._windows is None:
                yield from self._judged_rows(item)
            else:
                yield from self._clean_ranges(item, self._windows, room)

    def _clean_ranges(
        self, plain: PlainRows, windows: CleanWindows, room: Callable[[], int]
    ) -> Iterator[JudgedRow | range]:
        cells = self._readable(plain)
        at = 0
        for doubtful in (*sorted(windows.judge(cells).doubtful), len(cells)):
            while at < doubtful:
                stop = self._ahead = min(doubtful, at + room())
                yield range(plain.row + at, plain.row + stop)
                at = stop
            if at < len(cells):
                judged = self._read(plain.row + at, plain.line + at, cells[at])
                at = self._ahead = at + 1
                yield judged
        self._came_out()

    def _came_out(self) -> None:
        self._rows.came_out(self._ahead)
        self._ahead = 0

    def _judged_rows(self, plain: PlainRows) -> Iterator[JudgedRow]:
        for ahead, judged in enumerate(self._judged_window(plain), 1):
            self._ahead = ahead
            yield judged
        self._came_out()

    def _judged_window(self, plain: PlainRows) -> Iterable[JudgedRow]:
        cells = self._readable(plain)
        if self._windows is None:
            return (self._read(plain.row + at, plain.line + at, row) for at, row in enumerate(cells))
        window = self._windows.judge(cells)
        conversions = self._windows.conversions(window)
        numbered = zip(count(plain.row), count(plain.line), cells, conversions, repeat(()))
        judged = list(map(_new, repeat(JudgedRow), numbered))
        for at in window.doubtful:
            judged[at] = self._read(plain.row + at, plain.line + at, cells[at])
        return judged

    def _readable(self, plain: PlainRows) -> list[list[str]]:
        return list(map(unprotected, plain.cells)) if self._verdicts.is_returned else plain.cells

    def _judged(self, row: int, line: int, item: list[str] | RowFault) -> JudgedRow:
        """One row, read with care."""
        if isinstance(item, RowFault):
            return _new(JudgedRow, (row, line, item.cells, self._verdicts.of_fault(item, row), ()))
        return self._read(row, line, unprotected(item) if self._verdicts.is_returned else item)

    def _read(self, row: int, line: int, cells: list[str]) -> JudgedRow:
        return _new(JudgedRow, (row, line, cells, counted(self._verdicts.read(cells), row), ()))

    def position(self) -> Position:
        return self._rows.position(self._ahead)

    def is_border(self) -> bool:
        return True


@dataclass(slots=True)
class SliceLimits:
    """When a slice ends: at the first row that reaches one of these."""

    conversions: int = EVENTS_PER_BATCH
    rows: int = 20_000
    """A stretch of rejected rows ends a slice too, so that progress can be stored and re-reading stays cheap.

    A multiple of ``look_every``.
    """
    bytes: int = 8 << 20
    look_every: int = 250
    """Rows between two looks at ``rows`` and ``bytes``: the byte position costs more than a row."""


@dataclass(slots=True)
class Slice:
    """A stretch of rows between two borders."""

    start: Position
    end: Position = START
    valid: list[int] = field(default_factory=list)
    """Row numbers of the conversions."""
    rejected: list[JudgedRow] = field(default_factory=list)
    ignored: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)
    """The first lines per code, ``LINES_NAMED`` at most."""

    @property
    def rows(self) -> int:
        return self.end.row - self.start.row

    @property
    def valid_rows(self) -> RowSet:
        return RowSet(self.valid)


class Rows(Protocol):
    """Judged rows in order, and the place reached.

    Iterating may raise ``UploadRejected`` at a row with which nobody can go on; every row before it has come out then.
    """

    def __iter__(self) -> Iterator[JudgedRow]: ...

    def position(self) -> Position:
        """Just after the row that came out last."""
        ...

    def is_border(self) -> bool:
        """Whether a slice may end after the row that came out last: not within an order of several rows."""
        ...


def cut_slices(source: Rows, start: Position, limits: SliceLimits) -> Iterator[Slice]:
    """Slices from ``start`` to the end of the rows; each is complete when it is yielded.

    Raises ``UploadRejected`` where the rows do, after a slice of all that came before.
    """
    current, rows, look_at = Slice(start), 0, limits.look_every
    valid, most = current.valid, limits.conversions

    def room() -> int:
        return min(look_at - rows, most - len(valid))

    try:
        for judged in source.stretches(room) if isinstance(source, JudgedRows) else source:
            if isinstance(judged, range):
                valid.extend(judged)
                rows += len(judged)
            else:
                _add(current, judged)
                rows += 1
            if (rows >= look_at or len(valid) >= most) and source.is_border():
                if len(valid) < most and not _is_large(current, rows, source, limits):
                    look_at += limits.look_every
                else:
                    yield _ended(current, source)
                    current, rows, look_at = Slice(current.end), 0, limits.look_every
                    valid = current.valid
    except UploadRejected:
        if rows:
            yield _ended(current, source)
        raise
    if rows or source.position() != current.start:
        yield _ended(current, source)


def _add(current: Slice, judged: JudgedRow) -> None:
    verdict, tally = judged.verdict, current.reasons
    if isinstance(verdict, Conversion):
        current.valid.append(judged.row)
        codes, tally = {problem.code for problem in verdict.warnings}, current.warnings
    elif isinstance(verdict, Rejection):
        current.rejected.append(judged)
        codes = {verdict.problems[0].code}
    else:
        current.ignored += 1
        codes = {verdict.problem.code}
    for code in codes:
        tally[code] += 1
        named = current.lines.setdefault(code, [])
        if len(named) < LINES_NAMED:
            named.append(judged.line)


def _is_large(current: Slice, rows: int, source: Rows, limits: SliceLimits) -> bool:
    return rows >= limits.rows or source.position().offset - current.start.offset >= limits.bytes


def _ended(current: Slice, source: Rows) -> Slice:
    current.end = source.position()
    return current
