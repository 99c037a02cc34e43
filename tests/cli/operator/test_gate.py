"""``conversions gate``: show and open."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.workflows.ports import Gate
from tests.cli.operator.conftest import Workplace


def test_gates_are_shown_with_reason_and_time(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.configure("crm")
    place.stack.progress.shut_gate("shop", Gate(place.time + 600, "TOKEN_REFUSED", 2))
    assert place.run("gate", "show") == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].split(maxsplit=1) == ["crm", "open"]
    assert "shut until" in shown[2]
    assert "TikTok refuses the token, 2 in a row" in shown[2]
    assert place.run("gate", "show", "shop", "--json") == 0
    (gate,) = json.loads(capsys.readouterr().out)
    assert (gate["shut"], gate["reason"], gate["failures"]) == (True, "TOKEN_REFUSED", 2)


def test_a_gate_whose_time_is_over_waits_for_a_trial(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.stack.progress.shut_gate("shop", Gate(place.time - 60, "OUTAGE", 3))
    assert place.run("gate", "show", "shop") == 0
    assert "next delivery is a trial" in capsys.readouterr().out


def test_opening_forgets_the_gate(place: Workplace) -> None:
    place.stack.progress.shut_gate("shop", Gate(place.time + 600, "THROTTLED", 1))
    assert place.run("gate", "open", "shop", "--dry-run") == 0
    assert place.run("gate", "open", "shop") == 64
    assert place.stack.progress.gate("shop") is not None
    assert place.run("gate", "open", "--yes") == 0
    assert place.stack.progress.gate("shop") is None
    assert place.run("gate", "open", "--yes") == 1
