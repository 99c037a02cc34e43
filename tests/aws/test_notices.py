"""Notices through EventBridge and back from the digest's queue, answer by answer."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.aws.notices import DETAIL_TYPE, EventBridgeNotices, NoticesQueue, NoticesTopic
from conversion_delivery.domain.errors import SourceUnavailable
from tests.aws.stubbed import stubbed

NOTICE = {"file_id": "f1", "name": "Läden \udce9.csv"}
ENTRY = {
    "Source": "conversion-delivery.sales",
    "DetailType": DETAIL_TYPE,
    "Detail": '{"file_id": "f1", "name": "Läden ?.csv"}',
}


def test_a_notice_is_an_event_of_its_stack() -> None:
    with stubbed("events") as (client, script):
        script.add_response("put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]}, {"Entries": [ENTRY]})
        EventBridgeNotices(lambda: client, "sales").publish(NOTICE)


@pytest.mark.parametrize(
    ("code", "told"), [("ThrottlingException", "AWS_UNAVAILABLE"), ("NotAuthorizedForSourceException", "AWS_REFUSED")]
)
def test_an_entry_that_was_not_taken_is_an_error_although_the_call_succeeded(code: str, told: str) -> None:
    with stubbed("events") as (client, script):
        script.add_response("put_events", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code}]})
        with pytest.raises(SourceUnavailable) as problem:
            EventBridgeNotices(lambda: client, "sales").publish(NOTICE)

    assert problem.value.code == told


def test_the_client_is_made_at_the_first_notice_and_kept() -> None:
    made = []
    with stubbed("events") as (client, script):
        notices = EventBridgeNotices(lambda: made.append(1) or client, "sales")  # type: ignore[func-returns-value]
        assert made == []
        for _ in range(2):
            script.add_response("put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]})
            notices.publish(NOTICE)

    assert made == [1]


def test_waiting_notices_are_what_the_events_tell() -> None:
    body = json.dumps({"source": "conversion-delivery.sales", "detail": NOTICE})
    with stubbed("sqs") as (client, script):
        script.add_response("receive_message", {"Messages": [{"Body": body, "ReceiptHandle": "r1"}]})
        script.add_response("receive_message", {})
        queue = NoticesQueue(client, "https://queue")
        (waiting,) = queue.take()
        assert queue.take() == []

    assert (waiting.notice, waiting.receipt) == (NOTICE, "r1")


def test_notices_are_forgotten_ten_at_a_time() -> None:
    with stubbed("sqs") as (client, script):
        for size in (10, 10, 3):
            entries = [{"Id": str(number), "ReceiptHandle": "r"} for number in range(size)]
            expected = {"QueueUrl": "https://queue", "Entries": entries}
            script.add_response("delete_message_batch", {"Successful": [], "Failed": []}, expected)
        NoticesQueue(client, "https://queue").forget(["r"] * 23)


def test_a_refusal_to_publish_carries_a_code_and_no_text() -> None:
    with stubbed("sns") as (client, script):
        script.add_client_error("publish", "AuthorizationError", "a text that may hold anything", 403)
        with pytest.raises(SourceUnavailable) as problem:
            NoticesTopic(client, "arn:aws:sns:eu-central-1:1:t").tell("subject", "text")

    assert "anything" not in str(problem.value)
