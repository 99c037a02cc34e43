"""Windows-1252, the encoding of files that are not UTF-8: told apart line by line, never by moving a byte.

In: texts in which bytes that are not UTF-8 are lone surrogates (``surrogateescape``). Out: what those bytes mean. Five
bytes have no character there; they become the control characters of the same number, as browsers read them
(WHATWG, "Encoding", index windows-1252).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

WINDOWS_1252 = "windows-1252"

_has_bytes = re.compile("[\udc80-\udcff]").search
"""Finds a byte that is not UTF-8."""

_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_CHARACTERS = {code: chr(code) if code in _UNDEFINED else bytes((code,)).decode("cp1252") for code in range(0x80, 0xA0)}
_CODES = {ord(character): chr(code) for code, character in _CHARACTERS.items()}


def windows_text(text: str) -> str:
    """The text with all its bytes read as Windows-1252."""
    if text.isascii():
        return text
    data = text.encode("utf-8", "surrogateescape")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_CHARACTERS)


def in_windows_text(columns: list[Sequence[str]]) -> set[int]:
    """Read the cells of damaged rows as Windows-1252, in place; which rows those are. No cell holds a line break."""
    places = [place for place, cells in enumerate(columns) if not "".join(cells).isascii()]
    damaged = {
        at for place in places for at, cell in enumerate(columns[place]) if not cell.isascii() and _has_bytes(cell)
    }
    for place in places if damaged else ():
        cells = list(columns[place])
        odd = [at for at in damaged if not cells[at].isascii()]
        for at, text in zip(odd, windows_text("\n".join(map(cells.__getitem__, odd))).split("\n"), strict=False):
            cells[at] = text
        columns[place] = cells
    return damaged


def windows_bytes(text: str) -> bytes:
    """The bytes of a text in Windows-1252; ``?`` where it has no such character."""
    return text.translate(_CODES).encode("latin-1", "replace")
