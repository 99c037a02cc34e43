"""The model of TikTok counts, forgets and answers as the papers say."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from tests.faults.disturbances import GO, AnswerFault, Disturbance, Kind
from tests.faults.tiktok_model import BAD_VALUE, LATE_BY, TikTok
from tests.faults.virtual_time import HOUR, VirtualClock

KEY = "set-1#Purchase#a"
VALID = "token-1"


class Case:
    """A model with its clock, and what it reported."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.violations: list[str] = []
        self.tiktok = TikTok(self.clock, self.violations.append)

    def post(self, *values: int, fault: AnswerFault = AnswerFault.NONE, token: str = VALID) -> Answer:
        """Events a, b, c ... with these amounts."""
        data = [
            {"event": "Purchase", "event_id": chr(ord("a") + index), "properties": {"value": value}}
            for index, value in enumerate(values)
        ]
        body = json.dumps({"event_source_id": "set-1", "data": data}).encode()
        disturbance = Disturbance(Kind.ANSWER, answer=fault) if fault else GO
        return self.tiktok.track(token, body, disturbance)

    def counted(self) -> list[str]:
        return sorted(key[-1] for key in self.tiktok.counted)


def test_an_event_sent_again_within_48_hours_is_counted_once() -> None:
    case = Case()
    case.post(1)
    case.clock.advance(46 * HOUR)
    assert case.post(1).kind is AnswerKind.ACCEPTED
    assert len(case.tiktok.counted[KEY]) == 1
    assert case.violations == []


def test_an_event_sent_again_after_48_hours_is_counted_twice_and_that_is_reported() -> None:
    case = Case()
    case.post(1)
    case.clock.advance(48 * HOUR)
    case.post(1)
    assert len(case.tiktok.counted[KEY]) == 2
    assert any("twice" in violation for violation in case.violations)


def test_a_post_48_hours_after_one_without_answer_is_reported_even_if_nothing_was_counted() -> None:
    case = Case()
    case.post(1, fault=AnswerFault.NOT_ACCEPTED_LOST)
    case.clock.advance(48 * HOUR)
    case.post(1)
    assert len(case.violations) == 1


def test_a_definite_refusal_leaves_no_doubt() -> None:
    case = Case()
    case.post(1, fault=AnswerFault.THROTTLED)
    case.clock.advance(100 * HOUR)
    case.post(1)
    assert case.violations == []


def test_one_bad_event_refuses_the_whole_request_and_is_named() -> None:
    case = Case()
    answer = case.post(1, BAD_VALUE, 1)
    assert answer.kind is AnswerKind.REFUSED
    assert answer.refused_indices == (1,)
    assert case.counted() == []


def test_a_late_arrival_is_counted_minutes_after_its_answer_was_given_up() -> None:
    case = Case()
    assert case.post(1, fault=AnswerFault.ARRIVES_LATE).kind is AnswerKind.UNKNOWN
    assert case.counted() == []
    case.clock.advance(LATE_BY)
    assert case.counted() == ["a"]


@pytest.mark.parametrize("fault", [AnswerFault.PARTIAL_NAMED, AnswerFault.PARTIAL_UNNAMED])
def test_a_partial_success_counts_the_others(fault: AnswerFault) -> None:
    case = Case()
    answer = case.post(1, 1, 1, fault=fault)
    assert answer.kind is AnswerKind.PARTIAL
    assert answer.refused_indices == ((0,) if fault is AnswerFault.PARTIAL_NAMED else None)
    assert case.counted() == ["b", "c"]


def test_a_request_with_another_token_counts_nothing_whatever_becomes_of_its_answer() -> None:
    case = Case()
    assert case.post(1, token="old").kind is AnswerKind.BAD_CREDENTIALS
    case.post(1, token="old", fault=AnswerFault.ACCEPTED_LOST)
    assert case.counted() == []


@pytest.mark.parametrize("fault", [fault for fault in AnswerFault if fault])
def test_every_fault_has_an_answer_that_is_not_plain_success(fault: AnswerFault) -> None:
    assert Case().post(1, 1, fault=fault).kind is not AnswerKind.ACCEPTED
