"""``conversions destination``: list, add, check, remove."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conversion_delivery.workflows.ports import Gate
from tests.cli.operator.conftest import Workplace

CANARY = "canary-token-that-nobody-may-see"


def test_a_destination_is_added_with_settings_and_a_token_from_the_environment(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", CANARY)
    flags = ("--event-source-id", "7000000000000000009", "--default-currency", "EUR", "--token-env", "SHOP_TOKEN")
    assert place.run("destination", "add", "eu", *flags, "--yes") == 0
    shown = capsys.readouterr()
    assert CANARY not in shown.out + shown.err
    settings = place.stack.destinations.settings("eu")
    assert (settings.event_source_id, settings.default_currency) == ("7000000000000000009", "EUR")
    secret = place.client("secretsmanager").get_secret_value(SecretId=f"{place.name}/destinations/eu")
    assert json.loads(secret["SecretString"]) == {"access_token": CANARY}


def test_a_dry_run_stores_nothing_and_needs_no_token(place: Workplace) -> None:
    assert place.run("destination", "add", "eu", "--event-source-id", "7", "--dry-run") == 0
    assert "eu" not in place.stack.registry.documents()
    assert not place.stack.registry.has_secret("eu")


def test_replacing_changes_what_is_named_and_keeps_the_rest(place: Workplace) -> None:
    place.configure("shop", columns={"Nr": "order_id"})
    arguments = ("destination", "add", "shop", "--default-country", "DE", "--no-token", "--yes")
    assert place.run(*arguments) == 64
    assert place.run(*arguments, "--replace") == 0
    settings = json.loads(place.stack.registry.documents()["shop"])
    assert (settings["default_country"], settings["columns"]) == ("DE", {"Nr": "order_id"})
    assert place.client("secretsmanager").get_secret_value(SecretId=f"{place.name}/destinations/shop")[
        "SecretString"
    ] == json.dumps({"access_token": "token-1"})


@pytest.mark.parametrize(
    "flags",
    [
        ("a/b", "--event-source-id", "7", "--no-token"),
        ("eu", "--no-token"),
        ("eu", "--event-source-id", "7"),
        ("eu", "--event-source-id", "7", "--token-env", "NOT_SET_ANYWHERE"),
        ("eu", "--event-source-id", "no id!", "--no-token"),
        ("eu", "--event-source-id", "7", "--default-currency", "euros", "--no-token"),
        ("eu", "--event-source-id", "7", "--default-timezone", "Mars/Base", "--no-token"),
        ("eu", "--settings", "no-such-file.json", "--no-token"),
    ],
)
def test_what_the_functions_would_refuse_is_refused_before_it_is_stored(
    place: Workplace, flags: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run("destination", "add", *flags, "--yes") == 64
    assert capsys.readouterr().err
    assert list(place.stack.registry.documents()) == ["shop"]


def test_a_complete_document_is_taken_as_it_is(place: Workplace, tmp_path: Path) -> None:
    document = tmp_path / "s.json"
    document.write_text('{"event_source": "web", "event_source_id": "C4ABC", "date_order": "DMY"}')
    assert place.run("destination", "add", "web", "--settings", str(document), "--no-token", "--yes") == 0
    assert place.stack.registry.documents()["web"] == document.read_text()


def test_destinations_are_listed_with_secret_status_and_gate(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.configure("crm", token=None, colour="red")
    place.stack.progress.shut_gate("shop", Gate(place.time + 600, "THROTTLED", 1))
    assert place.run("destination", "list", "--json") == 0
    crm, shop = json.loads(capsys.readouterr().out)
    assert (crm["secret"], crm["status"]) == ("missing", "never checked")
    assert "colour" in crm["problem"]
    assert shop["secret"] == "yes"
    assert "shut until" in shop["gate"]
    assert place.run("destination", "list") == 0
    assert "7654321098765432109" in capsys.readouterr().out


# --- check


def check(place: Workplace, capsys: pytest.CaptureFixture[str], name: str = "shop") -> tuple[int, str]:
    code = place.run("destination", "check", name)
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def test_a_good_token_makes_the_destination_active_and_says_what_is_not_proved(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown = check(place, capsys)
    assert code == 0
    assert "shop: active" in shown
    assert "TikTok accepted the token." in shown
    assert "Not proved, because no event was sent" in shown
    state = place.stack.registry.state("shop")
    assert state is not None
    assert state.status == "active"
    assert place.simulator.events() == []


def test_a_refused_token_makes_it_refused_and_names_the_way_to_a_new_one(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.configure(token="another")
    code, shown = check(place, capsys)
    assert code == 1
    assert "shop: refused" in shown
    assert "code 40105" in shown
    assert "Generate Access Token" in shown
    assert "another" not in shown
    assert place.run("destination", "list") == 0
    assert "refused" in capsys.readouterr().out


def test_a_wrong_event_set_id_comes_out_as_what_to_check_and_not_as_a_string_problem(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.configure(event_source_id="C4PIXELCODE")
    code, shown = check(place, capsys)
    assert code == 1
    assert 'Check "event_source_id" in the settings' in shown
    assert "the id of an Offline Event Set (digits only), not a pixel code" in shown
    assert "code 40002" in shown


def test_a_missing_secret_is_said_to_be_missing(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.configure("crm", token=None)
    code, shown = check(place, capsys, "crm")
    assert (code, "crm: refused" in shown, "There is no token to check" in shown) == (1, True, True)


def test_an_outage_proves_nothing_and_leaves_the_status_alone(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    check(place, capsys)
    place.simulator.set_faults({"rules": [{"action": "cut_before_accepting"}]})
    code, shown = check(place, capsys)
    assert code == 1
    assert "Nothing was proved" in shown
    state = place.stack.registry.state("shop")
    assert state is not None
    assert state.status == "active"


def test_a_token_that_is_good_again_says_how_to_let_its_batches_go(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.stack.progress.shut_gate("shop", Gate(place.time + 600, "TOKEN_REFUSED", 1))
    _, shown = check(place, capsys)
    assert "conversions gate open shop" in shown


def test_an_unknown_destination_cannot_be_checked(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = check(place, capsys, "nowhere")
    assert (code, 'No destination is configured for the folder "nowhere"' in shown) == (1, True)


# --- remove


def test_removing_takes_settings_state_and_token_and_the_token_can_come_back(place: Workplace) -> None:
    place.run("destination", "check", "shop")
    assert place.run("destination", "remove", "shop", "--dry-run") == 0
    assert place.run("destination", "remove", "shop") == 64
    assert list(place.stack.registry.documents()) == ["shop"]

    assert place.run("destination", "remove", "shop", "--yes") == 0
    assert place.stack.registry.documents() == {}
    assert place.stack.registry.state("shop") is None
    assert not place.stack.registry.has_secret("shop")
    assert place.run("destination", "remove", "shop", "--yes") == 1

    place.configure("shop", token="renewed")
    assert place.stack.registry.has_secret("shop")


def test_the_destination_of_the_template_is_left_to_the_template(place: Workplace) -> None:
    place.configure("main")
    assert place.run("destination", "remove", "main", "--yes") == 64
    assert "main" in place.stack.registry.documents()
