"""The fixture itself: the built template is deployed as it stands, and a file goes through it."""

from __future__ import annotations

import json

import pytest

from local.aws.build import ensure_build
from local.aws.emulator import Emulator
from local.aws.local_stack import LocalStack, ReportMissing
from local.aws.stack import DeploymentFailed, deploy
from local.events_api import EventsApiSimulator
from tests.pipeline.conftest import FIRST_SOURCE, Destination

pytestmark = pytest.mark.pipeline

TWO_ROWS = """event,event_time,email,value,currency,order_id
Purchase,{time},first@example.com,19.99,USD,A-1
Purchase,{time},second@example.com,5.00,USD,A-2
"""


def test_a_file_goes_through_and_its_events_arrive_once(destination: Destination, recent: str) -> None:
    report = destination.deliver("orders.csv", TWO_ROWS.format(time=recent))
    assert report.counts["delivered"] == 2
    assert sorted(event["event"]["properties"]["order_id"] for event in destination.received()) == ["A-1", "A-2"]


def test_destinations_of_two_tests_do_not_meet(destination: Destination, recent: str) -> None:
    assert destination.received() == []
    assert destination.deliver("orders.csv", TWO_ROWS.format(time=recent)).counts["delivered"] == 2


def test_deploying_again_changes_nothing(
    local_stack: LocalStack, emulator: Emulator, simulator: EventsApiSimulator
) -> None:
    settings = json.dumps({"event_source_id": str(FIRST_SOURCE)})
    again = LocalStack.deployed(emulator.endpoints, ensure_build(), events_api=simulator.url, settings=settings)
    assert again == local_stack
    stack = emulator.endpoints.cloudformation.describe_stacks(StackName=local_stack.name)["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"


def test_a_failed_deployment_says_which_parameter(emulator: Emulator) -> None:
    with pytest.raises(DeploymentFailed, match="EventsApiEndpoint"):
        deploy(emulator.endpoints, ensure_build(), {"EventSourceId": "1", "EventsApiEndpoint": "ftp://x"}, "failing")


def test_waiting_for_a_report_ends(destination: Destination) -> None:
    nowhere = destination.stack.upload_key("elsewhere/file.csv", b"a")
    with pytest.raises(ReportMissing, match=r"file\.csv"):
        destination.report(nowhere, timeout=0.5)
