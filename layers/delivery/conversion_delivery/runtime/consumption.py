"""From SQS records to one workflow call each, and from their errors to what becomes of the message.

* returned: acknowledged;
* ``TryLater``: back to the queue, visible again after the wait it asks for, else after a jittered back-off;
* ``ContractBroken``: parked in the dead-letter queue at once, with a metric that rings: trying again cannot help;
* anything unforeseen: back to the queue with a back-off; only its type and place are logged, never its text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from conversion_delivery.domain.errors import ContractBroken, DeliveryError, TryLater
from conversion_delivery.domain.retry_schedule import message_delay
from conversion_delivery.runtime.telemetry import FunctionTelemetry

AWS_REFUSED = "AWS_REFUSED"
"""Code of a refusal by AWS that does not pass by itself: a missing permission, or a defect of ours."""

Remaining = Callable[[], float]


class MessageQueue(Protocol):
    """What a consumer may do with a message besides acknowledging it."""

    def delay(self, receipt_handle: str, seconds: float) -> None:
        """Hide the message for so long; a message that is not ours any more is left alone."""
        ...

    def park(self, body: str, code: str) -> None:
        """Put a copy into the dead-letter queue."""
        ...


class HandedBack(Exception):
    """The record's message goes back to the queue (said to Powertools, which collects the ids)."""


class Consumption:
    """Handles the records of one invocation after another."""

    def __init__(
        self,
        handle: Callable[[str, Remaining], None],
        queue: MessageQueue,
        telemetry: FunctionTelemetry,
        jitter: Callable[[], float],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._handle = handle
        self._queue = queue
        self._telemetry = telemetry
        self._jitter = jitter
        self._now = now

    def run(self, event: dict[str, Any], context: Any) -> Mapping[str, Any]:
        """The partial batch response of AWS for an SQS event."""

        def remaining() -> float:
            return float(context.get_remaining_time_in_millis()) / 1000

        # Without the flag, a batch in which all fail would raise an error whose text holds every traceback.
        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        try:
            return process_partial_response(
                event=event,
                record_handler=lambda record: self._consume(record.raw_event, remaining),
                processor=processor,
                context=context,
            )
        finally:
            self._telemetry.flush()

    def _consume(self, record: Mapping[str, Any], remaining: Remaining) -> None:
        try:
            self._handle(record["body"], remaining)
        except TryLater as later:
            if later.code == AWS_REFUSED:
                self._ring("aws_refused", later)
            self._hand_back(record, later, later.after_seconds)
        except ContractBroken as broken:
            self._park(record, broken)
        except DeliveryError as error:
            self._ring("unhandled_delivery_error", error)
            self._hand_back(record, error, None)
        except Exception as error:
            self._ring("unexpected_error", error)
            self._hand_back(record, error, None)

    def _hand_back(self, record: Mapping[str, Any], error: Exception, after_seconds: float | None) -> None:
        """Back to the queue. Always raises ``HandedBack``."""
        attributes = record.get("attributes", {})
        receives = int(attributes.get("ApproximateReceiveCount", "1"))
        if "SentTimestamp" in attributes:  # SQS's own metric leaves out messages that were received three times
            age = max(0.0, self._now() - int(attributes["SentTimestamp"]) / 1000)
            self._telemetry.measure("HandedBackAgeSeconds", age, "Seconds")
        seconds = after_seconds if after_seconds is not None else message_delay(receives, self._jitter())
        code = error.code if isinstance(error, DeliveryError) else type(error).__name__
        self._telemetry.note("handed_back", code=code, after_seconds=round(seconds, 1), receive_count=receives)
        try:
            self._queue.delay(record["receiptHandle"], seconds)
        except Exception as failure:  # the queue's own visibility time-out brings the message back all the same
            self._ring("delay_failed", failure)
        raise HandedBack from None

    def _park(self, record: Mapping[str, Any], broken: ContractBroken) -> None:
        self._ring("contract_broken", broken)
        self._telemetry.count("ContractBroken")
        try:
            self._queue.park(record["body"], broken.code)
        except Exception as failure:
            self._ring("park_failed", failure)
            self._hand_back(record, broken, None)

    def _ring(self, message: str, error: Exception) -> None:
        """Say that something went wrong: type, coded facts, and the place it was raised at; never the text."""
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        facts: dict[str, Any] = {}
        if isinstance(error, DeliveryError):
            facts = {**error.facts, "code": error.code}
        if place is not None:
            facts["place"] = f"{place.tb_frame.f_globals.get('__name__', '')}:{place.tb_lineno}"
        self._telemetry.warn(message, **{**facts, "type": type(error).__name__})
        self._telemetry.count("UnexpectedErrors" if not isinstance(error, DeliveryError) else "DeliveryErrors")
