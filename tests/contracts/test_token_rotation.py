"""The rotation function as Secrets Manager calls it: real handler, emulated secrets, a server for TikTok's part."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conversion_delivery.domain.errors import ContractBroken, CredentialsRefused
from conversion_delivery.runtime.bootstrap import token_rotation
from tests.contracts.backends import Services
from tests.tiktok.raw_server import RawServer, answer, read_request

VERSION = "11111111-2222-3333-4444-555555555555"
RENEWED = {"code": 0, "data": {"access_token": "new", "refresh_token": "refresh-2", "expires_in": 86400}}
EMPTY_LIST = {"code": 40002, "message": "Invalid value for data: shorter than minimum length 1"}


def tiktok(connection: socket.socket) -> None:
    """Gives new tokens, and complains about a request without events."""
    while request := read_request(connection):
        renews = b"refresh_token/" in request.split(b"\r\n", 1)[0]
        connection.sendall(answer(json.dumps(RENEWED if renews else EMPTY_LIST).encode()))


@pytest.fixture
def secret(emulator: Services) -> str:
    name = f"test-{uuid.uuid4().hex[:12]}/destinations/main"
    client = emulator.client("secretsmanager")
    value = {"access_token": "old", "refresh_token": "refresh-1", "client_id": "c", "client_secret": "s"}
    client.create_secret(Name=name, SecretString=json.dumps(value))
    return name


def environment(url: str) -> dict[str, str]:
    return {
        "STACK_NAME": "sales",
        "FILE_PROGRESS_TABLE": "t",
        "BUCKET_NAME": "b",
        "BATCHES_QUEUE_URL": "q",
        "EVENTS_API_ENDPOINT": url,
    }


@pytest.fixture
def called(emulator: Services, secret: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Calls the function with a step, as the service does once rotation is on and a version without text is named."""
    client = emulator.client("secretsmanager")
    client.rotate_secret(
        SecretId=secret,
        RotationLambdaARN="arn:aws:lambda:us-east-1:000000000000:function:rotation",
        RotationRules={"AutomaticallyAfterDays": 1},
        RotateImmediately=False,
    )
    client.put_secret_value(
        SecretId=secret, ClientRequestToken=VERSION, SecretBinary=b"-", VersionStages=["AWSPENDING"]
    )
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    arn = client.describe_secret(SecretId=secret)["ARN"]
    with RawServer(tiktok) as server:
        rotate = token_rotation(environment(server.url))
        yield lambda step: rotate({"Step": step, "SecretId": arn, "ClientRequestToken": VERSION})


def current(emulator: Services, secret: str) -> dict[str, Any]:
    value = emulator.client("secretsmanager").get_secret_value(SecretId=secret)
    document: dict[str, Any] = json.loads(value["SecretString"])
    return document


def test_four_steps_make_the_new_token_current(emulator: Services, secret: str, called: Callable[[str], None]) -> None:
    for step in ("createSecret", "setSecret", "testSecret"):
        called(step)
        assert current(emulator, secret)["access_token"] == "old"
    called("finishSecret")
    renewed = current(emulator, secret)
    assert (renewed["access_token"], renewed["refresh_token"], renewed["client_id"]) == ("new", "refresh-2", "c")
    assert renewed["expires_at"] > 0


def test_a_plain_token_is_left_as_it_is_and_the_function_fails_with_a_code(
    emulator: Services, secret: str, called: Callable[[str], None]
) -> None:
    emulator.client("secretsmanager").put_secret_value(SecretId=secret, SecretString='{"access_token": "plain"}')
    with pytest.raises(CredentialsRefused, match="REFRESH_TOKEN_MISSING"):
        called("createSecret")
    assert current(emulator, secret) == {"access_token": "plain"}


@pytest.mark.parametrize(
    "event", [{}, {"Step": "createSecret"}, {"Step": 1, "SecretId": "s", "ClientRequestToken": "v"}]
)
def test_an_event_that_is_no_rotation_is_refused(
    emulator: Services, event: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ContractBroken, match="MESSAGE_INVALID"):
        token_rotation(environment("http://127.0.0.1:9"))(event)
