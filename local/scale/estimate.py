"""What a file costs and how long it takes: counted calls, measured CPU and a dated price table put together."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from local.costs import LOG_BYTES_PER_INVOCATION, MEMORY_GIB, Cost, Usage, cost_of, per_million
from local.scale.simulation import Arrival, Outcome, Simulation
from local.scale.stages import BATCH_DUPLICATE, BATCH_NEW, EVENTS_PER_BATCH, FILE_ONCE, Limits, Stages

SPLITTER_SECONDS = 240
"""Time that one invocation of the splitter works on a file before it hands over to the next."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Dollars of one file, dollars per million of its events, and how long it takes."""

    rows: int
    duplicates: float
    cost: Cost
    per_million: Cost
    outcome: Outcome

    @property
    def seconds(self) -> float:
        return self.outcome.seconds


def estimate(rows: int, duplicates: float, stages: Stages | None = None, limits: Limits | None = None) -> Estimate:
    """A file of ``rows`` rows, a share of which was delivered before; every row is taken for a conversion."""
    stages, limits = stages or Stages(), limits or Limits()
    usage = usage_of_file(rows, duplicates, stages)
    outcome = Simulation(stages, limits).run([Arrival("file", rows, duplicates=duplicates)])
    return Estimate(rows, duplicates, cost_of(usage), per_million(usage, max(rows, 1)), outcome)


def usage_of_file(rows: int, duplicates: float, stages: Stages) -> Usage:
    """Everything that is billed for a file."""
    batches = rows / EVENTS_PER_BATCH
    splitting = batches * stages.split_batch_seconds()
    sending = batches * (stages.send_batch_seconds(duplicates) + (1 - duplicates) * stages.post_seconds)
    invocations = batches + 1 + splitting // SPLITTER_SECONDS
    return calls_of_file(rows, duplicates) + Usage(
        invocations=invocations,
        gib_seconds=(splitting + sending) * MEMORY_GIB,
        sqs_requests=2 * invocations,
        log_bytes=LOG_BYTES_PER_INVOCATION * invocations,
        traces=invocations,
    )


def calls_of_file(rows: int, duplicates: float) -> Usage:
    """What the functions' calls of AWS are billed, without the functions themselves."""
    batches = rows / EVENTS_PER_BATCH
    return FILE_ONCE + _times(BATCH_NEW, batches * (1 - duplicates)) + _times(BATCH_DUPLICATE, batches * duplicates)


def _times(usage: Usage, factor: float) -> Usage:
    return Usage(**{name: units * factor for name, units in asdict(usage).items()})
