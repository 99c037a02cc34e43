"""Clients that answer from a script, and bodies that break: what no emulator does on demand."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.exceptions import IncompleteReadError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from conversion_delivery.aws.backoff import Backoff


@functools.cache
def client(service: str) -> Any:
    """A real client that can reach nothing; one for all tests, since making one takes longer than a test."""
    make: Any = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1").client
    return make(service, endpoint_url="http://127.0.0.1:9")


@contextmanager
def stubbed(service: str) -> Iterator[tuple[Any, Stubber]]:
    """A client and its script; every scripted answer must have been asked for in the end."""
    real = client(service)
    with Stubber(real) as stub:
        yield real, stub
        stub.assert_no_pending_responses()


class Rests:
    """Takes the place of ``sleep`` and remembers how long it should have slept."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def backoff(self, attempts: int = 5) -> Backoff:
        return Backoff(sleep=self.seconds.append, jitter=lambda: 1.0, attempts=attempts)


class _BreakingBody(io.BytesIO):
    """Gives its bytes, then fails where it should end."""

    def read(self, amount: int | None = -1) -> bytes:
        content = super().read(amount)
        if not content or amount is None:
            raise IncompleteReadError(actual_bytes=0, expected_bytes=1)
        return content


def body(content: bytes, *, breaks: bool = False) -> StreamingBody:
    raw: Any = _BreakingBody(content) if breaks else io.BytesIO(content)
    unknown_length: Any = None
    return StreamingBody(raw, unknown_length)


def ranged(content: bytes, start: int, total: int, *, breaks_after: int | None = None) -> dict[str, Any]:
    """An answer 206 of S3 with ``content`` from ``start``."""
    return {
        "Body": body(content if breaks_after is None else content[:breaks_after], breaks=breaks_after is not None),
        "ContentLength": len(content),
        "ContentRange": f"bytes {start}-{start + len(content) - 1}/{total}",
        "ResponseMetadata": {"HTTPStatusCode": 206},
    }
