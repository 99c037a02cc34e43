"""Rows with their verdicts, and the places where a file is cut into slices.

In: the bytes of a file from some position on. Out: one verdict per row, and slices whose borders depend on the bytes
alone: whoever starts at a border, however often, finds the same borders after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from conversion_delivery.domain.batches import EVENTS_PER_BATCH, START, Position, RowSet
from conversion_delivery.domain.conversions import Conversion, Rejection, Verdict
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader, rejection_of
from conversion_delivery.domain.reading.csv_safety import is_returned_header, unprotected
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.rows import RowReader

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

    def __init__(self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position) -> None:
        self._rows = RowReader(blocks, delimiter=plan.delimiter, width=len(plan.header), start=start)
        self._read = ConversionReader(plan).read
        self._is_returned = is_returned_header(plan.header)

    def __iter__(self) -> Iterator[JudgedRow]:
        read, judged, returned = self._read, _new, self._is_returned
        for row, line, cells in self._rows:
            if isinstance(cells, list):
                if returned:
                    cells = unprotected(cells)
                yield judged(JudgedRow, (row, line, cells, read(cells), ()))
            else:
                yield judged(JudgedRow, (row, line, cells.cells, rejection_of(cells), ()))

    def position(self) -> Position:
        return self._rows.position()


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

    @property
    def rows(self) -> int:
        return self.end.row - self.start.row

    @property
    def valid_rows(self) -> RowSet:
        return RowSet(self.valid)


class Rows(Protocol):
    """Judged rows in order, and the place reached."""

    def __iter__(self) -> Iterator[JudgedRow]: ...

    def position(self) -> Position: ...


def cut_slices(source: Rows, start: Position, limits: SliceLimits) -> Iterator[Slice]:
    """Slices from ``start`` to the end of the rows; each is complete when it is yielded."""
    current, count = Slice(start), 0
    valid, most, every = current.valid, limits.conversions, limits.look_every
    for judged in source:
        verdict = judged.verdict
        if type(verdict) is Conversion and not verdict.warnings:
            valid.append(judged.row)
        else:
            _add(current, judged)
        count += 1
        if len(valid) == most or (count % every == 0 and _is_large(current, count, source, limits)):
            yield _ended(current, source)
            current, count = Slice(current.end), 0
            valid = current.valid
    if count or source.position() != current.start:
        yield _ended(current, source)


def _add(current: Slice, judged: JudgedRow) -> None:
    verdict = judged.verdict
    if isinstance(verdict, Conversion):
        current.valid.append(judged.row)
        current.warnings.update({problem.code for problem in verdict.warnings})
    elif isinstance(verdict, Rejection):
        current.rejected.append(judged)
        current.reasons[verdict.problems[0].code] += 1
    else:
        current.ignored += 1
        current.reasons[verdict.problem.code] += 1


def _is_large(current: Slice, count: int, source: Rows, limits: SliceLimits) -> bool:
    return count >= limits.rows or source.position().offset - current.start.offset >= limits.bytes


def _ended(current: Slice, source: Rows) -> Slice:
    current.end = source.position()
    return current
