"""What any Notices must do: whoever listens has each notice when the call is over."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from conversion_delivery.aws.notices import DETAIL_TYPE, EventBridgeNotices, NoticesQueue, source_of
from conversion_delivery.workflows.ports import Notices
from tests.contracts.backends import Services
from tests.fakes.notices import FakeNotices


class Listened(NamedTuple):
    notices: Notices
    heard: Callable[[], list[Mapping[str, Any]]]


@pytest.fixture(params=["fake", "emulator"])
def listened(request: pytest.FixtureRequest) -> Listened:
    if request.param == "fake":
        fake = FakeNotices()
        return Listened(fake, lambda: list(fake.published))
    services: Services = request.getfixturevalue("emulator")
    stack = f"stack-{uuid.uuid4().hex[:8]}"
    sqs, events = services.client("sqs"), services.client("events")
    url = sqs.create_queue(QueueName=stack)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": [source_of(stack)], "detail-type": [DETAIL_TYPE]}
    events.put_rule(Name=stack, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=stack, Targets=[{"Id": "q", "Arn": arn}])
    queue = NoticesQueue(sqs, url)
    return Listened(EventBridgeNotices(lambda: events, stack), lambda: [each.notice for each in queue.take()])


def test_a_notice_arrives_as_it_was_sent(listened: Listened) -> None:
    notice = {"schema": 1, "file_id": "f1", "name": "Läden & Märkte.csv", "counts": {"rows_read": 3}, "reports": {}}
    listened.notices.publish(notice)

    assert listened.heard() == [notice]


def test_each_notice_arrives_even_if_it_is_sent_again(listened: Listened) -> None:
    for _ in range(2):
        listened.notices.publish({"file_id": "f1"})

    assert listened.heard() == [{"file_id": "f1"}, {"file_id": "f1"}]
