"""``conversions check``: verdicts, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def check(tmp_path: Path, settings: Path, text: str, *flags: str) -> tuple[int, dict[str, Any]]:
    file, out = tmp_path / "sales.csv", tmp_path / "out.json"
    file.write_text(text)
    code = main(["check", str(file), "--settings", str(settings), "--as-of", AS_OF, "--json", str(out), *flags])
    return code, json.loads(out.read_text())


def test_a_clean_file_exits_0_and_counts_its_rows(tmp_path: Path, settings: Path) -> None:
    code, document = check(
        tmp_path, settings, f"{HEADER}\nPurchase,ava@example.com,,2026-11-15T10:00:00Z,T-1,59.90,USD\n"
    )
    assert code == 0
    assert document["counts"] == {"rows_read": 1, "accepted": 1, "rejected": 0, "duplicates": 0, "ignored": 0}
    assert document["file"]["layout"] == "tiktok_offline_template"
    assert document["file"]["columns"]["timestamp"] == "event_time"
    assert "rows" not in document


def test_rows_carry_verdict_line_code_field_and_a_sentence(tmp_path: Path, settings: Path) -> None:
    text = (
        f"{HEADER}\n"
        'Purchase,ava@example.com,,2026-11-15T10:00:00Z,"T-\n1",59.90,USD\n'
        "Purchase,nobody,,2026-11-15T10:00:00Z,T-2,59.90,USD\n"
        "Purchase,ava@example.com,,2026-11-15T10:00:00Z,T-3,59.90,USD\n"
        "Purchase,ava@example.com,,2026-11-15T10:00:00Z,T-3,59.90,USD\n"
    )
    code, document = check(tmp_path, settings, text, "--rows")
    assert code == 1
    rows = document["rows"]
    assert [(row["row"], row["line"], row["verdict"]) for row in rows] == [
        (1, 2, "accepted"),
        (2, 4, "rejected"),
        (3, 5, "accepted"),
        (4, 6, "duplicate"),
    ]
    assert (rows[1]["code"], rows[1]["field"]) == ("EMAIL_INVALID", "email")
    assert rows[1]["message"].startswith("Line 4: ")
    assert rows[3]["code"] == "ROW_DUPLICATE"
    assert "5" in rows[3]["message"]


def test_events_are_what_would_be_sent_with_tiktoks_documented_hashes(tmp_path: Path, settings: Path) -> None:
    text = f"{HEADER}\nComplete Payment, Alice_ABC@gmail.com ,+12133734253,2026-11-15T10:00:00Z,T-1,59.90,usd\n"
    _, document = check(tmp_path, settings, text, "--rows", "--events")
    (event,) = [row["event"] for row in document["rows"]]
    assert event["user"] == {
        "email": "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f",
        "phone": "9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd",
    }
    assert event["event"] == "Purchase"
    assert event["event_time"] == 1794736800
    assert event["properties"]["value"] == 59.9
    assert isinstance(event["event_id"], str)


def test_a_refused_file_exits_2_and_says_why(tmp_path: Path, settings: Path) -> None:
    code, document = check(tmp_path, settings, "evnt_tme,email\n2026-11-15,ava@example.com\n")
    assert code == 2
    assert document["file"]["error"]["code"] == "COLUMN_REQUIRED"
    assert "Did you mean event_time" in document["file"]["error"]["message"]
    assert document["counts"]["rows_read"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "no-such-file.csv"],
        ["nonsense"],
        ["check", "x.csv", "--as-of", "yesterday"],
    ],
)
def test_wrong_usage_exits_64(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: Any = main(arguments)
    except SystemExit as stop:
        code = stop.code
    assert code == 64
    assert capsys.readouterr().err


def test_unknown_settings_are_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, settings = tmp_path / "sales.csv", tmp_path / "settings.json"
    file.write_text(f"{HEADER}\n")
    settings.write_text(json.dumps({**SETTINGS, "defualt_currency": "USD"}))
    assert main(["check", str(file), "--settings", str(settings)]) == 64
    assert "defualt_currency" in capsys.readouterr().err


def test_the_screen_shows_totals_and_causes_and_no_address(
    tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(tmp_path, settings, f"{HEADER}\nPurchase,canary.person,,2026-11-15T10:00:00Z,T-1,1.00,USD\n")
    shown = capsys.readouterr().out
    assert "1 rows: 0 accepted, 1 rejected" in shown
    assert "EMAIL_INVALID" in shown
    assert "canary.person" not in shown


GOOD = "Purchase,ava@example.com,,2026-11-15T10:00:00Z,{order},59.90,USD"


def test_a_file_that_cannot_be_read_to_its_end_is_refused_with_what_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps(SETTINGS | {"order_rows": "order", "suspect_share": 1}))
    rows = [GOOD.format(order="T-1"), GOOD.format(order="T-2"), *[GOOD.format(order="T-3")] * 20_001]
    code, document = check(tmp_path, settings, "\n".join([HEADER, *rows, ""]), "--rows")
    assert (code, document["file"]["error"]["code"], document["file"]["layout"]) == (
        2,
        "ORDER_ENDLESS",
        "tiktok_offline_template",
    )
    assert (document["counts"]["rows_read"], document["counts"]["accepted"], len(document["rows"])) == (2, 2, 2)
    printed = capsys.readouterr().out
    assert "sales.csv: reading stopped (ORDER_ENDLESS)" in printed
    assert "2 rows: 2 accepted" in printed


def test_the_mail_about_such_a_file_says_that_only_a_part_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, file = tmp_path / "settings.json", tmp_path / "sales.csv"
    settings.write_text(json.dumps(SETTINGS | {"order_rows": "order", "suspect_share": 1}))
    rows = [GOOD.format(order="T-1"), *[GOOD.format(order="T-3")] * 20_001]
    file.write_text("\n".join([HEADER, *rows, ""]))
    assert main(["check", str(file), "--settings", str(settings), "--as-of", AS_OF, "--text"]) == 2
    assert capsys.readouterr().out.startswith("Checked only, nothing was sent. Only a part of the file was read.")


def test_warnings_are_told_in_words_without_a_cell_in_mind(
    tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(tmp_path, settings, f"{HEADER}\n{GOOD.format(order='T-1').replace('59.90', '0')}\n")
    assert "VALUE_ZERO             (warning) The amount is zero." in capsys.readouterr().out


def test_causes_are_told_in_words_with_what_to_do(
    tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(tmp_path, settings, f"{HEADER}\n{GOOD.format(order='T-1').replace('ava@', 'ava at ')}\n")
    assert "The value is not an e-mail address. Write one address" in capsys.readouterr().out


def test_only_columns_worth_a_word_are_named_as_not_used(
    tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = f"{HEADER.replace('phone', 'phonne')},loyalty_color"
    _, document = check(tmp_path, settings, f"{header}\n{GOOD.format(order='T-1')},red\n")
    printed = capsys.readouterr().out
    assert document["file"]["ignored_columns"] == ["phonne", "loyalty_color"]
    assert "columns not used: phonne, loyalty_color" in printed
    assert "Did you mean phone?" in printed
    main(["check", "samples/shopify_orders.csv", "--as-of", "2026-11-20T12:00:00Z"])
    assert "columns not used" not in capsys.readouterr().out, "a layout's other columns are no news"


def test_what_the_first_rows_have_in_common_is_printed_as_a_note(
    tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [GOOD.format(order=f"T-{number}") for number in range(12)]
    check(tmp_path, settings, "\n".join([HEADER, *rows, ""]))
    assert "note: All of the first 12 amounts are the same." in capsys.readouterr().out
