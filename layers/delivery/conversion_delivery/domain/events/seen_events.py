"""Which events a file has named already, and on which line: compact enough for millions of rows.

An open-addressing table in two arrays: 64-bit hash of the event key, and the line of its first row. Two keys with one
hash would be taken for the same event; for ten million rows the chance of a single such pair is about 3 in a million.
"""

from __future__ import annotations

from array import array

_FULL = 0.6
"""Share of used slots at which the table grows."""


class SeenEvents:
    """Remembers the keys it is shown."""

    def __init__(self, slots: int = 1 << 16, most: int | None = None) -> None:
        """``most``: keys that are remembered; None: all of them."""
        self._most = most
        self._keys = array("Q", bytes(8 * slots))
        self._lines = array("Q", bytes(8 * slots))
        self._mask = slots - 1
        self._used = 0

    def first_line(self, key: str, line: int) -> int:
        """The line that named ``key`` first: ``line`` itself when it is new."""
        wanted = (hash(key) & 0xFFFF_FFFF_FFFF_FFFF) or 1
        at = self._slot_of(wanted)
        if self._keys[at]:
            return self._lines[at]
        if self._used == self._most:
            return line
        self._keys[at], self._lines[at] = wanted, line
        self._used += 1
        if self._used > _FULL * (self._mask + 1):
            self._grow()
        return line

    def _slot_of(self, wanted: int) -> int:
        keys, mask = self._keys, self._mask
        at = wanted & mask
        while keys[at] and keys[at] != wanted:
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        keys, lines = self._keys, self._lines
        slots = (self._mask + 1) * 2
        self._keys, self._lines = array("Q", bytes(8 * slots)), array("Q", bytes(8 * slots))
        self._mask = slots - 1
        for key, line in zip(keys, lines, strict=True):
            if key:
                at = self._slot_of(key)
                self._keys[at], self._lines[at] = key, line
