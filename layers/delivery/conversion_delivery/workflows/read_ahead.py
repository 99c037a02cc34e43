"""How far a reader has gone beyond the last slice: a line without end must not be read to its end.

A slice is cut after 8 MiB at the latest, at the next end of a row. Where a line (or an order) has no end for much
longer than that, reading on would only outlast the invocation, and the next one would begin at the same place.
"""

from __future__ import annotations

from collections.abc import Iterator


class LineEndless(Exception):
    """No slice within the bound."""


class ReadAhead:
    """Counts the bytes of one pass. Whoever takes a slice sets ``since_slice`` to 0."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.since_slice = 0

    def of(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The same blocks. Raises ``LineEndless``."""
        for block in blocks:
            self.since_slice += len(block)
            if self.since_slice > self._most:
                raise LineEndless
            yield block
