"""What ``conversions run`` refuses before it starts anything, and where it keeps what it has sent."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from cli.run import add_arguments, exit_code
from cli.run_order import TIKTOK, Order, WrongUsage, checked_order
from tests.pgp.messages import new_key

TOKEN = {"TIKTOK_ACCESS_TOKEN": "a-token"}


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("event\n")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "settings" / "orders.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"event_source_id": "123"}))
    return path


def order(*arguments: object, environment: dict[str, str] | None = None) -> Order:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return checked_order(parser.parse_args([str(argument) for argument in arguments]), environment or {})


def test_a_simulator_and_tiktok_never_share_a_memory(orders: Path, settings: Path) -> None:
    simulated = order(orders, "--settings", settings)
    real = order(orders, "--settings", settings, "--events-api", TIKTOK, environment=TOKEN)
    other = order(orders, "--settings", settings, "--events-api", "http://127.0.0.1:8080")
    assert len({simulated.state, real.state, other.state}) == 3


def test_sending_to_tiktok_needs_a_token(orders: Path, settings: Path) -> None:
    with pytest.raises(WrongUsage, match="TIKTOK_ACCESS_TOKEN"):
        order(orders, "--settings", settings, "--events-api", TIKTOK)
    with pytest.raises(WrongUsage, match="OTHER"):
        order(orders, "--settings", settings, "--events-api", TIKTOK, "--token-env", "OTHER", environment=TOKEN)


def test_sending_to_tiktok_needs_settings(orders: Path) -> None:
    with pytest.raises(WrongUsage, match="--settings"):
        order(orders, "--events-api", TIKTOK, environment=TOKEN)


@pytest.mark.parametrize("url", ["https://example.com", "http://192.168.0.7:80", "http://business-api.tiktok.com", "x"])
def test_events_go_to_tiktok_or_stay_on_this_machine(orders: Path, url: str) -> None:
    with pytest.raises(WrongUsage, match="--events-api"):
        order(orders, "--events-api", url)


def test_without_settings_the_simulator_gets_a_default_destination(orders: Path) -> None:
    (delivery,) = order(orders).deliveries
    assert json.loads(delivery.settings)["event_source"] == "offline"
    assert order(orders).token != order(orders).token


def test_a_folder_of_settings_gives_each_file_its_own_destination(orders: Path, settings: Path) -> None:
    (delivery,) = order(orders, "--settings", settings.parent).deliveries
    assert (delivery.destination, delivery.settings) == ("orders", settings.read_text())


def test_a_file_that_a_folder_of_settings_does_not_know_is_named(orders: Path, settings: Path) -> None:
    settings.rename(settings.with_name("other.json"))
    with pytest.raises(WrongUsage, match=r"orders\.json cannot be read"):
        order(orders, "--settings", settings.parent)


def test_a_wrong_settings_document_is_refused_by_the_name_of_its_key(orders: Path, settings: Path) -> None:
    settings.write_text(json.dumps({"event_source_id": "123", "colour": "red"}))
    with pytest.raises(WrongUsage, match='"colour" is not a setting'):
        order(orders, "--settings", settings)


def test_a_missing_file_and_a_file_that_would_be_ignored_are_refused(orders: Path) -> None:
    with pytest.raises(WrongUsage, match="is not a file"):
        order(orders.with_name("none.csv"))
    hidden = orders.rename(orders.with_name("_orders.csv"))
    with pytest.raises(WrongUsage, match="underscore"):
        order(hidden)


def result(state: str = "DONE", **counts: int) -> dict[str, object]:
    names = ("rejected", "refused", "not_sent", "review", "open")
    return {"state": state, "counts": {**dict.fromkeys(names, 0), **counts}}


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([result()], 0),
        ([result(), result(rejected=1)], 1),
        ([result(refused=1)], 1),
        ([result(rejected=1), result(not_sent=1)], 2),
        ([result(review=1)], 2),
        ([result(open=1)], 2),
        ([result("REJECTED")], 2),
    ],
)
def test_the_exit_code_is_that_of_the_worst_file(results: list[dict[str, object]], code: int) -> None:
    assert exit_code(results) == code


def test_a_compressed_file_has_the_settings_of_its_name_without_endings(orders: Path, settings: Path) -> None:
    packed = orders.with_name("orders.csv.gz")
    packed.write_bytes(b"")
    (delivery,) = order(packed, "--settings", settings.parent).deliveries
    assert delivery.destination == "orders"
    assert json.loads(delivery.settings)["event_source_id"] == "123"


def test_private_keys_are_read_with_the_order_and_never_shown(orders: Path, tmp_path: Path) -> None:
    key = tmp_path / "files.asc"
    key.write_text(str(new_key()))
    read = order(orders, "--pgp-key", key, environment={"CONVERSIONS_PGP_PASSPHRASE": "a-passphrase"})
    assert (read.pgp_keys, read.passphrase) == ((key.read_text(),), "a-passphrase")
    assert "PRIVATE KEY" not in repr(read)
    assert "a-passphrase" not in repr(read)


def test_what_is_no_private_key_is_refused_before_anything_starts(orders: Path, tmp_path: Path) -> None:
    public = tmp_path / "public.asc"
    public.write_text(str(new_key().extract_certificate()))
    with pytest.raises(WrongUsage, match="holds no private PGP key"):
        order(orders, "--pgp-key", public)
    with pytest.raises(WrongUsage, match="cannot be read"):
        order(orders, "--pgp-key", tmp_path / "missing.asc")
    public.write_bytes(b"\x99\x01\xff")
    with pytest.raises(WrongUsage, match="cannot be read"):
        order(orders, "--pgp-key", public)
