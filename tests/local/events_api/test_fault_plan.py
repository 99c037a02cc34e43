from __future__ import annotations

from typing import Any

import pytest

from local.events_api.fault_plan import FaultPlan, FaultPlanInvalid, Faults, parse_plan
from tests.local.events_api.builders import OFFLINE_SET, a_document, an_event


def acting(rules: list[dict[str, Any]], requests: int, document: Any = None, seed: int = 0) -> list[str]:
    """Labels of the rules that act on requests 1, 2, ... ("" for none)."""
    faults = Faults(parse_plan({"seed": seed, "rules": rules}))
    labels = []
    for _ in range(requests):
        rule = faults.find(faults.begin(), document or a_document())
        labels.append(rule.label if rule else "")
    return labels


HANG = {"action": "hang", "seconds": 1, "name": "h"}


@pytest.mark.parametrize(
    ("condition", "acts_on"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"requests": [2, 5]}, [2, 5]),
        ({"first": 3}, [3, 4, 5, 6]),
        ({"last": 2}, [1, 2]),
        ({"first": 2, "last": 3}, [2, 3]),
        ({"every": 3}, [3, 6]),
        ({"every": 2, "first": 3}, [4, 6]),
        ({"times": 2}, [1, 2]),
        ({"every": 2, "times": 1}, [2]),
        ({"probability": 0}, []),
        ({"probability": 1}, [1, 2, 3, 4, 5, 6]),
        ({"event_id": "e-1"}, [1, 2, 3, 4, 5, 6]),
        ({"event_id": ["x", "e-1"]}, [1, 2, 3, 4, 5, 6]),
        ({"event_id": "x"}, []),
        ({"event": "Purchase"}, [1, 2, 3, 4, 5, 6]),
        ({"event": "Lead"}, []),
        ({"event_source_id": OFFLINE_SET}, [1, 2, 3, 4, 5, 6]),
        ({"event_source_id": "other"}, []),
        ({"event_source_id": OFFLINE_SET, "event_id": "x"}, []),
    ],
)
def test_a_rule_acts_where_all_its_conditions_hold(condition: dict[str, Any], acts_on: list[int]) -> None:
    labels = acting([HANG | condition], 6)
    assert [number for number, label in enumerate(labels, 1) if label] == acts_on


def test_the_first_rule_that_matches_acts() -> None:
    rules = [HANG | {"requests": [2], "name": "a"}, HANG | {"name": "b", "times": 2}, HANG | {"name": "c"}]
    assert acting(rules, 5) == ["b", "a", "b", "c", "c"]


def test_chance_is_repeatable_and_depends_on_the_seed() -> None:
    rules = [HANG | {"probability": 0.5}]
    first = acting(rules, 200, seed=1)
    assert first == acting(rules, 200, seed=1)
    assert first != acting(rules, 200, seed=2)
    assert 60 < sum(bool(label) for label in first) < 140


def test_event_conditions_mean_one_and_the_same_event() -> None:
    document = a_document(an_event("a", event="Lead"), an_event("b"))
    assert acting([HANG | {"event": "Lead", "event_id": "a"}], 1, document) == ["h"]
    assert acting([HANG | {"event": "Lead", "event_id": "b"}], 1, document) == [""]


@pytest.mark.parametrize("document", [None, 7, [], {"data": 7}, {"data": [7, None]}, {}])
def test_a_body_without_events_matches_no_event_condition(document: Any) -> None:
    rule = parse_plan({"rules": [HANG | {"event_id": "x"}]}).rules[0]
    assert not rule.holds_for(1, document)


def test_cutting_before_reading_is_found_before_and_never_after() -> None:
    faults = Faults(parse_plan({"rules": [{"action": "cut_before_reading", "times": 1}]}))
    assert faults.find(1, a_document()) is None
    assert faults.before_reading(1) is not None
    assert faults.before_reading(2) is None


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"rules": [{"action": "explode"}]}, "rules.0.action"),
        ({"rules": [{}]}, "rules.0.action"),
        ({"rule": []}, "rule"),
        ({"rules": [HANG | {"evry": 3}]}, "rules.0.evry"),
        ({"rules": [HANG | {"every": 0}]}, "rules.0.every"),
        ({"rules": [HANG | {"probability": 2}]}, "rules.0.probability"),
        ({"rules": [{"action": "hang"}]}, "needs seconds"),
        ({"rules": [{"action": "slow"}]}, "needs seconds"),
        ({"rules": [{"action": "accept_late"}]}, "needs seconds"),
        ({"rules": [{"action": "refuse_event"}]}, "needs event_id or event"),
        ({"rules": [{"action": "partial"}]}, "needs event_id or event"),
        ({"rules": [{"action": "answer"}]}, "needs code, http_status or body"),
        ({"rules": [{"action": "accept_then_answer"}]}, "needs code, http_status or body"),
        ({"rules": [{"action": "cut_before_reading", "event": "Lead"}]}, "cannot look at the body"),
        (b"{", "not valid JSON"),
        (b"[]", "plan"),
    ],
)
def test_a_plan_that_cannot_work_is_refused_with_the_place(plan: Any, words: str) -> None:
    with pytest.raises(FaultPlanInvalid, match=words):
        parse_plan(plan)


def test_a_plan_is_read_from_json_text() -> None:
    assert parse_plan('{"rules": [{"action": "hang", "seconds": 2}]}').rules[0].seconds == 2
    assert parse_plan(b"{}") == FaultPlan()
