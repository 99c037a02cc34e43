"""JSON Lines: one object per line, each a row.

In: the bytes of a file from a place between two lines on. Out: one verdict per line that is not blank. Owns
``JSON_INVALID`` and ``JSON_NESTED``. An object that lists several products is one conversion with several items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.conversions import Ignored, Problem, Rejection, Verdict
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.json_paths import TEXT_KEY, JsonPaths, parse_object
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import LineEncoding, rejection_of
from conversion_delivery.domain.reading.rows import RowFault, is_damaged
from conversion_delivery.domain.reading.slices import JudgedRow
from conversion_delivery.domain.reading.text_lines import LINE_CHARACTERS, Lines, LongLine, byte_size, text_lines
from conversion_delivery.domain.reading.trailers import closing_row, counted
from conversion_delivery.domain.reading.windows_text import windows_text

_BLANKS = " \t\r\n\ufeff"


class JudgedLines:
    """Judged rows (``slices.Rows``) of a file of JSON Lines."""

    def __init__(self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position) -> None:
        self._pieces = text_lines(blocks)
        self._objects = ObjectVerdicts(plan)
        self._lines: list[str] = []
        self._read = 0
        """Lines of ``_lines`` that have been read."""
        self._row = start.row
        self._lines_before = start.line
        self._offset_after = start.offset
        """Byte offset of the end of ``_lines``."""

    def position(self) -> Position:
        rest = byte_size(self._lines[self._read :])
        return Position(self._offset_after - rest, self._row, self._lines_before + self._read)

    def is_border(self) -> bool:
        return True

    def __iter__(self) -> Iterator[JudgedRow]:
        verdict_on = self._objects.verdict
        for piece in self._pieces:
            self._take(piece)
            if isinstance(piece, LongLine):
                yield self._long_line(piece)
                continue
            for at, written in enumerate(piece.lines, 1):
                text = written.strip(_BLANKS)
                if text:
                    self._read = at
                    self._row += 1
                    verdict = verdict_on(text, self._row)
                    yield JudgedRow(self._row, self._lines_before + at, [text], verdict)
            self._read = len(piece.lines)

    def _take(self, piece: Lines | LongLine) -> None:
        self._lines_before += len(self._lines)
        self._offset_after += piece.size
        self._lines = piece.lines if isinstance(piece, Lines) else []
        self._read = 0

    def _long_line(self, piece: LongLine) -> JudgedRow:
        self._lines_before += 1
        self._row += 1
        fault = RowFault("LINE_TOO_LONG", [], piece.size, LINE_CHARACTERS)
        return JudgedRow(self._row, self._lines_before, [], rejection_of(fault))


class ObjectVerdicts:
    """Judges the lines of one file."""

    def __init__(self, plan: ReadingPlan) -> None:
        self._reader = ConversionReader(plan)
        fields = {use.index: use.field for use in plan.columns}
        self._fields = [fields.get(place) for place in range(len(plan.header))]
        self._header = plan.header
        self._paths = JsonPaths(plan.header, self._fields)
        self._encoding = LineEncoding(plan)

    def verdict(self, text: str, row: int) -> Verdict:
        """The verdict on a line without the blanks around it, the ``row``-th that is not blank."""
        found = parse_object(text)
        if found is None:
            return self._no_object(text, row)
        if TEXT_KEY in found:
            return Rejection((Problem("JSON_INVALID", ""),))
        cells, further, nested = self._paths.read(found)
        verdict = self._reader.read_with_items(cells, further)
        problems = [
            Problem("JSON_NESTED", field, self._header[place]) for place in nested if (field := self._fields[place])
        ]
        if not problems or isinstance(verdict, Ignored):
            return verdict
        return Rejection(tuple(problems), verdict.warnings)

    def _no_object(self, text: str, row: int) -> Verdict:
        if is_damaged([text]):
            if not self._encoding.takes_windows:
                return rejection_of(RowFault("ENCODING_INVALID", []))
            return self._encoding.noted(self.verdict(windows_text(text), row))
        closing = closing_row([text]) if text[0].isalpha() else None
        return counted(closing, row) if closing else Rejection((Problem("JSON_INVALID", ""),))
