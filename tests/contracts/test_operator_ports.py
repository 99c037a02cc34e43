"""What the operator's ports promise: the fakes and the emulated services alike."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from conversion_delivery.aws.dead_letters import SqsDeadLetters
from conversion_delivery.aws.destination_registry import AwsDestinationRegistry
from conversion_delivery.aws.secret_versions import AwsSecretVersions
from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.errors import CredentialsRefused, NotPossible
from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.domain.reviews import Verdict, with_verdict
from conversion_delivery.workflows.operator_ports import (
    DestinationRegistry,
    DestinationState,
    ReviewableProgress,
    SecretVersions,
)
from tests.contracts.backends import Backend, Services
from tests.contracts.records import ME, NOW, a_closing, a_split_file, first_batch, lease
from tests.fakes.destination_registry import FakeDestinationRegistry
from tests.fakes.secret_versions import FakeSecretVersions

# --- review


def a_closed_batch(progress: ReviewableProgress) -> BatchId:
    batch_id = first_batch(a_split_file(progress))
    lease(progress, batch_id)
    tally = {"rows": 7, "outcomes": {"delivered": 4, "refused": 1, "review": 2}, "codes": {"OUTCOME_UNKNOWN": 2}}
    progress.close(batch_id, ME, replace(a_closing(), tally=tally), NOW)
    return batch_id


def stored(progress: ReviewableProgress, batch_id: BatchId) -> BatchRecord:
    record = progress.batch(batch_id)
    assert record is not None
    return record


def reviewable(tables: Backend) -> ReviewableProgress:
    return cast(ReviewableProgress, tables.progress)


def test_a_verdict_is_stored_whole_and_read_back(tables: Backend) -> None:
    progress = reviewable(tables)
    batch_id = a_closed_batch(progress)
    found = stored(progress, batch_id)
    first = with_verdict(found, RowSet([5]), Verdict.RELEASED, at=NOW + 0.25, by="jo")
    assert progress.review(found, first)
    assert stored(progress, batch_id) == first
    second = with_verdict(first, RowSet([6]), Verdict.DELIVERED, at=NOW + 1, by="al")
    assert progress.review(first, second)
    assert stored(progress, batch_id) == second


def test_a_verdict_on_what_somebody_else_has_decided_meanwhile_is_lost(tables: Backend) -> None:
    progress = reviewable(tables)
    batch_id = a_closed_batch(progress)
    found = stored(progress, batch_id)
    theirs = with_verdict(found, RowSet([5]), Verdict.RELEASED, at=NOW, by="jo")
    mine = with_verdict(found, RowSet([5, 6]), Verdict.DELIVERED, at=NOW, by="al")
    assert progress.review(found, theirs)
    assert not progress.review(found, mine)
    assert stored(progress, batch_id) == theirs


def test_a_repeated_write_of_the_same_verdict_says_true(tables: Backend) -> None:
    progress = reviewable(tables)
    batch_id = a_closed_batch(progress)
    found = stored(progress, batch_id)
    decided = with_verdict(found, RowSet([5, 6]), Verdict.DELIVERED, at=NOW, by="jo")
    assert [progress.review(found, decided) for _ in range(2)] == [True, True]


def test_an_open_or_unknown_batch_takes_no_verdict(tables: Backend) -> None:
    progress = reviewable(tables)
    batch_id = first_batch(a_split_file(progress))
    assert not progress.review(BatchRecord(batch_id), BatchRecord(batch_id, accepted=RowSet([1])))
    lease(progress, batch_id)
    found = stored(progress, batch_id)
    assert not progress.review(found, BatchRecord(batch_id, accepted=RowSet([1])))
    assert stored(progress, batch_id) == found


# --- secrets during a rotation


@pytest.fixture(params=["fake", "emulator"])
def rotating(request: pytest.FixtureRequest) -> Iterator[tuple[SecretVersions, str]]:
    """A secret with a value whose rotation is on; a version ``v1`` is yet to come."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    if request.param == "fake":
        fake = FakeSecretVersions()
        fake.begin(name, "old", "none-yet")
        yield fake, name
        return
    services: Services = request.getfixturevalue("emulator")
    client = services.client("secretsmanager")
    client.create_secret(Name=name, SecretString="old")
    client.rotate_secret(
        SecretId=name,
        RotationLambdaARN="arn:aws:lambda:us-east-1:000000000000:function:rotation",
        RotationRules={"AutomaticallyAfterDays": 1},
        RotateImmediately=False,
    )
    yield AwsSecretVersions(client), name


VERSION = "11111111-2222-3333-4444-555555555555"


def test_a_pending_version_becomes_current_when_it_is_promoted(rotating: tuple[SecretVersions, str]) -> None:
    secrets, name = rotating
    assert secrets.pending(name, VERSION) is None
    secrets.put_pending(name, VERSION, "new")
    assert secrets.is_rotating_to(name, VERSION)
    assert (secrets.current(name), secrets.pending(name, VERSION)) == ("old", "new")
    for _ in range(2):
        secrets.promote(name, VERSION)
        assert secrets.current(name) == "new"
        assert secrets.is_rotating_to(name, VERSION)


def test_nobody_waits_for_another_version(rotating: tuple[SecretVersions, str]) -> None:
    secrets, name = rotating
    assert not secrets.is_rotating_to(name, VERSION)


def test_a_secret_without_rotation_is_left_alone(emulator: Services) -> None:
    client = emulator.client("secretsmanager")
    name = f"test-{uuid.uuid4().hex[:12]}"
    client.create_secret(Name=name, SecretString="old")
    with pytest.raises(NotPossible, match="ROTATION_OFF"):
        AwsSecretVersions(client).is_rotating_to(name, VERSION)
    with pytest.raises(CredentialsRefused, match="SECRET_MISSING"):
        AwsSecretVersions(client).current(f"{name}-nowhere")


# --- destinations


@pytest.fixture(params=["fake", "emulator"])
def registry(request: pytest.FixtureRequest) -> DestinationRegistry:
    if request.param == "fake":
        return FakeDestinationRegistry()
    services: Services = request.getfixturevalue("emulator")
    return AwsDestinationRegistry(
        services.client("ssm"), services.client("secretsmanager"), f"test-{uuid.uuid4().hex[:12]}"
    )


def test_destinations_are_listed_with_their_documents(registry: DestinationRegistry) -> None:
    assert registry.documents() == {}
    names = [f"shop-{number}" for number in range(12)]  # more than a page of SSM
    for name in names:
        registry.put(name, json.dumps({"event_source_id": name}))
    assert registry.documents() == {name: json.dumps({"event_source_id": name}) for name in names}


def test_a_state_is_kept_apart_from_the_settings(registry: DestinationRegistry) -> None:
    registry.put("shop", "{}")
    assert registry.state("shop") is None
    for status in ("refused", "active"):
        registry.put_state("shop", DestinationState(status, NOW, "40105"))
        assert registry.state("shop") == DestinationState(status, NOW, "40105")
    assert list(registry.documents()) == ["shop"]


def test_a_removed_destination_is_gone_and_can_be_made_anew(registry: DestinationRegistry) -> None:
    for _ in range(2):
        registry.put("shop", "{}")
        registry.put_token("shop", "token")
        registry.put_state("shop", DestinationState("active", NOW, "0"))
        assert registry.has_secret("shop")
        registry.remove("shop")
        assert (registry.documents(), registry.state("shop"), registry.has_secret("shop")) == ({}, None, False)
    registry.remove("shop")


def test_settings_of_more_than_4_kilobytes_find_room(emulator: Services) -> None:
    registry = AwsDestinationRegistry(
        emulator.client("ssm"), emulator.client("secretsmanager"), f"test-{uuid.uuid4().hex[:12]}"
    )
    document = json.dumps({"columns": {f"Header {number}": "order_id" for number in range(250)}})
    assert len(document) > 4_096
    registry.put("shop", document)
    assert registry.documents()["shop"] == document


# --- dead letters


def test_a_letter_is_hidden_while_it_is_looked_at_and_sent_before_it_is_deleted(emulator: Services) -> None:
    sqs: Any = emulator.client("sqs")
    url, source = (sqs.create_queue(QueueName=f"test-{uuid.uuid4().hex[:12]}")["QueueUrl"] for _ in range(2))
    letters = SqsDeadLetters(sqs, url=url, source_url=source)
    sqs.send_message(QueueUrl=url, MessageBody="body")
    (letter,) = letters.take(10)
    assert (letter.body, letter.code) == ("body", "")
    assert letters.depth() == (0, 1)
    assert "body" not in repr(letter)
    letters.put_back(letter)
    (again,) = letters.take(1)
    letters.send_back(again)
    assert letters.depth() == (0, 0)
    assert sqs.receive_message(QueueUrl=source)["Messages"][0]["Body"] == "body"


def test_the_emulator_moves_nothing_by_itself(emulator: Services) -> None:
    sqs: Any = emulator.client("sqs")
    url = sqs.create_queue(QueueName=f"test-{uuid.uuid4().hex[:12]}")["QueueUrl"]
    assert SqsDeadLetters(sqs, url=url, source_url=url).move_all() is False
