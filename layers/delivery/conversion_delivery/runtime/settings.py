"""A function's environment, read once and in one place.

Names equal those in template.yaml. A missing or malformed variable fails the cold start, naming the variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.open_batches import open_batches_for
from conversion_delivery.workflows.split_file import SplitLimits

DAY = 86_400

BATCHES_OUTLIVE_EVENTS = 60 * DAY
"""BATCH items live this much longer than the ledger items that name them: an event without its batch has no outcome."""


class FunctionSettings(BaseModel):
    """What both functions need."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    stack_name: str = Field(alias="STACK_NAME")
    file_progress_table: str = Field(alias="FILE_PROGRESS_TABLE")
    bucket_name: str = Field(alias="BUCKET_NAME")
    ledger_retention_days: int = Field(90, alias="LEDGER_RETENTION_DAYS", ge=3)
    batches_queue_url: str = Field(alias="BATCHES_QUEUE_URL")
    log_level: str = Field("INFO", alias="LOG_LEVEL")
    metrics_namespace: str = Field("ConversionDelivery", alias="POWERTOOLS_METRICS_NAMESPACE")
    file_notices: Literal["each", "digest", "off"] = Field("off", alias="FILE_NOTICES")


class SplitterSettings(FunctionSettings):
    uploads_queue_url: str = Field(alias="UPLOADS_QUEUE_URL")
    dead_letter_queue_url: str = Field("", alias="UPLOADS_DLQ_URL")
    stop_seconds: float = Field(60.0, alias="SPLIT_STOP_SECONDS", ge=0)
    sender_concurrency: int = Field(5, alias="SENDER_CONCURRENCY", ge=1)
    """How many senders run at once: decides how many batches of a file may be open."""

    @property
    def split_limits(self) -> SplitLimits:
        return SplitLimits(stop_seconds=self.stop_seconds, open_batches=open_batches_for(self.sender_concurrency))


class SenderSettings(FunctionSettings):
    event_ledger_table: str = Field(alias="EVENT_LEDGER_TABLE")
    events_api_endpoint: str = Field("https://business-api.tiktok.com", alias="EVENTS_API_ENDPOINT")
    dedup_window_hours: float = Field(48, alias="DEDUP_WINDOW_HOURS", ge=0)
    first_copy_wait_seconds: float = Field(3600, alias="FIRST_COPY_WAIT_SECONDS", ge=0)
    dead_letter_queue_url: str = Field("", alias="BATCHES_DLQ_URL")

    @property
    def delivery_limits(self) -> DeliveryLimits:
        return DeliveryLimits(
            dedup_window=self.dedup_window_hours * 3600,
            first_copy_wait=self.first_copy_wait_seconds,
            ledger_retention=self.ledger_retention_days * DAY,
        )


class RotationSettings(FunctionSettings):
    events_api_endpoint: str = Field("https://business-api.tiktok.com", alias="EVENTS_API_ENDPOINT")


class DigestSettings(FunctionSettings):
    notices_queue_url: str = Field(alias="NOTICES_QUEUE_URL")
    notices_topic: str = Field(alias="NOTICES_TOPIC")


Settings = TypeVar("Settings", bound=FunctionSettings)


def read_settings(model: type[Settings], environment: Mapping[str, str]) -> Settings:
    """Raises ``ContractBroken`` (``ENVIRONMENT_INVALID``) naming the first variable that is wrong."""
    try:
        return model.model_validate(dict(environment))
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_context=False, include_url=False)[0]
        raise ContractBroken("ENVIRONMENT_INVALID", variable=str(first["loc"][0])) from None
