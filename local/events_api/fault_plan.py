"""What goes wrong, and when: a list of rules, as JSON or as a Python object of the same shape.

The first rule that matches a request acts (``cut_before_reading`` before all others); a request that no rule matches
is served as usual. Requests are numbered from 1 since the plan was set. All conditions of a rule must hold. Random
choice is seeded, so a run can be repeated.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from typing import Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Action = Literal[
    "answer",
    "accept_then_answer",
    "accept_late",
    "refuse_event",
    "partial",
    "hang",
    "hang_before_accepting",
    "accept_then_hang",
    "slow",
    "cut_before_reading",
    "cut_before_accepting",
    "accept_then_cut",
    "accept_then_half_answer",
]

_NEEDS_SECONDS = frozenset(
    {"hang", "hang_before_accepting", "accept_then_hang", "slow", "accept_late"},
)
_NEEDS_EVENTS = frozenset({"refuse_event", "partial"})


class FaultPlanInvalid(Exception):
    """The plan cannot be used; the text names the key and what is wrong with it."""


class FaultRule(BaseModel):
    """When (all given conditions hold) and what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Action
    name: str = Field("", description="Shown in statistics and log; the action where it is empty.")

    requests: tuple[int, ...] | None = Field(None, description="These request numbers.")
    first: int | None = Field(None, ge=1, description="From this request number on.")
    last: int | None = Field(None, ge=1, description="Up to this request number.")
    every: int | None = Field(None, ge=1, description="Every n-th request.")
    probability: float | None = Field(None, ge=0, le=1, description="Chance per request.")
    event_id: str | tuple[str, ...] | None = Field(None, description="Requests that hold one of these event ids.")
    event: str | None = Field(None, description="Requests that hold an event of this name.")
    event_source_id: str | None = Field(None, description="Requests for this source id.")
    times: int | None = Field(None, ge=1, description="At most so many times.")

    seconds: float = Field(0, ge=0, le=1_000_000, description="How long (hang, slow) or how late (accept_late).")
    reset: bool = Field(False, description="Cut with a TCP reset instead of an orderly end.")
    code: int | None = Field(None, description="TikTok's code of the answer.")
    http_status: int | None = Field(None, ge=200, le=599)
    message: str | None = None
    data: Any = None
    body: str | None = Field(None, description="Answer with exactly this text instead of TikTok's envelope.")
    content_type: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    field: str = Field("event_id", description="Field that refuse_event blames, such as user.email.")
    named: bool = Field(True, description="Whether the answer says which events failed (refuse_event, partial).")

    @property
    def label(self) -> str:
        return self.name or self.action

    @property
    def event_ids(self) -> frozenset[str]:
        return frozenset((self.event_id,) if isinstance(self.event_id, str) else self.event_id or ())

    @property
    def looks_at_the_body(self) -> bool:
        return bool(self.event_id or self.event or self.event_source_id)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.action in _NEEDS_SECONDS and self.seconds <= 0:
            raise ValueError(f"action {self.action} needs seconds")
        if self.action in _NEEDS_EVENTS and not (self.event_id or self.event):
            raise ValueError(f"action {self.action} needs event_id or event")
        if self.action == "cut_before_reading" and self.looks_at_the_body:
            raise ValueError("action cut_before_reading cannot look at the body")
        if self.action in ("answer", "accept_then_answer") and (self.code, self.body, self.http_status) == (None,) * 3:
            raise ValueError(f"action {self.action} needs code, http_status or body")
        return self

    def blamed(self, document: Any) -> list[int]:
        """Indices of the events that the rule's event conditions mean."""
        return [index for index, event in enumerate(_events(document)) if self._means(event)]

    def _means(self, event: Mapping[str, Any]) -> bool:
        if self.event is not None and event.get("event") != self.event:
            return False
        return self.event_id is None or event.get("event_id") in self.event_ids

    def holds_for(self, number: int, document: Any) -> bool:
        """All conditions but chance and ``times``."""
        if self.requests is not None and number not in self.requests:
            return False
        if not (self.first or 1) <= number <= (self.last or number):
            return False
        if self.every is not None and number % self.every:
            return False
        return not self.looks_at_the_body or self._holds_for_body(document)

    def _holds_for_body(self, document: Any) -> bool:
        if self.event_source_id is not None and (
            not isinstance(document, dict) or document.get("event_source_id") != self.event_source_id
        ):
            return False
        return not (self.event_id or self.event) or bool(self.blamed(document))


class FaultPlan(BaseModel):
    """Rules in order of precedence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 0
    rules: tuple[FaultRule, ...] = ()


def parse_plan(document: bytes | str | Mapping[str, Any]) -> FaultPlan:
    """Read a plan. Raises ``FaultPlanInvalid``."""
    try:
        parsed = orjson.loads(document) if isinstance(document, (bytes, str)) else document
        return FaultPlan.model_validate(parsed)
    except orjson.JSONDecodeError:
        raise FaultPlanInvalid("the fault plan is not valid JSON") from None
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "plan"
        raise FaultPlanInvalid(f"{place}: {first['msg']}") from None


class Faults:
    """A plan at work: counts requests, throws the dice, remembers how often each rule acted."""

    def __init__(self, plan: FaultPlan) -> None:
        self._rules = plan.rules
        self._random = random.Random(plan.seed)  # noqa: S311 (repeatable faults, not secrets)
        self._lock = threading.Lock()
        self._acted = [0] * len(plan.rules)
        self._requests = 0

    def begin(self) -> int:
        """The number of a request that has just arrived."""
        with self._lock:
            self._requests += 1
            return self._requests

    def before_reading(self, number: int) -> FaultRule | None:
        """The rule that cuts request ``number`` before its body is read, if one does."""
        return self._find(number, None, cutting=True)

    def find(self, number: int, document: Any) -> FaultRule | None:
        """The rule that acts on request ``number``, if one does."""
        return self._find(number, document, cutting=False)

    def _find(self, number: int, document: Any, *, cutting: bool) -> FaultRule | None:
        with self._lock:
            for index, rule in enumerate(self._rules):
                if (rule.action == "cut_before_reading") is not cutting or not rule.holds_for(number, document):
                    continue
                if rule.times is not None and self._acted[index] >= rule.times:
                    continue
                if rule.probability is not None and self._random.random() >= rule.probability:
                    continue
                self._acted[index] += 1
                return rule
        return None


def _events(document: Any) -> list[dict[str, Any]]:
    data = document.get("data") if isinstance(document, dict) else None
    return [event if isinstance(event, dict) else {} for event in data] if isinstance(data, list) else []
