"""``conversions check`` opens what an upload may be: compressed, packed, encrypted, in UTF-16, and Parquet."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from cli import opened_file
from cli.main import main
from tests.domain.reading.packed import zipped
from tests.pgp import gnupg_messages as gnupg
from tests.pgp.messages import message, new_key

GOOD = "event_type,email,timestamp,order_id,value\nPurchase,ava@example.com,2026-11-15T10:00:00Z,T-1,5.00\n"
BAD = GOOD + "Purchase,nobody,2026-11-15T10:00:00Z,T-2,5.00\n"
AS_OF = ["--as-of", "2026-11-16T12:00:00Z"]


def check(tmp_path: Path, body: bytes, *flags: str, name: str = "sales.csv") -> tuple[int, dict[str, Any]]:
    file, out = tmp_path / name, tmp_path / "out.json"
    file.write_bytes(body)
    code = main(["check", str(file), *AS_OF, "--json", str(out), *flags])
    return code, json.loads(out.read_text())


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "zstd": zstandard.compress,
    "zip": lambda body: zipped({"sales.csv": body}),
    "gzip+gzip": lambda body: gzip.compress(gzip.compress(body)),
}


@pytest.mark.parametrize("kind", PACKED)
def test_a_packed_file_is_checked_as_the_text_inside(tmp_path: Path, kind: str) -> None:
    body = PACKED[kind](BAD.encode())
    code, document = check(tmp_path, body)
    assert (code, document["counts"]["accepted"], document["counts"]["rejected"]) == (1, 1, 1)
    assert (document["file"]["compression"], document["file"]["bytes"]) == (kind, len(body))


def test_a_long_packed_file_is_read_beyond_its_head(tmp_path: Path) -> None:
    rows = "".join(f"Purchase,ava@example.com,2026-11-15T10:00:00Z,T-{number},5.00\n" for number in range(30_000))
    _, document = check(tmp_path, gzip.compress((GOOD[: GOOD.index("\n") + 1] + rows).encode()))
    assert document["counts"]["accepted"] == 30_000


def test_utf_16_is_named_as_the_encoding(tmp_path: Path) -> None:
    code, document = check(tmp_path, GOOD.replace(",", "\t").encode("utf-16"))
    assert (code, document["file"]["encoding"], document["file"]["delimiter"]) == (0, "utf-16-le", "\t")


def test_an_archive_of_several_files_has_a_result_each_and_the_worst_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = {"a.csv": GOOD.encode(), "b/b.csv": BAD.encode(), "c.pdf": b"%PDF-1.7"}
    code, document = check(tmp_path, zipped(members), "--rows", name="all.zip")
    assert code == 2
    assert [entry["file"]["name"] for entry in document["files"]] == ["a.csv", "b.csv", "c.pdf"]
    assert [len(entry["rows"]) for entry in document["files"]] == [1, 2, 0]
    assert document["files"][2]["file"]["error"]["code"] == "FORMAT_UNSUPPORTED"
    assert "b.csv" in capsys.readouterr().out


def test_each_file_of_an_archive_has_its_own_page(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    check(tmp_path, zipped({"a.csv": GOOD.encode(), "b.csv": BAD.encode()}), "--html", str(page))
    assert "a.csv" in page.read_text()
    assert "b.csv" in (tmp_path / "report-2.html").read_text()


@pytest.mark.parametrize("end", [-1, -9])
def test_a_file_that_was_cut_off_is_refused_whatever_its_rows_say(tmp_path: Path, end: int) -> None:
    code, document = check(tmp_path, gzip.compress(GOOD.encode())[:end])
    assert (code, document["file"]["error"]["code"]) == (2, "FILE_TRUNCATED")
    assert document["counts"]["rows_read"] == 0


# --- PGP


def test_a_message_is_decrypted_with_a_key_from_a_file(tmp_path: Path) -> None:
    old, new = new_key(), new_key("P-256")
    for number, key in enumerate((old, new)):
        (tmp_path / f"{number}.asc").write_text(str(key))
    flags = ["--pgp-key", str(tmp_path / "0.asc"), "--pgp-key", str(tmp_path / "1.asc")]
    for key in (old, new):
        code, document = check(tmp_path, message(gzip.compress(GOOD.encode()), key), *flags)
        assert (code, document["file"]["compression"]) == (0, "pgp+gzip")


def test_without_a_key_the_option_is_named(tmp_path: Path) -> None:
    code, document = check(tmp_path, message(GOOD.encode(), new_key()))
    assert (code, document["file"]["error"]["code"]) == (2, "PGP_KEY_MISSING")
    assert "--pgp-key" in document["file"]["error"]["message"]


def test_the_passphrase_comes_from_the_environment_or_a_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "key.asc"
    key.write_text(gnupg.KEY)
    flags = ["--pgp-key", str(key)]
    assert check(tmp_path, gnupg.ZIP, *flags)[1]["file"]["error"]["code"] == "PGP_KEY_UNUSABLE"
    monkeypatch.setattr("getpass.getpass", lambda _: gnupg.PASSPHRASE)
    assert check(tmp_path, gnupg.ZIP, *flags, "--ask-passphrase")[1]["file"]["error"]["code"] == "COLUMN_REQUIRED"
    monkeypatch.setenv(opened_file.PASSPHRASE_VARIABLE, gnupg.PASSPHRASE)
    assert check(tmp_path, gnupg.ZIP, *flags)[1]["file"]["error"]["code"] == "COLUMN_REQUIRED"


def test_a_key_file_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(GOOD)
    assert main(["check", str(file), "--pgp-key", str(tmp_path / "none.asc")]) == 64
    assert "none.asc" in capsys.readouterr().err


# --- Parquet


def test_without_pyarrow_a_parquet_file_is_refused_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    code, document = check(tmp_path, b"PAR1....PAR1", name="sales.parquet")
    assert (code, document["file"]["error"]["code"]) == (2, "FORMAT_UNSUPPORTED")
    assert "pyarrow" in document["file"]["error"]["message"]


def test_with_pyarrow_the_rows_of_a_parquet_file_are_checked(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: Parquet is not read")
    parquet = pytest.importorskip("pyarrow.parquet")
    names, *rows = (line.split(",") for line in BAD.splitlines())
    table = arrow.table({name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})
    parquet.write_table(table, tmp_path / "written.parquet")
    code, document = check(tmp_path, (tmp_path / "written.parquet").read_bytes(), name="sales.parquet")
    assert (code, document["counts"]["accepted"], document["file"]["compression"]) == (1, 1, "parquet")
    broken, document = check(tmp_path, b"PAR1 and nothing else PAR1", name="broken.parquet")
    assert (broken, document["file"]["error"]["code"]) == (2, "ARCHIVE_DAMAGED")


# --- clear text


def test_clear_text_is_written_nowhere(tmp_path: Path) -> None:
    key = new_key()
    (tmp_path / "key.asc").write_text(str(key))
    file = tmp_path / "sales.csv.pgp"
    file.write_bytes(message(GOOD.encode(), key))
    written: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
            written.append(str(arguments[0]))

    sys.addaudithook(watch)
    code = main(["check", str(file), *AS_OF, "--pgp-key", str(tmp_path / "key.asc")])
    watching = False
    assert (code, [path for path in written if not path.startswith("/dev/null") and not path.isdigit()]) == (0, [])


def test_a_file_of_an_archive_is_shown_with_its_own_size(tmp_path: Path) -> None:
    _, document = check(tmp_path, zipped({"a.csv": GOOD.encode(), "b.csv": BAD.encode(), "c.csv": b"\x00\x01" * 99}))
    assert [each["file"]["bytes"] for each in document["files"]] == [len(GOOD), len(BAD), None]
