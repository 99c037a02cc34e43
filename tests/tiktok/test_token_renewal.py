"""Trading a refresh token: what is asked, and what each answer means."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conversion_delivery.domain.errors import ContractBroken, CredentialsRefused, DeliveryError, TryLater
from conversion_delivery.tiktok.token_renewal import TokenRenewal
from conversion_delivery.workflows.operator_ports import RenewedToken
from tests.tiktok.raw_server import RawServer, answer, answering, read_request, reset

APP = {"app_id": "1", "secret": "app-secret", "refresh_token": "refresh-1", "access_token": "old"}
ACCOUNT = {"client_id": "c", "client_secret": "client-secret", "refresh_token": "refresh-1"}


def replied(document: Any, credentials: dict[str, str] | None = None) -> RenewedToken:
    with RawServer(answering(answer(json.dumps(document).encode()))) as server:
        return TokenRenewal(server.url).renew(credentials or APP)


def test_new_tokens_come_with_their_life_times() -> None:
    data = {
        "access_token": "new",
        "refresh_token": "refresh-2",
        "expires_in": 86_400,
        "refresh_token_expires_in": 31_536_000,
    }
    assert replied({"code": 0, "message": "OK", "data": data}) == RenewedToken("new", "refresh-2", 86_400, 31_536_000)


def test_what_tiktok_does_not_name_is_unknown() -> None:
    assert replied({"code": 0, "data": {"access_token": "new", "expires_in": 0}}) == RenewedToken("new")


@pytest.mark.parametrize(
    ("credentials", "path", "body"),
    [
        (
            ACCOUNT,
            "/open_api/v1.3/tt_user/oauth2/refresh_token/",
            {"client_id": "c", "client_secret": "client-secret"},
        ),
        (APP, "/open_api/v1.3/oauth2/refresh_token/", {"app_id": "1", "secret": "app-secret"}),
    ],
)
def test_the_names_in_the_secret_decide_which_endpoint_is_asked(
    credentials: dict[str, str], path: str, body: dict[str, str]
) -> None:
    asked: list[bytes] = []

    def script(connection: Any) -> None:
        asked.append(read_request(connection))
        connection.sendall(answer(b'{"code": 0, "data": {"access_token": "new"}}'))

    with RawServer(script) as server:
        TokenRenewal(server.url).renew(credentials)
    head, _, sent = asked[0].partition(b"\r\n\r\n")
    assert head.startswith(f"POST {path} ".encode())
    assert json.loads(sent) == {**body, "refresh_token": "refresh-1", "grant_type": "refresh_token"}
    assert b"refresh-1" not in head


@pytest.mark.parametrize("code", [40002, 40105, 40102, 40001])
def test_a_refusal_needs_a_person_and_repeats_no_word_of_tiktoks(code: int) -> None:
    with pytest.raises(CredentialsRefused, match="REFRESH_REFUSED") as caught:
        replied({"code": code, "message": "refresh-1 is not known"})
    assert "refresh-1" not in repr(caught.value)


@pytest.mark.parametrize(
    "document",
    [
        {"code": 50000, "message": "busy"},
        {"code": "0"},
        {"code": 0, "data": {}},
        {"code": 0, "data": {"access_token": 7}},
        {"code": 0},
        [],
        None,
    ],
)
def test_an_answer_without_tokens_is_no_answer(document: Any) -> None:
    with pytest.raises(TryLater, match="REFRESH_UNANSWERED"):
        replied(document)


@pytest.mark.parametrize("script", [reset, answering(answer(b"<html>", "502 Bad Gateway", "text/html"))])
def test_a_broken_connection_or_a_gateways_page_is_no_answer(script: Any) -> None:
    with RawServer(script) as server, pytest.raises(TryLater) as caught:
        TokenRenewal(server.url).renew(APP)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("missing", ["secret", "app_id"])
def test_without_the_apps_own_credentials_nobody_is_asked(missing: str) -> None:
    with pytest.raises(CredentialsRefused, match="REFRESH_CREDENTIALS_MISSING"):
        TokenRenewal("http://127.0.0.1:9").renew({**APP, missing: ""})


def test_a_token_never_travels_in_clear_text_over_a_network() -> None:
    with pytest.raises(ContractBroken, match="EVENTS_API_URL_UNSAFE"):
        TokenRenewal("http://10.0.0.1")


def test_no_repr_shows_a_token() -> None:
    shown = repr(RenewedToken("very-secret", "more-secret")) + repr(DeliveryError("X"))
    assert "secret" not in shown
