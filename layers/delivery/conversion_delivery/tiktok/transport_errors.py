"""What an exception of the HTTP stack proves about a request: that it was not sent, or nothing.

In: an exception raised by ``requests``, ``urllib3`` or Python itself. Out: an ``Answer`` that is ``NOT_SENT`` or
``UNKNOWN`` and carries class names only: exception texts, and the prepared request inside, can hold values.
Owns the read timeout and the cut connection, after which TikTok may have counted the events.

The table knows every public class of both libraries (a test enumerates them). It holds for a client that neither
retries nor follows redirects: there, a fault of connecting means that no byte of the request left the process.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions as lower
from requests import exceptions as upper

from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind

_BEFORE_SENDING: tuple[type[BaseException], ...] = (
    upper.ConnectTimeout,
    upper.InvalidProxyURL,
    upper.InvalidSchema,
    upper.InvalidURL,
    upper.MissingSchema,
    upper.ProxyError,
    upper.URLRequired,
    lower.ClosedPoolError,
    lower.ConnectTimeoutError,
    lower.EmptyPoolError,
    lower.LocationParseError,
    lower.LocationValueError,
    lower.NameResolutionError,
    lower.NewConnectionError,
    lower.ProxyError,
    lower.ProxySchemeUnknown,
    lower.ProxySchemeUnsupported,
    lower.URLSchemeUnknown,
    ssl.SSLCertVerificationError,
)

_DECIDED_BY_CAUSE: tuple[type[BaseException], ...] = (
    upper.ConnectionError,
    upper.SSLError,
    lower.MaxRetryError,
    lower.PoolError,
    lower.RequestError,
    lower.SSLError,
)
"""Wrappers: a refused connection and a cut one arrive in the same class, so what is inside decides."""

_PROVES_NOTHING: tuple[type[BaseException], ...] = (
    upper.ChunkedEncodingError,
    upper.ContentDecodingError,
    upper.FileModeWarning,
    upper.HTTPError,
    upper.InvalidHeader,  # also raised for a defect in the answer's header
    upper.InvalidJSONError,
    upper.JSONDecodeError,
    upper.ReadTimeout,
    upper.RequestException,
    upper.RequestsDependencyWarning,
    upper.RequestsWarning,
    upper.RetryError,
    upper.StreamConsumedError,
    upper.Timeout,
    upper.TooManyRedirects,
    upper.UnrewindableBodyError,
    lower.BodyNotHttplibCompatible,
    lower.DecodeError,
    lower.DependencyWarning,
    lower.FullPoolError,
    lower.HTTPError,
    lower.HTTPWarning,
    lower.HeaderParsingError,
    lower.HostChangedError,
    lower.IncompleteRead,
    lower.InsecurePlatformWarning,
    lower.InsecureRequestWarning,
    lower.InvalidChunkLength,
    lower.InvalidHeader,
    lower.NotOpenSSLWarning,
    lower.ProtocolError,
    lower.ReadTimeoutError,
    lower.ResponseError,
    lower.ResponseNotChunked,
    lower.SecurityWarning,
    lower.SystemTimeWarning,
    lower.TimeoutError,
    lower.TimeoutStateError,
    lower.UnrewindableBodyError,
)

_DEEPEST_CHAIN = 10


def table() -> dict[type[BaseException], AnswerKind | None]:
    """Every classified class; None where what it wraps decides."""
    kinds: dict[type[BaseException], AnswerKind | None] = dict.fromkeys(_PROVES_NOTHING, AnswerKind.UNKNOWN)
    kinds |= dict.fromkeys(_BEFORE_SENDING, AnswerKind.NOT_SENT)
    kinds |= dict.fromkeys(_DECIDED_BY_CAUSE)
    return kinds


_TABLE = table()


def classify_exception(exc: BaseException) -> Answer:
    """``NOT_SENT`` only where no byte of the request can have left; ``UNKNOWN`` for everything else."""
    chain = list(_chain(exc))
    kinds = (_kind(link) for link in chain)
    kind = next((found for found in kinds if found is not None), AnswerKind.UNKNOWN)
    return Answer(kind, cause=type(chain[-1]).__name__)


def _kind(exc: BaseException) -> AnswerKind | None:
    """The nearest listed class of ``exc``; a class nobody listed proves nothing."""
    for cls in type(exc).__mro__:
        if cls in _TABLE:
            return _TABLE[cls]
    return AnswerKind.UNKNOWN


def _chain(exc: BaseException) -> Iterator[BaseException]:
    """``exc`` and what it wraps, outermost first, as the two libraries nest them (``reason``, or in ``args``)."""
    for _ in range(_DEEPEST_CHAIN):
        yield exc
        inner = _wrapped(exc)
        if inner is None:
            return
        exc = inner


def _wrapped(exc: BaseException) -> BaseException | None:
    reason = getattr(exc, "reason", None)  # of MaxRetryError; an OpenSSL error has a text there
    if isinstance(reason, BaseException):
        return reason
    if isinstance(exc, (lower.HTTPError, requests.RequestException)):
        return next((part for part in exc.args if isinstance(part, BaseException)), None)
    return None
