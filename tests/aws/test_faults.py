"""Whatever AWS refuses becomes a code and an operation: never a message, never a value."""

from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from conversion_delivery.aws.faults import REFUSED, UNAVAILABLE, AwsError, answered
from conversion_delivery.domain.errors import ContractBroken, SourceUnavailable

SECRET = "jane@example.com"


def refusal(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": SECRET}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "PutItem",
    )


def raised(problem: Exception) -> SourceUnavailable:
    with pytest.raises(SourceUnavailable) as caught, answered("PutItem"):
        raise problem
    return caught.value


@pytest.mark.parametrize(
    "problem",
    [
        refusal("ThrottlingException"),
        refusal("ProvisionedThroughputExceededException"),
        refusal("SlowDown", 503),
        refusal("SomethingNew", 500),
        refusal("TransactionConflictException"),
        exceptions.EndpointConnectionError(endpoint_url=SECRET),
        exceptions.ConnectTimeoutError(endpoint_url=SECRET),
        exceptions.ReadTimeoutError(endpoint_url=SECRET),
        exceptions.ConnectionClosedError(endpoint_url=SECRET),
        exceptions.HTTPClientError(error=SECRET),
        exceptions.FlexibleChecksumError(error_msg=SECRET),
        ResponseParserError(SECRET),
    ],
)
def test_what_passes_by_itself_is_unavailable(problem: Exception) -> None:
    assert raised(problem).code == UNAVAILABLE


@pytest.mark.parametrize(
    "problem",
    [
        refusal("ValidationException"),
        refusal("AccessDeniedException"),
        refusal("AccessDenied", 403),
        refusal("ResourceNotFoundException"),
        refusal("KMSAccessDeniedException"),
        refusal("ExpiredTokenException"),
        exceptions.NoCredentialsError(),
        exceptions.ParamValidationError(report=SECRET),
    ],
)
def test_what_needs_a_person_is_refused(problem: Exception) -> None:
    assert raised(problem).code == REFUSED


def test_the_error_names_operation_and_code_and_holds_no_value() -> None:
    error = raised(refusal("AccessDeniedException"))
    assert error.facts == {"operation": "PutItem", "error": "AccessDeniedException"}
    assert raised(exceptions.ReadTimeoutError(endpoint_url=SECRET)).facts["error"] == "ReadTimeoutError"
    for problem in (refusal("X"), exceptions.ParamValidationError(report=SECRET)):
        error = raised(problem)
        assert SECRET not in f"{error!r} {error} {error.facts}"
        assert error.__suppress_context__


def test_every_exception_of_botocore_is_turned_into_one_of_ours() -> None:
    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, AwsError)]
    assert len(kinds) > 50
    for kind in kinds:
        problem = kind.__new__(kind)
        vars(problem).update(response={"Error": {"Code": kind.__name__}})
        assert raised(problem).facts["error"] == kind.__name__


def test_our_own_errors_pass_unchanged() -> None:
    with pytest.raises(ContractBroken, match="X"), answered("PutItem"):
        raise ContractBroken("X")
