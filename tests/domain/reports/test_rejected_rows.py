"""Rows go back as they came, in the encoding in which they came, and can be dropped again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conversion_delivery.domain.batches import START
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reports.rejected_rows import (
    rejected_header,
    rejected_lines,
    rejected_name,
    rejected_type,
    returned_lines,
)
from tests.domain.rows_to_read import AS_OF, problem_codes, settings

HEADER = "event,event_time,email,Größe\n"
BAD = "Purchase,never,jörg@example.com,groß\n"


def plan(data: bytes, **changes: Any) -> ReadingPlan:
    given = settings(default_currency="EUR", require_value_for_purchase=False)
    return Reading().plan(data, size=len(data), name="x", settings=given, as_of=AS_OF).model_copy(update=changes)


def returned(data: bytes, **changes: Any) -> bytes:
    read = plan(data, **changes)
    rows = Reading().rows(read, [data[read.data_starts.offset :]], read.data_starts)
    return rejected_header(read) + b"".join(rejected_lines(read, rows))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_goes_back_in_its_own_encoding(encoding: str) -> None:
    text = returned((HEADER + BAD).encode(encoding)).decode(encoding)
    header, row = text.splitlines()
    assert header == "event,event_time,email,Größe,_line,_codes,_messages"
    assert row.startswith("Purchase,never,jörg@example.com,groß,2,TIME_INVALID,")


@pytest.mark.parametrize(("encoding", "mark"), [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
def test_a_prepared_file_goes_back_in_the_encoding_in_which_it_came(encoding: str, mark: bytes) -> None:
    data = returned((HEADER + BAD).encode(), encoding=encoding)
    assert data.startswith(mark)
    assert "jörg@example.com,groß,2,TIME_INVALID" in data[2:].decode(encoding)


def test_what_goes_back_can_be_dropped_again() -> None:
    for encoding in ("utf-8", "cp1252"):
        once = returned((HEADER + BAD).encode(encoding))
        assert returned(once) == once


def test_bytes_that_are_not_utf8_go_back_unchanged_in_a_file_of_utf8() -> None:
    data = HEADER.encode() + BAD.encode() * 2 + BAD.encode("cp1252")
    assert BAD.encode("cp1252").rstrip(b"\n") + b",4,ENCODING_INVALID" in returned(data)


def test_a_line_in_utf8_stays_one_in_a_file_of_windows_1252() -> None:
    data = (HEADER + BAD * 3).encode("cp1252") + "Purchase,never,łucja@example.com,Łódź\n".encode()
    assert "łucja@example.com,Łódź,5,TIME_INVALID".encode() in returned(data)


ORDER = '{"event":"Purchase","event_time":"2026-11-14T10:01:00Z","email":"nobody","id":12345678901234567890123}'


def test_objects_go_back_with_three_keys_more_and_every_digit() -> None:
    data = (ORDER + "\n").encode()
    (line,) = returned(data).splitlines()
    assert line.startswith(ORDER[:-1].encode())
    found = json.loads(line)
    assert (found["_line"], found["_codes"]) == (1, "EMAIL_INVALID")
    assert returned(line + b"\n") == line + b"\n"


def test_a_line_that_is_no_object_goes_back_as_text() -> None:
    found = json.loads(returned((ORDER + "\n{broken\n").encode()).splitlines()[1])
    assert found["_codes"] == "JSON_INVALID"
    assert found["_text"] == "{broken"


def test_a_broken_line_that_is_dropped_again_is_still_broken_and_keeps_its_text() -> None:
    once = returned((ORDER + "\n{broken\n").encode())
    again = returned(once)
    found = json.loads(again.splitlines()[1])
    assert (found["_codes"], found["_text"], found["_line"]) == ("JSON_INVALID", "{broken", 2)
    assert again == once, "however often it is dropped, nothing is added to it"


def test_the_file_is_named_by_its_form() -> None:
    rows, objects = plan((HEADER + BAD).encode("cp1252")), plan((ORDER + "\n").encode())
    assert (rejected_name(rows), rejected_type(rows)) == ("rejected.csv", "text/csv; charset=windows-1252")
    assert (rejected_name(objects), rejected_type(objects)) == ("rejected.jsonl", "application/x-ndjson")
    assert rejected_header(objects) == b""


def test_rows_that_were_not_sent_go_back_with_their_outcome() -> None:
    read = plan((HEADER + BAD).encode())
    cells = ["Purchase", "never", "jörg@example.com", "groß"]
    (line,) = returned_lines(read, [(7, cells, "UPLOAD_AGAIN")])
    assert line.decode().startswith("Purchase,never,jörg@example.com,groß,7,UPLOAD_AGAIN,")


def test_a_row_read_as_windows_1252_says_so() -> None:
    read = plan(b"event,event_time,email,shop_id\nPurchase,2026-11-14T10:01:00Z,a@example.com,x\n")
    late = "Purchase,2026-11-14T10:01:00Z,b@example.com,Köln\n".encode("cp1252")
    (row,) = Reading().rows(read, [late], START)
    assert problem_codes(row.verdict) == []
    assert row.verdict.shop_id == "Köln"  # type: ignore[union-attr]
    assert [problem.code for problem in row.verdict.warnings] == ["ENCODING_GUESSED"]  # type: ignore[union-attr]
