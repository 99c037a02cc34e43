"""Splits a generated stream of gigabytes in many short passes, and prints rows per second, passes and memory.

Run ``python -m tests.benchmarks.long_stream --gigabytes 5``. Nothing of the stream is ever on a disk. The passes are
the splitter's own: each ends when its time is up, and the next begins from the stored checkpoint.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.runtime.collection import collect_rarely
from conversion_delivery.workflows.assembly import SplitterPorts, assemble_splitter
from conversion_delivery.workflows.split_file import SplitFile, SplitLimits
from conversion_delivery.workflows.upload_ports import UploadStore
from tests.benchmarks.generated_stream import GeneratedUploads
from tests.fakes.destination_store import FakeDestinationStore
from tests.fakes.file_progress import FakeFileProgress
from tests.fakes.key_store import FakeKeyStore
from tests.fakes.prepared_store import FakePreparedStore
from tests.fakes.report_store import FakeReportStore
from tests.fakes.telemetry import FakeTelemetry
from tests.workflows.delivery_world import NOW, SETTINGS

HOP_SECONDS = 2.0

MOST_GROWTH_MB = 5.0
"""Most that the last tenth of the passes may need beyond the first tenth."""


class HashedQueue:
    """Keeps no message but a digest of all batches, each counted once."""

    def __init__(self) -> None:
        self.continuation: ContinuationMessage | None = None
        self.digest = hashlib.sha256()
        self.batches = 0

    def send_batches(self, messages: Sequence[BatchMessage]) -> None:
        for message in messages:
            if message.batch > self.batches:
                self.batches = message.batch
                self.digest.update(message.to_json().encode())

    def send_continuation(self, message: ContinuationMessage, delay_seconds: int = 0) -> None:
        self.continuation = message


class NewestPieces(FakeReportStore):
    """Forgets the bodies of all objects but the newest one."""

    def put(self, key: str, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> None:
        if "/rejected/" in key:
            super().put(key, body, content_type, metadata)
            for old in [old for old in self.objects if old != key]:
                del self.objects[old]


class QuietTelemetry(FakeTelemetry):
    def count(self, metric: str, value: float = 1, **dimensions: str) -> None:
        """Not kept: there are millions."""

    def note(self, message: str, **facts: int | float | str | None) -> None:
        """Not kept either."""


@dataclass(slots=True)
class LongSplit:
    """A splitter over a store that makes its bytes up."""

    uploads: GeneratedUploads
    queue: HashedQueue = field(default_factory=HashedQueue)
    progress: FakeFileProgress = field(default_factory=FakeFileProgress)
    resident: list[int] = field(default_factory=list)
    """Bytes of resident memory after each pass."""

    def run(self, remaining: Callable[[], Callable[[], float]]) -> FileRecord:
        """All passes to the end of the stream; ``remaining`` gives each pass its clock."""
        upload = self.uploads.upload
        split = self._splitter(self.uploads)
        split.start(upload, remaining())
        self.resident.append(resident_bytes())
        while (message := self.queue.continuation) is not None:
            self.queue.continuation = None
            split.go_on(message, remaining())
            self.resident.append(resident_bytes())
        return self.progress.files[upload.file_id]

    def _splitter(self, uploads: UploadStore) -> SplitFile:
        ids = count(1)
        ports = SplitterPorts(
            uploads=uploads,
            queue=self.queue,
            progress=self.progress,
            destinations=FakeDestinationStore({"shop": json.dumps(SETTINGS)}),
            reports=NewestPieces(),
            prepared=FakePreparedStore(self.uploads),
            keys=FakeKeyStore(),
            decryption=SequoiaDecryption(),
            telemetry=QuietTelemetry(),
            now=lambda: NOW,
            new_id=lambda: f"{next(ids):016x}",
        )
        return assemble_splitter(ports, SplitLimits(open_batches=0))


def resident_bytes() -> int:
    """Memory of this process that is in use now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def for_seconds(seconds: float) -> Callable[[], Callable[[], float]]:
    """A clock per pass: ``seconds`` of work, then the splitter's own reserve."""

    def begin() -> Callable[[], float]:
        end = time.monotonic() + seconds + SplitLimits().stop_seconds
        return lambda: end - time.monotonic()

    return begin


def for_slices(slices: int) -> Callable[[], Callable[[], float]]:
    """A clock per pass that runs out after so many slices; the same in each run."""

    def begin() -> Callable[[], float]:
        looks: Iterator[int] = count(1)
        return lambda: 300.0 if next(looks) < slices else 0.0

    return begin


def show(gigabytes: float, hop_seconds: float = HOP_SECONDS) -> None:
    """Split a stream of so many gigabytes, and print rows per second, passes and memory with its target."""
    split = LongSplit(GeneratedUploads(int(gigabytes * 1e9)))
    begun, cpu = time.monotonic(), time.process_time()
    record = split.run(for_seconds(hop_seconds))
    took, cpu = time.monotonic() - begun, time.process_time() - cpu
    rows = record.checkpoint.position.row
    tenth = max(1, len(split.resident) // 10)
    first, last = (sum(part) / len(part) / 1e6 for part in (split.resident[:tenth], split.resident[-tenth:]))
    print(f"{split.uploads.size / 1e9:.2f} GB, {rows:,} rows, {split.queue.batches:,} batches, {took:,.0f} s")
    print(f"{rows / cpu:,.0f} rows per CPU second, the making of the stream included")
    print(f"{len(split.resident):,} passes of {hop_seconds:g} s")
    print(f"resident memory: first tenth {first:.1f} MB, last tenth {last:.1f} MB, difference {last - first:+.1f} MB,")
    print(f"at most {MOST_GROWTH_MB:g} MB: {'met' if last - first <= MOST_GROWTH_MB else 'NOT MET'}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.long_stream", description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=5.0)
    parser.add_argument("--hop-seconds", type=float, default=HOP_SECONDS)
    arguments = parser.parse_args()
    collect_rarely()
    show(arguments.gigabytes, arguments.hop_seconds)


if __name__ == "__main__":
    main()
