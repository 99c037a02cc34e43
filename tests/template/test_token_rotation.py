"""Token rotation: only where the owner wants it, and then with exactly what it needs."""

from __future__ import annotations

from conversion_delivery.runtime.settings import RotationSettings, read_settings
from tests.template.stack import Stack, statements

PARTS = (
    "TokenRotationFunction",
    "TokenRotationPermission",
    "TokenRotationRole",
    "TokenRotationLogGroup",
    "TokenRotationSchedule",
    "TokenRotationErrorsAlarm",
)
SECRETS = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:sales/destinations/*-??????"


def rotating(**parameters: str) -> Stack:
    return Stack(TokenRotation="yes", **parameters)


def test_without_the_wish_nothing_of_it_exists() -> None:
    stack = Stack()

    assert not [name for name in PARTS if name in stack]
    assert "TokenRotationFunctionArn" not in stack.outputs


def test_with_the_wish_all_of_it_exists_and_its_name_is_told() -> None:
    stack = rotating()

    assert [name for name in PARTS if name not in stack] == []
    assert stack.outputs["TokenRotationFunctionArn"] == "<TokenRotationFunction.Arn>"


def test_the_first_destinations_secret_is_renewed_twice_a_day_and_never_at_deployment() -> None:
    schedule = rotating().resource("TokenRotationSchedule")

    assert schedule == {
        "SecretId": "<FirstDestinationToken>",
        "RotationLambdaARN": "<TokenRotationFunction.Arn>",
        "RotateImmediatelyOnUpdate": False,
        "RotationRules": {"ScheduleExpression": "rate(12 hours)"},
    }
    assert rotating().attribute("TokenRotationSchedule", "DependsOn") == "TokenRotationPermission"


def test_only_secrets_manager_of_this_account_calls_the_function() -> None:
    assert rotating().resource("TokenRotationPermission") == {
        "FunctionName": "<TokenRotationFunction>",
        "Action": "lambda:InvokeFunction",
        "Principal": "secretsmanager.amazonaws.com",
        "SourceAccount": "111122223333",
    }


def test_the_role_reaches_the_secrets_of_destinations_and_its_own_log() -> None:
    policies = rotating(Tracing="PassThrough").resource("TokenRotationRole")["Policies"]
    granted = {
        (action, resource)
        for policy in policies
        for statement in statements(policy["PolicyDocument"])
        for action in statement["Action"]
        for resource in statement["Resource"]
    }

    assert granted == {
        *(
            (f"secretsmanager:{action}", SECRETS)
            for action in ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
        ),
        *((f"logs:{action}", "<TokenRotationLogGroup.Arn>") for action in ("CreateLogStream", "PutLogEvents")),
    }


def test_the_function_understands_what_it_is_told() -> None:
    told = rotating().resource("TokenRotationFunction")["Environment"]["Variables"]

    assert read_settings(RotationSettings, told).events_api_endpoint == "https://business-api.tiktok.com"


def test_a_token_that_cannot_be_renewed_rings() -> None:
    alarm = rotating().resource("TokenRotationErrorsAlarm")

    assert (alarm["MetricName"], alarm["Threshold"], alarm["Statistic"]) == ("Errors", 0, "Sum")
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": "<TokenRotationFunction>"}]
    assert alarm["AlarmActions"] == ["<AlarmsTopic>"]
    assert "REFRESH_REFUSED" in alarm["AlarmDescription"]
