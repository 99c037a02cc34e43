"""The sample files: invented people only, never too old when somebody tries them, and each row judged as intended."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from samples.make_samples import COMMITTED, sample_files
from tests.template.stack import ROOT

SAMPLES = ROOT / "samples"
NAMES = ["liveramp_store_purchases.csv", "tiktok_crm_events.csv", "tiktok_offline_template.csv"]
MOMENTS = [COMMITTED, datetime(2027, 3, 1, 0, 5, tzinfo=UTC), datetime(2028, 2, 29, 23, 59, tzinfo=UTC)]

EXPECTED: dict[str, dict[int, tuple[str, str]]] = {
    "liveramp_store_purchases.csv": {
        28: ("duplicate", "ROW_DUPLICATE"),
        29: ("duplicate", "ROW_DUPLICATE"),
        37: ("rejected", "TIME_TOO_OLD"),
        38: ("rejected", "TIME_FUTURE"),
        39: ("rejected", "TIME_INVALID"),
        40: ("rejected", "IDENTIFIER_MISSING"),
        41: ("rejected", "EVENT_UNKNOWN"),
        42: ("rejected", "VALUE_NEGATIVE"),
        43: ("rejected", "VALUE_MISSING"),
        44: ("rejected", "ROW_SHAPE"),
    },
    "tiktok_offline_template.csv": {
        10: ("rejected", "EMAIL_INVALID"),
        11: ("rejected", "CURRENCY_INVALID"),
        12: ("rejected", "EVENT_UNKNOWN"),
    },
    "tiktok_crm_events.csv": {
        7: ("rejected", "LEAD_ID_MISSING"),
        8: ("rejected", "LEAD_ID_SCIENTIFIC"),
        10: ("rejected", "IDENTIFIER_MISSING"),
    },
}
"""Line -> verdict and code, decided by reading the files; every other row is accepted."""

ROWS = {"liveramp_store_purchases.csv": 42, "tiktok_offline_template.csv": 11, "tiktok_crm_events.csv": 9}


def settings_of(name: str) -> Path:
    return SAMPLES / "settings" / f"{Path(name).stem}.json"


def checked(name: str, made: datetime, folder: Path, as_of: datetime | None = None) -> dict[str, Any]:
    """What ``conversions check`` says as of a moment about a sample that was made for one."""
    file, answer = folder / name, folder / "answer.json"
    file.write_bytes(sample_files(made)[name])
    moment = (as_of or made).isoformat()
    main(["check", str(file), "--settings", str(settings_of(name)), "--as-of", moment, "--rows", "--json", str(answer)])
    document: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return document


def test_the_samples_are_these() -> None:
    assert sorted(path.name for path in SAMPLES.glob("*.csv")) == NAMES
    assert sorted(path.stem for path in (SAMPLES / "settings").iterdir()) == [Path(name).stem for name in NAMES]


def test_the_committed_files_are_what_the_program_writes() -> None:
    assert {name: (SAMPLES / name).read_bytes() for name in NAMES} == sample_files(COMMITTED)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_judged_as_intended_whenever_the_sample_is_made(
    name: str, moment: datetime, tmp_path: Path
) -> None:
    rows = checked(name, moment, tmp_path)["rows"]
    unusual = {row["line"]: (row["verdict"], row["code"]) for row in rows if row["verdict"] != "accepted"}

    assert unusual == EXPECTED[name]
    assert len(rows) == ROWS[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_recognised_by_its_header(name: str, tmp_path: Path) -> None:
    layout = checked(name, COMMITTED, tmp_path)["file"]["layout"]

    assert layout == {"liveramp_store_purchases.csv": "liveramp_tiktok"}.get(name, Path(name).stem)


@pytest.mark.parametrize("name", NAMES)
def test_a_days_delay_makes_no_further_row_too_old(name: str, tmp_path: Path) -> None:
    late = checked(name, COMMITTED, tmp_path, as_of=COMMITTED + timedelta(days=1))

    assert late["counts"] == checked(name, COMMITTED, tmp_path)["counts"]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_in_a_sample_exists(name: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    addresses = re.findall(r"[\w.+-]+@[\w.-]+", text)
    phones = [re.sub(r"\D", "", phone) for phone in re.findall(r"(?<![\d:.])\+?1?\(?[2-9]\d\d\)?[ -]?555-?\d{4}", text)]

    assert addresses
    assert {address.rsplit("@", 1)[1].lower() for address in addresses} == {"example.com"}
    assert phones
    assert {phone[-7:-2] for phone in phones} == {"55501"}


def test_the_liveramp_sample_holds_what_exports_really_hold() -> None:
    text = (SAMPLES / "liveramp_store_purchases.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines(keepends=True))

    assert len(header) == 24
    assert any("\n" in cell for row in rows for cell in row)
    assert ',24" Jacket,' in text
    assert '"Trail Shoe, wide"' in text
