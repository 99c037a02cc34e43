"""Writes that meet a transaction under way, and transactions that meet each other."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.aws.file_progress import FileProgressTable
from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.errors import SourceUnavailable
from tests.aws.stubbed import Rests, stubbed
from tests.contracts.records import ME, NOW, a_closing, a_settlement

BATCH = BatchId("f" * 32, 1)


def cancelled(stub: Any, *codes: str, item: dict[str, Any] | None = None) -> None:
    reasons: list[dict[str, Any]] = [{"Code": code, "Message": "m"} for code in codes]
    if item is not None:
        reasons[0]["Item"] = item
    stub.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        http_status_code=400,
        modeled_fields={"CancellationReasons": reasons},
    )


def table(dynamodb: Any, rests: Rests | None = None) -> FileProgressTable:
    return FileProgressTable(dynamodb, "t", retention_seconds=86_400, backoff=(rests or Rests()).backoff())


def test_a_closing_that_meets_another_transaction_is_tried_again() -> None:
    rests = Rests()
    with stubbed("dynamodb") as (dynamodb, stub):
        cancelled(stub, "None", "TransactionConflict")
        cancelled(stub, "TransactionConflict", "None")
        stub.add_response("transact_write_items", {})
        assert table(dynamodb, rests).close(BATCH, ME, a_closing(), NOW)
    assert rests.seconds == [0.1, 0.2]


def test_a_closing_that_always_meets_another_transaction_is_unavailable_not_lost() -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        for _ in range(5):
            cancelled(stub, "None", "TransactionConflict")
        with pytest.raises(SourceUnavailable) as caught:
            table(dynamodb).close(BATCH, ME, a_closing(), NOW)
    assert caught.value.facts["error"] == "TransactionConflict"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ThrottlingError", "AWS_UNAVAILABLE"),
        ("ProvisionedThroughputExceeded", "AWS_UNAVAILABLE"),
        ("ValidationError", "AWS_REFUSED"),
        ("ItemCollectionSizeLimitExceeded", "AWS_REFUSED"),
    ],
)
def test_a_closing_cancelled_for_another_reason_names_it(code: str, expected: str) -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        cancelled(stub, "None", code)
        with pytest.raises(SourceUnavailable) as caught:
            table(dynamodb).close(BATCH, ME, a_closing(), NOW)
    assert (caught.value.code, caught.value.facts["error"]) == (expected, code)


def test_a_lost_batch_is_lost_even_if_its_file_was_being_written() -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        cancelled(stub, "ConditionalCheckFailed", "TransactionConflict", item={"owner": {"S": "other"}})
        assert not table(dynamodb).close(BATCH, ME, a_closing(), NOW)


def test_a_single_write_that_meets_a_transaction_is_tried_again() -> None:
    rests = Rests()
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_client_error("update_item", "TransactionConflictException", http_status_code=400)
        stub.add_response("update_item", {})
        assert table(dynamodb, rests).settle(BATCH, ME, a_settlement())
    assert rests.seconds == [0.1]


def test_a_single_write_that_always_meets_transactions_is_unavailable() -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        for _ in range(5):
            stub.add_client_error("update_item", "TransactionConflictException", http_status_code=400)
        with pytest.raises(SourceUnavailable, match="AWS_UNAVAILABLE"):
            table(dynamodb).settle(BATCH, ME, a_settlement())


def test_a_write_that_is_forbidden_is_refused_not_lost() -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_client_error("update_item", "AccessDeniedException", http_status_code=400)
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            table(dynamodb).settle(BATCH, ME, a_settlement())


def test_every_page_of_a_file_s_batches_is_read() -> None:
    def item(number: int) -> dict[str, Any]:
        return {"pk": {"S": "f"}, "sk": {"S": f"BATCH#{number:010d}"}, "attempts": {"N": "1"}}

    with stubbed("dynamodb") as (dynamodb, stub):
        stub.add_response("query", {"Items": [item(1)], "LastEvaluatedKey": {"pk": {"S": "f"}, "sk": {"S": "x"}}})
        stub.add_response("query", {"Items": [], "LastEvaluatedKey": {"pk": {"S": "f"}, "sk": {"S": "y"}}})
        stub.add_response("query", {"Items": [item(2)]})
        assert [record.batch_id.number for record in table(dynamodb).batches("f")] == [1, 2]


def test_files_batches_and_gates_are_read_strongly_consistent() -> None:
    with stubbed("dynamodb") as (dynamodb, stub):
        calls: list[dict[str, Any]] = []
        dynamodb.meta.events.register("provide-client-params.dynamodb.Query", lambda params, **_: calls.append(params))
        for _ in range(3):
            stub.add_response("query", {"Items": []})
        assert table(dynamodb).file("f") is None
        assert table(dynamodb).closed_batches("f") == 0
        assert list(table(dynamodb).batches("f")) == []
    assert [call["ConsistentRead"] for call in calls] == [True] * 3
