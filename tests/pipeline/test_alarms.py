"""Every alarm of the deployed template rings when its condition is there, and a subscriber of the topic hears it.

CloudWatch's judgement is imitated by ``local.aws.alarm_bridge``; that the alarms exist as the template says, that they
publish to their topics and that composite alarms follow them is the emulated CloudWatch's and SNS's own work.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from local.aws.alarm_bridge import ALARM, OK, AlarmBridge
from local.aws.build import ensure_build
from local.aws.emulator import Emulator
from local.aws.local_stack import LocalStack
from local.aws.metric_points import Point, dimensions_of
from local.aws.stack import deploy
from local.events_api import EventsApiSimulator
from tests.pipeline.alarm_conditions import CONDITIONS, Place
from tests.template.test_alarms import EVERYTHING, NOBODY_NEEDED, every_alarm

pytestmark = pytest.mark.pipeline

NAME = "alarmed"


@dataclass(slots=True)
class Alarmed:
    """A stack with all its alarms, and two people who listen."""

    stack: LocalStack
    bridge: AlarmBridge
    ears: dict[str, str] = field(default_factory=dict)
    """Topic's output -> the queue that hears it."""
    names: dict[str, str] = field(default_factory=dict)
    """Alarm's name in the template -> its name in CloudWatch."""

    def heard(self, topic: str = "AlarmsTopicArn") -> list[dict[str, Any]]:
        """What was said since the last call."""
        messages = []
        sqs = self.stack.endpoints.sqs
        while found := sqs.receive_message(QueueUrl=self.ears[topic], MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                messages.append(json.loads(json.loads(message["Body"])["Message"]))
                sqs.delete_message(QueueUrl=self.ears[topic], ReceiptHandle=message["ReceiptHandle"])
        return messages

    def calm(self, now: float) -> None:
        """Every alarm at rest: files come, gates are open, and nobody hears of it."""
        self.bridge.forget()
        self.bridge.add(healthy(now, self.stack.name))
        self.bridge.judge(now)
        for topic in self.ears:
            self.heard(topic)


def healthy(now: float, stack: str) -> list[Point]:
    own = f"ConversionDelivery/{stack}"
    first = dimensions_of(service="splitter", destination="main")
    return [
        *(Point(own, "FilesReceived", first, now - 3_600 * hour, 1) for hour in range(24)),
        Point(own, "GateShutMinutes", dimensions_of(service="sender"), now, 0),
    ]


@pytest.fixture(scope="module")
def alarmed(emulator: Emulator, simulator: EventsApiSimulator) -> Alarmed:
    endpoints, build = emulator.endpoints, ensure_build()
    values = {
        **EVERYTHING,
        "EventSourceId": "7800000000000000001",
        "EventsApiEndpoint": simulator.url,
        "Tracing": "PassThrough",
        "SplitterConcurrency": "2",
        "SenderConcurrency": "2",
    }
    stack = LocalStack(endpoints, deploy(endpoints, build, values, NAME), NAME)
    alarmed = Alarmed(stack, AlarmBridge(endpoints.cloudwatch, NAME))
    sns: Any = endpoints.session.client("sns", endpoint_url=endpoints.url)
    for topic in ("AlarmsTopicArn", "PersonNeededTopicArn"):
        url = endpoints.sqs.create_queue(QueueName=f"ear-{topic}")["QueueUrl"]
        arn = endpoints.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=stack.outputs[topic], Protocol="sqs", Endpoint=arn)
        alarmed.ears[topic] = url
    for name in every_alarm():
        resource = endpoints.cloudformation.describe_stack_resource(StackName=NAME, LogicalResourceId=name)
        alarmed.names[name] = resource["StackResourceDetail"]["PhysicalResourceId"]
    return alarmed


def test_every_alarm_has_a_condition() -> None:
    assert sorted([*CONDITIONS, "PersonNeededAlarm"]) == every_alarm()


def test_every_alarm_of_the_template_is_deployed(alarmed: Alarmed) -> None:
    deployed = alarmed.bridge.definitions().keys() | {alarmed.names["PersonNeededAlarm"]}

    assert deployed == set(alarmed.names.values())


@pytest.mark.parametrize("name", CONDITIONS)
def test_an_alarm_rings_when_its_condition_is_there_and_somebody_hears_it(alarmed: Alarmed, name: str) -> None:
    now = time.time()
    alarmed.calm(now)
    assert alarmed.bridge.judge(now)[alarmed.names[name]] == OK

    alarmed.bridge.forget()
    if name != "NoFileAlarm":
        alarmed.bridge.add(healthy(now, NAME)[:-1])
    later = time.time()
    alarmed.bridge.add(CONDITIONS[name](Place(alarmed.stack, later)))
    states = alarmed.bridge.judge(later + 1)

    assert states[alarmed.names[name]] == ALARM
    said = {message["AlarmName"]: message for message in alarmed.heard() if message["NewStateValue"] == ALARM}
    assert alarmed.names[name] in said
    assert said[alarmed.names[name]]["AlarmDescription"].endswith(f"docs/runbook.md#{name.lower()}")
    needed = {message["AlarmName"] for message in alarmed.heard("PersonNeededTopicArn")}
    ringing = {each for each in CONDITIONS if states[alarmed.names[each]] == ALARM}
    assert needed == ({alarmed.names["PersonNeededAlarm"]} if ringing - NOBODY_NEEDED else set())


def test_an_alarm_that_ends_says_so_to_whoever_carries_the_telephone(alarmed: Alarmed) -> None:
    now = time.time()
    alarmed.calm(now)
    alarmed.bridge.add(CONDITIONS["TokenRefusedAlarm"](Place(alarmed.stack, now)))
    alarmed.bridge.judge(now + 1)
    alarmed.bridge.forget()
    alarmed.bridge.add(healthy(now, NAME))
    alarmed.bridge.judge(now + 2)

    heard = alarmed.heard("PersonNeededTopicArn")
    assert [message["NewStateValue"] for message in heard] == [ALARM, OK]


def test_a_gate_keeps_its_alarm_until_a_delivery_works(alarmed: Alarmed) -> None:
    now = time.time()
    alarmed.calm(now)
    alarmed.bridge.add(CONDITIONS["GateShutAlarm"](Place(alarmed.stack, now)))
    gate = alarmed.names["GateShutAlarm"]
    assert alarmed.bridge.judge(now + 1)[gate] == ALARM
    alarmed.bridge.forget()
    assert alarmed.bridge.judge(now + 600)[gate] == ALARM
    alarmed.bridge.add(healthy(now + 600, NAME)[-1:])
    assert alarmed.bridge.judge(now + 601)[gate] == OK
