"""What AWS refused, in this project's errors: the operation and the error code, never a message or a value.

Two codes of ``SourceUnavailable``. ``AWS_UNAVAILABLE``: throttled, failed or unreachable, it passes by itself.
``AWS_REFUSED``: forbidden, invalid or not there, a person must look. Either way the work goes back to its queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)
from botocore.parsers import ResponseParserError

from conversion_delivery.domain.errors import SourceUnavailable

UNAVAILABLE = "AWS_UNAVAILABLE"
REFUSED = "AWS_REFUSED"

AwsError = (ClientError, BotoCoreError, ResponseParserError)
"""Everything that a call of a boto3 client raises."""

PASSING_CODES = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "KMSThrottlingException",
        "LimitExceededException",
        "OperationAborted",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_BROKEN = (ConnectionError, HTTPClientError, IncompleteReadError, FlexibleChecksumError, ResponseParserError)
"""No answer, half an answer, or none that can be read. Other exceptions of botocore are faults of configuration."""

_SERVER_ERROR = 500


def error_code(problem: Exception) -> str:
    """AWS's error code, or the name of the exception where no answer came."""
    if isinstance(problem, ClientError):
        return problem.response.get("Error", {}).get("Code", "") or "Unknown"
    return type(problem).__name__


def passes_by_itself(problem: Exception) -> bool:
    """Whether the same call can succeed later although nobody changes anything."""
    if isinstance(problem, ClientError):
        status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= _SERVER_ERROR or error_code(problem) in PASSING_CODES
    return isinstance(problem, _BROKEN)


def unavailable(problem: Exception, operation: str) -> SourceUnavailable:
    """The error to raise, ``from None``: a message of AWS can repeat what it was sent."""
    code = UNAVAILABLE if passes_by_itself(problem) else REFUSED
    return SourceUnavailable(code, operation=operation, error=error_code(problem))


def unavailable_code(error: str, operation: str) -> SourceUnavailable:
    """The same for a code that stands inside an answer: of one statement, or of one part of a transaction."""
    code = UNAVAILABLE if error in PASSING_CODES else REFUSED
    return SourceUnavailable(code, operation=operation, error=error)


@contextmanager
def answered(operation: str) -> Iterator[None]:
    """Turn whatever AWS refuses inside the block into ``SourceUnavailable``."""
    try:
        yield
    except AwsError as problem:
        raise unavailable(problem, operation) from None
