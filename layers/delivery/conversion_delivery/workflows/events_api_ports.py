"""Ports to TikTok: the token, one request, and what its answer means.

Any method may raise as ``workflows.ports`` says; an answer holds no text of TikTok's, which can echo values.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class TokenStore(Protocol):
    def token(self, destination: str, *, fresh: bool = False) -> str:
        """The access token; ``fresh`` skips every cache.

        Raises ``CredentialsRefused``: ``SECRET_MISSING``, ``SECRET_UNUSABLE``.
        """
        ...


UNLISTED_CODE = "UNLISTED_CODE"
"""Cause of an answer whose code no source lists: what it means has to be found out by a person."""


class AnswerKind(StrEnum):
    """What an answer of the Events API means for the events of its request."""

    ACCEPTED = "accepted"
    PARTIAL = "partial"
    """Some events were taken: ``refused_indices`` names the others; None there means nobody said which."""
    REFUSED = "refused"
    """Nothing was taken. ``refused_indices`` names the culprits, or None: one of them, nobody said which."""
    THROTTLED = "throttled"
    BAD_CREDENTIALS = "bad_credentials"
    MISCONFIGURED = "misconfigured"
    """Nothing was taken and no event is to blame: wrong source id, version, host. A person must look."""
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    """No answer, or none that can be read: the events may have been taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the Events API, free of TikTok's text (it can echo values)."""

    kind: AnswerKind
    code: int | None = None
    """TikTok's ``code``; None where there was no readable body."""
    http_status: int | None = None
    request_id: str = ""
    refused_indices: tuple[int, ...] | None = None
    field: str = ""
    """Path of the field that TikTok names, such as ``properties.contents.content_id``."""
    cause: str = ""
    """Name of the exception or of the defect when there was no readable answer."""
    pause_seconds: float | None = None
    """How long a throttled caller should rest, where the kind of limit is known."""


class EventsApi(Protocol):
    def track(self, token: str, body: bytes) -> Answer:
        """One POST of one request body; never raises for anything that the network or TikTok can do."""
        ...
