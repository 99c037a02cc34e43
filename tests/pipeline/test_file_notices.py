"""Notices of finished files on the deployed stack: at once for persons and programs, and once a day.

The daily stack runs on an emulator that enforces the roles, so each action of the digest's role is shown to be needed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from conversion_delivery.aws.notices import DETAIL_TYPE, source_of
from local.aws.build import ensure_build
from local.aws.emulator import Emulator
from local.aws.endpoints import Endpoints
from local.aws.local_stack import LocalStack, wait_until
from local.aws.stack import deploy
from local.events_api import EventsApiSimulator
from tests.domain.reports.test_file_notices import SCHEMA, mismatches
from tests.pipeline.conftest import Destination

pytestmark = pytest.mark.pipeline

ROWS = """event,event_time,email,value,currency,order_id
Purchase,{time},first@example.com,19.99,USD,{order}
Purchase,{time},nobody,5.00,USD,{order}-b
"""


def client(endpoints: Endpoints, service: str) -> Any:
    make: Any = endpoints.session.client
    return make(service, endpoint_url=endpoints.url)


def ear(endpoints: Endpoints, name: str) -> tuple[str, str]:
    """A queue to listen with: address and ARN."""
    url = endpoints.sqs.create_queue(QueueName=name)["QueueUrl"]
    attributes = endpoints.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    services = {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}
    allow = {"Effect": "Allow", "Principal": services, "Action": "sqs:SendMessage", "Resource": attributes["QueueArn"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    endpoints.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return url, attributes["QueueArn"]


def heard(endpoints: Endpoints, url: str, at_least: int = 1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def listen() -> bool:
        answer = endpoints.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            found.append(json.loads(message["Body"]))
            endpoints.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return len(found) >= at_least

    wait_until(listen, 20)
    return found


def test_a_person_reads_of_a_finished_file_and_a_program_gets_the_event(destination: Destination, recent: str) -> None:
    endpoints, stack = destination.stack.endpoints, destination.stack
    readers, readers_arn = ear(endpoints, f"readers-{destination.name}")
    programs, programs_arn = ear(endpoints, f"programs-{destination.name}")
    client(endpoints, "sns").subscribe(TopicArn=stack.outputs["NoticesTopicArn"], Protocol="sqs", Endpoint=readers_arn)
    pattern = {
        "source": [source_of(stack.name)],
        "detail-type": [DETAIL_TYPE],
        "detail": {"destination": [destination.name]},
    }
    events = client(endpoints, "events")
    events.put_rule(Name=f"rule-{destination.name}", EventPattern=json.dumps(pattern))
    events.put_targets(Rule=f"rule-{destination.name}", Targets=[{"Id": "program", "Arn": programs_arn}])

    upload = destination.upload("sales.csv", ROWS.format(time=recent, order="N-1"))
    destination.report(upload)

    (event,) = heard(endpoints, programs)
    assert mismatches(event["detail"], SCHEMA) == []
    assert event["detail"]["file_id"] == upload.file_id
    assert event["detail"]["counts"]["delivered"] == event["detail"]["counts"]["rejected"] == 1
    texts = [str(each["Message"]) for each in heard(endpoints, readers)]
    (text,) = [each for each in texts if destination.name in each]
    assert "DONE_WITH_REJECTS: sales.csv" in text
    assert f"s3://{upload.bucket}/{upload.report_folder}" in text
    assert "example.com" not in json.dumps(event) + text


NAME = "daily"


@pytest.fixture(scope="module")
def daily(tmp_path_factory: pytest.TempPathFactory, simulator: EventsApiSimulator) -> Iterator[LocalStack]:
    with Emulator(tmp_path_factory.mktemp("daily"), auth=True) as emulator:
        values = {
            "EventSourceId": "7810000000000000001",
            "EventsApiEndpoint": simulator.url,
            "FileNotices": "digest",
            "Tracing": "PassThrough",
            "SplitterConcurrency": "2",
            "SenderConcurrency": "2",
        }
        stack = LocalStack(emulator.endpoints, deploy(emulator.endpoints, ensure_build(), values, NAME), NAME)
        secrets = stack.endpoints.secrets
        secrets.put_secret_value(SecretId=f"{NAME}/destinations/main", SecretString='{"access_token": "a-token"}')
        yield stack


def resource(stack: LocalStack, name: str) -> str:
    answer = stack.endpoints.cloudformation.describe_stack_resource(StackName=stack.name, LogicalResourceId=name)
    return answer["StackResourceDetail"]["PhysicalResourceId"]


def send_digest(stack: LocalStack) -> tuple[bool, str]:
    """What the schedule does at its hour: whether it failed, and the log."""
    answer = stack.endpoints.functions.invoke(
        FunctionName=resource(stack, "DigestFunction"), Payload=b"{}", LogType="Tail"
    )
    return "FunctionError" in answer, base64.b64decode(answer.get("LogResult", "")).decode()


@pytest.fixture(scope="module")
def listener(daily: LocalStack) -> str:
    url, arn = ear(daily.endpoints, "listener")
    topic = daily.outputs["NoticesTopicArn"]
    client(daily.endpoints, "sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def finish_files(stack: LocalStack, recent: str, *names: str) -> None:
    uploads = [stack.upload(f"{name}.csv", ROWS.format(time=recent, order=name).encode()) for name in names]
    for upload in uploads:
        stack.wait_for_report(upload, 90)
    assert wait_until(lambda: int(_queue(stack)["ApproximateNumberOfMessages"]) >= len(uploads), 20)


def test_a_digest_tells_of_all_files_of_the_day_in_one_message(daily: LocalStack, listener: str, recent: str) -> None:
    finish_files(daily, recent, "D-1", "D-2")

    failed, log = send_digest(daily)

    assert not failed, log
    messages = heard(daily.endpoints, listener)
    assert len(messages) == 1, log
    (message,) = messages
    assert message["Subject"] == f"{NAME}: 2 files finished, 2 to look at"
    assert "main: 2 DONE_WITH_REJECTS; 4 rows read, 2 delivered, 2 rejected" in message["Message"]
    failed, log = send_digest(daily)
    assert not failed, log
    assert heard(daily.endpoints, listener, at_least=0) == []


@pytest.mark.parametrize("missing", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sns:Publish"])
def test_the_digests_role_has_no_action_that_it_does_not_need(
    daily: LocalStack, listener: str, recent: str, missing: str
) -> None:
    finish_files(daily, recent, f"P-{missing.partition(':')[2]}")
    iam, role = client(daily.endpoints, "iam"), resource(daily, "DigestRole")
    whole = iam.get_role_policy(RoleName=role, PolicyName="send-digest")["PolicyDocument"]
    iam.put_role_policy(RoleName=role, PolicyName="send-digest", PolicyDocument=json.dumps(_without(whole, missing)))
    try:
        failed, log = send_digest(daily)
    finally:
        iam.put_role_policy(RoleName=role, PolicyName="send-digest", PolicyDocument=json.dumps(whole))
    operation = {"sqs:DeleteMessage": "DeleteMessageBatch"}.get(missing, missing.partition(":")[2])
    assert failed, log
    assert "SourceUnavailable" in log or "AWS_REFUSED" in log, (operation, log)
    # What was received is hidden for a while; the notices are not lost.
    assert int(_queue(daily)["ApproximateNumberOfMessages"]) + int(
        _queue(daily)["ApproximateNumberOfMessagesNotVisible"]
    )
    daily.endpoints.sqs.purge_queue(QueueUrl=resource(daily, "NoticesQueue"))
    heard(daily.endpoints, listener, at_least=0)


def _without(document: dict[str, Any], action: str) -> dict[str, Any]:
    statements = []
    for statement in document["Statement"]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        statements.append({**statement, "Action": [each for each in actions if each != action]})
    return {**document, "Statement": [each for each in statements if each["Action"]]}


def _queue(stack: LocalStack) -> dict[str, str]:
    queue = resource(stack, "NoticesQueue")
    found = stack.endpoints.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return {str(name): value for name, value in found.items()}
