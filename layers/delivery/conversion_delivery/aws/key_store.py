"""Private PGP keys, from the secret ``<stack>/pgp/<destination>``, else ``<stack>/pgp/default``.

JSON: ``{"keys": ["-----BEGIN PGP PRIVATE KEY BLOCK----- ...", ...], "passphrase": "..."}``: old and new keys side by
side, the passphrase (of all of them) only where they have one. Read anew for every encrypted file: those are few, and
a new key must work at once. A key is never part of a ``repr``, an error or a log line.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import answered, error_code
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.private_keys import PrivateKey

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

DEFAULT = "default"

_MISSING = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
"""InvalidRequestException: the secret is scheduled for deletion."""


class SecretsKeyStore:
    """Fulfils the port ``KeyStore``."""

    def __init__(self, client: Callable[[], SecretsManagerClient], stack: str) -> None:
        """``client`` is called for the first encrypted file: to make a client costs time at every cold start."""
        self._new_client = client
        self._stack = stack

    @cached_property
    def _client(self) -> SecretsManagerClient:
        return self._new_client()

    def keys(self, destination: str) -> tuple[PrivateKey, ...]:
        for name in (destination, DEFAULT):
            secret = self._secret(self.place(name))
            if secret is not None:
                return _keys_in(secret, self.place(name))
        return ()

    def place(self, destination: str) -> str:
        return f"{self._stack}/pgp/{destination}"

    def _secret(self, name: str) -> str | None:
        with answered("GetSecretValue"):
            try:
                return self._client.get_secret_value(SecretId=name).get("SecretString", "")
            except ClientError as problem:
                if error_code(problem) in _MISSING:
                    return None
                raise


def _keys_in(secret: str, place: str) -> tuple[PrivateKey, ...]:
    try:
        document: Any = json.loads(secret)
        keys, passphrase = document["keys"], document.get("passphrase") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UploadRejected("PGP_KEY_UNUSABLE", problem="the secret is no JSON with keys", secret=place) from None
    if not isinstance(keys, list) or not isinstance(passphrase, str) or not all(isinstance(key, str) for key in keys):
        raise UploadRejected("PGP_KEY_UNUSABLE", problem="keys must be a list of texts", secret=place)
    return tuple(PrivateKey(key, passphrase) for key in keys if key.strip())
