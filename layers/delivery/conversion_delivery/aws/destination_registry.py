"""Destinations as an operator keeps them: SSM parameters and secrets.

Settings: ``/<stack>/destinations/<name>``; token: secret ``<stack>/destinations/<name>``. The state of the last check
stands in a parameter of its own, ``/<stack>/destination-states/<name>``: no function reads it, so it costs nothing
where events are delivered, and a parameter that CloudFormation made is not touched by a check.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import answered, error_code
from conversion_delivery.workflows.operator_ports import DestinationState

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient

RECOVERY_DAYS = 7
"""For so long a removed secret can be restored."""

_STANDARD_TIER_BYTES = 4096
_ABSENT = frozenset({"ParameterNotFound", "ResourceNotFoundException"})
_BEING_DELETED = "InvalidRequestException"


class AwsDestinationRegistry:
    """Fulfils the port ``DestinationRegistry``."""

    def __init__(self, ssm: SSMClient, secrets: SecretsManagerClient, stack: str) -> None:
        self._ssm = ssm
        self._secrets = secrets
        self._stack = stack

    def documents(self) -> Mapping[str, str]:
        folder = f"/{self._stack}/destinations/"
        return {entry["Name"].removeprefix(folder): entry["Value"] for entry in self._parameters(folder)}

    def put(self, destination: str, document: str) -> None:
        self._put(self._settings_name(destination), document, "Settings of a destination, read by both functions.")

    def put_token(self, destination: str, token: str) -> None:
        """Other values that the secret holds (a refresh token, its expiry) belong to the old token and go with it."""
        name, value = self._secret_name(destination), json.dumps({"access_token": token})
        with answered("PutSecretValue"):
            try:
                self._secrets.put_secret_value(SecretId=name, SecretString=value)
                return
            except ClientError as problem:
                if error_code(problem) not in (*_ABSENT, _BEING_DELETED):
                    raise
                being_deleted = error_code(problem) == _BEING_DELETED
            if being_deleted:
                self._secrets.restore_secret(SecretId=name)
                self._secrets.put_secret_value(SecretId=name, SecretString=value)
            else:
                self._secrets.create_secret(
                    Name=name,
                    SecretString=value,
                    Description="Events API access token of a destination, read by the sender only.",
                )

    def has_secret(self, destination: str) -> bool:
        with answered("DescribeSecret"):
            try:
                answer = self._secrets.describe_secret(SecretId=self._secret_name(destination))
            except ClientError as problem:
                if error_code(problem) in _ABSENT:
                    return False
                raise
        return "DeletedDate" not in answer

    def state(self, destination: str) -> DestinationState | None:
        with answered("GetParameter"):
            try:
                value = self._ssm.get_parameter(Name=self._state_name(destination))["Parameter"]["Value"]
            except ClientError as problem:
                if error_code(problem) in _ABSENT:
                    return None
                raise
        return _state(value)

    def put_state(self, destination: str, state: DestinationState) -> None:
        self._put(self._state_name(destination), json.dumps(state._asdict()), "What the last check found.")

    def remove(self, destination: str) -> None:
        """The token goes first: should the rest fail, nothing can be sent any more."""
        with answered("DeleteSecret"), _unless_absent():
            self._secrets.delete_secret(SecretId=self._secret_name(destination), RecoveryWindowInDays=RECOVERY_DAYS)
        for name in (self._settings_name(destination), self._state_name(destination)):
            with answered("DeleteParameter"), _unless_absent():
                self._ssm.delete_parameter(Name=name)

    def _parameters(self, folder: str) -> Iterator[Any]:
        arguments: Any = {"Path": folder}
        while True:
            with answered("GetParametersByPath"):
                page: Any = self._ssm.get_parameters_by_path(**arguments)
            yield from page["Parameters"]
            if not page.get("NextToken"):
                return
            arguments["NextToken"] = page["NextToken"]

    def _put(self, name: str, value: str, description: str) -> None:
        tier: Any = {"Tier": "Intelligent-Tiering"} if len(value.encode()) > _STANDARD_TIER_BYTES else {}
        with answered("PutParameter"):
            self._ssm.put_parameter(
                Name=name, Value=value, Type="String", Overwrite=True, Description=description, **tier
            )

    def _settings_name(self, destination: str) -> str:
        return f"/{self._stack}/destinations/{destination}"

    def _state_name(self, destination: str) -> str:
        return f"/{self._stack}/destination-states/{destination}"

    def _secret_name(self, destination: str) -> str:
        return f"{self._stack}/destinations/{destination}"


@contextmanager
def _unless_absent() -> Iterator[None]:
    """Leave the block quietly where AWS says that there is nothing of that name (any more)."""
    try:
        yield
    except ClientError as problem:
        if error_code(problem) not in (*_ABSENT, _BEING_DELETED):
            raise


def _state(value: str) -> DestinationState | None:
    """A state that this version did not write counts as none: the next check writes it anew."""
    try:
        document = json.loads(value)
        return DestinationState(str(document["status"]), float(document["checked_at"]), str(document["code"]))
    except (ValueError, KeyError, TypeError):
        return None
