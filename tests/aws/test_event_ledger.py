"""The ledger's claims under partial failure: HTTP 200 that carries refusals, and calls that fail whole."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from conversion_delivery.aws.event_ledger import EventLedgerTable, insert_statement
from conversion_delivery.domain.errors import SourceUnavailable
from conversion_delivery.domain.outcomes import Claim
from conversion_delivery.workflows.ports import ClaimAnswer
from tests.aws.stubbed import Rests, client, stubbed

CLAIMED, TAKEN, UNANSWERED = ClaimAnswer.CLAIMED, ClaimAnswer.TAKEN, ClaimAnswer.UNANSWERED
PASSING = [
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "TransactionConflict",
    "InternalServerError",
]


def claims(count: int) -> list[Claim]:
    return [Claim(f"key-{row}", "f/0000000001", row, bytes(16), 1, 2) for row in range(1, count + 1)]


def verdicts(*codes: str | None) -> dict[str, Any]:
    return {
        "Responses": [{"Error": {"Code": code, "Message": "m"}} if code else {"TableName": "table"} for code in codes]
    }


def keys_of(call: dict[str, Any]) -> list[str]:
    return [statement["Parameters"][0]["S"] for statement in call["Statements"]]


def test_every_name_in_the_statement_is_quoted() -> None:
    assert insert_statement("stack-ledger") == (
        "INSERT INTO \"stack-ledger\" VALUE {'event_key':?,'batch':?,'row':?,'fingerprint':?,"
        "'event_time':?,'expires_at':?}"
    )


@pytest.mark.parametrize("code", PASSING)
def test_a_throttled_statement_is_repeated_alone(code: str) -> None:
    rests = Rests()
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_response("batch_execute_statement", verdicts(None, code, "DuplicateItem"))
        stub.add_response("batch_execute_statement", verdicts(None))
        ledger = EventLedgerTable(dynamodb, "t", backoff=rests.backoff())
        assert ledger.claim(claims(3)) == [CLAIMED, CLAIMED, TAKEN]
    assert rests.seconds == [0.1]


def test_throttled_statements_of_several_calls_are_repeated_together() -> None:
    calls: list[dict[str, Any]] = []
    with stubbed("dynamodb") as (dynamodb, stub):
        dynamodb.meta.events.register(
            "provide-client-params.dynamodb.BatchExecuteStatement", lambda params, **_: calls.append(params)
        )
        stub.add_response("batch_execute_statement", verdicts("ThrottlingError", *[None] * 24))
        stub.add_response("batch_execute_statement", verdicts("DuplicateItem", "ThrottlingError"))
        stub.add_response("batch_execute_statement", verdicts(None, "DuplicateItem"))
        answers = EventLedgerTable(dynamodb, "t", backoff=Rests().backoff()).claim(claims(27))
    assert answers == [CLAIMED] * 25 + [TAKEN, TAKEN]
    assert [len(keys_of(call)) for call in calls] == [25, 2, 2]
    assert keys_of(calls[-1]) == ["key-1", "key-27"]


def test_statements_that_stay_throttled_have_no_answer_after_less_than_two_seconds() -> None:
    rests = Rests()
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_response("batch_execute_statement", verdicts(None, "ThrottlingError"))
        for _ in range(4):
            stub.add_response("batch_execute_statement", verdicts("ThrottlingError"))
        assert EventLedgerTable(dynamodb, "t", backoff=rests.backoff()).claim(claims(2)) == [CLAIMED, UNANSWERED]
    assert sum(rests.seconds) <= 2


@pytest.mark.parametrize("code", ["AccessDenied", "ValidationError", "ResourceNotFound", "SomethingNew"])
def test_a_statement_that_no_repetition_helps_is_an_error_with_its_code(code: str) -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_response("batch_execute_statement", verdicts(None, code))
        with pytest.raises(SourceUnavailable) as caught:
            EventLedgerTable(dynamodb, "t", backoff=Rests().backoff()).claim(claims(2))
    assert caught.value.code == "AWS_REFUSED"
    assert caught.value.facts == {"operation": "BatchExecuteStatement", "error": code}


def test_a_call_that_fails_whole_ends_the_asking_and_others_keep_their_answers() -> None:
    rests = Rests()
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_response("batch_execute_statement", verdicts(*[None] * 25))
        stub.add_client_error("batch_execute_statement", "InternalServerError", http_status_code=500)
        answers = EventLedgerTable(dynamodb, "t", backoff=rests.backoff()).claim(claims(75))
    assert answers == [CLAIMED] * 25 + [UNANSWERED] * 50
    assert rests.seconds == []


def test_a_call_that_is_forbidden_whole_is_an_error() -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_client_error("batch_execute_statement", "AccessDeniedException", http_status_code=400)
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            EventLedgerTable(dynamodb, "t").claim(claims(1))


def test_an_answer_of_the_wrong_length_answers_nothing() -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        for _ in range(2):
            stub.add_response("batch_execute_statement", verdicts(None))
        answers = EventLedgerTable(dynamodb, "t", backoff=Rests().backoff(attempts=2)).claim(claims(2))
    assert answers == [UNANSWERED, UNANSWERED]


def test_a_service_that_cannot_be_reached_answers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    dynamodb = client("dynamodb")

    def time_out(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="")

    monkeypatch.setattr(dynamodb, "batch_execute_statement", time_out)
    assert EventLedgerTable(dynamodb, "t").claim(claims(30)) == [UNANSWERED] * 30


def owner_item(key: str) -> dict[str, Any]:
    return {"event_key": {"S": key}, "batch": {"S": "f/0000000001"}, "row": {"N": "3"}, "fingerprint": {"B": b"x" * 16}}


def test_keys_that_a_read_left_over_are_read_again() -> None:
    rests = Rests()
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_response(
            "batch_get_item",
            {"Responses": {"t": [owner_item("a")]}, "UnprocessedKeys": {"t": {"Keys": [{"event_key": {"S": "b"}}]}}},
        )
        stub.add_response("batch_get_item", {"Responses": {"t": [owner_item("b")]}, "UnprocessedKeys": {}})
        owners = EventLedgerTable(dynamodb, "t", backoff=rests.backoff()).owners(["a", "b", "c"])
    assert set(owners) == {"a", "b"}
    assert rests.seconds == [0.1]


def test_keys_that_stay_left_over_are_an_unavailable_source_and_never_absent() -> None:
    left_over: dict[str, Any] = {"Responses": {}, "UnprocessedKeys": {"t": {"Keys": [{"event_key": {"S": "a"}}]}}}
    with stubbed("dynamodb") as (dynamodb, stub):
        for _ in range(3):
            stub.add_response("batch_get_item", left_over)
        with pytest.raises(SourceUnavailable, match="AWS_UNAVAILABLE"):
            EventLedgerTable(dynamodb, "t", backoff=Rests().backoff(attempts=3)).owners(["a"])


def test_owners_are_read_strongly_consistent() -> None:
    names = {"#key": "event_key", "#batch": "batch", "#row": "row", "#fingerprint": "fingerprint"}
    request = {
        "Keys": [{"event_key": {"S": "a"}}],
        "ConsistentRead": True,
        "ProjectionExpression": "#key, #batch, #row, #fingerprint",
        "ExpressionAttributeNames": names,
    }
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_response("batch_get_item", {"Responses": {"t": []}}, {"RequestItems": {"t": request}})
        assert EventLedgerTable(dynamodb, "t").owners(["a"]) == {}
