"""Templates in miniature, each with one thing that the emulator by itself gets wrong."""

from __future__ import annotations

import json
from typing import Any

from local.aws.endpoints import Endpoints
from local.aws.local_stack import wait_until

FUNCTION = """
def handler(event, context):
    return {"batchItemFailures": []}
"""

SLOW_FUNCTION = """
import os, pathlib, time
def handler(event, context):
    pathlib.Path(event["pid_file"]).write_text(str(os.getpid()))
    time.sleep(60)
"""


def stack_template(**resources: dict[str, Any]) -> str:
    """A template with these resources and one number parameter, ``Concurrency``."""
    return json.dumps({"Parameters": {"Concurrency": {"Type": "Number", "Default": 2}}, "Resources": resources})


def role(*statements: dict[str, Any]) -> dict[str, Any]:
    policy = {"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [policy] if statements else [],
        },
    }


def function(code: str = FUNCTION, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Timeout": 20,
            "Code": {"ZipFile": code},
            **properties,
        },
    }


def queue() -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 120}}


def mapping() -> dict[str, Any]:
    """An event source whose concurrency refers to the parameter."""
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": "Function"},
            "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
            "BatchSize": 1,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": {"Ref": "Concurrency"}},
        },
    }


def metric_math_alarm() -> dict[str, Any]:
    metric = {"Namespace": "N", "MetricName": "M"}
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "Metrics": [
                {"Id": "a", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False},
                {"Id": "b", "Expression": "a * 2"},
            ],
        },
    }


def assert_polled(endpoints: Endpoints, stack: str) -> None:
    """Send a message to the stack's queue and see it handled."""
    url = endpoints.sqs.list_queues(QueueNamePrefix=stack)["QueueUrls"][0]
    endpoints.sqs.send_message(QueueUrl=url, MessageBody="{}")

    def is_empty() -> bool:
        found = endpoints.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return found["ApproximateNumberOfMessages"] == found["ApproximateNumberOfMessagesNotVisible"] == "0"

    assert wait_until(is_empty, 20)
