"""The model of SQS keeps the promises that the product relies on, and no others."""

from __future__ import annotations

import pytest

from tests.faults.message_queue import MessageQueue
from tests.faults.virtual_time import VirtualClock


def make(max_receives: int = 3) -> tuple[VirtualClock, MessageQueue]:
    clock = VirtualClock()
    return clock, MessageQueue(clock, {"batches": 720.0}, max_receives)


def test_a_received_message_comes_back_when_its_visibility_ends() -> None:
    clock, queue = make()
    message = queue.send("batches", "body", "file")
    assert queue.receive(message)
    assert queue.visible() == []
    clock.advance(719)
    assert queue.visible() == []
    clock.advance(1)
    assert queue.visible() == [message]


def test_an_acknowledged_message_is_gone_from_the_queue_and_may_still_be_delivered_again() -> None:
    _, queue = make()
    message = queue.send("batches", "body", "file")
    queue.receive(message)
    queue.acknowledge(message)
    assert list(queue.kept()) == []
    assert queue.sent == [message]


def test_a_message_received_too_often_moves_to_the_dead_letters_and_a_redrive_brings_it_back() -> None:
    clock, queue = make(max_receives=2)
    message = queue.send("batches", "body", "file")
    for _ in range(2):
        assert queue.receive(message)
        clock.advance(720)
    assert not queue.receive(message)
    assert queue.visible() == []
    assert list(queue.kept()) == [message]
    assert queue.redrive() == 1
    assert queue.visible() == [message]
    assert queue.receive(message)


def test_a_longer_visibility_hides_a_message_longer() -> None:
    clock, queue = make()
    message = queue.send("batches", "body", "file")
    queue.receive(message)
    queue.change_visibility(message, 3600)
    clock.advance(3599)
    assert queue.visible() == []
    assert queue.next_visible_at() == clock.now + 1


def test_a_visibility_that_sqs_would_refuse_is_an_error() -> None:
    _, queue = make()
    message = queue.send("batches", "body", "file")
    queue.receive(message)
    with pytest.raises(AssertionError):
        queue.change_visibility(message, 43_201)


def test_a_message_that_is_visible_again_keeps_its_visibility() -> None:
    clock, queue = make()
    message = queue.send("batches", "body", "file")
    queue.receive(message)
    clock.advance(720)
    queue.change_visibility(message, 3600)
    assert queue.visible() == [message]
