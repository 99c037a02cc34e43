"""An Events API that answers what the test tells it to, and remembers what it was sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind


class Request(NamedTuple):
    token: str
    body: bytes


class FakeEventsApi:
    """Gives ``answers`` in order; when they are used up, everything is accepted."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self.answers: list[Answer] = list(answers)
        self.requests: list[Request] = []

    def track(self, token: str, body: bytes) -> Answer:
        self.requests.append(Request(token, body))
        if self.answers:
            return self.answers.pop(0)
        return Answer(AnswerKind.ACCEPTED, code=0, http_status=200, request_id=f"request-{len(self.requests)}")
