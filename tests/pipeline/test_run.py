"""``conversions run`` as a person calls it, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.pgp.messages import message, new_key

pytestmark = pytest.mark.pipeline

RECENT = datetime.now(UTC) - timedelta(days=1)


def orders(*numbers: int) -> str:
    rows = [f"Purchase,{RECENT:%Y-%m-%dT%H:%M:%SZ},buyer{n}@example.com,5.00,USD,A-{n}\n" for n in numbers]
    return "event,event_time,email,value,currency,order_id\n" + "".join(rows)


class Person:
    """Somebody with a folder of files and a state folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, name: str, content: str | bytes, *options: str) -> tuple[int, str, list[dict[str, Any]]]:
        """Exit code, what was printed, and the summaries."""
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        out = self.folder / "out.json"
        out.unlink(missing_ok=True)
        command = [sys.executable, "-m", "cli.main", "run", str(self.folder / name), *options]
        command += ["--state", str(self.folder / "state"), "--json", str(out)]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return answer.returncode, answer.stdout + answer.stderr, json.loads(out.read_text()) if out.exists() else []


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Person:
    return Person(tmp_path_factory.mktemp("person"))


def test_a_file_is_delivered_once_and_an_overlapping_one_sends_only_the_new_rows(person: Person) -> None:
    code, text, (summary,) = person.run("orders.csv", orders(1, 2, 3))
    assert (code, summary["counts"]["delivered"]) == (0, 3), text

    code, text, (summary,) = person.run("orders.csv", orders(1, 2, 3))
    assert (code, summary["counts"]["delivered"], summary["requests"]) == (0, 0, 0), text
    assert "nothing new was sent: all 3 rows were delivered before" in text

    code, text, (summary,) = person.run("later.csv", orders(2, 3, 4))
    assert (code, summary["counts"]["delivered"], summary["counts"]["duplicates"]) == (0, 1, 2), text

    report = person.folder / "state" / "simulator" / "reports" / "later.csv" / summary["file_id"]
    assert {"summary.json", "results.csv", "_DONE"} <= {path.name for path in report.iterdir()}
    assert "buyer4" not in (report / "results.csv").read_text()


def test_rejected_rows_and_a_refused_file_have_their_own_exit_codes(person: Person) -> None:
    code, text, (summary,) = person.run("mixed.csv", orders(11) + "Purchase,,nobody,1,USD,A-12\n")
    assert (code, summary["counts"]["rejected"]) == (1, 1), text
    code, text, (summary,) = person.run("empty.csv", "")
    assert (code, summary["state"]) == (2, "REJECTED"), text
    assert summary["file"]["error"]["message"] in text


def test_an_encrypted_file_is_delivered_with_the_key_that_is_named(person: Person) -> None:
    key, armoured = new_key(), person.folder / "files.asc"
    armoured.write_text(str(key))
    body = message(orders(31, 32).encode(), key)
    code, text, (summary,) = person.run("secret.csv.pgp", body, "--pgp-key", str(armoured))
    assert (code, summary["counts"]["delivered"], summary["file"]["compression"]) == (0, 2, "pgp"), text
    assert "PRIVATE KEY" not in text


def test_a_run_that_takes_too_long_says_what_is_open_and_the_next_one_finishes_it(person: Person) -> None:
    code, text, summaries = person.run("slow.csv", orders(21), "--timeout", "0")
    assert (code, summaries) == (2, []), text
    assert "not finished after 0 s" in text
    code, text, (summary,) = person.run("slow.csv", orders(21))
    assert code == 0, text
    assert summary["counts"]["delivered"] + summary["counts"]["duplicates"] == 1


def test_wrong_usage_starts_nothing(person: Person) -> None:
    code, text, _ = person.run("orders.csv", orders(1), "--events-api", "https://example.com")
    assert (code, "--events-api must be" in text) == (64, True)
