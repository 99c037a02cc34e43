"""The Events API over HTTPS: one POST, one answer, no hidden retries.

In: a token and a ready request body. Out: an ``Answer``. Fulfils the port ``EventsApi``: whatever the network or
TikTok does becomes an answer, so a POST that may have been counted is never mistaken for one that was not.

No redirect is followed (the token would travel with it), no proxy or ``.netrc`` is taken from the environment, no
cookie is kept. The token stands in the header of the one request and in no attribute, log line or exception.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Callable
from dataclasses import replace
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests

from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.tiktok.connections import BoundedAdapter
from conversion_delivery.tiktok.responses import classify_exception, read_response
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind

TRACK_PATH = "/open_api/v1.3/event/track/"
"""The trailing slash is required (portal reference of the endpoint)."""

LARGEST_ANSWER = 1_048_576
"""Bytes read of an answer's body. Real ones have a few hundred."""

LONGEST_IDLE_SECONDS = 20.0
"""An older idle connection is not trusted: a frozen function, or a NAT in between, may have lost it silently, and a
POST into a lost connection ends as ``UNKNOWN``."""

_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
_READ_BLOCK = 16_384

# At DEBUG these libraries write addresses and headers of answers; `urllib3.connection` warns with a header's text.
logging.getLogger("urllib3").setLevel(logging.WARNING)
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)
logging.getLogger("requests").setLevel(logging.WARNING)


class EventsApiClient:
    """Sends requests to one host and keeps its connection open between them. Not for use by several threads."""

    def __init__(
        self,
        endpoint: str,
        *,
        connect_timeout: float = 3.0,
        read_timeout: float = 30.0,
        total_timeout: float = 40.0,
        ca_file: str | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``endpoint``: ``https://host``; plain ``http`` only for this machine itself.

        Timeouts in seconds: ``connect_timeout`` per address of the host, ``read_timeout`` from one piece of the
        answer to the next, ``total_timeout`` from the first byte sent to the last one read. ``ca_file`` replaces the
        trusted authorities. Raises ``ContractBroken`` (``EVENTS_API_URL_INVALID``, ``EVENTS_API_URL_UNSAFE``).
        """
        self._url = checked_endpoint(endpoint) + TRACK_PATH
        self._timeouts = (connect_timeout, read_timeout)
        self._now = now
        self._last_used = now()
        self._session = _new_session(total_timeout, ca_file)

    def track(self, token: str, body: bytes) -> Answer:
        """One POST of one request body; never raises for anything that the network or TikTok can do."""
        if not _TOKEN.fullmatch(token):  # a line break would forge a header, and nothing has been sent yet
            return Answer(AnswerKind.BAD_CREDENTIALS, cause="TOKEN_UNUSABLE")
        try:
            self._drop_idle_connections()
            return self._post(token, body)
        except Exception as fault:  # the port's promise: an answer, whatever happened
            return classify_exception(fault)
        finally:
            self._last_used = self._now()

    def close(self) -> None:
        """Close the connections. The client can be used again afterwards."""
        self._session.close()

    def _post(self, token: str, body: bytes) -> Answer:
        headers = {"Access-Token": token, "Content-Type": "application/json", "Accept-Encoding": "identity"}
        with self._session.post(
            self._url, data=body, headers=headers, timeout=self._timeouts, allow_redirects=False, stream=True
        ) as response:
            try:
                content = _content(response)
            except Exception as fault:
                return replace(_after_the_head(fault), http_status=response.status_code)
            if content is None:
                return Answer(AnswerKind.UNKNOWN, http_status=response.status_code, cause="ANSWER_TOO_LARGE")
            content_type = response.headers.get("Content-Type", "")
            return read_response(response.status_code, content, content_type, now=self._now())

    def _drop_idle_connections(self) -> None:
        idle = self._now() - self._last_used
        if not 0 <= idle <= LONGEST_IDLE_SECONDS:  # negative: the clock was set back, so nothing is known
            self._session.close()


def _after_the_head(fault: Exception) -> Answer:
    """Once an answer has begun, the request was sent: no exception proves otherwise."""
    return Answer(AnswerKind.UNKNOWN, cause=classify_exception(fault).cause)


def _content(response: requests.Response) -> bytes | None:
    """The answer's body, or None if it is longer than an answer can be."""
    content = bytearray()
    for block in response.iter_content(_READ_BLOCK):
        content += block
        if len(content) > LARGEST_ANSWER:
            return None
    return bytes(content)


def _new_session(total_timeout: float, ca_file: str | None) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.adapters.clear()
    for scheme in ("https://", "http://"):
        session.mount(scheme, BoundedAdapter(total_timeout))
    if ca_file is not None:
        session.verify = ca_file
    return session


def checked_endpoint(endpoint: str) -> str:
    """``scheme://host[:port]`` without anything after it.

    Raises ``ContractBroken``: ``EVENTS_API_URL_INVALID``, or ``EVENTS_API_URL_UNSAFE`` where a token would travel
    in clear text over a network.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ContractBroken("EVENTS_API_URL_INVALID") from None
    if not host or parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ContractBroken("EVENTS_API_URL_INVALID")
    if parts.scheme not in ("https", "http"):
        raise ContractBroken("EVENTS_API_URL_INVALID")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise ContractBroken("EVENTS_API_URL_UNSAFE")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
