"""What each stage of a delivery takes, as measured, and the limits of a deployment.

CPU figures come from ``python -m tests.benchmarks`` (one core, medians), calls and billed units from counting what the
real functions do (``tests/pipeline/test_cost_of_delivery.py`` fails where these figures are no longer true). The
duration of AWS's and TikTok's own answers is assumed; nothing here was measured in an AWS account.
"""

from __future__ import annotations

from dataclasses import dataclass

from local.costs import CPU_FACTOR, Usage

EVENTS_PER_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Stages:
    """CPU microseconds on the measuring core, and seconds of waiting, of the parts of a delivery."""

    split_row_us: float = 4.7
    send_event_us: float = 15.0
    """Re-read, normalise, hash and encode."""
    claim_event_us: float = 30.0
    claim_duplicate_us: float = 12.0
    """An event that was delivered before: its owner is read, nothing is written."""
    other_event_us: float = 40.0
    """Leases, records, results and the end of a batch and its file: the rest of the whole path (``make bench``)."""
    batch_wait_seconds: float = 0.9
    """Answers of AWS that the sender waits for per batch, one after the other, at 40 claim calls of 15 ms."""
    duplicate_batch_wait_seconds: float = 0.35
    post_seconds: float = 0.6
    checkpoint_seconds: float = 0.05
    """Per ten batches: storing the checkpoint and sending ten messages."""
    cpu_factor: float = CPU_FACTOR
    """How much longer a Lambda processor is assumed to take."""

    def split_batch_seconds(self) -> float:
        """Time of the splitter for a batch's rows."""
        cpu = self.split_row_us * EVENTS_PER_BATCH / 1e6
        return cpu * self.cpu_factor + self.checkpoint_seconds / 10

    def send_batch_seconds(self, duplicates: float) -> float:
        """Time of a sender for a batch of which a share was delivered before, without waiting for TikTok."""
        claims = (1 - duplicates) * self.claim_event_us + duplicates * self.claim_duplicate_us
        cpu = (self.send_event_us + claims + self.other_event_us) * EVENTS_PER_BATCH / 1e6
        waits = (1 - duplicates) * self.batch_wait_seconds + duplicates * self.duplicate_batch_wait_seconds
        return cpu * self.cpu_factor + waits


@dataclass(frozen=True, slots=True)
class Limits:
    """What a deployment is allowed."""

    senders: int = 5
    """Senders that run at once (template parameter ``SenderConcurrency``)."""
    splitters: int = 5
    table_writes: float = 4_000
    """Write units a second of the event ledger. A table on demand begins at 4,000 and its account's default quota is
    40,000 (AWS documentation, "On-demand throughput", "Quotas"); more is warmed up or asked for."""
    tiktok_requests: float = 1_000
    """Requests a second that TikTok takes for one source. A harvest of its portal says 1,000 for ``/event/track/`` at
    every level of an app; 10 (the basic level of its other endpoints) is the careful guess for tokens of Events
    Manager, of which no source speaks."""
    open_batches: int | None = None
    """Batches of one file that wait at most, the splitter rests while there are more; 0: it never rests, None: as the
    template says (40 a sender, 300 at least)."""

    @property
    def most_open_batches(self) -> int:
        """``open_batches`` as a number."""
        return max(300, 40 * self.senders) if self.open_batches is None else self.open_batches


BATCH_NEW = Usage(write_units=1_010, read_units=4, s3_writes=1, s3_reads=2, sqs_requests=0.1)
"""Billed units of the calls for 1,000 new events: claims, records of the batch, results, the pointer's share."""

BATCH_DUPLICATE = Usage(write_units=18, read_units=1_006, s3_writes=1, s3_reads=2, sqs_requests=0.1)
"""The same for 1,000 events that were delivered before."""

FILE_ONCE = Usage(write_units=8, read_units=4, s3_writes=8, s3_reads=2, sqs_requests=1)
"""What a file costs besides its batches: its record, its head, the pages of its report."""
