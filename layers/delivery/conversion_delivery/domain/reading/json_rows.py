"""JSON Lines: one object per line, each a row.

In: the bytes of a file from a place between two lines on. Out: one verdict per line that is not blank. Owns
``JSON_INVALID`` and ``JSON_NESTED``. An object that lists several products is one conversion with several items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.conversions import Ignored, Problem, Rejection, Verdict
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.json_paths import TEXT_KEY, JsonPaths, parse_object, parse_objects
from conversion_delivery.domain.reading.json_windows import clean_objects
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import LineEncoding, rejection_of
from conversion_delivery.domain.reading.rows import RowFault, is_damaged
from conversion_delivery.domain.reading.text_lines import LINE_CHARACTERS, Lines, LongLine, byte_size, text_lines
from conversion_delivery.domain.reading.trailers import closing_row, counted
from conversion_delivery.domain.reading.windows_text import windows_text

_BLANKS = " \t\r\n\ufeff"
_WINDOW_LINES, _WINDOW_PIECES = 100, 16
"""Lines that are judged at once, and runs of lines that are held for that at most."""

_new = tuple.__new__


class JudgedLines:
    """Judged rows (``slices.Rows``) of a file of JSON Lines."""

    def __init__(self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position) -> None:
        self._pieces = _windows(text_lines(blocks))
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
        for piece in self._pieces:
            self._take(piece)
            if isinstance(piece, LongLine):
                yield self._long_line(piece)
                continue
            places, texts = _filled(piece)
            verdicts = self._objects.verdicts(texts, self._row + 1)
            for place, text, verdict in zip(places, texts, verdicts, strict=True):
                yield self._came_out(place, text, verdict)
            self._read = len(piece.lines)

    def stretches(self, room: Callable[[], int]) -> Iterator[JudgedRow | range]:
        """The same rows for somebody who needs no conversions (``slices.RowStretches``)."""
        for piece in self._pieces:
            self._take(piece)
            if isinstance(piece, LongLine):
                yield self._long_line(piece)
                continue
            places, texts = _filled(piece)
            yield from self._ranges(places, texts, room)
            self._read = len(piece.lines)

    def _ranges(self, places: list[int], texts: list[str], room: Callable[[], int]) -> Iterator[JudgedRow | range]:
        clean, kept_out = self._objects.clean(texts)
        others = [at for at in range(len(texts)) if at not in clean]
        at = 0
        for other in (*others, len(texts)):
            while at < other:
                stop = min(other, at + room())
                first = self._row + 1
                self._row += stop - at
                self._read = places[stop - 1]
                at = stop
                yield range(first, self._row + 1)
            if at < len(texts):
                verdict = kept_out.get(at) or self._objects.verdict(texts[at], self._row + 1)
                yield self._came_out(places[at], texts[at], verdict)
                at += 1

    def _came_out(self, place: int, text: str, verdict: Verdict) -> JudgedRow:
        self._read = place
        self._row += 1
        return _new(JudgedRow, (self._row, self._lines_before + place, [text], verdict, ()))

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


def _filled(piece: Lines) -> tuple[list[int], list[str]]:
    """The lines that are not blank, without the blanks around them, and the number of each within the piece."""
    texts = [written.strip(_BLANKS) for written in piece.lines]
    if all(texts):
        return list(range(1, len(texts) + 1)), texts
    places = [at for at, text in enumerate(texts, 1) if text]
    return places, [text for text in texts if text]


def _windows(pieces: Iterable[Lines | LongLine]) -> Iterator[Lines | LongLine]:
    """The same lines in longer runs: what is done once per window costs less the more lines it has."""
    held: list[Lines] = []
    for piece in pieces:
        if isinstance(piece, Lines):
            held.append(piece)
        if held and (piece is not held[-1] or _is_window(held)):
            yield _joined(held)
            held = []
        if isinstance(piece, LongLine):
            yield piece
    if held:
        yield _joined(held)


def _is_window(held: list[Lines]) -> bool:
    return sum(len(piece.lines) for piece in held) >= _WINDOW_LINES or len(held) >= _WINDOW_PIECES


def _joined(held: list[Lines]) -> Lines:
    lines = list(chain.from_iterable(piece.lines for piece in held))
    return Lines(lines, sum(piece.size for piece in held), any(piece.damaged for piece in held))


class ObjectVerdicts:
    """Judges the lines of one file."""

    def __init__(self, plan: ReadingPlan) -> None:
        self._reader = ConversionReader(plan)
        fields = {use.index: use.field for use in plan.columns}
        self._fields = [fields.get(place) for place in range(len(plan.header))]
        self._header = plan.header
        self._paths = JsonPaths(plan.header, self._fields)
        self._encoding = LineEncoding(plan)
        self._clean = clean_objects(plan, self._reader)

    def verdicts(self, texts: Sequence[str], row: int) -> list[Verdict]:
        """One per line; ``row`` is the number of the first."""
        sure: dict[int, Verdict] = {}
        if self._clean is not None:
            window = self._clean.judge(parse_objects(texts))
            sure = {**window.kept_out, **self._clean.conversions(window)}
        return [sure.get(at) or self.verdict(text, row + at) for at, text in enumerate(texts)]

    def clean(self, texts: Sequence[str]) -> tuple[set[int], dict[int, Verdict]]:
        """Lines that are surely conversions, and the verdicts on lines that surely are none."""
        if self._clean is None:
            return set(), {}
        window = self._clean.judge(parse_objects(texts))
        return window.clean, window.kept_out

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
