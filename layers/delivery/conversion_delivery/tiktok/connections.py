"""HTTP connections that keep two promises which ``requests`` alone does not make.

* **Nothing was sent** when connecting failed. A TLS handshake that times out or is cut comes out of ``urllib3`` as a
  read timeout or an aborted connection, as if the request had been on its way. Here every failure of ``connect`` is
  a ``NewConnectionError``, so that only the rest is in doubt.
* **A request ends.** A read timeout counts from one piece to the next, so a server that sends a byte now and then
  holds a caller for ever. Here one deadline bounds sending the body, waiting for the head and reading the answer.

In: a total time in seconds. Out: an adapter for ``requests.Session``. The deadline begins when the connection
stands; connecting is bounded by its own timeout (per address of the host).
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

_SEND_BLOCK = 16_384
"""Bytes per send, one TLS record: the time left is looked at between two of them."""


class Deadline:
    """The time that one request has left."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end: float | None = None

    def start(self, seconds: float) -> None:
        self._end = self._monotonic() + seconds

    def limit(self, sock: socket.socket, longest: float | None) -> None:
        """Set the socket's timeout to ``longest`` or to what is left. Raises ``TimeoutError`` when nothing is."""
        if self._end is None:
            return
        left = self._end - self._monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        sock.settimeout(left if longest is None else min(left, longest))


class _AnswerBytes(io.RawIOBase):
    """What a socket receives, read under a deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: Deadline) -> None:
        self._raw = raw
        self._sock = sock
        self._longest = sock.gettimeout()
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._deadline.limit(self._sock, self._longest)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _AnswerSocket:
    """Gives ``http.client`` its file object: all that it wants from a socket once the request is out."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        raw = self._sock.makefile("rb", buffering=0)
        return io.BufferedReader(_AnswerBytes(raw, self._sock, self._deadline))


class _Bounded(HTTPConnection):
    """The part that plain and TLS connections share."""

    total_seconds = 60.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = Deadline()
        self.response_class = self._response  # type: ignore[assignment]  # http.client takes any callable

    def _response(self, sock: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:
        # HTTPResponse asks its socket for makefile() alone, which is all that _AnswerSocket has.
        return HTTPResponse(_AnswerSocket(sock, self._deadline), *args, **kwargs)  # type: ignore[arg-type]

    def connect(self) -> None:
        """Raises ``NewConnectionError`` (or a subclass), or ``ConnectTimeoutError``, and nothing else."""
        try:
            super().connect()
        except (ConnectTimeoutError, ssl.SSLCertVerificationError):
            raise  # NewConnectionError and NameResolutionError are ConnectTimeoutErrors to urllib3
        except TimeoutError:
            raise ConnectTimeoutError(self, "handshake") from None
        except (ssl.SSLError, OSError) as fault:
            raise NewConnectionError(self, type(fault).__name__) from None

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()
        self._deadline.start(self.total_seconds)
        super().request(*args, **kwargs)

    def send(self, data: Any) -> None:
        """Like the original for bytes; the time left bounds each block."""
        for start in range(0, len(data), _SEND_BLOCK):
            if self.sock is not None:
                self._deadline.limit(self.sock, None)
            super().send(data[start : start + _SEND_BLOCK])


class _BoundedTls(_Bounded, HTTPSConnection):
    pass


class BoundedAdapter(HTTPAdapter):
    """Connections without retries whose requests take at most ``total_seconds`` once connected."""

    def __init__(self, total_seconds: float) -> None:
        plain = type("Plain", (_Bounded,), {"total_seconds": total_seconds})
        tls = type("Tls", (_BoundedTls,), {"total_seconds": total_seconds})
        self._pools = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }
        super().__init__(pool_connections=1, pool_maxsize=4, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools
