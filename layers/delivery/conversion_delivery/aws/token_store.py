"""Access tokens, from secrets ``<stack>/destinations/<name>``: JSON with ``access_token``, or the bare token.

Where the JSON says when a person has to renew the token, ``on_expiry`` hears of it: once per destination and process.

Plain boto3 instead of Powertools Parameters: that turns every refusal into one ``GetParameterError``, so a throttled
call cannot be told from a missing secret, and it has no way to go on with the last good token while the service is
down. The cache here is the few lines that remain. A token is never part of a ``repr``, an error or a log line.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import UNAVAILABLE, answered, error_code
from conversion_delivery.domain.errors import CredentialsRefused, SourceUnavailable
from conversion_delivery.domain.token_expiry import person_needed_at

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MAX_AGE_SECONDS = 300

_MISSING = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
"""InvalidRequestException: the secret is scheduled for deletion."""


@dataclass(frozen=True, slots=True)
class _Known:
    read_at: float
    token: str = field(repr=False)


class SecretsTokenStore:
    """Fulfils the port ``TokenStore``: a token is read again after five minutes, and kept while that cannot be done."""

    def __init__(
        self,
        client: SecretsManagerClient,
        stack: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        on_expiry: Callable[[str, float], None] | None = None,
    ) -> None:
        """``on_expiry`` gets the destination and the time (epoch seconds)."""
        self._client = client
        self._stack = stack
        self._clock = clock
        self._on_expiry = on_expiry
        self._told: set[str] = set()
        self._known: dict[str, _Known] = {}

    def token(self, destination: str, *, fresh: bool = False) -> str:
        """As the port says. ``fresh`` never gives an old token: then an unreachable service is an error."""
        known = None if fresh else self._known.get(destination)
        if known is not None and self._clock() - known.read_at < MAX_AGE_SECONDS:
            return known.token
        try:
            secret = _document_in(self._secret(destination))
            token = _token_in(secret)
        except SourceUnavailable as problem:
            if known is not None and problem.code == UNAVAILABLE:
                return known.token
            raise
        except CredentialsRefused:
            self._known.pop(destination, None)
            raise
        self._known[destination] = _Known(self._clock(), token)
        self._tell(destination, secret)
        return token

    def _tell(self, destination: str, secret: Mapping[str, object]) -> None:
        needed_at = person_needed_at(secret)
        if self._on_expiry is not None and needed_at is not None and destination not in self._told:
            self._told.add(destination)
            self._on_expiry(destination, needed_at)

    def _secret(self, destination: str) -> str:
        with answered("GetSecretValue"):
            try:
                answer = self._client.get_secret_value(SecretId=f"{self._stack}/destinations/{destination}")
            except ClientError as problem:
                if error_code(problem) in _MISSING:
                    raise CredentialsRefused("SECRET_MISSING") from None
                raise
        return answer.get("SecretString", "")


def _document_in(secret: str) -> Mapping[str, object]:
    """The secret as JSON says it; a bare token stands for a document that holds nothing else."""
    if not secret.lstrip().startswith("{"):
        return {"access_token": secret}
    try:
        document: Mapping[str, object] = json.loads(secret)
    except ValueError:
        return {}
    return document


def _token_in(secret: Mapping[str, object]) -> str:
    token = secret.get("access_token")
    if not isinstance(token, str) or not _is_usable(token.strip()):
        raise CredentialsRefused("SECRET_UNUSABLE")
    return token.strip()


def _is_usable(token: str) -> bool:
    """It has to fit into a header: printable ASCII without spaces."""
    return bool(token) and all("!" <= character <= "~" for character in token)
