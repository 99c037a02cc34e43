"""The report of ``conversions check``: the page and the text that the deployed system would write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import main

AS_OF = "2026-11-16T12:00:00Z"

SETTINGS = {"event_source_id": "7654321098765432109", "default_currency": "USD", "default_country": "US"}

HEADER = "event_type,email,phone,timestamp,order_id,value,currency"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(SETTINGS))
    return path


def test_the_report_of_a_check_is_a_page_and_a_text(
    tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, page = tmp_path / "sales.csv", tmp_path / "report.html"
    good, bad = (
        "Purchase,ava@example.com,,2026-11-15T10:00:00Z,T-1,59.90,USD",
        "Purchase,x,,2026-11-15T10:00:00Z,T-2,1,USD",
    )
    file.write_text(f"{HEADER}\n{good}\n{bad}\n")
    code = main(["check", str(file), "--settings", str(settings), "--as-of", AS_OF, "--html", str(page), "--text"])

    printed = capsys.readouterr().out
    assert code == 1
    assert printed.startswith("Checked only, nothing was sent. 1 row must be corrected. 1 of 2 rows would be sent.")
    assert "EMAIL_INVALID; line 3" in printed
    assert "59.90  USD: value" in printed
    shown = page.read_text(encoding="utf-8")
    assert "1 of 2 rows would be sent." in shown
    assert "<script" not in shown


def test_a_refused_file_has_a_report_too(tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, page = tmp_path / "sales.csv", tmp_path / "report.html"
    file.write_text("")
    code = main(["check", str(file), "--settings", str(settings), "--html", str(page), "--text"])

    assert code == 2
    assert capsys.readouterr().out.startswith("The file was refused and nothing was sent.")
    assert "File refused" in page.read_text(encoding="utf-8")
