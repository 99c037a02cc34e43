"""Bytes to physical lines: the only place that knows where a line of a file ends.

In: blocks of bytes of any size, UTF-8. Out: runs of whole lines with their terminators, and lines too long to be rows.
A line ends at ``\\n``, ``\\r`` or ``\\r\\n`` and nowhere else, so no line depends on how the blocks were cut.
Owns the bound on memory: a file without line ends is counted, never held.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

PIECE_BYTES = 32 << 10
"""Bytes that are decoded at once. Small enough to stay in the processor's cache, which is worth a tenth of the time."""

LINE_CHARACTERS = 64 << 10
"""A longer line is no row of anybody's conversions."""

ENDLESS_BYTES = 1 << 20
"""Bytes in which a line must end to be looked at as a whole; of a longer one the bytes are only counted."""

_first_line_end = re.compile(rb"\r\n|\n|\r(?!\Z)").search


class Lines(NamedTuple):
    """A run of whole lines of ordinary length; only the last line of the input may lack its terminator."""

    lines: list[str]
    size: int
    """Bytes of all lines."""
    damaged: bool
    """Some line holds bytes that are not UTF-8; they are decoded as lone surrogates (``surrogateescape``)."""

    def __repr__(self) -> str:
        return f"Lines({len(self.lines)} lines)"


class LongLine(NamedTuple):
    """One line of more than ``LINE_CHARACTERS``."""

    size: int
    """Bytes, terminator included. The text is not kept: a file may consist of such lines."""


def text_lines(blocks: Iterable[bytes]) -> Iterator[Lines | LongLine]:
    """The lines of a text in order, in runs."""
    for data in _whole_lines(_pieces(blocks)):
        if isinstance(data, LongLine):
            yield data
        else:
            yield from _runs(data)


def byte_size(lines: list[str]) -> int:
    """How many bytes of the file these lines are."""
    text = "".join(lines)
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def split_lines(text: str) -> list[str]:
    """Lines with their terminators. ``str.splitlines`` knows more line ends than a file has, so it is checked."""
    lines = text.splitlines(True)
    if len(lines) != text.count("\n") + (not text.endswith("\n")):
        return list(io.StringIO(text, newline=""))
    return lines


def decode(data: bytes) -> tuple[str, bool]:
    """The text, and whether bytes in it are not UTF-8 (they become lone surrogates)."""
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape"), True


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of about ``PIECE_BYTES``, however small or large the blocks are."""
    small: list[bytes] = []
    held = 0
    for block in blocks:
        small.append(block)
        held += len(block)
        if held >= PIECE_BYTES:
            data = b"".join(small)
            for start in range(0, held, PIECE_BYTES):
                yield data[start : start + PIECE_BYTES]
            small, held = [], 0
    if held:
        yield b"".join(small)


def _whole_lines(pieces: Iterator[bytes]) -> Iterator[bytes | LongLine]:
    """The same bytes cut at line ends; of a line that never seems to end only its size."""
    pending = b""
    for piece in pieces:
        data = pending + piece
        cut = _after_last_line_end(data)
        pending = data[cut:]
        if cut:
            yield data[:cut]
        elif len(data) > ENDLESS_BYTES:
            size, pending = _skip_line(data, pieces)
            yield LongLine(size)
    if pending:
        yield pending


def _after_last_line_end(data: bytes) -> int:
    """0 where there is none. A carriage return in the last place may be half of a line end, so it does not count."""
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1


def _skip_line(data: bytes, pieces: Iterator[bytes]) -> tuple[int, bytes]:
    """Size of the line that begins with ``data``, and the bytes after it."""
    size = 0
    while True:
        found = _first_line_end(data)
        if found:
            return size + found.end(), data[found.end() :]
        kept = data[-1:] if data.endswith(b"\r") else b""
        size += len(data) - len(kept)
        piece = next(pieces, None)
        if piece is None:
            return size + len(kept), b""
        data = kept + piece


def _runs(data: bytes) -> Iterator[Lines | LongLine]:
    text, damaged = decode(data)
    lines = split_lines(text)
    if len(text) <= LINE_CHARACTERS or max(map(len, lines)) <= LINE_CHARACTERS:
        yield Lines(lines, len(data), damaged)
        return
    for is_long, group in groupby(lines, lambda line: len(line) > LINE_CHARACTERS):
        run = list(group)
        if is_long:
            yield from (LongLine(byte_size([line])) for line in run)
        else:
            yield Lines(run, byte_size(run), damaged)
