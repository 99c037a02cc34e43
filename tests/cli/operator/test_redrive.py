"""``conversions redrive``: dead letters go back, parked ones stay."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.cli.operator.conftest import Workplace


def put(place: Workplace, queue: str, bodies: Sequence[str], code: str = "") -> None:
    attributes = {"code": {"DataType": "String", "StringValue": code}} if code else {}
    for body in bodies:
        place.client("sqs").send_message(
            QueueUrl=place.stack.outputs[f"{queue}DeadLettersUrl"], MessageBody=body, MessageAttributes=attributes
        )


def bodies_in(place: Workplace, output: str) -> list[str]:
    sqs, url = place.client("sqs"), place.stack.outputs[output]
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
    return sorted(found)


def test_letters_go_back_to_the_queue_they_came_from(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    put(place, "Batches", [f"b{number}" for number in range(13)])
    put(place, "Uploads", ["u1"])
    assert place.run("redrive", "--yes") == 0
    shown = capsys.readouterr().out
    assert "batches: 13 sent back" in shown
    assert "uploads: 1 sent back" in shown
    assert len(bodies_in(place, "BatchesQueueUrl")) == 13
    assert bodies_in(place, "UploadsQueueUrl") == ["u1"]
    assert bodies_in(place, "BatchesDeadLettersUrl") == []


def test_parked_letters_stay_and_are_visible_at_once(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    put(place, "Batches", ["b1"])
    put(place, "Batches", ["parked"], code="MESSAGE_INVALID")
    assert place.run("redrive", "batches", "--yes") == 0
    assert "batches: 1 sent back, 1 parked (MESSAGE_INVALID) left" in capsys.readouterr().out
    assert bodies_in(place, "BatchesDeadLettersUrl") == ["parked"]
    assert bodies_in(place, "BatchesQueueUrl") == ["b1"]


def test_parked_letters_go_back_where_the_operator_says_so(place: Workplace) -> None:
    put(place, "Batches", ["parked"], code="MESSAGE_INVALID")
    assert place.run("redrive", "batches", "--include-parked", "--yes") == 0
    assert bodies_in(place, "BatchesQueueUrl") == ["parked"]


def test_a_limit_is_kept(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    put(place, "Batches", [f"b{number}" for number in range(4)])
    assert place.run("redrive", "batches", "--limit", "3", "--yes") == 0
    assert "3 sent back" in capsys.readouterr().out
    assert len(bodies_in(place, "BatchesDeadLettersUrl")) == 1


@pytest.mark.parametrize(("arguments", "code"), [(["--dry-run"], 0), ([], 64), (["--limit", "0", "--yes"], 64)])
def test_nothing_moves_without_a_yes(place: Workplace, arguments: list[str], code: int) -> None:
    put(place, "Uploads", ["u1"])
    assert place.run("redrive", "uploads", *arguments) == code
    assert bodies_in(place, "UploadsDeadLettersUrl") == ["u1"]


def test_empty_queues_are_said_to_be_empty(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.run("redrive", "--yes") == 1
    assert "nothing to send back" in capsys.readouterr().out
