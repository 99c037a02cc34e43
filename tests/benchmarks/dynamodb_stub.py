"""A process of its own in DynamoDB's and TikTok's place that takes everything: the client's processor time is measured.

Run as ``python -m tests.benchmarks.dynamodb_stub``; prints its port on 127.0.0.1, and ends when its input is closed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

FINGERPRINT = "AAAAAAAAAAAAAAAAAAAAAA=="

ACCEPTED = b'{"code":0,"message":"OK","request_id":"20261120120000010010010011234567","data":{}}'
"""TikTok's answer to events that are taken."""


class _Connection(asyncio.Protocol):
    """Answers each whole request on a kept connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (length := _whole(self._received)) is not None:
            request, self._received = self._received[:length], self._received[length:]
            self._transport.write(_answer(request))


def _whole(received: bytes) -> int | None:
    """The length of the first request, once all of it is there."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    announced = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    return len(head) + len(separator) + announced if len(body) >= announced else None


def _answer(request: bytes) -> bytes:
    head, _, body = request.partition(b"\r\n\r\n")
    if head.startswith(b"POST /open_api/"):
        kind = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: keep-alive\r\n"
        return b"%sContent-Length: %d\r\n\r\n%s" % (kind, len(ACCEPTED), ACCEPTED)
    document = orjson.loads(body)
    if b"DynamoDB_20120810.BatchExecuteStatement" in head:
        found = orjson.dumps({"Responses": [{"TableName": "table"}] * len(document["Statements"])})
    elif b"DynamoDB_20120810.BatchGetItem" in head:
        found = orjson.dumps({"Responses": _owners(document["RequestItems"]), "UnprocessedKeys": {}})
    else:
        found = b"{}"
    return (
        b"HTTP/1.1 200 OK\r\nServer: Server\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\nConnection: keep-alive\r\n"
        b"Content-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\r\n"
        b"Content-Length: %d\r\nx-amz-crc32: %d\r\n\r\n%s" % (len(found), zlib.crc32(found), found)
    )


def _owners(tables: dict[str, dict[str, list[dict[str, object]]]]) -> dict[str, list[dict[str, object]]]:
    rest = {"batch": {"S": "0123456789abcdef0123456789abcdef/0000000001"}, "row": {"N": "7"}}
    rest["fingerprint"] = {"B": FINGERPRINT}
    return {name: [key | rest for key in request["Keys"]] for name, request in tables.items()}


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


@contextmanager
def dynamodb_stub() -> Iterator[str]:
    """The address of a stub in a process of its own."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()


if __name__ == "__main__":
    asyncio.run(_serve())
