"""Access tokens in memory, with a cache that only ``fresh`` gets past."""

from __future__ import annotations

from collections.abc import Mapping

from conversion_delivery.domain.errors import CredentialsRefused


class FakeTokenStore:
    """``tokens`` is what the secrets hold now; a token once given is given again until ``fresh`` asks anew."""

    def __init__(self, tokens: Mapping[str, str] | None = None) -> None:
        self.tokens: dict[str, str] = dict(tokens or {})
        self.cached: dict[str, str] = {}
        self.reads = 0
        """How often a secret itself was read."""

    def token(self, destination: str, *, fresh: bool = False) -> str:
        if fresh or destination not in self.cached:
            self.cached[destination] = self._read(destination)
        return self.cached[destination]

    def _read(self, destination: str) -> str:
        self.reads += 1
        token = self.tokens.get(destination)
        if token is None:
            raise CredentialsRefused("SECRET_MISSING")
        if not token.strip():
            raise CredentialsRefused("SECRET_UNUSABLE")
        return token
