"""What a report is made of, gathered from the batches of a file of any length.

A file of 500 million rows has 500,000 batch records and thousands of pieces with rejected rows: more than one
invocation reads. So a long file is gathered in steps. When the time gets short, what has been gathered is stored, the
message is handed back, and the next invocation goes on from there. Two that do so at once do the same work twice and
come to the same; all they read is decided and stays. Only a person's verdict on a row in review can change it
meanwhile: it stands with the batch, and in the report once that is written again.

Rows that go back: rejected.csv, and where they are very many rejected-2.csv and so on, each with a header of its own,
to be corrected and dropped as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from conversion_delivery.domain.errors import ContractBroken, SourceGone, TryLater
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.domain.reports.outcome_records import outcomes_of, record_of
from conversion_delivery.domain.reports.rejected_rows import (
    rejected_header,
    rejected_name,
    rejected_type,
    returned_part_key,
)
from conversion_delivery.domain.reports.summaries import Outcomes
from conversion_delivery.domain.uploads import PARTS
from conversion_delivery.workflows.ports import FileProgress, ReportStore
from conversion_delivery.workflows.reject_pieces import LISTED, piece_keys

RESULTS_IN_ONE_FILE = 500
"""Batches up to which results.csv is put together; a longer file keeps its pieces, and the summary says where."""

STEP = 500
"""Batches that are added up between two looks at the clock."""

PIECES_PER_FILE = 2_000
BYTES_PER_FILE = 256 << 20
"""Bounds of one file of rejected rows, and so of the time that writing it takes."""

STOP_SECONDS = 60.0
"""With less time than this left after a step, the rest is left to the next invocation. What happens between two looks
at the clock, 500 records and one file of rejected rows, takes less."""

Remaining = Callable[[], float]


@dataclass(slots=True)
class Gathered:
    """What is known so far."""

    outcomes: Outcomes = field(default_factory=Outcomes)
    after: int = 0
    """Number of the last batch that is in ``outcomes``."""
    closed: int = 0
    pieces: int = 0
    """The splitter's pieces that have been written."""
    returned: list[str] = field(default_factory=list)
    """Keys of the pieces of batches that have not been written."""
    rejected: list[str] = field(default_factory=list)
    """Keys of the files that have been written."""
    few: list[BatchRecord] = field(default_factory=list)
    """The batches themselves, where they are few enough to be kept."""

    def to_json(self) -> bytes:
        names = ("after", "closed", "pieces", "returned", "rejected")
        kept = {name: getattr(self, name) for name in names}
        return json.dumps({**kept, "outcomes": record_of(self.outcomes)}).encode()

    @classmethod
    def from_json(cls, body: bytes) -> Gathered:
        document: dict[str, Any] = json.loads(body)
        return cls(outcomes_of(document.pop("outcomes")), **document)


class GatherReport:
    """Goes through the batches and the pieces of one file after another."""

    def __init__(
        self, progress: FileProgress, reports: ReportStore, resolve: Callable[[BatchRecord], dict[str, str]]
    ) -> None:
        self._progress = progress
        self._reports = reports
        self._resolve = resolve

    def run(self, file: FileRecord, remaining: Remaining | None = None) -> Gathered:
        """Everything, with the rejected rows written.

        ``remaining`` None: without a bound on time, and from the beginning. Raises ``TryLater``: ``REPORT_CONTINUES``,
        and ``BATCHES_NOT_SEEN`` where the counters are ahead of the records, which is so for a moment only.
        """
        pieces = piece_keys(self._reports, file.checkpoint.reject_part)
        in_steps = remaining is not None and (file.checkpoint.batches > STEP or len(pieces) > LISTED)
        gathered = self._load(file) if in_steps else Gathered()
        for _ in self._steps(file, gathered, pieces):
            if in_steps and remaining is not None and remaining() < STOP_SECONDS:
                self._reports.put(_state_key(file), gathered.to_json(), "application/json")
                raise TryLater("REPORT_CONTINUES", after_seconds=1.0)
        if remaining is not None and gathered.closed < file.checkpoint.batches:
            raise TryLater("BATCHES_NOT_SEEN", after_seconds=1.0)
        return gathered

    def _steps(self, file: FileRecord, gathered: Gathered, pieces: list[str]) -> Iterator[None]:
        """Yields after each step that another one may follow. Rejected rows are written as soon as they fill a file."""
        batches = self._progress.batches(file.file_id, gathered.after) if file.checkpoint.batches else iter(())
        while step := list(islice(batches, STEP)):
            self._add_up(file, gathered, step)
            yield from self._write_all(file, gathered, pieces, PIECES_PER_FILE)
            if gathered.after < file.checkpoint.batches:
                yield
        yield from self._write_all(file, gathered, pieces, 0)

    def _write_all(self, file: FileRecord, gathered: Gathered, pieces: list[str], but: int) -> Iterator[None]:
        """Write files of rejected rows until ``but`` pieces at most are left."""
        while self._waiting(gathered, pieces) > but:
            self._write(file, gathered, pieces)
            if self._waiting(gathered, pieces):
                yield

    def _waiting(self, gathered: Gathered, pieces: list[str]) -> int:
        """Pieces that have not been written."""
        return len(pieces) - gathered.pieces + len(gathered.returned)

    def _add_up(self, file: FileRecord, gathered: Gathered, batches: list[BatchRecord]) -> None:
        for batch in batches:
            number = batch.batch_id.number
            gathered.outcomes.add(batch, self._resolve(batch))
            gathered.closed += batch.is_closed
            if file.checkpoint.batches <= RESULTS_IN_ONE_FILE:
                gathered.few.append(batch)
            if batch.tally.get("returned"):
                gathered.returned.append(returned_part_key(file.file_id, number, batch.owner or "", file.plan))
            gathered.after = number

    def _write(self, file: FileRecord, gathered: Gathered, pieces: list[str]) -> None:
        """Write the next file of rejected rows, from as many pieces as it takes."""
        if file.plan is None:
            raise ContractBroken("PLAN_MISSING")
        keys = list(islice((*pieces[gathered.pieces :], *gathered.returned), PIECES_PER_FILE))
        stem, dot, ending = rejected_name(file.plan).rpartition(".")
        number = f"-{len(gathered.rejected) + 1}" if gathered.rejected else ""
        key = f"{file.upload.report_folder}{stem}{number}{dot}{ending}"
        taken: list[str] = []
        self._reports.write_stream(key, self._lines(file, keys, taken), rejected_type(file.plan))
        ours = min(len(taken), len(pieces) - gathered.pieces)
        gathered.pieces += ours
        del gathered.returned[: len(taken) - ours]
        gathered.rejected.append(key)

    def _lines(self, file: FileRecord, keys: list[str], taken: list[str]) -> Iterator[bytes]:
        """Header and pieces up to the bound; ``taken`` tells which."""
        if file.plan is not None:
            yield rejected_header(file.plan)
        size = 0
        for body in self._reports.get_each(keys):
            taken.append(keys[len(taken)])
            yield body
            size += len(body)
            if size >= BYTES_PER_FILE:
                return

    def _load(self, file: FileRecord) -> Gathered:
        """What an earlier invocation has stored."""
        try:
            return Gathered.from_json(self._reports.get(_state_key(file)))
        except SourceGone:
            return Gathered()


def _state_key(file: FileRecord) -> str:
    return f"{PARTS}{file.file_id}/gathered.json"
