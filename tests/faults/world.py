"""The simulated world: queues, stores, TikTok and a clock around the real workflows.

In: a fault plan and files to drop. Out: a history of which ``violations`` lists what broke. One delivery of a message
is one worker; it ends as a function's invocation ends: acknowledged, handed back, or dead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from conversion_delivery.domain.batches import (
    BatchMessage,
    ContinuationMessage,
    parse_batch_message,
    parse_continuation,
)
from conversion_delivery.domain.errors import DeliveryError, SourceUnavailable, TryLater
from conversion_delivery.domain.uploads import Upload
from tests.fakes.destination_store import FakeDestinationStore
from tests.fakes.event_ledger import FakeEventLedger
from tests.fakes.file_progress import FakeFileProgress
from tests.fakes.report_store import FakeReportStore
from tests.fakes.token_store import FakeTokenStore
from tests.fakes.upload_store import FakeUploadStore
from tests.faults.disturbances import Disturbance, FaultPlan, NoFaults
from tests.faults.disturbed_ports import BATCHES_QUEUE, UPLOADS_QUEUE
from tests.faults.message_queue import Message, MessageQueue
from tests.faults.schedule import Schedule
from tests.faults.tiktok_model import TikTok
from tests.faults.tiny_files import SOURCE_ID, Rules, TinyRow, body_of
from tests.faults.virtual_time import HOUR, VirtualClock

DESTINATION = "store-sales"
BUCKET = "conversions"
VISIBILITY = {UPLOADS_QUEUE: 1800.0, BATCHES_QUEUE: 720.0}
REAL_MAX_RECEIVES = 50

Remaining = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How small everything is, so that every path is taken by a handful of rows."""

    rows_per_batch: int = 2
    checkpoint_bytes: int = 1
    """1: a checkpoint after each slice."""
    batches_per_checkpoint: int = 2
    open_batches: int = 0
    """Open batches of a file at which its splitter rests; 0: never."""
    body_bytes: int = 1_000_000
    max_receives: int = REAL_MAX_RECEIVES
    sender_seconds: float = 120.0
    splitter_seconds: float = 300.0
    """A little more than ``SplitLimits.stop_seconds`` makes continuations."""
    first_copy_wait: float = HOUR


@dataclass(eq=False, slots=True)
class DroppedFile:
    """One upload and what its rows are."""

    upload: Upload
    rows: Sequence[TinyRow]

    @property
    def file_id(self) -> str:
        return self.upload.file_id


@dataclass(slots=True)
class Stores:
    """The fakes, bare: what the invariants look at."""

    uploads: FakeUploadStore = field(default_factory=FakeUploadStore)
    ledger: FakeEventLedger = field(default_factory=FakeEventLedger)
    progress: FakeFileProgress = field(default_factory=FakeFileProgress)
    reports: FakeReportStore = field(default_factory=FakeReportStore)
    tokens: FakeTokenStore = field(default_factory=lambda: FakeTokenStore({DESTINATION: "token-1"}))
    destinations: FakeDestinationStore = field(
        default_factory=lambda: FakeDestinationStore({DESTINATION: f'{{"event_source_id": "{SOURCE_ID}"}}'})
    )


class Workflows(Protocol):
    """What a world calls with a message; ``remaining`` gives the seconds that the function has left."""

    def send(self, message: BatchMessage, remaining: Remaining) -> None: ...

    def start(self, upload: Upload, remaining: Remaining) -> None: ...

    def go_on(self, message: ContinuationMessage, remaining: Remaining) -> None: ...


class World:
    """Everything that a history happens in."""

    def __init__(self, plan: FaultPlan, sizes: Sizes) -> None:
        self.sizes = sizes
        self.clock = VirtualClock()
        self.schedule = Schedule(self.clock, plan)
        self.queue = MessageQueue(self.clock, VISIBILITY, sizes.max_receives)
        self.violations: list[str] = []
        self.tiktok = TikTok(self.clock, self.violate)
        self.stores = Stores()
        self.rules = Rules()
        self.files: list[DroppedFile] = []
        self.deliveries = 0
        self.acknowledged: Callable[[Message], None] = lambda message: None
        """Called after each acknowledgement; the invariants put themselves here."""
        self.work: Callable[[Message, Workflows], None] = self._work
        """What one invocation does with its message; ``function_front`` puts the functions' own handling here."""

    def violate(self, what: str) -> None:
        self.schedule.note(f"VIOLATION {what}")
        self.violations.append(what)

    def drop(self, rows: Sequence[TinyRow], name: str = "") -> DroppedFile:
        """Upload a file; its notification is in the queue when this returns."""
        key = f"uploads/{DESTINATION}/{name or f'file-{len(self.files) + 1}'}.csv"
        file = DroppedFile(self.stores.uploads.put(BUCKET, key, body_of(rows)), rows)
        self.files.append(file)
        self.queue.send(UPLOADS_QUEUE, f'{{"uploaded": "{file.file_id}"}}', file.file_id)
        return file

    def file_of(self, file_id: str) -> DroppedFile:
        return next(file for file in self.files if file.file_id == file_id)

    def deliver(self, message: Message, workflows: Workflows) -> None:
        """Start a worker on a message; it stands before its first effect."""
        self.deliveries += 1
        name = f"w{self.deliveries}:m{message.number}"
        self.schedule.note(f"{name} gets {message.queue} {message.file_id[:4]} batch={message.batch}")
        self.schedule.run(self.schedule.start(name, lambda: self.work(message, workflows)))

    def _work(self, message: Message, workflows: Workflows) -> None:
        """One invocation, and what the event source mapping does with its end."""
        try:
            try:
                self._call(message, workflows)
            except TryLater as later:
                self.schedule.note(f"m{message.number} handed back: {later}")
                self.hide(message, later.after_seconds)
            except DeliveryError as error:
                self.schedule.note(f"m{message.number} failed: {error}")
            else:
                self.acknowledge(message)
        except SourceUnavailable:
            self.schedule.note(f"m{message.number}: SQS did not answer")

    def _call(self, message: Message, workflows: Workflows) -> None:
        sizes = self.sizes
        if message.batch is not None:
            workflows.send(parse_batch_message(message.body), self.deadline(sizes.sender_seconds))
        elif "continue_file_id" in message.body:
            workflows.go_on(parse_continuation(message.body), self.deadline(sizes.splitter_seconds))
        else:
            workflows.start(self.file_of(message.file_id).upload, self.deadline(sizes.splitter_seconds))

    def deadline(self, seconds: float) -> Remaining:
        """The time left to a function that begins now."""
        end = self.clock.now + seconds
        return lambda: end - self.clock.now

    def hide(self, message: Message, seconds: float | None) -> None:
        """Change a message's visibility: an effect."""

        def hide(fault: Disturbance) -> None:
            self.queue.change_visibility(message, seconds if seconds is not None else 60.0)

        self.schedule.effect("queue.change_visibility", hide)

    def acknowledge(self, message: Message) -> None:
        """Delete a message from its queue: an effect, and the moment to look whether it was the last one needed."""

        def delete(fault: Disturbance) -> None:
            self.queue.acknowledge(message)
            self.acknowledged(message)

        self.schedule.effect("queue.acknowledge", delete)

    def calm_down(self) -> None:
        """From here on nothing goes wrong any more; what was broken before stays broken."""
        self.schedule.plan = NoFaults()
        self.queue.max_receives = REAL_MAX_RECEIVES
        self.stores.tokens.tokens[DESTINATION] = self.tiktok.token
