"""Sending dead letters back, none lost."""

from __future__ import annotations

import pytest

from conversion_delivery.workflows.operator_ports import DeadLetter
from conversion_delivery.workflows.redrive_messages import RedriveMessages, Redriven
from tests.fakes.dead_letters import FakeDeadLetters


def letters(*bodies: str, parked: tuple[str, ...] = (), moves_by_itself: bool = False) -> FakeDeadLetters:
    queue = FakeDeadLetters(moves_by_itself=moves_by_itself)
    for body in bodies:
        queue.put(body)
    for body in parked:
        queue.put(body, "MESSAGE_INVALID")
    return queue


def test_every_letter_goes_back_once() -> None:
    queue = letters(*(str(number) for number in range(25)))
    assert RedriveMessages(queue).run() == Redriven(sent_back=25)
    assert sorted(map(int, queue.sent)) == list(range(25))
    assert queue.depth() == (0, 0)


def test_parked_letters_are_counted_left_and_visible_afterwards() -> None:
    queue = letters("a", "b", parked=("x", "y"))
    assert RedriveMessages(queue).run() == Redriven(sent_back=2, skipped={"MESSAGE_INVALID": 2})
    assert [letter.body for letter in queue.letters] == ["x", "y"]
    assert queue.hidden == {}


def test_a_limit_counts_what_is_sent_back() -> None:
    queue = letters(*"abcdef")
    assert RedriveMessages(queue).run(limit=4).sent_back == 4
    assert queue.depth() == (2, 0)


def test_the_service_moves_everything_where_nothing_has_to_be_picked_out() -> None:
    queue = letters("a", parked=("x",), moves_by_itself=True)
    assert RedriveMessages(queue).run(include_parked=True) == Redriven(by_service=True)
    assert queue.sent == ["a", "x"]


def test_a_service_that_cannot_is_replaced_letter_by_letter() -> None:
    queue = letters("a", parked=("x",))
    assert RedriveMessages(queue).run(include_parked=True).sent_back == 2


@pytest.mark.parametrize(("limit", "include_parked"), [(None, False), (1, True)])
def test_the_service_is_not_asked_where_letters_have_to_be_picked(limit: int | None, include_parked: bool) -> None:
    queue = letters("a", parked=("x",), moves_by_itself=True)
    assert RedriveMessages(queue).run(limit=limit, include_parked=include_parked) != Redriven(by_service=True)
    assert len(queue.sent) == 1


def test_a_parked_letter_that_comes_round_again_is_counted_once() -> None:
    class Returning(FakeDeadLetters):
        """Shows letters that are looked at once more, as SQS does after a while."""

        def take(self, most: int) -> list[DeadLetter]:
            return list(super().take(most)) or list(self.hidden.values())

    queue = Returning()
    queue.put("x", "MESSAGE_INVALID")
    assert RedriveMessages(queue).run() == Redriven(skipped={"MESSAGE_INVALID": 1})


def test_when_sending_fails_the_letter_stays_and_parked_ones_are_put_back() -> None:
    class Failing(FakeDeadLetters):
        def send_back(self, letter: DeadLetter) -> None:
            raise ConnectionError

    queue = Failing()
    queue.put("x", "MESSAGE_INVALID")
    queue.put("a")
    with pytest.raises(ConnectionError):
        RedriveMessages(queue).run()
    assert [letter.body for letter in queue.letters] == ["x"]
    assert [letter.body for letter in queue.hidden.values()] == ["a"]
