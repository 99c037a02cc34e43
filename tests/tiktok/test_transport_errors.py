from __future__ import annotations

import http.client
import inspect
import socket
import ssl
from types import ModuleType

import pytest
import requests
import urllib3.exceptions as lower
from requests import exceptions as upper
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from conversion_delivery.tiktok.transport_errors import classify_exception, table
from conversion_delivery.workflows.events_api_ports import AnswerKind

POOL = HTTPConnectionPool("127.0.0.1")
CONNECTION = HTTPConnection("127.0.0.1")


def exception_classes(module: ModuleType) -> set[type[BaseException]]:
    """Every exception class that the module offers, imported ones of the two libraries included."""
    return {
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, BaseException) and member.__module__.partition(".")[0] in ("requests", "urllib3")
    }


@pytest.mark.parametrize("module", [upper, lower])
def test_every_exception_class_of_both_libraries_is_classified(module: ModuleType) -> None:
    classes = exception_classes(module)
    assert len(classes) > 20
    assert sorted(cls.__name__ for cls in classes - table().keys()) == []


def test_the_table_holds_nothing_that_the_libraries_no_longer_have() -> None:
    known = exception_classes(upper) | exception_classes(lower) | {ssl.SSLCertVerificationError}
    assert table().keys() == known


def max_retries(reason: Exception) -> lower.MaxRetryError:
    return lower.MaxRetryError(POOL, "/", reason)


NOT_SENT = [
    upper.ConnectionError(max_retries(lower.NewConnectionError(CONNECTION, "refused"))),
    upper.ConnectionError(max_retries(lower.NameResolutionError("host", CONNECTION, socket.gaierror()))),
    upper.ConnectTimeout(max_retries(lower.ConnectTimeoutError(CONNECTION, "late"))),
    upper.SSLError(max_retries(lower.SSLError(ssl.SSLCertVerificationError("bad")))),
    upper.SSLError(ssl.SSLCertVerificationError("bad")),
    upper.ProxyError(max_retries(lower.ProxyError("no", OSError()))),
    upper.InvalidURL("x"),
    upper.MissingSchema("x"),
    upper.InvalidSchema("x"),
    upper.ConnectionError(lower.ClosedPoolError(POOL, "closed")),
]


@pytest.mark.parametrize("fault", NOT_SENT, ids=lambda fault: type(fault).__name__)
def test_a_fault_before_the_first_byte_means_not_sent(fault: Exception) -> None:
    assert classify_exception(fault).kind is AnswerKind.NOT_SENT


UNKNOWN = [
    upper.ReadTimeout(lower.ReadTimeoutError(POOL, "/", "late")),
    upper.ConnectionError(lower.ReadTimeoutError(POOL, "/", "late")),
    upper.ConnectionError(lower.ProtocolError("aborted", http.client.RemoteDisconnected("gone"))),
    upper.ConnectionError(lower.ProtocolError("aborted", ConnectionResetError(104, "reset"))),
    upper.ConnectionError(max_retries(lower.ProtocolError("aborted"))),
    upper.SSLError(max_retries(lower.SSLError(ssl.SSLEOFError(8, "cut")))),
    upper.SSLError(ssl.SSLError(1, "[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC]")),
    upper.ChunkedEncodingError(lower.ProtocolError("cut")),
    upper.ContentDecodingError("x"),
    upper.InvalidHeader(lower.InvalidHeader("in the answer")),
    upper.ConnectionError("no cause"),
    upper.RequestException(),
    requests.JSONDecodeError("x", "doc", 0),
    lower.IncompleteRead(1, 2),
    ConnectionResetError(),
    TimeoutError(),
    ssl.SSLError(),
    UnicodeEncodeError("latin-1", "x", 0, 1, "no"),
    MemoryError(),
    ValueError("x"),
]


@pytest.mark.parametrize("fault", UNKNOWN, ids=lambda fault: type(fault).__name__)
def test_a_fault_that_proves_nothing_leaves_the_outcome_open(fault: Exception) -> None:
    assert classify_exception(fault).kind is AnswerKind.UNKNOWN


def test_the_answer_names_the_innermost_class_and_no_text() -> None:
    fault = upper.ConnectionError(
        lower.ProtocolError("to alice@example.com", ConnectionResetError("alice@example.com"))
    )
    answer = classify_exception(fault)
    assert answer.cause == "ConnectionResetError"
    assert "alice" not in repr(answer)


def test_exceptions_that_wrap_each_other_in_a_circle_end() -> None:
    fault = upper.ConnectionError()
    fault.args = (fault,)
    assert classify_exception(fault).kind is AnswerKind.UNKNOWN
