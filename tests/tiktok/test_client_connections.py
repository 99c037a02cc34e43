"""How the client connects: to whom, when anew, and what a failure to connect proves."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.tiktok.client import LONGEST_IDLE_SECONDS, EventsApiClient
from conversion_delivery.workflows.events_api_ports import AnswerKind
from tests.tiktok.certificates import self_signed
from tests.tiktok.exchanges import (
    OK,
    TOKEN,
    a_reset_after_reading,
    an_orderly_end_instead_of_an_answer,
    client_of,
    dripping_body,
    half_a_json,
    no_answer,
)
from tests.tiktok.raw_server import RawServer, Script, answer, answering, read_request, reset


def test_requests_share_one_connection() -> None:
    with RawServer(answering(*[answer(OK)] * 3)) as server, client_of(server.url) as client:
        kinds = [client.track(TOKEN, b"{}").kind for _ in range(3)]
        assert kinds == [AnswerKind.ACCEPTED] * 3
        assert server.connections == 1


def test_a_connection_that_was_idle_for_long_is_not_used_again() -> None:
    moment = [1000.0]
    with RawServer(answering(*[answer(OK)] * 3)) as server, client_of(server.url, now=lambda: moment[0]) as client:
        for step in (0.0, LONGEST_IDLE_SECONDS, LONGEST_IDLE_SECONDS + 1, -5.0):
            moment[0] += step
            assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
        assert server.connections == 3


def test_a_connection_that_the_server_closed_in_between_is_replaced() -> None:
    with RawServer(answering(answer(OK))) as server, client_of(server.url) as client:
        assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
        time.sleep(0.1)
        assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
        assert server.connections == 2


def test_a_closed_client_can_be_used_again() -> None:
    with RawServer(answering(answer(OK))) as server, client_of(server.url) as client:
        client.track(TOKEN, b"{}")
        client.close()
        assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED


def test_a_closed_port_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with client_of(f"http://127.0.0.1:{port}") as client:
        found = client.track(TOKEN, b"{}")
    assert (found.kind, found.cause) == (AnswerKind.NOT_SENT, "NewConnectionError")


def test_a_host_without_an_address_means_not_sent() -> None:
    with client_of("https://events.invalid") as client:
        assert client.track(TOKEN, b"{}").kind is AnswerKind.NOT_SENT


def test_a_host_that_does_not_pick_up_means_not_sent() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:  # fills the queue of the listener, so a further connection gets no answer
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        with client_of(f"http://127.0.0.1:{listener.getsockname()[1]}", connect_timeout=0.3) as client:
            found = client.track(TOKEN, b"{}")
        for one in waiting:
            one.close()
    assert (found.kind, found.cause) == (AnswerKind.NOT_SENT, "ConnectTimeoutError")


def test_tls_with_a_trusted_certificate_works(tmp_path: Path) -> None:
    context, authority = self_signed(tmp_path)
    with RawServer(answering(answer(OK)), context) as server, client_of(server.url, ca_file=str(authority)) as client:
        assert client.track(TOKEN, b"x" * 100_000).kind is AnswerKind.ACCEPTED


def test_a_certificate_that_nobody_trusts_means_not_sent(tmp_path: Path) -> None:
    context, _ = self_signed(tmp_path)
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        seen.append(read_request(connection))

    with RawServer(script, context) as server, client_of(server.url) as client:
        assert client.track(TOKEN, b"{}").kind is AnswerKind.NOT_SENT
    assert b"".join(seen) == b""


def speaks_no_tls(connection: socket.socket) -> None:
    connection.recv(1)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def resets_the_handshake(connection: socket.socket) -> None:
    connection.recv(1)
    reset(connection)


def ends_the_handshake(connection: socket.socket) -> None:
    connection.recv(65_536)


def sleeps_through_the_handshake(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.recv(65_536)


@pytest.mark.parametrize(
    "script", [speaks_no_tls, resets_the_handshake, ends_the_handshake, sleeps_through_the_handshake]
)
def test_a_handshake_that_fails_means_not_sent(script: Script) -> None:
    with RawServer(script) as server, client_of(f"https://127.0.0.1:{server.port}") as client:
        assert client.track(TOKEN, b"{}").kind is AnswerKind.NOT_SENT


def test_tls_that_breaks_off_after_the_request_leaves_the_outcome_open(tmp_path: Path) -> None:
    context, authority = self_signed(tmp_path)
    for script in (a_reset_after_reading, half_a_json, an_orderly_end_instead_of_an_answer, no_answer, dripping_body):
        options = {"ca_file": str(authority), "total_timeout": 0.6}
        with RawServer(script, context) as server, client_of(server.url, **options) as client:
            assert client.track(TOKEN, b"{}").kind is AnswerKind.UNKNOWN


def test_neither_proxies_nor_cookies_nor_netrc_take_part(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        for _ in range(2):
            seen.append(read_request(connection))
            connection.sendall(answer(OK, extra="Set-Cookie: session=1; Path=/\r\n"))

    with RawServer(answering()) as proxy, RawServer(script) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("NETRC", str(netrc))
        with client_of(server.url) as client:
            assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
            assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
        assert proxy.connections == 0
    text = b"".join(seen).lower()
    assert b"cookie" not in text
    assert b"authorization" not in text


@pytest.mark.parametrize(
    ("endpoint", "code"),
    [
        ("http://business-api.tiktok.com", "EVENTS_API_URL_UNSAFE"),
        ("http://10.0.0.1:8080", "EVENTS_API_URL_UNSAFE"),
        ("http://127.0.0.1.example.com", "EVENTS_API_URL_UNSAFE"),
        ("http://localhost.example.com", "EVENTS_API_URL_UNSAFE"),
        ("ftp://business-api.tiktok.com", "EVENTS_API_URL_INVALID"),
        ("business-api.tiktok.com", "EVENTS_API_URL_INVALID"),
        ("https://", "EVENTS_API_URL_INVALID"),
        ("https://me:secret@business-api.tiktok.com", "EVENTS_API_URL_INVALID"),
        ("https://business-api.tiktok.com/open_api", "EVENTS_API_URL_INVALID"),
        ("https://business-api.tiktok.com?x=1", "EVENTS_API_URL_INVALID"),
        ("https://host:99999", "EVENTS_API_URL_INVALID"),
        ("https://[::1", "EVENTS_API_URL_INVALID"),
        ("", "EVENTS_API_URL_INVALID"),
    ],
)
def test_an_endpoint_that_is_wrong_or_unsafe_is_refused_at_once(endpoint: str, code: str) -> None:
    with pytest.raises(ContractBroken) as refused:
        EventsApiClient(endpoint)
    assert refused.value.code == code
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "endpoint",
    ["https://business-api.tiktok.com", "https://business-api.tiktok.com/", "http://127.0.0.1:80", "http://[::1]:80"],
)
def test_https_hosts_and_this_machine_are_endpoints(endpoint: str) -> None:
    EventsApiClient(endpoint)
