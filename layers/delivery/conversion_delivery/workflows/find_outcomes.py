"""What became of an event: from its key over the ledger to the batch and row that decide it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.conversions import Conversion, Item
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.events.event_ids import EventIds, event_key, ledger_scope
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.mapping.event_names import SOFT_DEPRECATED, STANDARD_EVENTS
from conversion_delivery.domain.outcomes import BatchRecord, Decision, Outcome, is_verdict_on_content, outcome_of
from conversion_delivery.workflows.ports import EventLedger, FileProgress

_KNOWN_FROM_AN_ORDER = frozenset({"event", "order_id", "contents[].content_id"})


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event that the ledger knows."""

    event_key: str
    batch_id: BatchId
    row: int
    decision: Decision
    batch: BatchRecord | None
    file: FileRecord | None

    @property
    def event(self) -> str:
        return self.event_key.split("#", 2)[1]

    @property
    def event_id(self) -> str:
        return self.event_key.split("#", 2)[2]

    @property
    def outcome(self) -> Outcome:
        """The decision in words: what stands among the refused without a verdict of TikTok's was not sent."""
        outcome, code = self.decision
        return Outcome.NOT_SENT if outcome is Outcome.REFUSED and not is_verdict_on_content(code) else outcome

    @property
    def request_id(self) -> str:
        """TikTok's id of the request that decided the row; empty where none did."""
        requests = self.batch.request_ids if self.batch else {}
        return next((request for request, rows in requests.items() if self.row in RowSet.parse(rows)), "")


class FindOutcomes:
    """The operator's question ``status`` about events."""

    def __init__(self, ledger: EventLedger, progress: FileProgress) -> None:
        self._ledger = ledger
        self._progress = progress

    def events(self, keys: Sequence[str]) -> list[FoundEvent]:
        """Those of the keys that the ledger knows, in the order of the keys."""
        owners = self._ledger.owners(keys)
        return [self._found(key, owners[key].batch, owners[key].row) for key in keys if key in owners]

    def _found(self, key: str, batch: str, row: int) -> FoundEvent:
        batch_id = BatchId.parse(batch)
        record = self._progress.batch(batch_id)
        return FoundEvent(key, batch_id, row, outcome_of(record, row), record, self._progress.file(batch_id.file_id))


def event_names_of(settings: DestinationSettings) -> list[str]:
    """The event names that files of a destination can turn into, custom names of the files' own excepted."""
    names = [*STANDARD_EVENTS, *SOFT_DEPRECATED, *settings.event_map.values(), settings.default_event or ""]
    return [name for name in dict.fromkeys(names) if name]


def keys_of_event_id(settings: DestinationSettings, event_id: str, events: Iterable[str]) -> list[str]:
    """The ledger keys that an event id can stand under."""
    return [event_key(ledger_scope(settings), event, event_id) for event in events]


def keys_of_order(
    settings: DestinationSettings, order_id: str, events: Iterable[str], content_id: str = ""
) -> list[str]:
    """The ledger keys that an order can stand under: made as ``domain.events.event_ids`` makes them, from the order id.

    The order id itself is among the ids, because files often use it as event id. Files with one row per item have
    the product in the id: they are found with ``content_id`` only.
    """
    keys = []
    for event in events:
        items = (Item(content_id=content_id),) if content_id else ()
        conversion = Conversion(event=event, event_time=0, order_id=order_id, items=items)
        ids = {order_id: None, EventIds().of(conversion): None}
        if content_id:
            ids[EventIds(item_level=True).of(conversion)] = None
        if can_be_found_by_order(settings) and settings.event_id_from:
            ids[EventIds(settings.event_id_from).of(conversion)] = None
        keys += [event_key(ledger_scope(settings), event, event_id) for event_id in ids if event_id]
    return list(dict.fromkeys(keys))


def can_be_found_by_order(settings: DestinationSettings) -> bool:
    """Whether the order is all that ``event_id_from`` asks for."""
    return _KNOWN_FROM_AN_ORDER.issuperset(settings.event_id_from)
