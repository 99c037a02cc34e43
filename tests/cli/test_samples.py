"""The sample files: each row is judged as the reviewed expectations say, whenever the sample is made."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from conversion_delivery.domain.layouts.layouts import LAYOUTS
from samples.container_files import members, unwrapped
from samples.make_samples import COMMITTED, sample_files
from tests.cli.invented_people import addresses_in, phones_in
from tests.pgp.messages import message, new_key

SAMPLES = Path(__file__).parents[2] / "samples"
ARCHIVES = {name: content for name, content in sample_files(COMMITTED).items() if name.endswith(".zip")}
FILES = {name: content for name, content in sample_files(COMMITTED).items() if name not in ARCHIVES}
MEMBERS = {name: body for content in ARCHIVES.values() for name, body in members(content).items()}
MOMENTS = [datetime(2027, 3, 1, 0, 5, tzinfo=UTC), datetime(2028, 2, 29, 23, 59, tzinfo=UTC)]

Document = dict[str, Any]


def stem(name: str) -> str:
    return name.partition(".")[0]


def expected(name: str) -> Document:
    document: Document = json.loads((SAMPLES / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    return document


def checked(
    name: str, content: bytes, settings: str, folder: Path, as_of: datetime = COMMITTED, flags: tuple[str, ...] = ()
) -> Document:
    """What ``conversions check`` says about a file."""
    file, answer = folder / name, folder / "answer.json"
    file.write_bytes(content)
    configured = str(SAMPLES / "settings" / f"{settings}.json")
    arguments = ["--settings", configured, "--as-of", as_of.isoformat(), "--rows", "--events", "--json", str(answer)]
    main(["check", str(file), *arguments, *flags])
    document: Document = json.loads(answer.read_text(encoding="utf-8"))
    return document


def verdicts(document: Document) -> list[tuple[int, int, str, str | None]]:
    return [(row["row"], row["line"], row["verdict"], row.get("code")) for row in document["rows"]]


def essence(row: Document) -> Document:
    """A row of the answer in the words of the expectations."""
    known = {"row": row["row"], "line": row["line"], "verdict": row["verdict"]}
    if row["verdict"] != "accepted":
        return known | {"code": row["code"]}
    event = row["event"]
    user, properties = event.get("user", {}), event.get("properties", {})
    return known | {
        "event": event["event"],
        "time": f"{datetime.fromtimestamp(event['event_time'], UTC):%Y-%m-%dT%H:%M:%SZ}",
        "value": properties.get("value"),
        "currency": properties.get("currency"),
        "emails": _count(user.get("email")),
        "phones": _count(user.get("phone")),
        "items": _count(properties.get("contents")),
        "warnings": sorted(row["warnings"]),
    }


def _count(values: str | list[Any] | None) -> int:
    return len(values) if isinstance(values, list) else int(bool(values))


def described(document: Document, name: str) -> Document:
    """The answer in the words of the expectations."""
    file = document["file"]
    error = file["error"] and file["error"]["code"]
    facts = {key: file[key] for key in expected(name)["file"] if key not in ("error", "layout")}
    return {
        "file": {"layout": None if error else file["layout"], "error": error, **facts},
        "counts": document["counts"],
        "rows": [essence(row) for row in document["rows"]],
    }


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_row_becomes_what_the_reviewed_expectation_says(name: str, tmp_path: Path) -> None:
    answer = checked(name, FILES[name], stem(name), tmp_path)
    assert described(answer, stem(name)) == expected(stem(name))


def names_inside(archive: str) -> list[str]:
    """The names of the expectations for the files of an archive."""
    return [f"{stem(archive)}.{stem(member)}" for member in members(ARCHIVES[archive])]


@pytest.mark.parametrize("archive", ARCHIVES)
def test_each_file_of_an_archive_is_judged_as_if_it_had_come_alone(archive: str, tmp_path: Path) -> None:
    answers = checked(archive, ARCHIVES[archive], stem(archive), tmp_path)["files"]
    names = names_inside(archive)
    assert [described(answer, name) for answer, name in zip(answers, names, strict=True)] == [*map(expected, names)]


def test_an_encrypted_sample_is_judged_as_the_sample_itself(tmp_path: Path) -> None:
    """The key is made here: a private key in a repository is a bad habit, even where it guards nothing."""
    name, key, armoured = "tiktok_offline_template.csv", new_key(), tmp_path / "files.asc"
    armoured.write_text(str(key))
    body = message(FILES[name], key)
    answer = checked(f"{name}.pgp", body, stem(name), tmp_path, flags=("--pgp-key", str(armoured)))
    assert answer["file"]["compression"] == "pgp"
    assert described(answer, stem(name)) == expected(stem(name))


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("name", sorted(FILES))
def test_a_sample_is_judged_the_same_whenever_it_is_made(name: str, moment: datetime, tmp_path: Path) -> None:
    answer = checked(name, sample_files(moment)[name], stem(name), tmp_path, as_of=moment)
    assert verdicts(answer) == verdicts(expected(stem(name)))


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_days_delay_makes_no_further_row_too_old(name: str, tmp_path: Path) -> None:
    late = checked(name, FILES[name], stem(name), tmp_path, as_of=COMMITTED + timedelta(days=1))
    assert late["counts"] == expected(stem(name))["counts"]


def test_every_sample_has_settings_and_an_expectation_and_nothing_else_has() -> None:
    names = {stem(name) for name in FILES}
    inside = {name for archive in ARCHIVES for name in names_inside(archive)}
    archives = {stem(archive) for archive in ARCHIVES}
    modules_and_folders = {"settings", "expected", "__pycache__"} | {path.name for path in SAMPLES.glob("*.py")}

    assert {path.name for path in SAMPLES.iterdir()} - modules_and_folders == {*FILES, *ARCHIVES}
    assert {path.stem for path in (SAMPLES / "settings").iterdir()} == names | archives
    assert {path.stem for path in (SAMPLES / "expected").iterdir()} == names | inside


def test_the_samples_of_make_run_exist() -> None:
    makefile = (SAMPLES.parent / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    named = next(line for line in makefile.splitlines() if line.startswith("FIRST_LOOK :="))
    assert len(named.split()) > 3
    assert {*named.split()[2:]} <= {*FILES}


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_committed_files_are_what_the_program_writes(name: str) -> None:
    assert unwrapped(name, (SAMPLES / name).read_bytes()) == unwrapped(name, FILES[name])


@pytest.mark.parametrize("name", ARCHIVES)
def test_the_committed_archives_are_what_the_program_writes(name: str) -> None:
    def texts(archive: bytes) -> Document:
        return {name: unwrapped(name, body) for name, body in members(archive).items()}

    assert texts((SAMPLES / name).read_bytes()) == texts(ARCHIVES[name])


def test_every_layout_has_a_sample_and_a_refused_one_is_named_after_its_layout() -> None:
    shown = {expected(stem(name))["file"]["layout"] for name in FILES}
    refused = {stem(name) for name in FILES if expected(stem(name))["file"]["error"]}
    assert {layout.name for layout in LAYOUTS} == (shown | refused) - {None, "columns"}


@pytest.mark.parametrize("path", sorted((SAMPLES / "expected").iterdir()), ids=lambda path: path.stem)
def test_the_counts_of_an_expectation_are_those_of_its_rows_and_add_up(path: Path) -> None:
    counts = json.loads(path.read_text(encoding="utf-8"))["counts"]
    rows = Counter(row["verdict"] for row in expected(path.stem)["rows"])
    by_verdict = {"accepted": "accepted", "rejected": "rejected", "duplicates": "duplicate", "ignored": "ignored"}

    assert {key: counts[key] for key in by_verdict} == {key: rows[verdict] for key, verdict in by_verdict.items()}
    assert counts["rows_read"] == sum(rows.values())


@pytest.mark.parametrize("name", [*sorted(FILES), *sorted(MEMBERS)])
def test_nobody_in_a_sample_exists(name: str) -> None:
    text = decoded(unwrapped(name, {**FILES, **MEMBERS}[name]))

    assert addresses_in(text) <= {"example.com", "example.org", "agency.example.com"}
    assert [phone for phone, is_invented in phones_in(text) if not is_invented] == []


def test_the_search_for_real_people_finds_them() -> None:
    text = "ann@shop.com,415-555-2671,+49 30 901820,3035550100,030/23125-042"
    assert addresses_in(text) == {"shop.com"}
    assert [is_invented for _, is_invented in phones_in(text)] == [False, False, True, True]


def decoded(content: bytes) -> str:
    """The text of a sample, whichever encoding it shows."""
    if content.startswith(b"\xff\xfe"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def test_the_liveramp_sample_holds_what_exports_really_hold() -> None:
    text = (SAMPLES / "liveramp_store_purchases.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines(keepends=True))

    assert len(header) == 24
    assert any("\n" in cell for row in rows for cell in row)
    assert ',24" Jacket,' in text
    assert '"Trail Shoe, wide"' in text


def test_the_shopify_sample_has_the_columns_of_a_whole_export() -> None:
    header = (SAMPLES / "shopify_orders.csv").read_text(encoding="utf-8").partition("\n")[0]
    assert len(header.split(",")) == 79
