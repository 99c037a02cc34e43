"""What has been read of a file since its last checkpoint: numbers, the rejected rows, and messages to send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from conversion_delivery.domain.batches import BatchMessage, Position
from conversion_delivery.domain.files import Checkpoint
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.slices import LINES_NAMED, Slice
from conversion_delivery.domain.reports.tallies import Tally
from conversion_delivery.workflows.checked_rows import CheckedRows
from conversion_delivery.workflows.reject_pieces import RejectPieces

COPY = "ROW_DUPLICATE"
"""Code of a row that repeats an event of its own file; only files that are checked, and not sent, count it."""

CODES_WITH_LINES = 200
"""Codes whose first lines a checkpoint holds; there are fewer, so this only bounds the item."""


@dataclass(slots=True)
class Stretch:
    """Adds up slices; ``reached`` is the checkpoint after them."""

    end: Position
    pieces: RejectPieces
    """Where rejected rows are stored; the same one from the first stretch of a pass to the last."""
    conversions: int = 0
    ignored: int = 0
    copies: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)
    rejected: list[JudgedRow] = field(default_factory=list)
    messages: list[BatchMessage] = field(default_factory=list)
    tally: Tally | None = None
    """Of a file that is only checked."""
    stopped: str = ""
    stopped_facts: Mapping[str, int | float | str] = field(default_factory=dict)

    def add(self, cut: Slice) -> None:
        self.end = cut.end
        self.conversions += len(cut.valid)
        self.ignored += cut.ignored
        self.rejected += cut.rejected
        self.reasons += cut.reasons
        self.warnings += cut.warnings
        for code, lines in cut.lines.items():
            self._name_lines(code, lines)

    def add_checked(self, rows: CheckedRows) -> None:
        """What went through ``rows`` with the slice that was added."""
        tally, copies, lines = rows.take()
        self.tally = self.tally or Tally()
        self.tally.merge(tally)
        self.copies += copies
        if copies:
            self.reasons[COPY] += copies
            self._name_lines(COPY, lines)

    def _name_lines(self, code: str, lines: Iterable[int]) -> None:
        self.lines[code] = [*self.lines.get(code, ()), *lines][:LINES_NAMED]

    def reached(self, before: Checkpoint, *, hop: bool, done: bool) -> Checkpoint:
        """The checkpoint after this stretch; counters are cumulative."""
        seen = Counter({"rejected": len(self.rejected), "ignored": self.ignored, "duplicates": self.copies})
        return replace(
            before,
            position=self.end,
            batches=before.batches + len(self.messages),
            outbox=tuple(message.to_json() for message in self.messages),
            hops=before.hops + (1 if hop else 0),
            accepted=before.accepted + self.conversions,
            counts=dict(Counter(before.counts) + seen),
            reasons=dict(Counter(before.reasons) + self.reasons),
            warnings=dict(Counter(before.warnings) + self.warnings),
            lines=_first_lines(before.lines, self.lines),
            tally=before.tally if self.tally is None else _merged(before.tally, self.tally),
            done=done,
            stopped=self.stopped,
            stopped_facts=self.stopped_facts,
        )


def _first_lines(before: Mapping[str, tuple[int, ...]], lines: Mapping[str, list[int]]) -> dict[str, tuple[int, ...]]:
    merged = dict(before)
    for code, further in lines.items():
        if code in merged or len(merged) < CODES_WITH_LINES:
            merged[code] = (*merged.get(code, ()), *further)[:LINES_NAMED]
    return merged


def _merged(before: Mapping[str, object], tally: Tally) -> dict[str, object]:
    merged = Tally.from_record(before)
    merged.merge(tally)
    return merged.to_record()
