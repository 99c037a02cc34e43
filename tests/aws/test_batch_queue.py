"""Sending when SQS takes a part of a call, and putting messages off."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import ANY

from conversion_delivery.aws.batch_queue import MessageVisibility, SqsSplitQueue
from conversion_delivery.domain.batches import ContinuationMessage
from conversion_delivery.domain.errors import SourceUnavailable
from tests.aws.stubbed import Rests, stubbed
from tests.contracts.test_queue import a_message


def queue(sqs: Any, rests: Rests | None = None) -> SqsSplitQueue:
    backoff = (rests or Rests()).backoff(attempts=3)
    return SqsSplitQueue(sqs, batches_url="https://q/batches", uploads_url="https://q/uploads", backoff=backoff)


def answer(sent: list[int], failed: list[int] = [], *, our_fault: bool = False) -> dict[str, Any]:  # noqa: B006 (only read)
    return {
        "Successful": [{"Id": str(index), "MessageId": "m", "MD5OfMessageBody": "x"} for index in sent],
        "Failed": [{"Id": str(index), "SenderFault": our_fault, "Code": "InternalError"} for index in failed],
    }


def entries(*numbers: int) -> dict[str, Any]:
    bodies = [{"Id": str(number - 1), "MessageBody": a_message(number).to_json()} for number in numbers]
    return {"QueueUrl": "https://q/batches", "Entries": bodies}


def test_only_what_failed_is_sent_again() -> None:
    rests = Rests()
    with stubbed("sqs") as (sqs, stub):
        stub.add_response("send_message_batch", answer([0, 2], [1]), entries(1, 2, 3))
        stub.add_response("send_message_batch", answer([1]), entries(2))
        queue(sqs, rests).send_batches([a_message(number) for number in (1, 2, 3)])
    assert rests.seconds == [0.1]


def test_an_entry_that_the_answer_does_not_mention_is_sent_again() -> None:
    with stubbed("sqs") as (sqs, stub):
        stub.add_response("send_message_batch", answer([0]), entries(1, 2))
        stub.add_response("send_message_batch", answer([1]), entries(2))
        queue(sqs).send_batches([a_message(number) for number in (1, 2)])


def test_what_keeps_failing_is_unavailable() -> None:
    with stubbed("sqs") as (sqs, stub):
        for _ in range(3):
            stub.add_response("send_message_batch", answer([], [0]), entries(1))
        with pytest.raises(SourceUnavailable) as caught:
            queue(sqs).send_batches([a_message(1)])
    assert (caught.value.code, caught.value.facts["error"]) == ("AWS_UNAVAILABLE", "InternalError")


def test_what_is_our_own_fault_is_not_sent_again() -> None:
    with stubbed("sqs") as (sqs, stub):
        stub.add_response("send_message_batch", answer([], [0], our_fault=True), entries(1))
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            queue(sqs).send_batches([a_message(1)])


def test_a_call_that_is_refused_names_its_code() -> None:
    with stubbed("sqs") as (sqs, stub):
        stub.add_client_error("send_message_batch", "AccessDenied", http_status_code=403)
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            queue(sqs).send_batches([a_message(1)])


@pytest.mark.parametrize(("wanted", "asked"), [(0, 0), (30, 30), (901, 900), (-1, 0)])
def test_a_continuation_is_delayed_as_far_as_sqs_can(wanted: int, asked: int) -> None:
    call = {"QueueUrl": "https://q/uploads", "MessageBody": ANY, "DelaySeconds": asked}
    with stubbed("sqs") as (sqs, stub):
        stub.add_response("send_message", {"MessageId": "m"}, call)
        queue(sqs).send_continuation(ContinuationMessage(schema=1, continue_file_id="f"), wanted)


@pytest.mark.parametrize(("wanted", "asked"), [(0, 0), (45.1, 46), (42_300, 42_300), (99_999, 42_300), (-5, 0)])
def test_a_message_is_put_off_within_the_bounds_of_sqs(wanted: float, asked: int) -> None:
    call = {"QueueUrl": "https://q", "ReceiptHandle": "r", "VisibilityTimeout": asked}
    with stubbed("sqs") as (sqs, stub):
        stub.add_response("change_message_visibility", {}, call)
        assert MessageVisibility(sqs).delay("https://q", "r", wanted)


@pytest.mark.parametrize("code", ["ReceiptHandleIsInvalid", "MessageNotInflight", "InvalidParameterValue"])
def test_a_message_that_is_no_longer_mine_is_no_error(code: str) -> None:
    with stubbed("sqs") as (sqs, stub):
        stub.add_client_error("change_message_visibility", code, http_status_code=400)
        assert not MessageVisibility(sqs).delay("https://q", "r", 30)


def test_a_message_that_may_not_be_put_off_is_an_error() -> None:
    with stubbed("sqs") as (sqs, stub):
        stub.add_client_error("change_message_visibility", "AccessDenied", http_status_code=403)
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            MessageVisibility(sqs).delay("https://q", "r", 30)
