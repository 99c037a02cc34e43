"""Private PGP keys in memory."""

from __future__ import annotations

from collections.abc import Iterable

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.private_keys import PrivateKey


class FakeKeyStore:
    """``secrets`` is what the secrets hold: destination (or "default") -> keys; None stands for what is no secret."""

    def __init__(self) -> None:
        self.secrets: dict[str, tuple[PrivateKey, ...] | None] = {}
        self.reads = 0

    def put(self, destination: str, keys: Iterable[PrivateKey]) -> None:
        self.secrets[destination] = tuple(keys)

    def keys(self, destination: str) -> tuple[PrivateKey, ...]:
        self.reads += 1
        for name in (destination, "default"):
            if name in self.secrets:
                keys = self.secrets[name]
                if keys is None:
                    raise UploadRejected("PGP_KEY_UNUSABLE", problem="no JSON", secret=self.place(name))
                return keys
        return ()

    def place(self, destination: str) -> str:
        return f"stack/pgp/{destination}"
