"""HTTP calls to a running simulator, made with the standard library."""

from __future__ import annotations

import http.client
from typing import Any, NamedTuple

import orjson

from local.events_api import EventsApiSimulator

PATH = "/open_api/v1.3/event/track/"
HEADERS = {"Access-Token": "token", "Content-Type": "application/json"}


class Got(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


def call(
    simulator: EventsApiSimulator,
    method: str = "POST",
    path: str = PATH,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Got:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=5)
    try:
        connection.request(method, path, body, HEADERS if headers is None else headers)
        response = connection.getresponse()
        return Got(response.status, response.read(), {name.lower(): value for name, value in response.getheaders()})
    finally:
        connection.close()


def control(simulator: EventsApiSimulator, path: str, document: Any = None) -> Got:
    if document is None:
        return call(simulator, "GET", path)
    return call(simulator, "POST", path, orjson.dumps(document))
