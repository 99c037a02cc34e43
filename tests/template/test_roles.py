"""Roles: exactly what each function needs, on exactly the resources that it needs it on."""

from __future__ import annotations

import pytest

from tests.template.stack import Document, Stack, source, statements

Grants = set[tuple[str, str]]

BUCKET = "arn:aws:s3:::<UsedBucket.Value>"
HERE = "eu-central-1:111122223333"
ROLES = ["SplitterRole", "SenderRole"]


def all_statements(role: str, **parameters: str) -> list[Document]:
    policies = Stack(**parameters).resource(role)["Policies"]
    return [statement for policy in policies for statement in statements(policy["PolicyDocument"])]


def grants(role: str, **parameters: str) -> Grants:
    """Every (action, resource) that a role allows."""
    allowed: Grants = set()
    for statement in all_statements(role, **parameters):
        assert statement["Effect"] == "Allow"
        allowed |= {(action, resource) for action in statement["Action"] for resource in statement["Resource"]}
    return allowed


def on(resource: str, *actions: str) -> Grants:
    return {(action, resource) for action in actions}


SHARED: Grants = (
    on(f"{BUCKET}/uploads/*", "s3:GetObjectVersion")
    | on(f"{BUCKET}/prepared/*", "s3:GetObjectVersion")
    | on(f"{BUCKET}/parts/*", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload")
    | on(f"{BUCKET}/reports/*", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload")
    | on(BUCKET, "s3:ListBucket", "s3:ListBucketVersions")
    | on("<FileProgress.Arn>", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query")
    | on(f"arn:aws:events:{HERE}:event-bus/default", "events:PutEvents")
)

CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes")
LOG = ("logs:CreateLogStream", "logs:PutLogEvents")

EXPECTED: dict[str, Grants] = {
    "SplitterRole": SHARED
    | on(f"{BUCKET}/uploads/*", "s3:GetObject")  # a notification without version id is looked up first
    | on(f"{BUCKET}/validate/*", "s3:GetObject", "s3:GetObjectVersion")
    | on(f"{BUCKET}/prepared/*", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload")
    | on("<UploadsQueue.Arn>", *CONSUME, "sqs:SendMessage")
    | on("<BatchesQueue.Arn>", "sqs:SendMessage")
    | on("<UploadsDeadLetters.Arn>", "sqs:SendMessage")
    | on("<FileProgress.Arn>", "dynamodb:PutItem")
    | on(f"arn:aws:ssm:{HERE}:parameter/sales/destinations/*", "ssm:GetParameter")
    | on(f"arn:aws:secretsmanager:{HERE}:secret:sales/pgp/*", "secretsmanager:GetSecretValue")
    | on("<SplitterLogGroup.Arn>", *LOG),
    "SenderRole": SHARED
    | on("<BatchesQueue.Arn>", *CONSUME)
    | on("<BatchesDeadLetters.Arn>", "sqs:SendMessage")
    | on("<EventLedger.Arn>", "dynamodb:PartiQLInsert", "dynamodb:BatchGetItem", "dynamodb:UpdateItem")
    | on("<FileProgress.Arn>", "dynamodb:DeleteItem")
    | on(f"arn:aws:secretsmanager:{HERE}:secret:sales/destinations/*-??????", "secretsmanager:GetSecretValue")
    | on("<SenderLogGroup.Arn>", *LOG),
}

TRACES: Grants = on("*", "xray:PutTraceSegments", "xray:PutTelemetryRecords")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_allows_what_its_function_needs_and_nothing_else(role: str) -> None:
    assert grants(role, Tracing="PassThrough") == EXPECTED[role]


@pytest.mark.parametrize("role", ROLES)
def test_tracing_adds_the_two_actions_of_x_ray(role: str) -> None:
    assert grants(role, Tracing="Active") == EXPECTED[role] | TRACES


@pytest.mark.parametrize("role", ROLES)
def test_no_action_is_a_wildcard(role: str) -> None:
    assert not [action for action, _ in grants(role) if "*" in action]


@pytest.mark.parametrize("role", ROLES)
def test_only_traces_name_no_resource(role: str) -> None:
    assert {pair for pair in grants(role) if pair[1] == "*"} == TRACES


def test_the_splitter_sees_neither_tokens_nor_the_ledger() -> None:
    allowed = grants("SplitterRole")

    assert {resource for action, resource in allowed if action.startswith("secretsmanager:")} == {
        f"arn:aws:secretsmanager:{HERE}:secret:sales/pgp/*"
    }
    assert not [resource for _, resource in allowed if "EventLedger" in resource]


def test_the_sender_parks_messages_but_queues_no_work() -> None:
    targets = {resource for action, resource in grants("SenderRole") if action == "sqs:SendMessage"}

    assert targets == {"<BatchesDeadLetters.Arn>"}


@pytest.mark.parametrize("role", ROLES)
def test_no_function_changes_an_upload(role: str) -> None:
    on_uploads = {action for action, resource in grants(role) if "/uploads/" in resource or "/validate/" in resource}

    assert on_uploads <= {"s3:GetObject", "s3:GetObjectVersion"}


def test_the_sender_cannot_read_what_is_only_to_be_checked() -> None:
    assert not [pair for pair in grants("SenderRole") if "validate" in pair[1]]


def test_the_splitter_deletes_messages_only() -> None:
    assert {action for action, _ in grants("SplitterRole") if "Delete" in action} == {"sqs:DeleteMessage"}


def test_the_sender_deletes_messages_and_delivery_gates_only() -> None:
    assert {action for action, _ in grants("SenderRole") if "Delete" in action} == {
        "sqs:DeleteMessage",
        "dynamodb:DeleteItem",
    }
    (opening,) = (entry for entry in all_statements("SenderRole") if entry["Action"] == ["dynamodb:DeleteItem"])
    assert opening["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["GATE#*"]}}


@pytest.mark.parametrize("role", ROLES)
def test_a_function_tells_of_its_own_stacks_files_only(role: str) -> None:
    (telling,) = (entry for entry in all_statements(role) if entry["Action"] == ["events:PutEvents"])

    assert telling["Condition"] == {"StringEquals": {"events:source": "conversion-delivery.sales"}}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_no_policy_from_elsewhere_and_only_lambda_takes_it(role: str) -> None:
    properties = Stack().resource(role)
    (trust,) = properties["AssumeRolePolicyDocument"]["Statement"]

    assert "ManagedPolicyArns" not in properties
    assert trust == {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def test_there_are_no_roles_and_no_policies_besides_these() -> None:
    stack = Stack()

    assert sorted(stack.of_type("AWS::IAM::Role")) == sorted(ROLES)
    assert not stack.of_type("AWS::IAM::Policy")
    assert not stack.of_type("AWS::IAM::ManagedPolicy")
    assert not [name for name, entry in functions().items() if "Policies" in entry["Properties"]]


@pytest.mark.parametrize(("function", "role"), [("SplitterFunction", "SplitterRole"), ("SenderFunction", "SenderRole")])
def test_each_function_has_its_own_role(function: str, role: str) -> None:
    assert Stack().resource(function)["Role"] == f"<{role}.Arn>"


def functions() -> dict[str, Document]:
    resources: dict[str, Document] = source()["Resources"]
    return {name: entry for name, entry in resources.items() if entry["Type"] == "AWS::Serverless::Function"}
