"""The memory of de-duplication on disk, so that a second run of the same file meets the same TikTok.

One JSON line per request that counted something: time, source id, and the (event, event id) pairs. Appending one
line per request keeps a killed process harmless: a last line without its end is cut off at the next start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import orjson


class StateFileUnreadable(Exception):
    """The file was not written by this simulator, or was damaged. Nothing is guessed: remove it to begin anew."""


class CountedKeys(NamedTuple):
    """What one request added to the count."""

    at: float
    source_id: str
    keys: list[tuple[str, str]]
    """(event, event id) of each counted event that has an id."""


class StateFile:
    """Appends and replays ``CountedKeys``. Readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def load(self) -> Iterator[CountedKeys]:
        """Everything stored, oldest first; a half-written end is removed. Raises ``StateFileUnreadable``."""
        if not self._path.exists():
            return
        good = 0
        with self._path.open("rb") as stored:
            for line in stored:
                if not line.endswith(b"\n"):
                    break
                yield _parsed(line)
                good += len(line)
        os.truncate(self._path, good)

    def append(self, counted: CountedKeys) -> None:
        if counted.keys:
            file = self._opened()
            file.write(orjson.dumps(tuple(counted)) + b"\n")
            file.flush()

    def clear(self) -> None:
        self.close()
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self._file = os.fdopen(handle, "ab")
        return self._file


def _parsed(line: bytes) -> CountedKeys:
    try:
        at, source_id, keys = orjson.loads(line)
        return CountedKeys(float(at), source_id, [(event, event_id) for event, event_id in keys])
    except (ValueError, TypeError):
        raise StateFileUnreadable from None
