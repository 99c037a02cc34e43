"""Renew an access token with its refresh token: the four steps that Secrets Manager asks of a rotation function.

In: a secret, a version and a step. Out: a new version of the secret with new tokens, which becomes current once it is
proved. A secret without a refresh token cannot be renewed by anybody but a person (``REFRESH_TOKEN_MISSING``).

TikTok may invalidate a refresh token the moment it gives out the next one. So the new tokens are stored in the very
next call after TikTok's answer, and a repeated step that finds them stored asks TikTok nothing. If the function dies
between the two, the current access token still works until it expires, and a person has to authorise anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from conversion_delivery.domain.errors import ContractBroken, CredentialsRefused, NotPossible, TryLater
from conversion_delivery.workflows.events_api_ports import AnswerKind, EventsApi
from conversion_delivery.workflows.operator_ports import RenewedToken, SecretVersions, TokenIssuer

EMPTY_REQUEST = b'{"event_source":"offline","event_source_id":"0","data":[]}'
"""Asks TikTok about a token and nothing else: without events nothing can be counted."""


class RenewToken:
    """The rotation function's workflow."""

    def __init__(self, secrets: SecretVersions, issuer: TokenIssuer, api: EventsApi, now: Callable[[], float]) -> None:
        self._secrets = secrets
        self._issuer = issuer
        self._api = api
        self._now = now

    def run(self, step: str, secret: str, version: str) -> None:
        """Do one step; any number of times.

        Raises ``ContractBroken`` (``STEP_UNKNOWN``), ``NotPossible``, ``CredentialsRefused``, ``TryLater``.
        """
        steps = {
            "createSecret": self._create,
            "setSecret": self._nothing_to_set,
            "testSecret": self._test,
            "finishSecret": self._secrets.promote,
        }
        if step not in steps:
            raise ContractBroken("STEP_UNKNOWN")
        if not self._secrets.is_rotating_to(secret, version):
            raise NotPossible("VERSION_NOT_PENDING")
        steps[step](secret, version)

    def _create(self, secret: str, version: str) -> None:
        if self._secrets.pending(secret, version) is not None:
            return
        current = document_of(self._secrets.current(secret))
        if not current.get("refresh_token"):
            raise CredentialsRefused("REFRESH_TOKEN_MISSING")
        renewed = self._issuer.renew({name: value for name, value in current.items() if isinstance(value, str)})
        self._secrets.put_pending(secret, version, json.dumps(with_renewed(current, renewed, self._now())))

    def _nothing_to_set(self, secret: str, version: str) -> None:
        """TikTok has known the token since it gave it out."""

    def _test(self, secret: str, version: str) -> None:
        pending = self._secrets.pending(secret, version)
        token = document_of(pending or "").get("access_token")
        if not isinstance(token, str):
            raise CredentialsRefused("SECRET_UNUSABLE")
        answer = self._api.track(token, EMPTY_REQUEST)
        if answer.kind is AnswerKind.BAD_CREDENTIALS and answer.code != NO_RIGHT_ON_SOURCE:
            raise CredentialsRefused("TOKEN_REFUSED")
        if answer.code is None:
            raise TryLater("TOKEN_UNPROVED")


NO_RIGHT_ON_SOURCE = 40001
"""TikTok's code for a token that is good but has no right on the source, and the test names none."""


def document_of(value: str) -> dict[str, Any]:
    """A secret as a JSON object; anything else is an empty one."""
    try:
        document = json.loads(value)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def with_renewed(current: Mapping[str, Any], renewed: RenewedToken, now: float) -> dict[str, Any]:
    """The document of the next version. Times are epoch seconds; what TikTok did not name is left out."""
    document = {**current, "access_token": renewed.access_token}
    for name in ("expires_at", "refresh_expires_at" if renewed.refresh_token else "expires_at"):
        document.pop(name, None)
    if renewed.refresh_token:
        document["refresh_token"] = renewed.refresh_token
    if renewed.expires_in is not None:
        document["expires_at"] = int(now + renewed.expires_in)
    if renewed.refresh_expires_in is not None:
        document["refresh_expires_at"] = int(now + renewed.refresh_expires_in)
    return document
