"""Rows of a file that is only checked: what they would add up to, and which of them repeat an event of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.conversions import Conversion
from conversion_delivery.domain.events.seen_events import SeenEvents
from conversion_delivery.domain.events.tiktok_events import EncodedEvent, EventEncoder
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.slices import LINES_NAMED, Rows
from conversion_delivery.domain.reports.tallies import Tally

SEEN_MOST = 2_000_000
"""Events remembered per pass over a file (in 100 MB at the most). Copies of later ones, and of events that an earlier
pass has read, are not found."""

NAMES_MOST = 50
"""Event names that a tally keeps apart, so that it fits into the file's item."""

OTHER_NAMES = "(other events)"


def event_names(tally: Mapping[str, Any]) -> set[str]:
    """The event names in a tally's record."""
    return set(tally.get("events", {}))


class CheckedRows:
    """Fulfils ``Rows`` by passing on the rows of another; ``take`` tells what went by since it was asked last."""

    def __init__(self, rows: Rows, encoder: EventEncoder, names: set[str]) -> None:
        """``names``: of the events that the file's earlier stretches hold."""
        self._rows = rows
        self._encoder = encoder
        self._seen = SeenEvents(most=SEEN_MOST)
        self._names = names
        self._tally, self._copies, self._copy_lines = Tally(), 0, list[int]()

    def __iter__(self) -> Iterator[JudgedRow]:
        for judged in self._rows:
            if type(judged.verdict) is Conversion:
                self._add(judged, self._encoder.encode(judged.verdict))
            yield judged

    def position(self) -> Position:
        return self._rows.position()

    def is_border(self) -> bool:
        return self._rows.is_border()

    def take(self) -> tuple[Tally, int, list[int]]:
        """Totals of the events, number of copies, and the first lines of those."""
        taken = self._tally, self._copies, self._copy_lines
        self._tally, self._copies, self._copy_lines = Tally(), 0, []
        return taken

    def _add(self, judged: JudgedRow, event: EncodedEvent) -> None:
        if self._seen.first_line(event.event_key, judged.line) != judged.line:
            self._copies += 1
            if len(self._copy_lines) < LINES_NAMED:
                self._copy_lines.append(judged.line)
            return
        if event.event not in self._names:
            if len(self._names) >= NAMES_MOST:
                event = event._replace(event=OTHER_NAMES)
            self._names.add(event.event)
        self._tally.add(event)
