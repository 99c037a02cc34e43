"""Rows with their verdicts, and the places where a file is cut into slices.

In: the bytes of a file from some position on. Out: one verdict per row, and slices whose borders depend on the bytes
alone: whoever starts at a border, however often, finds the same borders after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from conversion_delivery.domain.batches import EVENTS_PER_BATCH, START, Position, RowSet
from conversion_delivery.domain.conversions import Conversion, Rejection
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.reading.judged_rows import JudgedRow, NotedRows

LINES_NAMED = 5
"""First lines that are remembered per code."""


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


@runtime_checkable
class RowStretches(Protocol):
    """Rows that can also come out for somebody who needs no conversions."""

    def stretches(self, room: Callable[[], int]) -> Iterator[JudgedRow | NotedRows | range]:
        """The same rows; clean ones as ranges of row numbers, of at most ``room()`` rows, which is asked for each."""
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
        for judged in source.stretches(room) if isinstance(source, RowStretches) else source:
            if isinstance(judged, NotedRows):
                _add_warnings(current, judged)
                judged = judged.rows
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
        _name_lines(current, code, [judged.line])


def _add_warnings(current: Slice, noted: NotedRows) -> None:
    for code, rows in noted.warnings.items():
        current.warnings[code] += len(rows)
        _name_lines(current, code, [row + noted.lines_before for row in rows[:LINES_NAMED]])


def _name_lines(current: Slice, code: str, lines: list[int]) -> None:
    named = current.lines.setdefault(code, [])
    if len(named) < LINES_NAMED:
        named.extend(lines[: LINES_NAMED - len(named)])


def _is_large(current: Slice, rows: int, source: Rows, limits: SliceLimits) -> bool:
    return rows >= limits.rows or source.position().offset - current.start.offset >= limits.bytes


def _ended(current: Slice, source: Rows) -> Slice:
    current.end = source.position()
    return current
