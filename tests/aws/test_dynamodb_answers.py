"""Answers of DynamoDB on the short path, over real sockets: believed only when whole, and never invented."""

from __future__ import annotations

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from conversion_delivery.aws.clients import ATTEMPTS
from conversion_delivery.aws.dynamodb_requests import DynamoDbRequests
from conversion_delivery.aws.event_ledger import EventLedgerTable
from conversion_delivery.domain.errors import SourceUnavailable
from conversion_delivery.domain.outcomes import Owner
from conversion_delivery.workflows.ports import ClaimAnswer
from tests.aws.dynamodb_turns import (
    CLAIM,
    Turn,
    claimed,
    closes,
    dynamodb,
    fails,
    is_silent,
    raw,
    resets,
    says,
)
from tests.tiktok.raw_server import answer

CLAIMED, TAKEN, UNANSWERED = ClaimAnswer.CLAIMED, ClaimAnswer.TAKEN, ClaimAnswer.UNANSWERED
WHOLE = b'{"Responses":[{"TableName":"t"}]}'

LOST: dict[str, Turn] = {
    "closed": closes,
    "reset": resets,
    "silent": is_silent,
    "half a head": raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half a body": raw(answer(WHOLE)[:-5]),
    "no http": raw(b"\x00\x01\x02\r\n\r\n"),
    "wrong checksum": says({"Responses": [{"TableName": "t"}]}, checksum=1),
    "no json": says(b"<html></html>"),
    "no document": says([]),
}
"""The statement was executed, and its answer did not arrive."""

PASSING: dict[str, Turn] = {
    "throttled": fails("ThrottlingException"),
    "throughput": fails("ProvisionedThroughputExceededException"),
    "too many": fails("RequestLimitExceeded"),
    "internal": fails("InternalServerError", "500 Internal Server Error"),
    "page of a proxy": says(b"<html></html>", "503 Service Unavailable"),
    "bad gateway without a body": says(b"", "502 Bad Gateway"),
}


@pytest.mark.parametrize("turn", PASSING.values(), ids=PASSING.keys())
def test_what_passes_by_itself_is_asked_again_after_a_rest(turn: Turn) -> None:
    with dynamodb(turn, turn, claimed()) as world:
        assert world.ledger.claim([CLAIM]) == [CLAIMED]
        assert world.rests.seconds == [0.1, 0.2]


@pytest.mark.parametrize("turn", LOST.values(), ids=LOST.keys())
def test_a_lost_answer_is_asked_for_again_and_the_repeated_statement_meets_itself(turn: Turn) -> None:
    with dynamodb(turn, says({"Responses": [{"Error": {"Code": "DuplicateItem", "Message": "m"}}]})) as world:
        assert world.ledger.claim([CLAIM]) == [TAKEN]
        assert world.turns.document(0) == world.turns.document(1)


@pytest.mark.parametrize("turn", [*LOST.values(), *PASSING.values()], ids=[*LOST, *PASSING])
def test_an_answer_that_never_comes_is_no_answer_after_as_many_attempts_as_the_clients_make(turn: Turn) -> None:
    with dynamodb(*[turn] * (ATTEMPTS + 1)) as world:
        assert world.ledger.claim([CLAIM]) == [UNANSWERED]
        assert len(world.turns.requests) == ATTEMPTS
        assert sum(world.rests.seconds) <= 1.5


def test_a_connection_that_is_reset_before_the_request_was_read_is_made_anew() -> None:
    with dynamodb(claimed(), before_reading=2) as world:
        assert world.ledger.claim([CLAIM]) == [CLAIMED]


def test_a_kept_connection_that_the_service_closed_is_made_anew() -> None:
    ending = raw(answer(WHOLE))
    with dynamodb(ending, ending) as world:
        assert [world.ledger.claim([CLAIM]) for _ in range(2)] == [[CLAIMED], [CLAIMED]]


def test_a_service_that_nobody_can_connect_to_answers_nothing() -> None:
    with dynamodb() as world:
        """Its port is free again."""
    batches = DynamoDbRequests(world.client, Credentials("a", "b"), backoff=world.rests.backoff())
    ledger = EventLedgerTable(world.client, "t", batches=batches, backoff=world.rests.backoff())
    assert ledger.claim([CLAIM]) == [UNANSWERED]
    with pytest.raises(SourceUnavailable, match=r"AWS_UNAVAILABLE.*EndpointConnectionError"):
        ledger.owners(["a"])


REFUSED = [
    "AccessDeniedException",
    "ValidationException",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "ResourceNotFoundException",
]


@pytest.mark.parametrize(
    ("turn", "code"),
    [
        *((fails(code), code) for code in REFUSED),
        (says({"__type": "RequestExpired"}, "400 Bad Request"), "RequestExpired"),
        (says(b"<html>too large</html>", "413 Request Entity Too Large"), "413"),
        (says(b"", "301 Moved Permanently"), "301"),
        (says({"__type": ["odd"]}, "400 Bad Request"), "400"),
    ],
)
def test_what_no_repetition_helps_is_refused_at_once_with_its_code_alone(turn: Turn, code: str) -> None:
    with dynamodb(turn) as world:
        with pytest.raises(SourceUnavailable) as caught:
            world.ledger.claim([CLAIM])
        assert caught.value.code == "AWS_REFUSED"
        assert caught.value.facts == {"operation": "BatchExecuteStatement", "error": code}
        assert world.rests.seconds == []


def test_a_refusals_message_is_dropped() -> None:
    with dynamodb(fails("ValidationException")) as world:
        with pytest.raises(ClientError) as caught:
            world.batches.batch_execute_statement(Statements=[])
        assert "jane" not in f"{caught.value}{caught.value.response}"


def test_a_statement_that_is_throttled_inside_a_good_answer_is_repeated() -> None:
    throttled = says({"Responses": [{"Error": {"Code": "ThrottlingError"}}, {"TableName": "t"}]})
    with dynamodb(throttled, claimed()) as world:
        assert world.ledger.claim([CLAIM, CLAIM._replace(event_key="other")]) == [CLAIMED, CLAIMED]
        assert len(world.turns.document(1)["Statements"]) == 1


def test_owners_come_back_with_their_fingerprints_and_left_over_keys_are_read_again() -> None:
    item = {"event_key": {"S": "a"}, "batch": {"S": "f/1"}, "row": {"N": "3"}, "fingerprint": {"B": "AP8="}}
    left_over = {"t": {"Keys": [{"event_key": {"S": "b"}}], "ConsistentRead": True}}
    turns = (
        says({"Responses": {"t": [item]}, "UnprocessedKeys": left_over}),
        says({"Responses": {"t": [item | {"event_key": {"S": "b"}}]}, "UnprocessedKeys": {}}),
    )
    with dynamodb(*turns) as world:
        owner = Owner("f/1", 3, b"\x00\xff")
        assert world.ledger.owners(["a", "b"]) == {"a": owner, "b": owner}
        assert world.turns.document(0)["RequestItems"]["t"]["ConsistentRead"] is True
        assert world.turns.document(1) == {"RequestItems": left_over}
