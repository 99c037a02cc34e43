"""The versions of a secret during a rotation (stages AWSCURRENT and AWSPENDING)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import answered, error_code
from conversion_delivery.domain.errors import CredentialsRefused, NotPossible

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"

_ABSENT = "ResourceNotFoundException"


class AwsSecretVersions:
    """Fulfils the port ``SecretVersions``."""

    def __init__(self, client: SecretsManagerClient) -> None:
        self._client = client

    def current(self, secret: str) -> str:
        value = self._value({"SecretId": secret, "VersionStage": CURRENT})
        if value is None:
            raise CredentialsRefused("SECRET_MISSING")
        return value

    def pending(self, secret: str, version: str) -> str | None:
        return self._value({"SecretId": secret, "VersionId": version, "VersionStage": PENDING})

    def put_pending(self, secret: str, version: str, value: str) -> None:
        with answered("PutSecretValue"):
            self._client.put_secret_value(
                SecretId=secret, ClientRequestToken=version, SecretString=value, VersionStages=[PENDING]
            )

    def is_rotating_to(self, secret: str, version: str) -> bool:
        """True as well when the version is current already: a step may be repeated after the last one."""
        answer = self._describe(secret)
        if not answer.get("RotationEnabled"):
            raise NotPossible("ROTATION_OFF")
        stages = answer.get("VersionIdsToStages", {}).get(version, [])
        return PENDING in stages or CURRENT in stages

    def promote(self, secret: str, version: str) -> None:
        stages = self._describe(secret).get("VersionIdsToStages", {})
        current = next((known for known, names in stages.items() if CURRENT in names), None)
        if current == version:
            return
        move: Any = {"RemoveFromVersionId": current} if current else {}
        with answered("UpdateSecretVersionStage"):
            self._client.update_secret_version_stage(
                SecretId=secret, VersionStage=CURRENT, MoveToVersionId=version, **move
            )

    def _describe(self, secret: str) -> Any:
        with answered("DescribeSecret"):
            return self._client.describe_secret(SecretId=secret)

    def _value(self, asked: Any) -> str | None:
        """A version that the service has named has no value until somebody puts one."""
        with answered("GetSecretValue"):
            try:
                return self._client.get_secret_value(**asked).get("SecretString") or None
            except ClientError as problem:
                if error_code(problem) == _ABSENT:
                    return None
                raise
