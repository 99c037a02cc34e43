"""The HTTP side: sockets, keep-alive, and the ways in which a connection can end badly.

Standard library only. Three lines keep it fast: without ``disable_nagle_algorithm``, a write buffer and a flush, head
and body leave as two segments, and Nagle's algorithm with delayed acknowledgement costs about 90 ms per request.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from local.events_api.fault_plan import FaultRule
from local.events_api.replies import Reply

_LINGER_ZERO = struct.pack("ii", 1, 0)
_DRIPS = 20


class Exchange(Protocol):
    """What the server hands its requests to."""

    largest_body: int

    def track_begins(self) -> tuple[int, FaultRule | None]:
        """Number of a new POST to the track endpoint, and the rule that cuts it before its body is read."""
        ...

    def track(self, number: int, headers: Any, body: bytes, wire: HttpWire) -> None: ...

    def answered(self, number: int, answer: str) -> None:
        """Called before an answer goes out: who has the answer finds it counted."""
        ...

    def control(self, method: str, path: str, query: dict[str, str], body: bytes) -> Reply: ...

    def is_track(self, path: str) -> bool: ...


class LoopbackServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only. ``stop`` ends running requests, hanging ones too, and waits for their threads."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, port: int, exchange: Exchange) -> None:
        self.exchange = exchange
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; anything else is a defect and is shown."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class HttpWire:
    """One exchange on one connection. After ``cut`` and ``send_half`` the connection is over."""

    def __init__(self, handler: _Handler, note: Callable[[str], None]) -> None:
        """``note`` is told what goes out: TikTok's code, the HTTP status of another body, or the kind of end."""
        self._handler = handler
        self._note = note

    def wait(self, seconds: float) -> None:
        """Raises ``ConnectionAbortedError`` when the server stops meanwhile: what was to follow does not happen."""
        if self._handler.server.stopping.wait(seconds):
            raise ConnectionAbortedError

    def send(self, reply: Reply, over_seconds: float = 0) -> None:
        self._note(str(reply.code) if reply.code is not None else f"http_{reply.status}")
        self._head(reply)
        if over_seconds:
            self._drip(reply.body, over_seconds)
        else:
            self._handler.wfile.write(reply.body)
        self._handler.wfile.flush()

    def send_half(self, reply: Reply) -> None:
        self._note("half_answer")
        self._head(reply)
        self._handler.wfile.write(reply.body[: len(reply.body) // 2])
        self._handler.wfile.flush()
        self._end()

    def cut(self, *, reset: bool) -> None:
        self._note("cut")
        if reset:
            self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            self._handler.close_connection = True
            self._handler.connection.close()  # takes effect with the files on it: no orderly end comes before
        else:
            self._end()

    def _head(self, reply: Reply) -> None:
        self._handler.send_response(reply.status)
        self._handler.send_header("Content-Type", reply.content_type)
        self._handler.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers:
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def _drip(self, body: bytes, seconds: float) -> None:
        size = max(1, -(-len(body) // _DRIPS))
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        for piece in pieces:
            self._handler.wfile.flush()
            self.wait(seconds / len(pieces))
            self._handler.wfile.write(piece)

    def _end(self) -> None:
        self._handler.close_connection = True
        with contextlib.suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "EventsApiSimulator"
    disable_nagle_algorithm = True
    wbufsize = 65_536
    server: LoopbackServer

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if self.server.exchange.is_track(path):
            self._track()
        else:
            self._control("POST", path)

    def do_GET(self) -> None:
        self._control("GET", urlsplit(self.path).path)

    def _track(self) -> None:
        exchange = self.server.exchange
        number, rule = exchange.track_begins()
        wire = HttpWire(self, lambda answer: exchange.answered(number, answer))
        if rule is not None:
            wire.cut(reset=True)
            return
        body = self._body(wire)
        if body is not None:
            exchange.track(number, self.headers, body, wire)

    def _control(self, method: str, path: str) -> None:
        wire = HttpWire(self, lambda answer: None)
        body = self._body(wire) if method == "POST" else b""
        if body is not None:
            query = dict(parse_qsl(urlsplit(self.path).query))
            wire.send(self.server.exchange.control(method, path, query, body))

    def _body(self, wire: HttpWire) -> bytes | None:
        """The request's body; None if it was refused unread (the answer is sent, the connection ends)."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._refuse_unread(wire, 411, b"<html><title>411 Length Required</title></html>")
            return None
        if int(length) > self.server.exchange.largest_body:
            self._refuse_unread(wire, 413, b"<html><title>413 Request Entity Too Large</title></html>")
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionResetError  # the client went away in the middle of its body
        return body

    def _refuse_unread(self, wire: HttpWire, status: int, page: bytes) -> None:
        self.close_connection = True
        wire.send(Reply(status, page, "text/html", (("Connection", "close"),)))
        self._drain()

    def _drain(self) -> None:
        """Let the client read the answer: closing on unread bytes would reset the connection and lose it."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(5)
            while self.connection.recv(65_536):
                pass

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the simulator keeps its own log, without header values."""
