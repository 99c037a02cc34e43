"""Workflows put together from ports: the same for the functions, the command line and the simulations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.claim_events import ClaimEvents
from conversion_delivery.workflows.close_batch import CloseBatch
from conversion_delivery.workflows.delivery_gate import DeliveryGate
from conversion_delivery.workflows.events_api_ports import EventsApi, TokenStore
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.ports import (
    DestinationStore,
    EventLedger,
    FileProgress,
    Notices,
    ReportStore,
    SilentNotices,
    SplitQueue,
    Telemetry,
)
from conversion_delivery.workflows.post_events import PostEvents
from conversion_delivery.workflows.prepare_upload import PrepareUpload
from conversion_delivery.workflows.send_batch import SendBatch
from conversion_delivery.workflows.split_file import SplitFile, SplitLimits
from conversion_delivery.workflows.upload_ports import KeyStore, PgpDecryption, PreparedStore, UploadStore


@dataclass(frozen=True, slots=True)
class SplitterPorts:
    """Everything the splitter touches."""

    uploads: UploadStore
    queue: SplitQueue
    progress: FileProgress
    destinations: DestinationStore
    reports: ReportStore
    prepared: PreparedStore
    keys: KeyStore
    decryption: PgpDecryption
    telemetry: Telemetry
    now: Callable[[], float]
    new_id: Callable[[], str]
    reading: Reading = field(default_factory=Reading)
    notices: Notices = field(default_factory=SilentNotices)


@dataclass(frozen=True, slots=True)
class SenderPorts:
    """Everything the sender touches."""

    uploads: UploadStore
    ledger: EventLedger
    progress: FileProgress
    tokens: TokenStore
    api: EventsApi
    reports: ReportStore
    telemetry: Telemetry
    now: Callable[[], float]
    jitter: Callable[[], float]
    new_id: Callable[[], str]
    reading: Reading = field(default_factory=Reading)
    notices: Notices = field(default_factory=SilentNotices)


def assemble_splitter(ports: SplitterPorts, limits: SplitLimits | None = None) -> SplitFile:
    finish = FinishFile(ports.progress, ports.reports, ports.telemetry, ports.now, ports.notices)
    prepare = PrepareUpload(
        uploads=ports.uploads, prepared=ports.prepared, keys=ports.keys, decryption=ports.decryption
    )
    return SplitFile(
        uploads=ports.uploads,
        prepare=prepare,
        queue=ports.queue,
        progress=ports.progress,
        destinations=ports.destinations,
        reports=ports.reports,
        finish=finish,
        telemetry=ports.telemetry,
        now=ports.now,
        new_id=ports.new_id,
        reading=ports.reading,
        limits=limits,
    )


def assemble_sender(ports: SenderPorts, limits: DeliveryLimits) -> SendBatch:
    gate = DeliveryGate(ports.progress, ports.telemetry, ports.now, ports.jitter)
    post = PostEvents(
        api=ports.api,
        progress=ports.progress,
        tokens=ports.tokens,
        gate=gate,
        telemetry=ports.telemetry,
        limits=limits,
    )
    return SendBatch(
        uploads=ports.uploads,
        progress=ports.progress,
        gate=gate,
        claim=ClaimEvents(ports.ledger, ports.progress, limits),
        post=post,
        close=CloseBatch(ports.progress, ports.reports, ports.telemetry, ports.now),
        finish=FinishFile(ports.progress, ports.reports, ports.telemetry, ports.now, ports.notices),
        telemetry=ports.telemetry,
        now=ports.now,
        new_id=ports.new_id,
        limits=limits,
        reading=ports.reading,
    )
