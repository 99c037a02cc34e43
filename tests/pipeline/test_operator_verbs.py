"""The operator's verbs on the stack of ``conversions run``, between two runs, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.pipeline

RECENT = datetime.now(UTC) - timedelta(days=1)


def command(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    local = ["--state", str(folder / "state")]
    answer = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments, *local], capture_output=True, text=True, timeout=300
    )
    return answer.returncode, answer.stdout, answer.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in whose state a file of two rows was delivered."""
    folder = tmp_path_factory.mktemp("operator")
    rows = [f"Purchase,{RECENT:%Y-%m-%dT%H:%M:%SZ},buyer{n}@example.com,5.00,USD,A-{n}" for n in (1, 2)]
    (folder / "orders.csv").write_text("\n".join(["event,event_time,email,value,currency,order_id", *rows, ""]))
    code, _, told = command(folder, "run", str(folder / "orders.csv"))
    assert code == 0, told
    return folder


def test_what_became_of_an_order_is_told_after_the_run(folder: Path) -> None:
    code, shown, told = command(folder, "status", "--local", "--order-id", "A-2", "--json")
    assert code == 0, told
    (event,) = json.loads(shown)
    assert (event["outcome"], event["row"], event["key"]) == ("delivered", 2, "uploads/main/orders.csv")
    assert event["request_id"]


def test_the_destination_is_checked_against_the_simulator_of_the_run(folder: Path) -> None:
    code, shown, told = command(folder, "destination", "check", "main", "--local", "--json")
    assert code == 0, told
    assert json.loads(shown)["status"] == "active"


def test_a_resent_file_goes_through_and_sends_nothing_again(folder: Path) -> None:
    code, shown, told = command(folder, "resend", "orders.csv", "--local", "--yes", "--wait", "240")
    assert code == 0, told
    assert "2 x Delivered before" in shown


def test_a_state_folder_that_nobody_ran_with_has_no_stack(tmp_path: Path) -> None:
    code, _, told = command(tmp_path, "status", "--local")
    assert code == 1
    assert "`conversions run` makes the stack" in told
