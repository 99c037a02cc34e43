"""The rejected rows of a file, stored in pieces while it is read.

Whoever writes a checkpoint stores the rejected rows before it, under a name nobody else uses; so a splitter that lost a
race leaves a piece that nobody reads. A piece lists the pieces before it, and the checkpoint names the last one. As
long as the last piece is small the next one holds its rows too and takes its place in the list: a file of 500 million
rows with one bad row in a hundred has 50,000 checkpoints, but about 4,000 pieces.
"""

from __future__ import annotations

from collections.abc import Callable

from conversion_delivery.workflows.ports import ReportStore

PIECE_BYTES = 256 << 10
"""A piece that is smaller is written again with the rows of the next checkpoint. Its earlier versions stay until the
bucket's lifecycle takes them, so a larger bound would mean fewer pieces and more of those."""

LISTED = 40
"""Pieces that a piece lists: S3 takes 2 KB of metadata, and a name has about 30 bytes."""

_BEFORE = "before"
_BYTES = "bytes"


class RejectPieces:
    """Stores pieces behind the piece ``last`` during one pass over a file."""

    def __init__(self, reports: ReportStore, folder: str, last: str | None, new_id: Callable[[], str]) -> None:
        self._reports = reports
        self._folder = folder
        self._last = last
        self._new_id = new_id
        self._before: list[str] | None = [] if last is None else None
        """Names of the pieces before the last one; None: not yet asked for."""
        self._growing = b""
        """What the last piece holds, if it is small."""

    def add(self, first_row: int, lines: bytes, content_type: str, ending: str = "csv") -> str:
        """Store rejected rows; the key of what is the last piece then. ``ending``: of its name."""
        before, body = self._place_of(lines)
        key = f"{self._folder}{first_row:012d}-{self._new_id()}.{ending}"
        self._reports.put(key, body, content_type, {_BEFORE: ",".join(before), _BYTES: str(len(body))})
        self._last, self._before = key, before
        self._growing = body if len(body) < PIECE_BYTES else b""
        return key

    def _place_of(self, lines: bytes) -> tuple[list[str], bytes]:
        """What comes before the next piece, and its bytes."""
        if self._before is None and self._last is not None:
            found = self._reports.metadata(self._last)
            self._before = _listed(found.get(_BEFORE, ""))
            if int(found.get(_BYTES, PIECE_BYTES)) < PIECE_BYTES:
                self._growing = self._reports.get(self._last)
        before = self._before or []
        if self._last is None or self._growing:
            return before, self._growing + lines
        return [*before, _name(self._last)][-LISTED:], lines


def piece_keys(reports: ReportStore, last: str | None) -> list[str]:
    """The keys of all pieces up to ``last``, oldest first: one request per ``LISTED`` pieces."""
    newest_first: list[str] = []
    while last is not None:
        newest_first.append(last)
        folder = last.removesuffix(_name(last))
        before = _listed(reports.metadata(last).get(_BEFORE, ""))
        newest_first += [folder + name for name in reversed(before[1:])]
        if len(before) < LISTED:
            newest_first += [folder + name for name in before[:1]]
            break
        last = folder + before[0]
    return newest_first[::-1]


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _listed(text: str) -> list[str]:
    return text.split(",") if text else []
