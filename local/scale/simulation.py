"""A discrete-event simulation of deliveries: which file is done when, and what holds it up.

In: files with their time of arrival, measured stages, limits. Out: when each file is done, and how busy each resource
was. A step is a batch of 1,000 rows: a splitter cuts it, it waits in the queue, a sender claims its events against the
table's write limit, posts it against TikTok's limit, and closes it.

The queue is modelled as SQS is for standard queues: messages come out in about the order they went in. Senders take
whatever comes, whoever's it is, so a long file could make all others wait; the splitter therefore rests while too many
batches of its file are open (``Limits.open_batches``), and a short file's batches stand right behind those.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from local.scale.stages import EVENTS_PER_BATCH, Limits, Stages


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that is dropped ``at`` seconds after the beginning."""

    name: str
    rows: int
    at: float = 0.0
    duplicates: float = 0.0
    """Share of its events that were delivered before."""


@dataclass(slots=True)
class Rate:
    """A resource that does ``per_second`` units a second, one after the other; unused time is not saved up."""

    per_second: float
    free_at: float = 0.0
    used: float = 0.0

    def take(self, now: float, units: float) -> float:
        """When ``units`` that are asked for at ``now`` are through."""
        busy = units / self.per_second
        self.free_at = max(self.free_at, now) + busy
        self.used += busy
        return self.free_at


@dataclass(slots=True)
class _File:
    arrival: Arrival
    to_cut: int
    open: int = 0
    closed: int = 0
    done_at: float | None = None

    @property
    def batches(self) -> int:
        return -(-self.arrival.rows // EVENTS_PER_BATCH)


@dataclass(frozen=True, slots=True)
class Outcome:
    """When files were done, and the share of the whole time that each resource was at work."""

    done_at: dict[str, float]
    seconds: float
    busy: dict[str, float]
    longest_queue: int

    @property
    def bottleneck(self) -> str:
        """The resource that was busiest."""
        return max(self.busy, key=lambda name: self.busy[name])


@dataclass(slots=True)
class Simulation:
    """One run. ``limits.open_batches`` 0: the splitter never rests."""

    stages: Stages = field(default_factory=Stages)
    limits: Limits = field(default_factory=Limits)
    _agenda: list[tuple[float, int, Callable[[_File], None], _File]] = field(default_factory=list)
    _order: int = 0
    _now: float = 0.0
    _writes: Rate = field(default_factory=lambda: Rate(1))
    _posts: Rate = field(default_factory=lambda: Rate(1))
    _queue: deque[_File] = field(default_factory=deque)
    _waiting_files: deque[_File] = field(default_factory=deque)
    _idle_senders: int = 0
    _idle_splitters: int = 0
    _busy_senders: float = 0.0
    _busy_splitters: float = 0.0
    _longest_queue: int = 0

    def run(self, arrivals: Sequence[Arrival]) -> Outcome:
        """Let all files be delivered."""
        self._writes, self._posts = Rate(self.limits.table_writes), Rate(self.limits.tiktok_requests)
        self._idle_senders, self._idle_splitters = self.limits.senders, self.limits.splitters
        files = [_File(arrival, -(-arrival.rows // EVENTS_PER_BATCH)) for arrival in arrivals]
        for file in files:
            self._at(file.arrival.at, self._arrive, file)
        while self._agenda:
            self._now, _, happen, file = heapq.heappop(self._agenda)
            happen(file)
        end = self._now or 1.0
        busy = {
            "senders": self._busy_senders / (self.limits.senders * end),
            "splitters": self._busy_splitters / (self.limits.splitters * end),
            "table writes": self._writes.used / end,
            "TikTok requests": self._posts.used / end,
        }
        done = {file.arrival.name: file.done_at or 0.0 for file in files}
        return Outcome(done, end, busy, self._longest_queue)

    def _at(self, moment: float, happen: Callable[[_File], None], file: _File) -> None:
        self._order += 1
        heapq.heappush(self._agenda, (moment, self._order, happen, file))

    def _arrive(self, file: _File) -> None:
        """A notification or a continuation is in the queue of uploads."""
        self._waiting_files.append(file)
        self._begin_splitting()

    def _begin_splitting(self) -> None:
        while self._idle_splitters and self._waiting_files:
            self._idle_splitters -= 1
            self._cut(self._waiting_files.popleft())

    def _cut(self, file: _File) -> None:
        """Cut the next stretch, ten batches at most; one checkpoint each."""
        seconds = min(STRETCH, file.to_cut) * self.stages.split_batch_seconds()
        self._busy_splitters += seconds
        self._at(self._now + seconds, self._put_batches, file)

    def _put_batches(self, file: _File) -> None:
        """A stretch is stored and its messages are sent; go on, rest, or be done with the file."""
        count = min(STRETCH, file.to_cut)
        file.to_cut -= count
        file.open += count
        self._queue.extend([file] * count)
        self._longest_queue = max(self._longest_queue, len(self._queue))
        self._begin_sending()
        if file.to_cut and not (0 < self.limits.most_open_batches <= file.open):
            self._cut(file)
            return
        self._idle_splitters += 1
        if file.to_cut:
            self._at(self._now + REST_SECONDS, self._arrive, file)
        self._begin_splitting()

    def _begin_sending(self) -> None:
        while self._idle_senders and self._queue:
            self._idle_senders -= 1
            self._send(self._queue.popleft())

    def _send(self, file: _File) -> None:
        """Claim, post, close. The table and TikTok serve one after the other; the sender waits for both."""
        duplicates = file.arrival.duplicates
        new = EVENTS_PER_BATCH * (1 - duplicates)
        own = self.stages.send_batch_seconds(duplicates)
        claimed = max(self._now + own, self._writes.take(self._now, new))
        posted = claimed
        if new:
            posted = max(claimed, self._posts.take(claimed, 1)) + self.stages.post_seconds
        self._busy_senders += posted - self._now
        self._at(posted, self._close, file)

    def _close(self, file: _File) -> None:
        file.open -= 1
        file.closed += 1
        if file.closed == file.batches:
            file.done_at = self._now
        self._idle_senders += 1
        self._begin_sending()


STRETCH = 10
"""Batches per checkpoint."""

REST_SECONDS = 10.0
"""How long a file's continuation is delayed while too many of its batches are open."""
