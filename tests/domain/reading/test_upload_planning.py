"""From the first bytes of a file to its reading plan, or to a refusal that says what to do."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.layouts import LAYOUTS
from conversion_delivery.domain.reading.csv_safety import csv_line
from conversion_delivery.domain.reading.date_orders import MIXED, seen_date_order
from conversion_delivery.domain.reading.delimiters import detect_delimiter
from conversion_delivery.domain.reading.reading_codes import READING_CODES
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.rows import RowReader
from conversion_delivery.domain.reading.upload_planning import file_facts, file_notes, plan_upload

ROW = "Purchase,2026-11-10T14:05:00Z,ava@example.com,59.90\n"
HEADER = "event,timestamp,email,value\n"


def plan(data: bytes | str, size: int | None = None, **given: object) -> ReadingPlan:
    raw = data.encode() if isinstance(data, str) else data
    settings = DestinationSettings.model_validate({"event_source_id": "1", **given})
    return plan_upload(raw, size=len(raw) if size is None else size, name="sales.csv", settings=settings, as_of=99)


def refusal(data: bytes | str, size: int | None = None, **given: object) -> UploadRejected:
    with pytest.raises(UploadRejected) as refused:
        plan(data, size, **given)
    return refused.value


def rows_of(read: ReadingPlan, data: bytes) -> list[tuple[int, int, object]]:
    start = read.data_starts
    return list(RowReader([data[start.offset :]], delimiter=read.delimiter, width=len(read.header), start=start))


# --- files that can be read -----------------------------------------------------------------------------------------


def test_a_plain_file_is_read_by_its_aliases() -> None:
    read = plan(HEADER + ROW)
    assert read.header == ("event", "timestamp", "email", "value")
    assert {use.header: use.field for use in read.columns} == {
        "event": "event",
        "timestamp": "event_time",
        "email": "email",
        "value": "value",
    }
    assert (read.layout, read.delimiter, read.as_of, read.warnings) == ("columns", ",", 99, ())
    assert read.data_starts == Position(len(HEADER), 0, 1)


@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_the_delimiter_the_line_end_and_the_byte_order_mark_are_seen(delimiter: str, end: str, bom: bytes) -> None:
    text = (HEADER + ROW).replace(",", delimiter).replace("\n", end)
    data = bom + text.encode()
    read = plan(data)
    assert read.delimiter == delimiter
    assert read.header[0] == "event"
    assert rows_of(read, data) == [(1, 2, ["Purchase", "2026-11-10T14:05:00Z", "ava@example.com", "59.90"])]


def test_commas_inside_the_values_of_a_semicolon_file_do_not_deceive() -> None:
    read = plan("Email;Timestamp;Event;Total, gross\n" + "a@b.de;2026-11-10;Kauf;1.234,50\n" * 9)
    assert read.delimiter == ";"
    assert len(read.header) == 4


def test_unknown_headers_are_separated_by_what_the_rows_agree_with() -> None:
    read = plan(
        "Vorgang;Wann;Post, privat\n" + "Kauf;10.11.2026;a@b.de\n" * 3,
        columns={"Vorgang": "event", "Wann": "event_time", "Post, privat": "email"},
    )
    assert read.delimiter == ";"


@pytest.mark.parametrize("lines", [["email\n", "a@b.de\n"], ["x\n"], ['"x\n', "y\n"], []])
def test_a_file_of_one_column_has_a_comma_for_a_delimiter(lines: list[str]) -> None:
    assert detect_delimiter(lines, lambda cell: cell == "email") == ","


def test_blank_lines_before_the_header_are_counted_and_passed_over() -> None:
    data = ("\r\n,,,\r\n" + HEADER + ROW).encode()
    read = plan(data)
    assert read.data_starts == Position(len("\r\n,,,\r\n" + HEADER), 0, 3)
    assert [(row, line) for row, line, _ in rows_of(read, data)] == [(1, 4)]


def test_a_header_cell_may_have_a_line_break() -> None:
    data = ('event,"times\ntamp",email\n' + "Purchase,2026-11-10,a@b.de\n").encode()
    read = plan(data, columns={"times tamp": "event_time"})
    assert read.header == ("event", "times\ntamp", "email")
    assert read.data_starts.line == 2
    assert [(row, line) for row, line, _ in rows_of(read, data)] == [(1, 3)]


def test_a_stray_quote_in_the_header_costs_nothing() -> None:
    data = ('event,"timestamp,email\n' + "Purchase,2026-11-10,a@b.de\n" * 3).encode()
    read = plan(data)
    assert read.columns_for("event_time") == (1,)
    assert len(rows_of(read, data)) == 3


def test_nameless_columns_at_the_end_are_dropped_unless_a_row_fills_them() -> None:
    assert plan("event,timestamp,email,,\nPurchase,2026-11-10,a@b.de,,\n").header == ("event", "timestamp", "email")
    filled = plan("event,timestamp,email,,\nPurchase,2026-11-10,a@b.de,x,\n")
    assert filled.header == ("event", "timestamp", "email", "")


def test_a_layout_is_recognised_by_its_header() -> None:
    layout = LAYOUTS[0]
    header = "|".join(header for header, _ in layout.columns)
    read = plan(header + "\n" + "|".join("x" for _ in layout.columns) + "\n")
    assert (read.layout, read.delimiter, read.date_order) == ("liveramp_tiktok", "|", "MDY")


def test_the_settings_can_name_the_layout_or_forbid_all() -> None:
    text = "event_type,timestamp,email\nPurchase,2026-11-10,a@b.de\n"
    assert plan(text).layout == "tiktok_offline_template"
    assert plan(text, layout="columns").layout == "columns"
    assert plan(HEADER + ROW, layout="tiktok_crm").layout == "tiktok_crm_events"
    assert refusal(text, layout="liverampp").facts["key"] == "layout"


def test_a_currency_in_a_header_is_a_hint() -> None:
    assert plan("event,timestamp,email,Total (EUR)\n" + ROW).currency_hint == "EUR"


def test_a_returned_file_is_read_again_by_its_own_columns() -> None:
    header = ["event_type", "timestamp", "email", "=odd", "_line", "_codes", "_messages"]
    text = csv_line(header, ";") + csv_line(["Purchase", "13/04/2026", "a@b.de", "=1", "7", "X", "y"], ";")
    read = plan(text)
    assert read.header == tuple(header)
    assert (read.layout, read.delimiter, read.date_order) == ("tiktok_offline_template", ";", "DMY")
    assert file_facts(read, "rejected.csv", 1)["ignored_columns"] == ["=odd"]


def test_the_end_of_a_long_head_is_not_taken_for_the_end_of_the_file() -> None:
    data = (HEADER + ROW * 3).encode()
    assert plan(data[:-20], size=10_000).header == tuple(HEADER.strip().split(","))
    assert plan(HEADER.encode() + b"Purch", size=10_000).data_starts.offset == len(HEADER)


def test_a_character_cut_by_the_end_of_the_head_is_no_damage() -> None:
    data = (HEADER + ROW + "Käse").encode()
    assert plan(data[: data.index(b"\xa4")], size=10_000).layout == "columns"


def test_single_rows_with_other_bytes_are_left_to_the_row_reader() -> None:
    data = (HEADER + ROW * 9).encode() + ROW.replace("ava", "m\xfcller").encode("latin-1")
    read = plan(data)
    assert [item for _, _, item in rows_of(read, data)][9].code == "ENCODING_INVALID"  # type: ignore[attr-defined]


@given(st.binary(max_size=300), st.integers(0, 3))
def test_any_bytes_are_planned_or_refused_with_a_known_code(data: bytes, kind: int) -> None:
    head = [b"", HEADER.encode(), b"\xef\xbb\xbf", b"email;event;date\n"][kind] + data
    for size in (len(head), len(head) + 1):
        outcome = plan_or_code(head, size)
        if isinstance(outcome, str):
            assert READING_CODES[outcome].level is Level.FILE
        else:
            assert 0 < outcome.data_starts.offset <= len(head)


def plan_or_code(head: bytes, size: int) -> ReadingPlan | str:
    try:
        return plan(head, size)
    except UploadRejected as refused:
        return refused.code


# --- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/04/2026", "13/04/2026"], "DMY"),
        (["03/04/2026", "04/13/2026 8:15 AM"], "MDY"),
        (["'13-04-26"], "DMY"),
        (["13/04/2026", "04/13/2026"], MIXED),
        (["03/04/2026", "", "x"], None),
        (["13.04.2026", "2026-13-04", "26/13/04/1", "13/13/2026", "13/4-2026"], None),
    ],
)
def test_the_order_of_dates_is_seen_in_a_column_as_a_whole(cells: list[str], order: str | None) -> None:
    assert seen_date_order(cells) == order


def dated(*dates: str, **given: object) -> ReadingPlan:
    return plan("event,date,email\n" + "".join(f"Purchase,{date},a@b.de\n" for date in dates), None, **given)


def test_the_order_of_dates_comes_from_the_settings_before_the_rows() -> None:
    assert dated("13/04/2026").date_order == "DMY"
    assert dated("13/04/2026").warnings == ("DATE_ORDER_INFERRED",)
    assert dated("13/04/2026", date_order="MDY").date_order == "MDY"
    assert dated("03/04/2026").date_order is None


def test_dates_of_both_orders_give_none() -> None:
    read = dated("13/04/2026", "04/13/2026")
    assert (read.date_order, read.warnings) == (None, ("DATE_ORDER_MIXED",))


def test_the_rows_of_a_layout_may_show_another_order_than_its_maker_promises() -> None:
    header = "transaction_category,transaction_timestamp,transaction_amount,email_1\n"
    assert plan(header + "Purchase,13/04/2026 10:00:00,1,a@b.de\n").date_order == "DMY"
    assert plan(header + "Purchase,03/04/2026 10:00:00,1,a@b.de\n").date_order == "MDY"
    assert plan(header + "Purchase,03/14/2026 10:00:00,1,a@b.de\n").warnings == ()


# --- facts and notes ------------------------------------------------------------------------------------------------


def test_the_facts_of_a_file_say_how_it_was_read() -> None:
    read = plan(HEADER.strip() + ",colour,_line\n" + ROW.strip() + ",red,7\n")
    assert file_facts(read, "sales.csv", 123) == {
        "name": "sales.csv",
        "bytes": 123,
        "layout": "columns",
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "compression": "none",
        "columns": {"event": "event", "timestamp": "event_time", "email": "email", "value": "value"},
        "ignored_columns": ["colour"],
        "error": None,
    }


def test_the_notes_of_a_file_name_its_columns() -> None:
    text = "event,timestamp,email,mail,curency,click_id\nPurchase,13/4/2026,a@b.de,,,\n"
    assert file_notes(plan(text, columns={"Summe": "value"})) == [
        ("COLUMN_CONFLICT", {"column": "mail", "other": "email"}),
        ("COLUMN_UNKNOWN", {"column": "curency", "hint": " Did you mean currency?"}),
        ("COLUMN_DROPPED", {"column": "click_id", "other": "ttclid"}),
        ("DATE_ORDER_INFERRED", {"order": "DMY", "column": "Summe"}),
        ("SETTINGS_COLUMN_ABSENT", {"order": "DMY", "column": "Summe"}),
    ]


def test_every_note_has_a_sentence_and_every_fact_of_it() -> None:
    text = "event,timestamp,email,mail,curency,click_id\nPurchase,13/4/2026,a@b.de,,,\n"
    for code, facts in file_notes(plan(text, columns={"Summe": "value"})):
        assert READING_CODES[code].level is Level.FILE_NOTE
        assert READING_CODES[code].sentence.format_map(facts)


# --- files that cannot be read --------------------------------------------------------------------------------------


def sentence(refused: UploadRejected) -> str:
    """The whole text that the customer reads; raises where a fact is missing."""
    code = READING_CODES[refused.code]
    return f"{code.sentence} {code.remedy}".format_map(refused.facts)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\r\n  \n", b",,,\n", b'""\n'])
def test_a_file_without_content_is_empty(data: bytes) -> None:
    assert refusal(data).code == "FILE_EMPTY"


@pytest.mark.parametrize("rows", ["", "\n\n", ",,,\n , ,\n"])
def test_a_file_with_nothing_below_its_header_has_no_rows(rows: str) -> None:
    assert refusal(HEADER + rows).code == "FILE_NO_ROWS"
    assert plan(HEADER + rows, size=10_000).layout == "columns"


@pytest.mark.parametrize(
    ("first", "cells"),
    [
        ("Purchase,2026-11-10,ava@example.com,59.90", "2, 3, 4"),
        ("Anna,Weber,+1 415 555 0101,Berlin", "3"),
        ("Anna,Weber,2026-11-10,Berlin", "3"),
        ("1,2,x", "1, 2"),
        (f"{'ab12' * 16},x", "1"),
        ("event,timestamp,ava@example.com", "3"),
    ],
)
def test_a_first_line_of_values_is_no_header_and_no_value_is_shown(first: str, cells: str) -> None:
    refused = refusal(f"{first}\n{first}\n")
    assert (refused.code, refused.facts["line"], refused.facts["cells"]) == ("HEADER_MISSING", 1, cells)
    for value in first.split(","):
        assert len(value) < 2 or value in ("event", "timestamp") or value not in str(refused)


def test_a_header_may_name_a_year_or_a_date() -> None:
    assert plan("event,timestamp,email,2026-11-10\n" + ROW).header[3] == "2026-11-10"


def test_a_missing_column_refuses_the_file() -> None:
    refused = refusal("event,evnt_tme,email\nPurchase,2026-11-10,a@b.de\n")
    assert refused.code == "COLUMN_REQUIRED"
    assert sentence(refused).startswith(
        'No column for: event_time. Found: event, evnt_tme, email. Did you mean event_time by "evnt_tme"? '
    )


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, HEADER + ROW)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (gzip.compress((HEADER + ROW).encode(), mtime=0), "gzip"),
        (bz2.compress((HEADER + ROW).encode()), "bzip2"),
        (lzma.compress((HEADER + ROW).encode()), "xz"),
        (b"\x28\xb5\x2f\xfd\x04\x00abc", "zstd"),
        (zipped("sales.csv"), "zip"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (b"PK\x05\x06" + b"\0" * 18, "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "xls"),
        (b"PAR1\x15\x04", "parquet"),
        (b"%PDF-1.7\n", "pdf"),
        (b"-----BEGIN PGP MESSAGE-----\n\nabc\n", "pgp"),
        (b"\x85\x01\x0c\x03" + b"KEYIDKEY" + b"\x01\x07\xff", "pgp"),
        (b"\xc1\xc0\x4c\x03" + b"KEYIDKEY" + b"\x12\x07\xff", "pgp"),
        (b"\x8c\x0d\x04\x09\x03\x02abc", "pgp"),
        (b"\xc3\x0d\x04\x09\x03\x02abc", "pgp"),
        (b"\n<!DOCTYPE html><html>", "html"),
        (b"<HTML lang=de>", "html"),
        (b"<?xml version='1.0'?>", "xml"),
        (b'{\n "event": "Purchase"\n}\n', "json"),
        (b'\xef\xbb\xbf[\n {"event":"Purchase"}]', "json"),
        (b"Obj\x01avro", "avro"),
    ],
)
def test_another_format_is_named_with_what_to_do_about_it(data: bytes, kind: str) -> None:
    refused = refusal(data)
    assert (refused.code, refused.facts["kind"]) == ("FORMAT_UNSUPPORTED", kind)
    assert "?" not in sentence(refused)


@pytest.mark.parametrize("first", ["[email]", "Ärger", "Übung", "PKW", "BZh", "<event>", "Ãx"])
def test_a_header_that_begins_like_another_format_is_a_header(first: str) -> None:
    read = plan(f"{first},event,timestamp,mail\na,Purchase,2026-11-10,a@b.de\n")
    assert read.header[0] == first


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ((HEADER + ROW).encode("utf-16"), "UTF-16"),
        ((HEADER + ROW).encode("utf-16-le"), "UTF-16"),
        ((HEADER + ROW).encode("utf-16-be"), "UTF-16"),
        ((HEADER + ROW).encode("utf-32"), "UTF-32"),
        (bytes(range(256)) * 8, "binary data"),
        (b"\x01\x02\x03\x04" * 50, "binary data"),
        (b"a\0\0\0\0\0" * 50, "UTF-16"),
        ("Имя,Почта,Дата\n".encode("cp1251") * 9, "neither UTF-8 nor Windows-1252"),
        ("名前,電話\n".encode("shift-jis") * 9, "neither UTF-8 nor Windows-1252"),
        ("Käufer,Größe\n".encode("cp850") * 9, "neither UTF-8 nor Windows-1252"),
    ],
)
def test_bytes_that_are_no_utf8_text_are_refused(data: bytes, encoding: str) -> None:
    refused = refusal(data)
    assert refused.code == "ENCODING_UNKNOWN"
    assert refused.facts["encoding"] in (encoding, "binary data")
    assert sentence(refused)


def test_a_first_line_without_an_end_is_refused() -> None:
    refused = refusal(b"x" * 5_000, size=10_000)
    assert (refused.code, refused.facts["limit"]) == ("HEADER_TOO_LONG", 5_000)
    assert sentence(refused)
    assert refusal(b"\0x" * 5_000, size=20_000).code == "ENCODING_UNKNOWN"


def test_a_nul_in_one_cell_is_no_other_encoding() -> None:
    assert plan(HEADER + ROW * 5 + "a,b\0,c,d\n").layout == "columns"


def test_a_plan_can_be_stored_and_read_back() -> None:
    read = plan(HEADER + ROW)
    assert ReadingPlan.model_validate(json.loads(read.model_dump_json())) == read
