"""The four steps of a rotation, each any number of times."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conversion_delivery.domain.errors import ContractBroken, CredentialsRefused, DeliveryError, NotPossible, TryLater
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.operator_ports import RenewedToken
from conversion_delivery.workflows.renew_token import RenewToken
from tests.fakes.events_api import FakeEventsApi
from tests.fakes.secret_versions import FakeSecretVersions, FakeTokenIssuer

NOW = 1_795_176_000.0
SECRET = "sales/destinations/main"
DAY = 86_400

OLD = {
    "access_token": "old",
    "refresh_token": "refresh-1",
    "expires_at": int(NOW),
    "app_id": "1",
    "secret": "s",
    "note": "kept",
}
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


class Rotation:
    def __init__(self, *answers: RenewedToken | DeliveryError, value: str = json.dumps(OLD), **api: Any) -> None:
        self.secrets = FakeSecretVersions()
        self.secrets.begin(SECRET, value, "v1")
        self.issuer = FakeTokenIssuer(*answers)
        self.api = FakeEventsApi([Answer(**api)] if api else [])
        self.renew = RenewToken(self.secrets, self.issuer, self.api, lambda: NOW)

    def run(self, *steps: str) -> None:
        for step in steps:
            self.renew.run(step, SECRET, "v1")

    @property
    def current(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.secrets.current(SECRET))
        return document


RENEWED = RenewedToken("new", "refresh-2", DAY, 365 * DAY)


def test_after_the_four_steps_the_new_tokens_are_current_with_their_ends() -> None:
    rotation = Rotation(RENEWED)
    rotation.run(*STEPS)
    assert rotation.current == {
        **OLD,
        "access_token": "new",
        "refresh_token": "refresh-2",
        "expires_at": int(NOW + DAY),
        "refresh_expires_at": int(NOW + 365 * DAY),
    }
    assert rotation.issuer.asked[0]["refresh_token"] == "refresh-1"
    assert json.loads(rotation.api.requests[0].body)["data"] == []


def test_until_the_last_step_the_old_token_is_current() -> None:
    rotation = Rotation(RENEWED)
    rotation.run(*STEPS[:3])
    assert rotation.current == OLD


def test_a_repeated_step_never_spends_the_refresh_token_twice() -> None:
    rotation = Rotation(RENEWED)
    rotation.run("createSecret", "createSecret", *STEPS, *STEPS[1:])
    assert len(rotation.issuer.asked) == 1
    assert rotation.current["access_token"] == "new"


def test_a_refresh_token_that_tiktok_does_not_replace_is_kept_with_its_end() -> None:
    rotation = Rotation(RenewedToken("new"), value=json.dumps({**OLD, "refresh_expires_at": 99}))
    rotation.run(*STEPS)
    assert (rotation.current["refresh_token"], rotation.current["refresh_expires_at"]) == ("refresh-1", 99)
    assert "expires_at" not in rotation.current


@pytest.mark.parametrize("value", ["bare-token", '{"access_token": "x"}', '{"access_token": "x", "refresh_token": ""}'])
def test_a_plain_token_waits_for_a_person(value: str) -> None:
    rotation = Rotation(value=value)
    with pytest.raises(CredentialsRefused, match="REFRESH_TOKEN_MISSING"):
        rotation.run("createSecret")
    assert rotation.issuer.asked == []
    assert rotation.secrets.current(SECRET) == value


@pytest.mark.parametrize("problem", [CredentialsRefused("REFRESH_REFUSED"), TryLater("REFRESH_UNANSWERED")])
def test_what_tiktok_does_not_give_leaves_the_secret_alone(problem: DeliveryError) -> None:
    rotation = Rotation(problem)
    with pytest.raises(DeliveryError, match=problem.code):
        rotation.run("createSecret")
    assert rotation.secrets.pending(SECRET, "v1") is None


def test_a_token_that_tiktok_refuses_never_becomes_current() -> None:
    rotation = Rotation(RENEWED, kind=AnswerKind.BAD_CREDENTIALS, code=40105)
    with pytest.raises(CredentialsRefused, match="TOKEN_REFUSED"):
        rotation.run(*STEPS)
    assert rotation.current == OLD


def test_a_token_that_nobody_answered_for_is_tested_again_later() -> None:
    rotation = Rotation(RENEWED, kind=AnswerKind.UNKNOWN, cause="ReadTimeout")
    with pytest.raises(TryLater, match="TOKEN_UNPROVED"):
        rotation.run(*STEPS)
    rotation.run("testSecret", "finishSecret")
    assert rotation.current["access_token"] == "new"


@pytest.mark.parametrize(
    ("kind", "code"), [(AnswerKind.REFUSED, 40002), (AnswerKind.BAD_CREDENTIALS, 40001), (AnswerKind.ACCEPTED, 0)]
)
def test_a_complaint_about_the_empty_request_proves_the_token(kind: AnswerKind, code: int) -> None:
    rotation = Rotation(RENEWED, kind=kind, code=code)
    rotation.run(*STEPS)
    assert rotation.current["access_token"] == "new"


def test_a_test_without_a_new_token_fails() -> None:
    with pytest.raises(CredentialsRefused, match="SECRET_UNUSABLE"):
        Rotation().run("testSecret")


def test_a_version_that_nobody_waits_for_and_an_unknown_step_are_refused() -> None:
    rotation = Rotation(RENEWED)
    with pytest.raises(NotPossible, match="VERSION_NOT_PENDING"):
        rotation.renew.run("createSecret", SECRET, "v9")
    with pytest.raises(ContractBroken, match="STEP_UNKNOWN"):
        rotation.run("destroySecret")
    rotation.secrets.rotating.clear()
    with pytest.raises(NotPossible, match="ROTATION_OFF"):
        rotation.run("createSecret")
