"""What the answer to a request without events says about token and event set."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.tiktok.responses import read_response
from conversion_delivery.workflows.check_destination import CheckDestination, DestinationCheck, Finding, finding_of
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.operator_ports import DestinationState
from tests.fakes.destination_registry import FakeDestinationRegistry
from tests.fakes.destination_store import FakeDestinationStore
from tests.fakes.events_api import FakeEventsApi
from tests.fakes.token_store import FakeTokenStore
from tests.workflows.delivery_world import NOW, SETTINGS


def said(code: int, message: str = "", status: int = 200) -> Answer:
    return read_response(status, json.dumps({"code": code, "message": message}).encode(), "application/json")


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (said(0, "OK"), Finding.TOKEN_ACCEPTED),
        (said(40002, "Invalid value for data: shorter than minimum length 1"), Finding.TOKEN_ACCEPTED),
        (said(40000, "Invalid parameters"), Finding.TOKEN_ACCEPTED),
        (said(40002, "data: Missing data for required field.", 400), Finding.TOKEN_ACCEPTED),
        (said(40105, "Access token is incorrect or has been revoked"), Finding.TOKEN_REFUSED),
        (said(40102, "expired", 401), Finding.TOKEN_REFUSED),
        (said(40001, "No permission to operate"), Finding.TOKEN_REFUSED),
        (said(40002, "Invalid value for event_source_id: not a valid string."), Finding.SOURCE_REFUSED),
        (said(40002, "Invalid value for event_source: not a valid choice"), Finding.SOURCE_REFUSED),
        (said(40051, "Invalid API version"), Finding.MISCONFIGURED),
        (said(40002, "Invalid value for test_event_code: too long"), Finding.MISCONFIGURED),
        (said(40100, "Too many requests"), Finding.NOTHING_PROVED),
        (said(50000, "System error"), Finding.NOTHING_PROVED),
        (said(20001, "Partial"), Finding.NOTHING_PROVED),
        (read_response(200, b"<html>", "text/html"), Finding.NOTHING_PROVED),
        (read_response(404, b"<html>", "text/html"), Finding.MISCONFIGURED),
        (Answer(AnswerKind.NOT_SENT, cause="ConnectTimeout"), Finding.NOTHING_PROVED),
        (Answer(AnswerKind.REFUSED, http_status=413, cause="HTML"), Finding.MISCONFIGURED),
    ],
)
def test_an_answer_is_read_as(answer: Answer, finding: Finding) -> None:
    assert finding_of(answer) is finding


class Checked:
    def __init__(self, *answers: Answer, token: str | None = "token-1") -> None:  # noqa: S107
        self.api = FakeEventsApi(answers)
        self.registry = FakeDestinationRegistry()
        self.check = CheckDestination(
            destinations=FakeDestinationStore({"shop": json.dumps(SETTINGS)}),
            tokens=FakeTokenStore({"shop": token} if token is not None else {}),
            api=self.api,
            registry=self.registry,
            now=lambda: NOW,
        )

    def run(self) -> DestinationCheck:
        return self.check.run("shop")


def test_tiktok_is_asked_once_without_events() -> None:
    world = Checked(said(0))
    assert world.run().status == "active"
    (request,) = world.api.requests
    assert json.loads(request.body) == {
        "event_source": "offline",
        "event_source_id": SETTINGS["event_source_id"],
        "data": [],
    }
    assert request.token == "token-1"


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        (said(0), DestinationState("active", NOW, "0")),
        (said(40105), DestinationState("refused", NOW, "40105")),
        (
            said(40002, "Invalid value for event_source_id: not a valid string."),
            DestinationState("refused", NOW, "40002"),
        ),
        (said(50000), None),
    ],
)
def test_the_status_follows_from_what_was_proved(answer: Answer, stored: DestinationState | None) -> None:
    world = Checked(answer)
    world.run()
    assert world.registry.state("shop") == stored


@pytest.mark.parametrize(("token", "code"), [(None, "SECRET_MISSING"), (" ", "SECRET_UNUSABLE")])
def test_without_a_token_tiktok_is_not_asked(token: str | None, code: str) -> None:
    world = Checked(token=token)
    check = world.run()
    assert (check.finding, check.code, check.answer) == (Finding.TOKEN_MISSING, code, None)
    assert world.api.requests == []
    assert world.registry.states["shop"].status == "refused"


def test_an_unknown_destination_is_said_to_be_unknown() -> None:
    with pytest.raises(UploadRejected, match="DESTINATION_UNKNOWN"):
        Checked().check.run("nowhere")
