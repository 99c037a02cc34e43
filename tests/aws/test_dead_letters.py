"""What only the real service does: moving a queue by itself."""

from __future__ import annotations

import pytest

from conversion_delivery.aws.dead_letters import SqsDeadLetters
from conversion_delivery.domain.errors import SourceUnavailable
from tests.aws.stubbed import stubbed

URL, SOURCE = "https://sqs/dead", "https://sqs/source"


def arns(stub: object) -> None:
    for url, arn in ((URL, "arn:dead"), (SOURCE, "arn:source")):
        stub.add_response(  # type: ignore[attr-defined]
            "get_queue_attributes", {"Attributes": {"QueueArn": arn}}, {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
        )


def test_the_target_is_named_because_a_parked_letter_has_no_source_of_its_own() -> None:
    with stubbed("sqs") as (sqs, stub):
        arns(stub)
        stub.add_response(
            "start_message_move_task",
            {"TaskHandle": "t"},
            {"SourceArn": "arn:dead", "DestinationArn": "arn:source"},
        )
        assert SqsDeadLetters(sqs, url=URL, source_url=SOURCE).move_all()


def test_a_service_without_the_call_says_so_and_any_other_refusal_rings() -> None:
    with stubbed("sqs") as (sqs, stub):
        arns(stub)
        stub.add_client_error("start_message_move_task", "InvalidAction")
        assert not SqsDeadLetters(sqs, url=URL, source_url=SOURCE).move_all()
    with stubbed("sqs") as (sqs, stub):
        arns(stub)
        stub.add_client_error("start_message_move_task", "AccessDenied", http_status_code=403)
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            SqsDeadLetters(sqs, url=URL, source_url=SOURCE).move_all()
