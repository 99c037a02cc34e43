"""What ``conversions run`` tells a person about a result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.run_output import headline, print_result

COUNTS = ("rows_read", "delivered", "rejected", "duplicates", "ignored", "refused", "not_sent", "review", "open")


def summary(state: str = "DONE", outcomes: dict[str, int] | None = None, **counts: int) -> dict[str, Any]:
    return {
        "state": state,
        "file": {"error": None},
        "counts": {**dict.fromkeys(COUNTS, 0), **counts},
        "outcomes": outcomes or {},
        "explanations": {},
        "reasons": {},
        "delivered": [],
    }


def test_a_repeated_file_says_that_nothing_new_was_sent() -> None:
    repeated = summary(outcomes={"ALREADY_DELIVERED": 1200}, rows_read=1200, duplicates=1200)
    assert headline(repeated) == "nothing new was sent: all 1,200 rows were delivered before"


def test_a_repeated_file_with_rejected_rows_says_how_many_were_delivered_before() -> None:
    repeated = summary(outcomes={"ALREADY_DELIVERED": 3}, rows_read=5, duplicates=3, rejected=2)
    assert headline(repeated) == "nothing new was sent: 3 of 5 rows were delivered before"


@pytest.mark.parametrize("name", ["delivered", "refused", "not_sent", "review", "open"])
def test_a_file_with_anything_new_is_not_called_a_repetition(name: str) -> None:
    mixed = summary("PARTIAL", {"ALREADY_DELIVERED": 3}, rows_read=4, duplicates=3, **{name: 1})
    assert "nothing new" not in headline(mixed)


def test_a_result_names_totals_causes_remedies_and_the_place_of_the_report(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shown = summary("DONE_WITH_REJECTS", rows_read=1000, delivered=998, rejected=2)
    shown["reasons"] = {"IDENTIFIER_MISSING": 2}
    shown["delivered"] = [{"event": "Purchase", "currency": "USD", "events": 998, "value": "19.90"}]
    print_result("orders.csv", shown, tmp_path)
    text = capsys.readouterr().out
    assert "orders.csv: delivered, but some rows were rejected" in text
    assert "1,000 rows read: 998 delivered, 2 rejected" in text
    assert "998  Purchase delivered, 19.90 USD" in text
    assert "2  IDENTIFIER_MISSING   Add one of them" in text
    assert f"Report: {tmp_path / 'report.html'}" in text


def test_a_refused_file_shows_its_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    refused = summary("REJECTED")
    refused["file"]["error"] = {"code": "FILE_EMPTY", "message": "The file is empty."}
    print_result("orders.csv", refused, tmp_path)
    text = capsys.readouterr().out
    assert "refused" in text
    assert "The file is empty." in text
