"""The real workflows over disturbed ports; a mutation replaces one of the parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage
from conversion_delivery.domain.reading.slices import SliceLimits
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.claim_events import ClaimEvents
from conversion_delivery.workflows.close_batch import CloseBatch
from conversion_delivery.workflows.delivery_gate import DeliveryGate
from conversion_delivery.workflows.events_api_ports import EventsApi
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.ports import EventLedger, FileProgress, Telemetry
from conversion_delivery.workflows.post_events import PostEvents
from conversion_delivery.workflows.prepare_upload import PrepareUpload
from conversion_delivery.workflows.send_batch import SendBatch
from conversion_delivery.workflows.split_file import SplitFile, SplitLimits
from tests.fakes.key_store import FakeKeyStore
from tests.fakes.prepared_store import FakePreparedStore
from tests.faults.disturbed_ports import (
    Disturbed,
    DisturbedEventsApi,
    DisturbedLedger,
    DisturbedProgress,
    DisturbedSplitQueue,
)
from tests.faults.tiny_files import TinyReading
from tests.faults.world import Remaining, World


def _unchanged(port: Any) -> Any:
    return port


@dataclass(frozen=True, slots=True)
class Parts:
    """What the workflows are made of; the defaults are the product itself."""

    progress: Callable[[FileProgress], FileProgress] = _unchanged
    """Wraps the bare store: its every method stays one effect."""
    ledger: Callable[[EventLedger], EventLedger] = _unchanged
    claims: Callable[[EventLedger], EventLedger] = _unchanged
    """Wraps the ledger outside of the disturbances: sees the answers that the workflows see."""
    api: Callable[[EventsApi], EventsApi] = _unchanged
    """Wraps the API outside of the disturbances."""
    split: type[SplitFile] = SplitFile
    send: type[SendBatch] = SendBatch
    claim: type[ClaimEvents] = ClaimEvents
    post: type[PostEvents] = PostEvents
    close: type[CloseBatch] = CloseBatch
    finish: type[FinishFile] = FinishFile
    limits: Callable[[DeliveryLimits], DeliveryLimits] = _unchanged


class SilentTelemetry:
    """Takes everything, keeps the names of the metrics only."""

    def __init__(self) -> None:
        self.counts: dict[str, float] = {}

    def count(self, metric: str, value: float = 1, **dimensions: str) -> None:
        self.counts[metric] = self.counts.get(metric, 0) + value

    def measure(self, metric: str, value: float, unit: str = "None", **dimensions: str) -> None:
        """Measurements are nobody's business here."""

    def note(self, message: str, **facts: int | float | str | None) -> None:
        """Notes are nobody's business here."""

    def span(self, name: str) -> _NoSpan:
        return _NO_SPAN


class _NoSpan:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        return None


_NO_SPAN = _NoSpan()


@dataclass(slots=True)
class RealWorkflows:
    """The two functions of the product, called with parsed messages."""

    splitter: SplitFile
    sender: SendBatch
    telemetry: SilentTelemetry

    def send(self, message: BatchMessage, remaining: Remaining) -> None:
        self.sender.run(message, remaining)

    def start(self, upload: Upload, remaining: Remaining) -> None:
        self.splitter.start(upload, remaining)

    def go_on(self, message: ContinuationMessage, remaining: Remaining) -> None:
        self.splitter.go_on(message, remaining)


THE_PRODUCT = Parts()


def workflows_of(world: World, parts: Parts = THE_PRODUCT) -> RealWorkflows:
    """Put the workflows together as ``workflows.assembly`` does, over the world's disturbed ports."""
    schedule, stores = world.schedule, world.stores
    telemetry = SilentTelemetry()
    progress = cast(FileProgress, DisturbedProgress(schedule, parts.progress(stores.progress)))
    ledger = parts.claims(cast(EventLedger, DisturbedLedger(schedule, parts.ledger(stores.ledger))))
    api = parts.api(DisturbedEventsApi(schedule, world.tiktok))
    shared = _Shared(
        world=world,
        progress=progress,
        reports=Disturbed(schedule, "reports", stores.reports),
        uploads=Disturbed(schedule, "uploads", stores.uploads),
        telemetry=telemetry,
        new_id=_Ids("attempt"),
    )
    finish = parts.finish(progress, shared.reports, telemetry, world.clock)
    sender = _sender(shared, ledger, api, finish, parts)
    return RealWorkflows(_splitter(shared, finish, parts), sender, telemetry)


@dataclass(slots=True)
class _Shared:
    world: World
    progress: FileProgress
    reports: Any
    uploads: Any
    telemetry: Telemetry
    new_id: Callable[[], str]


def _sender(shared: _Shared, ledger: EventLedger, api: EventsApi, finish: FinishFile, parts: Parts) -> SendBatch:
    world, progress, telemetry = shared.world, shared.progress, shared.telemetry
    sizes = world.sizes
    limits = parts.limits(DeliveryLimits(body_bytes=sizes.body_bytes, first_copy_wait=sizes.first_copy_wait))
    gate = DeliveryGate(progress, telemetry, world.clock, lambda: 0.5)
    tokens: Any = Disturbed(world.schedule, "tokens", world.stores.tokens)
    post = parts.post(api=api, progress=progress, tokens=tokens, gate=gate, telemetry=telemetry, limits=limits)
    return parts.send(
        uploads=shared.uploads,
        progress=progress,
        gate=gate,
        claim=parts.claim(ledger, progress, limits),
        post=post,
        close=parts.close(progress, shared.reports, telemetry, world.clock),
        finish=finish,
        telemetry=telemetry,
        now=world.clock,
        new_id=shared.new_id,
        limits=limits,
        reading=TinyReading(world.rules),
    )


def _splitter(shared: _Shared, finish: FinishFile, parts: Parts) -> SplitFile:
    world = shared.world
    slices = SliceLimits(conversions=world.sizes.rows_per_batch, rows=4 * world.sizes.rows_per_batch)
    destinations: Any = Disturbed(world.schedule, "destinations", world.stores.destinations)
    prepare = PrepareUpload(
        uploads=shared.uploads,
        prepared=FakePreparedStore(world.stores.uploads),
        keys=FakeKeyStore(),
        decryption=SequoiaDecryption(),
    )
    return parts.split(
        uploads=shared.uploads,
        prepare=prepare,
        queue=DisturbedSplitQueue(world.schedule, world.queue),
        progress=shared.progress,
        destinations=destinations,
        reports=shared.reports,
        finish=finish,
        telemetry=shared.telemetry,
        now=world.clock,
        new_id=shared.new_id,
        reading=TinyReading(world.rules),
        limits=SplitLimits(
            slices=slices,
            checkpoint_bytes=world.sizes.checkpoint_bytes,
            batches_per_checkpoint=world.sizes.batches_per_checkpoint,
            open_batches=world.sizes.open_batches,
        ),
    )


class _Ids:
    """Names that never repeat, the same in every run of the same history."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._given = 0

    def __call__(self) -> str:
        self._given += 1
        return f"{self._prefix}-{self._given}"
