"""Requests to DynamoDB on the short path, over real sockets: what is sent, where to, and in whose name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.exceptions import NoCredentialsError, SSLError
from botocore.httpsession import get_cert_path

from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.clients import client_config
from conversion_delivery.aws.dynamodb_requests import DynamoDbRequests
from conversion_delivery.aws.event_ledger import EventLedgerTable, insert_statement
from conversion_delivery.workflows.ports import ClaimAnswer
from tests.aws.dynamodb_turns import (
    CLAIM,
    claimed,
    dynamodb,
    fails,
)
from tests.tiktok.certificates import self_signed

CLAIMED, TAKEN = ClaimAnswer.CLAIMED, ClaimAnswer.TAKEN


def test_a_request_is_what_boto3_would_send() -> None:
    with dynamodb(claimed(), claimed()) as world:
        assert world.ledger.claim([CLAIM]) == [CLAIMED]
        assert EventLedgerTable(world.client, "t").claim([CLAIM]) == [CLAIMED]
        short, long = (world.turns.document(number) for number in range(2))
        assert short == long
        assert short["Statements"][0]["Statement"] == insert_statement("t")
        assert short["Statements"][0]["Parameters"][3] == {"B": "AP8A/wD/AP8A/wD/AP8A/w=="}
        for name in ("X-Amz-Target", "Content-Type", "Host", "X-Amz-Security-Token"):
            assert world.turns.header(0, name) == world.turns.header(1, name) != ""
        assert "Botocore" in world.turns.header(0, "User-Agent")
        signature = world.turns.header(0, "Authorization")
        assert signature.startswith("AWS4-HMAC-SHA256 Credential=AKIDTEST/")
        assert "/eu-x-1/dynamodb/aws4_request, SignedHeaders=" in signature
        assert "x-amz-security-token;x-amz-target, Signature=" in signature


def test_a_connection_is_kept_for_the_next_call() -> None:
    turns = [claimed(25)] * 4
    with dynamodb(*turns) as world:
        claims = [CLAIM._replace(event_key=f"key-{number}") for number in range(100)]
        assert world.ledger.claim(claims) == [CLAIMED] * 100
        assert world.server.connections == 1


def test_credentials_renew_themselves_between_two_calls() -> None:
    made: list[int] = []

    def renewed() -> dict[str, str]:
        made.append(len(made))
        number, seconds = len(made), 1 if len(made) == 1 else 3600
        expiry = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        names = {"access_key": f"KEY{number}", "secret_key": "s", "token": f"token-{number}"}
        return names | {"expiry_time": expiry.isoformat()}

    refreshable = RefreshableCredentials.create_from_metadata(renewed(), renewed, "test")
    with dynamodb(claimed(), fails("ThrottlingException"), claimed(), credentials=refreshable) as world:
        assert [world.ledger.claim([CLAIM]) for _ in range(2)] == [[CLAIMED], [CLAIMED]]
        tokens = [world.turns.header(number, "X-Amz-Security-Token") for number in range(3)]
        assert tokens == ["token-2"] * 3
        assert "Credential=KEY2/" in world.turns.header(0, "Authorization")
    assert len(made) == 2


def test_each_attempt_asks_for_the_credentials_anew() -> None:
    class Changing(Credentials):
        asked = 0

        def get_frozen_credentials(self) -> Any:
            self.asked += 1
            return Credentials(f"KEY{self.asked}", "s", None).get_frozen_credentials()

    with dynamodb(fails("ThrottlingException"), claimed(), credentials=Changing("", "")) as world:
        assert world.ledger.claim([CLAIM]) == [CLAIMED]
        assert ["KEY1/" in world.turns.header(0, "Authorization"), "KEY2/" in world.turns.header(1, "Authorization")]
        assert world.turns.header(1, "X-Amz-Security-Token") == ""


def test_nobody_is_asked_without_credentials() -> None:
    with dynamodb() as world:
        batches = DynamoDbRequests(world.client, None, backoff=Backoff(attempts=1))
        with pytest.raises(NoCredentialsError):
            batches.batch_execute_statement(Statements=[])
        assert world.turns.requests == []


def test_a_server_with_the_right_certificate_is_asked(tmp_path: Path) -> None:
    with dynamodb(claimed(), tls=self_signed(tmp_path)) as world:
        assert world.ledger.claim([CLAIM]) == [CLAIMED]


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_request(tmp_path: Path) -> None:
    context, _ = self_signed(tmp_path)
    with dynamodb(claimed(), tls=(context, Path(str(get_cert_path(True))))) as world:
        with pytest.raises(SSLError):
            world.batches.batch_execute_statement(Statements=[])
        assert world.turns.requests == []


def test_a_server_under_another_name_than_its_certificates_gets_no_request(tmp_path: Path) -> None:
    with dynamodb(claimed(), tls=self_signed(tmp_path)) as world:
        url = world.server.url.replace("127.0.0.1", "localhost")
        client: Any = boto3.Session("a", "b", region_name="eu-x-1").client("dynamodb", endpoint_url=url)
        credentials, backoff = Credentials("a", "b"), Backoff(attempts=1)
        batches = DynamoDbRequests(client, credentials, backoff=backoff, authorities=str(tmp_path / "authority.pem"))
        with pytest.raises(SSLError):
            batches.batch_execute_statement(Statements=[])
        assert world.turns.requests == []


def test_listeners_of_the_client_hear_of_every_call_and_attempt_and_may_answer() -> None:
    heard: list[Any] = []
    with dynamodb(fails("ThrottlingException"), claimed()) as world:
        events = world.client.meta.events
        events.register(
            "provide-client-params.dynamodb.*", lambda params, model, **_: heard.append((model.name, params))
        )
        events.register("before-send.dynamodb.*", lambda request, **_: heard.append(request.url))
        assert world.ledger.claim([CLAIM]) == [CLAIMED]
        assert [each if isinstance(each, str) else each[0] for each in heard] == [
            "BatchExecuteStatement",
            f"{world.server.url}/",
            f"{world.server.url}/",
        ]
        events.register_last("before-send.dynamodb.*", lambda request, **_: _instead(request.url))
        assert world.ledger.claim([CLAIM]) == [TAKEN]
        assert len(world.turns.requests) == 2


def _instead(url: str) -> AWSResponse:
    response: Any = AWSResponse(url, 200, HeadersDict(), None)  # type: ignore[arg-type]
    response._content = b'{"Responses":[{"Error":{"Code":"DuplicateItem"}}]}'
    return cast(AWSResponse, response)


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "https://dynamodb.eu-central-1.amazonaws.com"),
        (
            {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_DEFAULT_REGION": "us-east-1"},
            "https://dynamodb-fips.us-east-1.amazonaws.com",
        ),
        ({"AWS_DEFAULT_REGION": "cn-north-1"}, "https://dynamodb.cn-north-1.amazonaws.com.cn"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9"),
        (
            {"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8/", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
            "http://127.0.0.1:8",
        ),
    ],
)
def test_the_endpoint_is_the_one_that_botocore_resolves(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str
) -> None:
    for name, value in ({"AWS_DEFAULT_REGION": "eu-central-1"} | environment).items():
        monkeypatch.setenv(name, value)
    client: Any = boto3.Session("a", "b").client("dynamodb", config=client_config())
    asked: list[str] = []

    def answer_instead(request: Any, **_: Any) -> AWSResponse:
        asked.append(request.url)
        return _instead(request.url)

    client.meta.events.register("before-send.dynamodb.*", answer_instead)
    DynamoDbRequests(client, Credentials("a", "b")).batch_execute_statement(Statements=[])
    assert asked == [f"{url}/"]


def test_values_that_json_and_dynamodb_cannot_carry_are_a_mistake_of_the_caller() -> None:
    with dynamodb() as world, pytest.raises(TypeError):
        world.batches.batch_execute_statement(Statements=[{"Parameters": [{"N": object()}]}])
