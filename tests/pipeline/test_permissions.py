"""Least privilege: a file goes all the way with the template's own roles in force, and not without them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conversion_delivery.domain.uploads import Upload
from local.aws.build import ensure_build
from local.aws.emulator import Emulator
from local.aws.local_stack import LocalStack, wait_until
from local.events_api import EventsApiSimulator

pytestmark = pytest.mark.pipeline

SETTINGS = '{"event_source_id": "7200000000000000001"}'
ROWS = """event,event_time,email,value,currency,order_id
Purchase,{time},first@example.com,19.99,USD,A-1
Purchase,{time},nobody,5.00,USD,A-2
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, simulator: EventsApiSimulator) -> Iterator[LocalStack]:
    """The stack on an emulator that refuses what the roles do not allow."""
    with Emulator(tmp_path_factory.mktemp("guarded"), auth=True) as emulator:
        stack = LocalStack.deployed(emulator.endpoints, ensure_build(), events_api=simulator.url, settings=SETTINGS)
        stack.configure("main", settings=SETTINGS, token="a-token")
        yield stack


def _upload(stack: LocalStack, recent: str) -> Upload:
    return stack.upload("orders.csv", ROWS.format(time=recent).encode())


def test_the_roles_of_the_template_suffice(guarded: LocalStack, recent: str) -> None:
    report = guarded.wait_for_report(_upload(guarded, recent), 90)
    assert b'"delivered": 1' in report["summary.json"]
    assert b"A-2" in report["rejected.csv"]


def test_without_its_policy_the_sender_delivers_nothing(
    guarded: LocalStack, simulator: EventsApiSimulator, recent: str
) -> None:
    resource = guarded.endpoints.cloudformation.describe_stack_resource(
        StackName=guarded.name, LogicalResourceId="SenderRole"
    )
    role = resource["StackResourceDetail"]["PhysicalResourceId"]
    iam = guarded.endpoints.session.client("iam", endpoint_url=guarded.endpoints.url)
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    before = simulator.stats()["requests"]
    upload = _upload(guarded, recent)
    assert wait_until(lambda: (record := guarded.record(upload)) is not None and record.checkpoint.done, 60)
    assert not wait_until(lambda: guarded.is_finished(upload), 5)
    assert simulator.stats()["requests"] == before
