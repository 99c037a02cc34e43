"""The versions of secrets in memory, and an issuer of tokens that remembers what it gave out."""

from __future__ import annotations

from collections.abc import Mapping

from conversion_delivery.domain.errors import CredentialsRefused, DeliveryError, NotPossible
from conversion_delivery.workflows.operator_ports import RenewedToken

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"


class FakeSecretVersions:
    """``values`` by (secret, version), ``stages`` by (secret, stage) -> version."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}
        self.stages: dict[tuple[str, str], str] = {}
        self.rotating: set[str] = set()

    def begin(self, secret: str, value: str, version: str) -> None:
        """A secret with a value, whose rotation to ``version`` has been asked for."""
        self.values[secret, "v0"] = value
        self.stages[secret, CURRENT] = "v0"
        self.stages[secret, PENDING] = version
        self.rotating.add(secret)

    def current(self, secret: str) -> str:
        version = self.stages.get((secret, CURRENT))
        if version is None:
            raise CredentialsRefused("SECRET_MISSING")
        return self.values[secret, version]

    def pending(self, secret: str, version: str) -> str | None:
        return self.values.get((secret, version)) if self.stages.get((secret, PENDING)) == version else None

    def put_pending(self, secret: str, version: str, value: str) -> None:
        self.values[secret, version] = value
        self.stages[secret, PENDING] = version

    def is_rotating_to(self, secret: str, version: str) -> bool:
        if secret not in self.rotating:
            raise NotPossible("ROTATION_OFF")
        return version in (self.stages.get((secret, PENDING)), self.stages.get((secret, CURRENT)))

    def promote(self, secret: str, version: str) -> None:
        self.stages[secret, CURRENT] = version


class FakeTokenIssuer:
    """Gives ``answers`` in order."""

    def __init__(self, *answers: RenewedToken | DeliveryError) -> None:
        self.answers = list(answers)
        self.asked: list[Mapping[str, str]] = []

    def renew(self, credentials: Mapping[str, str]) -> RenewedToken:
        self.asked.append(dict(credentials))
        answer = self.answers.pop(0)
        if isinstance(answer, DeliveryError):
            raise answer
        return answer
