"""Notices of finished files: what exists for each choice, and who may publish where."""

from __future__ import annotations

import pytest

from conversion_delivery.aws.notices import DETAIL_TYPE, source_of
from conversion_delivery.domain.reports.file_notices import notice_of
from conversion_delivery.runtime.settings import DigestSettings, read_settings
from tests.domain.reports.test_file_notices import FILES, finished
from tests.template.stack import Stack, statements

DIGEST = (
    *("DigestFunction", "DigestPermission", "DigestRole", "DigestLogGroup", "DigestRule", "DigestSchedule"),
    *("NoticesQueue", "NoticesQueuePolicy", "DigestErrorsAlarm"),
)


@pytest.mark.parametrize(
    ("choice", "topic", "each", "daily"),
    [("each", True, True, False), ("digest", True, False, True), ("off", False, False, False)],
)
def test_what_exists_is_what_was_chosen(choice: str, topic: bool, each: bool, daily: bool) -> None:
    stack = Stack(FileNotices=choice, NoticeEmail="shop@example.com")

    assert ("NoticesTopic" in stack, "NoticesTopicPolicy" in stack, "NoticesByMail" in stack) == (topic, topic, topic)
    assert ("NoticesTopicArn" in stack.outputs) == topic
    assert ("EachFileRule" in stack) == each
    assert {name in stack for name in DIGEST} == {daily}


def test_nobody_is_mailed_without_an_address() -> None:
    assert "NoticesByMail" not in Stack()


@pytest.mark.parametrize("choice", ["each", "digest", "off"])
def test_both_functions_know_what_was_chosen(choice: str) -> None:
    for function in ("SplitterFunction", "SenderFunction"):
        told = Stack(FileNotices=choice).resource(function)["Environment"]["Variables"]
        assert told["FILE_NOTICES"] == choice


@pytest.mark.parametrize(("choice", "rule"), [("each", "EachFileRule"), ("digest", "DigestRule")])
def test_a_rule_takes_the_events_that_the_functions_put(choice: str, rule: str) -> None:
    pattern = Stack(FileNotices=choice).resource(rule)["EventPattern"]

    assert pattern == {"source": [source_of("sales")], "detail-type": [DETAIL_TYPE]}


def test_the_words_for_persons_name_only_what_a_notice_has() -> None:
    notice = notice_of(finished(FILES["with rejects"]))
    (target,) = Stack().resource("EachFileRule")["Targets"]
    transformer = target["InputTransformer"]

    for name, path in transformer["InputPathsMap"].items():
        found = {"detail": notice}
        for part in path.removeprefix("$.").split("."):
            found = found[part]
        assert f"<{name}>" in transformer["InputTemplate"]
    assert all(line.startswith('"') and line.endswith('"') for line in transformer["InputTemplate"].splitlines())


def test_only_the_rule_of_this_stack_publishes_to_the_topic() -> None:
    policy = Stack().resource("NoticesTopicPolicy")["PolicyDocument"]
    (grant,) = (entry for entry in statements(policy) if entry["Effect"] == "Allow")

    assert grant["Principal"] == {"Service": "events.amazonaws.com"}
    assert (grant["Action"], grant["Resource"]) == (["sns:Publish"], ["<NoticesTopic>"])
    assert grant["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "<EachFileRule.Arn>"},
    }


def test_in_a_digest_nobody_but_the_function_publishes() -> None:
    policy = Stack(FileNotices="digest").resource("NoticesTopicPolicy")["PolicyDocument"]

    assert [entry["Effect"] for entry in statements(policy)] == ["Deny"]


def test_only_the_digests_rule_fills_its_queue() -> None:
    policy = Stack(FileNotices="digest").resource("NoticesQueuePolicy")["PolicyDocument"]
    (grant,) = (entry for entry in statements(policy) if entry["Effect"] == "Allow")

    assert (grant["Action"], grant["Resource"]) == (["sqs:SendMessage"], ["<NoticesQueue.Arn>"])
    assert grant["Condition"]["ArnLike"] == {"aws:SourceArn": "<DigestRule.Arn>"}


def test_the_digest_is_sent_at_the_hour_that_was_chosen() -> None:
    stack = Stack(FileNotices="digest", DigestHour="17")

    assert stack.resource("DigestSchedule")["ScheduleExpression"] == "cron(0 17 * * ? *)"
    assert stack.resource("DigestPermission")["SourceArn"] == "<DigestSchedule.Arn>"


def test_notices_wait_long_enough_and_stay_hidden_while_they_are_told() -> None:
    stack = Stack(FileNotices="digest")
    queue = stack.resource("NoticesQueue")

    assert queue["MessageRetentionPeriod"] == 14 * 86_400
    assert queue["VisibilityTimeout"] >= 6 * stack.resource("DigestFunction")["Timeout"]
    assert queue["SqsManagedSseEnabled"] is True


def test_the_digests_role_takes_publishes_and_writes_its_log() -> None:
    policies = Stack(FileNotices="digest", Tracing="PassThrough").resource("DigestRole")["Policies"]
    granted = {
        (action, resource)
        for policy in policies
        for statement in statements(policy["PolicyDocument"])
        for action in statement["Action"]
        for resource in statement["Resource"]
    }

    assert granted == {
        ("sqs:ReceiveMessage", "<NoticesQueue.Arn>"),
        ("sqs:DeleteMessage", "<NoticesQueue.Arn>"),
        ("sns:Publish", "<NoticesTopic>"),
        ("logs:CreateLogStream", "<DigestLogGroup.Arn>"),
        ("logs:PutLogEvents", "<DigestLogGroup.Arn>"),
    }


def test_the_digest_function_understands_what_it_is_told_and_forgets_its_logs() -> None:
    stack = Stack(FileNotices="digest", LogRetentionDays="14")
    function = stack.resource("DigestFunction")
    settings = read_settings(DigestSettings, function["Environment"]["Variables"])

    assert (settings.notices_queue_url, settings.notices_topic) == ("<NoticesQueue>", "<NoticesTopic>")
    assert function["LoggingConfig"]["LogGroup"] == "<DigestLogGroup>"
    assert stack.resource("DigestLogGroup")["RetentionInDays"] == "14"
