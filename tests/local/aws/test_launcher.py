"""Each replacement of the launcher, shown on the running emulator: without it the test fails."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws.endpoints import REGION, Endpoints
from local.aws.gaps.alarms import COMPOSITE, mend_alarms
from local.aws.gaps.cloudformation import NO_OP_TYPES, mend_cloudformation
from local.aws.gaps.replacing import GapMoved, replace
from local.aws.gaps.workers import share_unpacked_archives
from tests.local.aws.small_templates import (
    assert_polled,
    function,
    mapping,
    metric_math_alarm,
    queue,
    role,
    stack_template,
)

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def two_versions(endpoints: Endpoints) -> tuple[str, str, bytes]:
    """Bucket, version id and content of the first of two versions of ``file.csv``."""
    s3, bucket = endpoints.s3, "two-versions"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    content = bytes(range(256)) * 8
    first = s3.put_object(Bucket=bucket, Key="file.csv", Body=content)["VersionId"]
    s3.put_object(Bucket=bucket, Key="file.csv", Body=b"something else")
    return bucket, first, content


@pytest.mark.parametrize(("start", "end"), [(0, 0), (100, 299), (2000, 2047)])
def test_a_ranged_get_by_version_id_gives_exactly_the_slice(
    endpoints: Endpoints, two_versions: tuple[str, str, bytes], start: int, end: int
) -> None:
    bucket, version, content = two_versions
    answer = endpoints.s3.get_object(Bucket=bucket, Key="file.csv", VersionId=version, Range=f"bytes={start}-{end}")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert answer["ContentRange"] == f"bytes {start}-{end}/{len(content)}"
    assert answer["Body"].read() == content[start : end + 1]


def test_a_range_behind_the_end_is_refused(endpoints: Endpoints, two_versions: tuple[str, str, bytes]) -> None:
    bucket, version, _ = two_versions
    with pytest.raises(ClientError) as refusal:
        endpoints.s3.get_object(Bucket=bucket, Key="file.csv", VersionId=version, Range="bytes=9999-")
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 416


def test_a_get_without_a_range_still_gives_the_whole_version(
    endpoints: Endpoints, two_versions: tuple[str, str, bytes]
) -> None:
    bucket, version, content = two_versions
    answer = endpoints.s3.get_object(Bucket=bucket, Key="file.csv", VersionId=version)
    assert answer["Body"].read() == content


def _create(endpoints: Endpoints, name: str, template: str) -> None:
    cloudformation = endpoints.cloudformation
    cloudformation.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


def _update(endpoints: Endpoints, name: str, template: str, concurrency: str) -> None:
    cloudformation = endpoints.cloudformation
    cloudformation.update_stack(
        StackName=name,
        TemplateBody=template,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": "Concurrency", "ParameterValue": concurrency}],
    )
    cloudformation.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


def _concurrency(endpoints: Endpoints) -> object:
    return endpoints.functions.list_event_source_mappings()["EventSourceMappings"][0]["ScalingConfig"]


def test_a_concurrency_by_reference_is_a_number_and_the_queue_is_polled_after_create_and_update(
    endpoints: Endpoints,
) -> None:
    template = stack_template(Role=role(), Function=function(), Queue=queue(), Mapping=mapping())
    _create(endpoints, "polled", template)
    assert _concurrency(endpoints) == {"MaximumConcurrency": 2}
    assert_polled(endpoints, "polled")
    _update(endpoints, "polled", template, "3")
    assert _concurrency(endpoints) == {"MaximumConcurrency": 3}
    assert_polled(endpoints, "polled")


def test_a_function_may_call_itself_if_the_template_says_so(endpoints: Endpoints) -> None:
    _create(
        endpoints,
        "recursion",
        stack_template(Role=role(), Free=function(RecursiveLoop="Allow"), Bound=function()),
    )
    loops = {}
    for name in ("Free", "Bound"):
        resource = endpoints.cloudformation.describe_stack_resource(StackName="recursion", LogicalResourceId=name)
        physical = resource["StackResourceDetail"]["PhysicalResourceId"]
        loops[name] = endpoints.functions.get_function_recursion_config(FunctionName=physical)["RecursiveLoop"]
    assert loops == {"Free": "Allow", "Bound": "Terminate"}


def test_listed_types_are_accepted_updated_and_deleted(endpoints: Endpoints) -> None:
    def query(text: str) -> dict[str, Any]:
        return {"Type": "AWS::Logs::QueryDefinition", "Properties": {"Name": "q", "QueryString": text}}

    _create(endpoints, "no-ops", stack_template(Query=query("limit 1")))
    _update(endpoints, "no-ops", stack_template(Query=query("limit 2")), "2")
    _delete(endpoints, "no-ops")


def test_alarms_on_math_and_composite_alarms_are_kept_and_follow_each_other(endpoints: Endpoints) -> None:
    rule = {"Fn::Sub": 'ALARM("${Math}")'}
    composite = {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {"AlarmName": "any", "AlarmRule": rule}}
    _create(endpoints, "alarms", stack_template(Any=composite, Math=metric_math_alarm()))
    changed = metric_math_alarm()
    changed["Properties"]["Threshold"] = 5
    _update(endpoints, "alarms", stack_template(Any=composite, Math=changed), "2")
    cloudwatch = endpoints.cloudwatch

    (math,) = cloudwatch.describe_alarms(AlarmNamePrefix="alarms")["MetricAlarms"]
    assert ([entry["Id"] for entry in math["Metrics"]], math["Threshold"]) == (["a", "b"], 5)
    states = []
    for state in ("ALARM", "OK"):
        cloudwatch.set_alarm_state(AlarmName=math["AlarmName"], StateValue=state, StateReason="shown")
        found = cloudwatch.describe_alarms(AlarmNames=["any"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        states.append(found[0]["StateValue"])
    assert states == ["ALARM", "OK"]
    _delete(endpoints, "alarms")
    assert cloudwatch.describe_alarms(AlarmNames=["any"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def _delete(endpoints: Endpoints, name: str) -> None:
    endpoints.cloudformation.delete_stack(StackName=name)
    endpoints.cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )


def test_an_unlisted_unknown_type_is_still_refused(endpoints: Endpoints) -> None:
    unknown = {"Type": "AWS::Nowhere::Thing", "Properties": {}}
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        endpoints.cloudformation.create_stack(StackName="unknown", TemplateBody=stack_template(Thing=unknown))


def _as_user(guarded: Endpoints, name: str, *actions: str) -> Any:
    """A session of a user who may do only these things."""
    iam = guarded.session.client("iam", endpoint_url=guarded.url)
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.Session(
        aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"], region_name=REGION
    )


def _insert(guarded: Endpoints, session: Any, key: str) -> Any:
    statement = """INSERT INTO "ledger" VALUE {'event_key': ?}"""
    client = session.client("dynamodb", endpoint_url=guarded.url)
    return client.batch_execute_statement(Statements=[{"Statement": statement, "Parameters": [{"S": key}]}])


def test_a_partiql_insert_needs_the_permission_that_aws_asks_for(guarded: Endpoints) -> None:
    guarded.dynamodb.create_table(
        TableName="ledger",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "event_key", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "event_key", "KeyType": "HASH"}],
    )
    allowed = _as_user(guarded, "writer", "dynamodb:PartiQLInsert")
    assert _insert(guarded, allowed, "one")["Responses"] == [{"TableName": "ledger"}]
    other = _as_user(guarded, "reader", "dynamodb:PartiQLSelect", "dynamodb:BatchExecuteStatement")
    with pytest.raises(ClientError, match="AccessDenied"):
        _insert(guarded, other, "two")


def test_a_batch_of_messages_needs_the_permission_for_one_message(guarded: Endpoints) -> None:
    url = guarded.sqs.create_queue(QueueName="batches")["QueueUrl"]
    entries = [{"Id": "1", "MessageBody": "one"}, {"Id": "2", "MessageBody": "two"}]
    allowed = _as_user(guarded, "queuer", "sqs:SendMessage").client("sqs", endpoint_url=guarded.url)
    assert len(allowed.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 2
    other = _as_user(guarded, "taker", "sqs:ReceiveMessage", "sqs:SendMessageBatch")
    with pytest.raises(ClientError, match="AccessDenied"):
        other.client("sqs", endpoint_url=guarded.url).send_message_batch(QueueUrl=url, Entries=entries)


def test_a_policy_that_demands_tls_does_not_shut_out_the_loopback_endpoint(guarded: Endpoints) -> None:
    s3, bucket = guarded.s3, "tls-only"
    s3.create_bucket(Bucket=bucket)
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    user = _as_user(guarded, "uploader", "s3:PutObject", "s3:GetObject").client("s3", endpoint_url=guarded.url)
    user.put_object(Bucket=bucket, Key="file", Body=b"content")
    assert user.get_object(Bucket=bucket, Key="file")["Body"].read() == b"content"


def test_events_of_one_source_may_be_put_and_of_another_not(guarded: Endpoints) -> None:
    condition = {"StringEquals": {"events:source": "mine"}}
    iam: Any = guarded.session.client("iam", endpoint_url=guarded.url)
    user = _as_user(guarded, "teller", "s3:GetObject")
    statement = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": "*", "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="teller", PolicyName="tell", PolicyDocument=document)
    events: Any = user.client("events", endpoint_url=guarded.url)
    entry = {"DetailType": "t", "Detail": "{}"}

    assert events.put_events(Entries=[{**entry, "Source": "mine"}])["FailedEntryCount"] == 0
    for sources in (["yours"], ["mine", "yours"]):
        with pytest.raises(ClientError, match="AccessDenied"):
            events.put_events(Entries=[{**entry, "Source": source} for source in sources])


def test_a_replaced_function_that_is_gone_stops_the_launcher() -> None:
    with pytest.raises(GapMoved, match="_get_object"):
        replace(SimpleNamespace(__name__="ministack.services.s3"), "_get_object", lambda original: original)


def test_a_listed_type_that_the_emulator_has_learnt_stops_the_launcher() -> None:
    provisioners = SimpleNamespace(_RESOURCE_HANDLERS={NO_OP_TYPES[0]: {}})
    with pytest.raises(GapMoved, match="knows"):
        mend_cloudformation(provisioners, SimpleNamespace())


def test_composite_alarms_that_the_emulator_has_learnt_stop_the_launcher() -> None:
    provisioners = SimpleNamespace(_RESOURCE_HANDLERS={COMPOSITE: {}})
    with pytest.raises(GapMoved, match="knows"):
        mend_alarms(provisioners, SimpleNamespace())


def test_another_way_of_unpacking_stops_the_launcher(tmp_path: Path) -> None:
    with pytest.raises(GapMoved, match="unpacks"):
        share_unpacked_archives(SimpleNamespace(), tmp_path)
