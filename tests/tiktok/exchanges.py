"""A client with short timeouts, and servers whose answers break off, never end, or come in drops."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from conversion_delivery.tiktok.client import EventsApiClient
from conversion_delivery.workflows.events_api_ports import Answer
from tests.tiktok.raw_server import RawServer, Script, answer, read_request, reset

TOKEN = "token-0123456789"
OK = b'{"code":0,"message":"OK","request_id":"R1","data":{}}'
HTML = b"<html>502 Bad Gateway</html>"


@contextmanager
def client_of(url: str, **options: Any) -> Iterator[EventsApiClient]:
    client = EventsApiClient(url, **{"connect_timeout": 1.0, "read_timeout": 1.0, "total_timeout": 4.0, **options})
    try:
        yield client
    finally:
        client.close()


def answer_of(script: Script, body: bytes = b"{}", **options: Any) -> Answer:
    with RawServer(script) as server, client_of(server.url, **options) as client:
        return client.track(TOKEN, body)


def timed_answer_of(script: Script, body: bytes) -> tuple[Answer, float]:
    """The answer under a total time of 0.6 s, and the seconds that it took."""
    with RawServer(script) as server, client_of(server.url, total_timeout=0.6) as client:
        before = time.monotonic()
        return client.track(TOKEN, body), time.monotonic() - before


def half_a_json(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(answer(OK)[:-20])


def half_a_json_without_a_length(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + OK[:-20])


def a_cut_chunk(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"code":0')


def a_broken_chunk_length(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + OK)


def a_reset_after_reading(connection: socket.socket) -> None:
    read_request(connection)
    reset(connection)


def a_reset_while_sending(connection: socket.socket) -> None:
    connection.recv(1)
    reset(connection)


def an_orderly_end_instead_of_an_answer(connection: socket.socket) -> None:
    read_request(connection)


def no_answer(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)


def half_a_head(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty")


def no_http(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


def an_endless_line(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000)


def broken_gzip(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(answer(b"no gzip", extra="Content-Encoding: gzip\r\n"))


def two_lengths(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(answer(OK, extra="Content-Length: 7\r\n"))


def endless_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 65_536)


BOMB = gzip.compress(b" " * 20_000_000)


def a_bomb(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(answer(BOMB, extra="Content-Encoding: gzip\r\n"))


def dripping_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        time.sleep(0.05)
        connection.sendall(b" ")


def dripping_head(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(1000):
        time.sleep(0.05)
        connection.sendall(b"X: y\r\n")


def endless_hints(connection: socket.socket) -> None:
    read_request(connection)
    while True:
        time.sleep(0.05)
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def slow_reader(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    while connection.recv(1000):
        time.sleep(0.05)
