"""A server on 127.0.0.1 in DynamoDB's place: what it does with each request, in turn, is a test's script."""

from __future__ import annotations

import json
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from conversion_delivery.aws.dynamodb_requests import DynamoDbRequests
from conversion_delivery.aws.event_ledger import EventLedgerTable
from conversion_delivery.domain.outcomes import Claim
from tests.aws.stubbed import Rests
from tests.tiktok.raw_server import RawServer, answer, read_request, reset

Turn = Callable[[socket.socket, bytes], None]
"""Gets the connection and the request; raises ``OSError`` to end the connection."""

CLAIM = Claim("set#Purchase#Größe-1", "f/0000000001", 7, b"\x00\xff" * 8, 1_700_000_000, 1_800_000_000)

TIMEOUT = 0.3
"""Seconds that the client waits."""


def says(document: Any, status: str = "200 OK", *, checksum: int | None = None) -> Turn:
    """An answer with its CRC 32, or with a wrong one."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    extra = f"x-amz-crc32: {zlib.crc32(body) if checksum is None else checksum}\r\n"
    return lambda connection, _: connection.sendall(answer(body, status, "application/x-amz-json-1.0", extra))


def claimed(count: int = 1) -> Turn:
    return says({"Responses": [{"TableName": "t"}] * count})


def fails(code: str, status: str = "400 Bad Request") -> Turn:
    return says({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "jane@example.com"}, status)


def raw(content: bytes) -> Turn:
    """These bytes, then the end of the connection."""

    def turn(connection: socket.socket, _: bytes) -> None:
        connection.sendall(content)
        raise ConnectionResetError

    return turn


def closes(connection: socket.socket, _: bytes) -> None:
    """The request is read and never answered."""
    raise ConnectionResetError


def resets(connection: socket.socket, _: bytes) -> None:
    reset(connection)
    raise ConnectionResetError


def is_silent(connection: socket.socket, _: bytes) -> None:
    """Longer than the client waits."""
    time.sleep(TIMEOUT * 2)


@dataclass
class Turns:
    """The script and what was asked; past its end the server closes every connection."""

    turns: Sequence[Turn]
    requests: list[bytes] = field(default_factory=list)
    before_reading: int = 0
    """So many connections are reset before a byte of the request is read."""

    def serve(self, connection: socket.socket) -> None:
        if self.before_reading:
            self.before_reading -= 1
            reset(connection)
            return
        while request := read_request(connection):
            self.requests.append(request)
            if len(self.requests) > len(self.turns):
                return
            self.turns[len(self.requests) - 1](connection, request)

    def header(self, number: int, name: str) -> str:
        """Of one request; empty where it is missing."""
        for line in self.requests[number].partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return ""

    def document(self, number: int) -> Any:
        return json.loads(self.requests[number].partition(b"\r\n\r\n")[2])


class World:
    """A client and its short path to a scripted server."""

    def __init__(self, server: RawServer, turns: Turns, credentials: Any = None, authorities: str = "") -> None:
        session = boto3.Session(
            aws_access_key_id="AKIDTEST",
            aws_secret_access_key="secret",
            aws_session_token="a-token",
            region_name="eu-x-1",
        )
        config = Config(connect_timeout=TIMEOUT, read_timeout=TIMEOUT, parameter_validation=False)
        self.client: Any = session.client("dynamodb", endpoint_url=server.url, config=config)
        self.rests = Rests()
        self.turns = turns
        self.server = server
        self.batches = DynamoDbRequests(
            self.client,
            credentials or session.get_credentials(),
            backoff=self.rests.backoff(),
            authorities=authorities or None,
        )
        self.ledger = EventLedgerTable(self.client, "t", batches=self.batches, backoff=self.rests.backoff())


@contextmanager
def dynamodb(
    *turns: Turn,
    credentials: Any = None,
    before_reading: int = 0,
    tls: tuple[ssl.SSLContext, Path] | None = None,
) -> Iterator[World]:
    """``tls``: the server's context, and the file that the client trusts."""
    script = Turns(turns, before_reading=before_reading)
    context, authorities = tls or (None, "")
    with RawServer(script.serve, context) as server:
        world = World(server, script, credentials, str(authorities))
        yield world
        world.batches.close()
