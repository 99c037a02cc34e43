"""Two operations of DynamoDB on a short path: the ledger's claims and reads, at a fraction of boto3's processor time.

In: the parameters of ``BatchExecuteStatement`` and ``BatchGetItem`` as boto3 takes them. Out: what boto3 returns, or an
exception that boto3 raises, so that ``aws.faults`` reads both alike. What a claim costs in boto3 is not the service's
share but walking the API model for every value; these two requests need no model.

Kept from botocore: its signer, its credentials (asked before every attempt, so that they renew themselves), the
client's endpoint, region, time limits and user agent, its events ``provide-client-params`` and ``before-send``, so that
what watches or answers the client's calls sees these as well, and the check of DynamoDB's CRC 32 (here a wrong one is
never an answer; botocore hands out the last one). Attempts are as many as the client makes (``aws.clients``), the rests
between them those of ``aws.backoff``. Left out: proxies, redirects, and botocore's quota of repetitions, because a
ledger that cannot be asked ends its caller's work anyway. As in botocore, a wrong clock is not corrected: the request
is refused.
"""

from __future__ import annotations

import socket
import ssl
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import orjson
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    FlexibleChecksumError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path
from botocore.parsers import ResponseParserError
from urllib3 import exceptions as transport
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, connection_from_url

from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.clients import ATTEMPTS
from conversion_delivery.aws.faults import AwsError, passes_by_itself

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from mypy_boto3_dynamodb import DynamoDBClient

_SERVICE = "dynamodb"
_OK = 200


class BatchCalls(Protocol):
    """The operations that ``DynamoDbRequests`` and boto3's client have in common."""

    def batch_execute_statement(self, *, Statements: Any) -> Any: ...

    def batch_get_item(self, *, RequestItems: Any) -> Any: ...


class DynamoDbRequests:
    """Fulfils ``BatchCalls``; may be used by as many threads at once as the client's pool has connections."""

    def __init__(
        self,
        client: DynamoDBClient,
        credentials: Credentials | None,
        *,
        backoff: Backoff | None = None,
        authorities: str | None = None,
    ) -> None:
        """No connection is made yet.

        ``credentials``: those of the session that made ``client``. ``authorities``: a file with the certificates to
        trust instead of those that botocore trusts.
        """
        self._client = client
        self._credentials = credentials
        self._backoff = backoff or Backoff(attempts=ATTEMPTS)
        self._url = client.meta.endpoint_url.rstrip("/") + "/"
        self._region = client.meta.region_name
        config: Any = client.meta.config
        self._config = config
        self._authorities = authorities
        metadata = client.meta.service_model.metadata
        self._target = f"{metadata['targetPrefix']}."
        self._headers = {
            "Content-Type": f"application/x-amz-json-{metadata['jsonVersion']}",
            "User-Agent": config.user_agent,
        }

    def batch_execute_statement(self, *, Statements: Any) -> Any:
        """``Statements`` and the answer as boto3 has them."""
        return self._call("BatchExecuteStatement", {"Statements": Statements})

    def batch_get_item(self, *, RequestItems: Any) -> Any:
        """As boto3 does, for items without lists, maps and sets: binary values come back as bytes."""
        answer = self._call("BatchGetItem", {"RequestItems": RequestItems})
        for items in answer.get("Responses", {}).values():
            for item in items:
                for value in item.values():
                    if "B" in value:
                        value["B"] = b64decode(value["B"])
        return answer

    @cached_property
    def _pool(self) -> HTTPConnectionPool:
        """Made at the first call: reading the authorities' certificates would lengthen every cold start."""
        return _pool_of(self._url, self._config, self._authorities)

    def close(self) -> None:
        """End all connections. No call can be made afterwards."""
        self._pool.close()

    def _call(self, operation: str, parameters: Mapping[str, Any]) -> Any:
        """The parsed answer. Raises one of ``AwsError``: the last one where all attempts failed."""
        model = self._client.meta.service_model.operation_model(operation)
        self._client.meta.events.emit(
            f"provide-client-params.{_SERVICE}.{operation}", params=parameters, model=model, context={}
        )
        body = orjson.dumps(parameters, default=_base64)
        last: Exception | None = None
        for _ in self._backoff.tries():
            try:
                return self._attempt(operation, body)
            except AwsError as problem:
                if not passes_by_itself(problem):
                    raise
                last = problem
        assert last is not None  # noqa: S101 - there is at least one attempt
        raise last

    def _attempt(self, operation: str, body: bytes) -> Any:
        request = self._signed(operation, body)
        heard = self._client.meta.events.emit(f"before-send.{_SERVICE}.{operation}", request=request)
        for _, answer in heard:
            if answer is not None:
                return _read(operation, answer.status_code, answer.headers, answer.content)
        answer = self._send(request)
        return _read(operation, answer.status, answer.headers, answer.data)

    def _signed(self, operation: str, body: bytes) -> AWSPreparedRequest:
        if self._credentials is None:
            raise NoCredentialsError
        headers = self._headers | {"X-Amz-Target": self._target + operation}
        request = AWSRequest(method="POST", url=self._url, data=body, headers=headers)
        SigV4Auth(self._credentials.get_frozen_credentials(), _SERVICE, self._region).add_auth(request)
        return request.prepare()

    def _send(self, request: Any) -> urllib3.BaseHTTPResponse:
        """Raises what botocore raises when no whole answer comes; urllib3's own words are dropped with the cause."""
        try:
            # decode_content: the checksum is that of the bytes as they came.
            return self._pool.urlopen("POST", "/", request.body, request.headers, retries=False, decode_content=False)
        except transport.SSLError:
            raise SSLError(endpoint_url=self._url, error=transport.SSLError()) from None
        except (transport.NewConnectionError, transport.NameResolutionError):
            raise EndpointConnectionError(endpoint_url=self._url) from None
        except transport.ConnectTimeoutError:
            raise ConnectTimeoutError(endpoint_url=self._url) from None
        except transport.ReadTimeoutError:
            raise ReadTimeoutError(endpoint_url=self._url) from None
        except transport.HTTPError:
            raise ConnectionClosedError(endpoint_url=self._url) from None


def _pool_of(url: str, config: Any, authorities: str | None) -> HTTPConnectionPool:
    """Connections with the client's limits, to a server whose certificate and name are right."""
    options: dict[str, Any] = {}
    if url.startswith("https:"):
        options["ssl_context"] = ssl.create_default_context(cafile=authorities or get_cert_path(True))
    return connection_from_url(
        url,
        timeout=urllib3.Timeout(connect=config.connect_timeout, read=config.read_timeout),
        maxsize=config.max_pool_connections,
        socket_options=[*HTTPConnection.default_socket_options, (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)],
        **options,
    )


def _read(operation: str, status: int, headers: Mapping[str, str], body: bytes) -> Any:
    """The document of an answer. Raises ``ClientError`` with its code and status, or that it cannot be read."""
    checksum = headers.get("x-amz-crc32")
    if checksum is not None and checksum != str(zlib.crc32(body)):
        raise FlexibleChecksumError(error_msg=operation)
    try:
        document = orjson.loads(body)
    except ValueError:
        document = None
    if status != _OK:
        raise _refusal(operation, status, document)
    if not isinstance(document, dict):
        raise ResponseParserError(operation)
    return document


def _refusal(operation: str, status: int, document: Any) -> ClientError:
    """The error's code as botocore reads it: ``namespace#Code:more``, or the status where the body names none."""
    kind = document.get("__type") if isinstance(document, dict) else None
    code = kind.rpartition("#")[2].partition(":")[0] if isinstance(kind, str) else ""
    metadata: Any = {"HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code or str(status), "Message": ""}, "ResponseMetadata": metadata}, operation)


def _base64(value: object) -> str:
    """How JSON carries binary values. Raises ``TypeError`` for anything but bytes."""
    if not isinstance(value, bytes):
        raise TypeError(type(value).__name__)
    return b64encode(value).decode()
