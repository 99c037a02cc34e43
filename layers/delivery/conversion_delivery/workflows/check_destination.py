"""Prove a destination's token as far as TikTok allows without sending an event.

TikTok has no call that only validates. What comes nearest is a request with an empty list of events: nothing can be
counted, and TikTok has to look at the token before it complains about the list. That order is inferred (public
integrations use the empty list as their credential test; TikTok documents none), so the findings say what was proved
and what was not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import CredentialsRefused
from conversion_delivery.domain.events.tiktok_events import request_body
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind, EventsApi, TokenStore
from conversion_delivery.workflows.operator_ports import DestinationRegistry, DestinationState
from conversion_delivery.workflows.ports import DestinationStore


class Finding(StrEnum):
    """What a check found out."""

    TOKEN_ACCEPTED = "token_accepted"  # noqa: S105 - names of findings, not secrets
    """TikTok took the request, or complained about the empty list only."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - names of findings, not secrets
    TOKEN_MISSING = "token_missing"  # noqa: S105 - names of findings, not secrets
    """The secret does not exist, or holds no token."""
    SOURCE_REFUSED = "source_refused"
    """TikTok does not take the event set id, or not for this kind of source."""
    MISCONFIGURED = "misconfigured"
    NOTHING_PROVED = "nothing_proved"
    """No answer, throttled, or one that can mean anything."""


ACTIVE, REFUSED = "active", "refused"

STATUS = {
    Finding.TOKEN_ACCEPTED: ACTIVE,
    Finding.TOKEN_REFUSED: REFUSED,
    Finding.TOKEN_MISSING: REFUSED,
    Finding.SOURCE_REFUSED: REFUSED,
    Finding.MISCONFIGURED: REFUSED,
}
"""Finding -> status of the destination; what proves nothing changes nothing."""

_SOURCE_FIELDS = frozenset({"event_source", "event_source_id", "pixel_code", "event_set_id"})
_EMPTY_LIST = "data"


@dataclass(frozen=True, slots=True)
class DestinationCheck:
    """A finding, and the answer it rests on (None: TikTok was not asked)."""

    finding: Finding
    settings: DestinationSettings
    answer: Answer | None = None
    code: str = ""

    @property
    def status(self) -> str | None:
        """The status that follows; None: it stays as it is."""
        return STATUS.get(self.finding)


class CheckDestination:
    """The operator's verb ``destination check``."""

    def __init__(
        self,
        *,
        destinations: DestinationStore,
        tokens: TokenStore,
        api: EventsApi,
        registry: DestinationRegistry,
        now: Callable[[], float],
    ) -> None:
        self._destinations = destinations
        self._tokens = tokens
        self._api = api
        self._registry = registry
        self._now = now

    def run(self, destination: str) -> DestinationCheck:
        """Ask TikTok once and store the status that follows.

        Raises ``UploadRejected`` (``DESTINATION_UNKNOWN``, ``SETTINGS_INVALID``).
        """
        settings = self._destinations.settings(destination)
        check = self._check(destination, settings)
        if check.status is not None:
            self._registry.put_state(destination, DestinationState(check.status, self._now(), check.code))
        return check

    def _check(self, destination: str, settings: DestinationSettings) -> DestinationCheck:
        try:
            token = self._tokens.token(destination, fresh=True)
        except CredentialsRefused as refusal:
            return DestinationCheck(Finding.TOKEN_MISSING, settings, code=refusal.code)
        answer = self._api.track(token, request_body(settings, []))
        return DestinationCheck(finding_of(answer), settings, answer, _code_of(answer))


def finding_of(answer: Answer) -> Finding:
    """What the answer to a request without events says about token and event set."""
    if answer.kind is AnswerKind.BAD_CREDENTIALS:
        return Finding.TOKEN_REFUSED
    if answer.kind in (AnswerKind.REFUSED, AnswerKind.MISCONFIGURED) and answer.field in _SOURCE_FIELDS:
        return Finding.SOURCE_REFUSED
    if answer.kind is AnswerKind.ACCEPTED:
        return Finding.TOKEN_ACCEPTED
    if answer.kind is AnswerKind.REFUSED and answer.code is not None and answer.field in ("", _EMPTY_LIST):
        return Finding.TOKEN_ACCEPTED
    if answer.kind in (AnswerKind.REFUSED, AnswerKind.MISCONFIGURED):
        return Finding.MISCONFIGURED
    return Finding.NOTHING_PROVED


def _code_of(answer: Answer) -> str:
    return str(answer.code) if answer.code is not None else answer.cause
