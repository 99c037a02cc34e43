"""What a notification says: which uploads there are. In: an SQS body, or a bare S3 event. Out: ``Upload`` values.

S3 sends keys form-encoded (space as plus, the rest as ``%xx`` of UTF-8), and a test event when the notification is
set up. Only ``ObjectCreated:*`` speaks of uploads; everything else (deletions, restores) is nobody's file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.uploads import Upload

_TEST = "s3:TestEvent"
_CREATED = ("ObjectCreated:", "s3:ObjectCreated:")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Bucket(_Model):
    name: str = Field(min_length=1)


class _Object(_Model):
    key: str = Field(min_length=1)
    size: int = Field(0, ge=0)
    version_id: str = Field("", alias="versionId")


class _Entity(_Model):
    bucket: _Bucket
    object: _Object


class _Record(_Model):
    event_name: str = Field(alias="eventName")
    s3: _Entity


def uploads_in(body: str) -> list[Upload]:
    """The uploads that the body of a queue message announces; ``version_id`` is empty where S3 named none.

    Raises ``ContractBroken`` (``MESSAGE_INVALID``).
    """
    try:
        event = json.loads(body)
    except ValueError:
        raise ContractBroken("MESSAGE_INVALID") from None
    if not isinstance(event, dict):
        raise ContractBroken("MESSAGE_INVALID")
    return uploads_in_event(event)


def uploads_in_event(event: Mapping[str, Any]) -> list[Upload]:
    """The same for an S3 event that comes without a queue. Raises ``ContractBroken`` (``MESSAGE_INVALID``)."""
    if event.get("Event") == _TEST:
        return []
    records = event.get("Records")
    if not isinstance(records, list):
        raise ContractBroken("MESSAGE_INVALID")
    return [_upload(record) for record in records if _is_created(record)]


def _is_created(record: object) -> bool:
    name = record.get("eventName") if isinstance(record, dict) else None
    if not isinstance(name, str):
        raise ContractBroken("MESSAGE_INVALID")
    return name.startswith(_CREATED)


def _upload(record: object) -> Upload:
    try:
        entity = _Record.model_validate(record).s3
        key = unquote_plus(entity.object.key, errors="strict")
    except (ValidationError, UnicodeDecodeError):
        raise ContractBroken("MESSAGE_INVALID") from None
    return Upload(entity.bucket.name, key, entity.object.version_id, entity.object.size)
