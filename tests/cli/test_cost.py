"""``conversions cost``: an estimate for a person or a program, without asking anybody."""

from __future__ import annotations

import json

import pytest

from cli.cost import duration
from cli.main import main


def test_the_estimate_names_dollars_time_and_what_holds_it_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--rows", "2.5M", "--duplicates", "20%"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("2,500,000 rows, 20% of them delivered before\n")
    for words in ("per million events", "DynamoDB writes", "held up by: senders", "not checked live"):
        assert words in shown


def test_the_estimate_as_json_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--rows", "500k", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == 500_000
    assert sum(found["dollars_by_service"].values()) == pytest.approx(found["dollars"], abs=1e-5)
    assert found["dollars_per_million"] == pytest.approx(2 * found["dollars"], rel=1e-4)


def test_more_senders_are_quicker_until_the_table_is_the_limit(capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for senders in ("2", "20", "200"):
        main(["cost", "--rows", "2M", "--senders", senders, "--json"])
        found.append(json.loads(capsys.readouterr().out))
    assert [one["bottleneck"] for one in found] == ["senders", "table writes", "table writes"]
    assert found[0]["seconds"] > 2 * found[1]["seconds"] >= 2 * found[2]["seconds"] * 0.9


@pytest.mark.parametrize(
    "options", [["--rows", "many"], ["--rows", "0"], ["--rows", "9e99"], ["--rows", "5", "--duplicates", "101"]]
)
def test_numbers_that_make_no_sense_are_refused_by_name(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["cost", *options])
    assert stopped.value.code == 64
    assert "must be between" in (shown := capsys.readouterr().err) or "not a" in shown


def test_limits_of_nothing_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--rows", "5", "--senders", "0"]) == 64
    assert "above 0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "shown"), [(1.44, "1.4 s"), (61, "1 min 01 s"), (3_600, "1 h 00 min"), (180_000, "50 h 00 min")]
)
def test_durations_are_written_for_people(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
