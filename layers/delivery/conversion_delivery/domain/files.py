"""The record of a file: where it came from, how far it has been read, and how many of its batches are closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conversion_delivery.domain.batches import START, Position
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.uploads import Upload

NOT_COUNTED = ("ROW_BLANK", "ROW_TRAILER", "TRAILER_COUNT_DIFFERS")
"""Codes of lines that who counts a file's rows may leave out."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the splitter has got: every reject before it is stored, every batch before it is in the queue or here.

    Whoever goes on from it sends ``outbox`` first. So a batch is counted before anybody can deliver it, and no stretch
    that a message names is ever cut again, whatever happens to the file or to the rules.
    """

    position: Position = START
    batches: int = 0
    """Batches sent so far; their numbers are 1 to ``batches``."""
    outbox: tuple[str, ...] = ()
    """The last messages, as text: they may not have been sent yet."""
    hops: int = 0
    accepted: int = 0
    reject_part: str | None = None
    """Key of the last stored piece of rejected.csv; each piece names the one before it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """``rejected`` and ``ignored`` rows so far; of a file that is only checked, ``duplicates`` too."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Rows per code so far (rejected and ignored)."""
    warnings: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """First lines per code, five at most."""
    tally: Mapping[str, Any] = field(default_factory=dict)
    """Of a file that is only checked: the totals of its accepted rows (``reports.tallies``)."""
    done: bool = False
    stopped: str = ""
    """Why reading ended before the end of the file (``FILE_GONE``, ``HOPS_EXCEEDED``); empty when it did not."""
    stopped_facts: Mapping[str, int | float | str] = field(default_factory=dict)
    """What the sentence of ``stopped`` names."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One upload as FileProgress stores it."""

    upload: Upload
    received_at: float
    """Epoch seconds; event ages are judged against it, so a late attempt judges as the first one did."""
    plan: ReadingPlan | None = None
    """None when the file was refused as a whole."""
    rejected_code: str | None = None
    rejected_facts: Mapping[str, int | float | str] = field(default_factory=dict)
    checkpoint: Checkpoint = field(default_factory=Checkpoint)
    closed_batches: int = 0
    finished_at: float | None = None
    source: Upload | None = None
    """Where the plain text lies that was made of the upload; None where the upload itself is plain text."""
    expected_rows: int | None = None
    """Number of rows that the file's marker promises; None where it promises none."""
    members: tuple[str, ...] = ()
    """Of an archive of several files: the names in it, each a file of its own with its own record."""

    @property
    def known_destination(self) -> str:
        """For metrics: a folder that is no destination must not make a metric of its own, whoever invents folders."""
        return "none" if self.rejected_code == "DESTINATION_UNKNOWN" else self.upload.destination or "none"

    @property
    def is_archive(self) -> bool:
        """Whether this stands for several files and has no rows of its own."""
        return bool(self.members) and self.rejected_code is None

    @property
    def notes(self) -> tuple[tuple[str, dict[str, int | str]], ...]:
        """What is worth saying about the file when it has been read: codes with the facts of their sentences."""
        notes: list[tuple[str, dict[str, int | str]]] = []
        found = self.checkpoint.position.row
        blank = sum(self.checkpoint.reasons.get(code, 0) for code in NOT_COUNTED)
        if self.checkpoint.done and self.expected_rows not in (None, found, found - blank):
            notes.append(("MANIFEST_COUNT_DIFFERS", {"expected": self.expected_rows or 0, "found": found}))
        if self.plan is not None and not self.plan.settings.return_rows:
            notes.append(("ROWS_NOT_RETURNED", {}))
        return tuple(notes)

    @property
    def readable(self) -> Upload:
        """The object whose bytes are the rows."""
        return self.source or self.upload

    @property
    def file_id(self) -> str:
        return self.upload.file_id

    @property
    def is_complete(self) -> bool:
        """Everything is split and every batch is closed: the report can be written."""
        return self.rejected_code is not None or (
            self.checkpoint.done and self.closed_batches >= self.checkpoint.batches
        )
