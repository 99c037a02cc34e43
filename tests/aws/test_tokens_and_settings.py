"""Tokens and settings: what is cached, what is kept in need, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.aws.destination_store import SsmDestinationStore
from conversion_delivery.aws.token_store import SecretsTokenStore
from conversion_delivery.domain.errors import CredentialsRefused, SourceUnavailable, UploadRejected
from tests.aws.stubbed import stubbed

SETTINGS = '{"event_source_id": "123"}'


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def give(stub: Any, secret: str) -> None:
    stub.add_response("get_secret_value", {"SecretString": secret}, {"SecretId": "stack/destinations/shop"})


def refuse(stub: Any, code: str, status: int = 400) -> None:
    stub.add_client_error("get_secret_value", code, http_status_code=status)


@pytest.mark.parametrize(
    "secret", ['{"access_token": "abc123"}', "abc123", " abc123\n", '{"access_token":"abc123","x":1}']
)
def test_a_secret_is_json_or_the_bare_token(secret: str) -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        give(stub, secret)
        assert SecretsTokenStore(secrets, "stack").token("shop") == "abc123"


@pytest.mark.parametrize(
    "secret",
    [
        "{}",
        '{"access_token": ""}',
        '{"access_token": 7}',
        '{"access_token": null}',
        '{"access_token"',
        "a b",
        "a\r\nb",
        "ä",
    ],
)
def test_a_secret_without_a_token_that_fits_a_header_is_unusable(secret: str) -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        give(stub, secret)
        with pytest.raises(CredentialsRefused) as caught:
            SecretsTokenStore(secrets, "stack").token("shop")
    assert caught.value.code == "SECRET_UNUSABLE"
    assert secret not in repr(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_binary_secret_is_unusable() -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        stub.add_response("get_secret_value", {"SecretBinary": b"abc"})
        with pytest.raises(CredentialsRefused, match="SECRET_UNUSABLE"):
            SecretsTokenStore(secrets, "stack").token("shop")


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidRequestException"])
def test_a_secret_that_is_not_there_or_being_deleted_is_missing(code: str) -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        refuse(stub, code)
        with pytest.raises(CredentialsRefused, match="SECRET_MISSING"):
            SecretsTokenStore(secrets, "stack").token("shop")


def test_a_token_is_read_again_after_five_minutes() -> None:
    clock = Clock()
    with stubbed("secretsmanager") as (secrets, stub):
        store = SecretsTokenStore(secrets, "stack", clock=clock)
        give(stub, "old")
        give(stub, "new")
        tokens = []
        for seconds in (0, 299, 1):
            clock.now += seconds
            tokens.append(store.token("shop"))
    assert tokens == ["old", "old", "new"]


def test_the_last_good_token_is_kept_while_the_service_is_down() -> None:
    clock = Clock()
    with stubbed("secretsmanager") as (secrets, stub):
        store = SecretsTokenStore(secrets, "stack", clock=clock)
        give(stub, "good")
        store.token("shop")
        clock.now += 3_600
        refuse(stub, "InternalServiceError", 500)
        assert store.token("shop") == "good"
        refuse(stub, "ThrottlingException")
        assert store.token("shop") == "good"
        give(stub, "renewed")
        assert store.token("shop") == "renewed"


def test_a_fresh_token_is_never_an_old_one() -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        store = SecretsTokenStore(secrets, "stack")
        give(stub, "old")
        store.token("shop")
        refuse(stub, "ThrottlingException")
        with pytest.raises(SourceUnavailable, match="AWS_UNAVAILABLE"):
            store.token("shop", fresh=True)


def test_a_forbidden_secret_rings_even_if_a_token_is_known() -> None:
    clock = Clock()
    with stubbed("secretsmanager") as (secrets, stub):
        store = SecretsTokenStore(secrets, "stack", clock=clock)
        give(stub, "good")
        store.token("shop")
        clock.now += 301
        refuse(stub, "AccessDeniedException")
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            store.token("shop")


def test_a_secret_that_was_emptied_takes_the_known_token_with_it() -> None:
    clock = Clock()
    with stubbed("secretsmanager") as (secrets, stub):
        store = SecretsTokenStore(secrets, "stack", clock=clock)
        give(stub, "good")
        store.token("shop")
        clock.now += 301
        give(stub, " ")
        with pytest.raises(CredentialsRefused):
            store.token("shop")
        refuse(stub, "InternalServiceError", 500)
        with pytest.raises(SourceUnavailable):
            store.token("shop")


def test_no_repr_shows_a_token() -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        store = SecretsTokenStore(secrets, "stack")
        give(stub, "very-secret")
        store.token("shop")
        assert "very-secret" not in repr(store) + repr(vars(store))


def test_settings_are_read_again_after_a_minute() -> None:
    clock = Clock()
    call = {"Name": "/stack/destinations/shop"}
    with stubbed("ssm") as (ssm, stub):
        store = SsmDestinationStore(ssm, "stack", clock=clock)
        for source in ("1", "2"):
            stub.add_response("get_parameter", {"Parameter": {"Value": SETTINGS.replace("123", source)}}, call)
        sources = []
        for seconds in (0, 59, 1):
            clock.now += seconds
            sources.append(store.settings("shop").event_source_id)
    assert sources == ["1", "1", "2"]


def test_a_missing_parameter_is_an_unknown_destination_and_a_throttled_one_is_not() -> None:
    with stubbed("ssm") as (ssm, stub):
        store = SsmDestinationStore(ssm, "stack")
        stub.add_client_error("get_parameter", "ParameterNotFound", http_status_code=400)
        with pytest.raises(UploadRejected, match="DESTINATION_UNKNOWN destination=shop"):
            store.settings("shop")
        stub.add_client_error("get_parameter", "ThrottlingException", http_status_code=400)
        with pytest.raises(SourceUnavailable, match="AWS_UNAVAILABLE"):
            store.settings("shop")


def test_a_known_end_is_told_once_per_destination_and_process() -> None:
    told: list[tuple[str, float]] = []
    with stubbed("secretsmanager") as (secrets, stub):
        store = SecretsTokenStore(secrets, "stack", on_expiry=lambda name, at: told.append((name, at)))
        for _ in range(2):
            give(stub, '{"access_token": "abc123", "expires_at": 1795176000}')
            store.token("shop", fresh=True)
    assert told == [("shop", 1_795_176_000.0)]


def test_a_plain_token_has_no_end_to_tell() -> None:
    told: list[str] = []
    with stubbed("secretsmanager") as (secrets, stub):
        give(stub, "abc123")
        SecretsTokenStore(secrets, "stack", on_expiry=lambda name, at: told.append(name)).token("shop")
    assert told == []
