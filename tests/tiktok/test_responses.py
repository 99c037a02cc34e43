from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.tiktok.responses import DEFAULT_PAUSE_SECONDS, failed_indices, read_response
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind

JSON = "application/json"
NOON = 1_760_011_200.0 + 12 * 3600 - 1_760_011_200.0 % 86_400


def reading(code: object, message: str = "", status: int = 200, now: float | None = NOON, **more: Any) -> Answer:
    body = orjson.dumps({"code": code, "message": message, "request_id": "R-1", **more})
    return read_response(status, body, JSON, now=now)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500, 502])
def test_the_code_in_the_body_decides_whatever_the_http_status(status: int) -> None:
    assert reading(0, status=status).kind is AnswerKind.ACCEPTED
    assert reading(40002, status=status).kind is AnswerKind.REFUSED
    assert reading(40105, status=status).kind is AnswerKind.BAD_CREDENTIALS
    assert reading(40100, status=status).kind is AnswerKind.THROTTLED
    assert reading(50000, status=status).kind is AnswerKind.UNKNOWN


def test_an_answer_keeps_code_status_and_request_id() -> None:
    answer = reading(0, "OK", data={})
    assert (answer.code, answer.http_status, answer.request_id) == (0, 200, "R-1")
    assert reading(0, data=None).kind is AnswerKind.ACCEPTED


@pytest.mark.parametrize("request_id", [7, None, "", "with space", "a\nb", "alice@example.com", "x" * 65])
def test_a_request_id_that_does_not_look_like_one_is_dropped(request_id: object) -> None:
    body = orjson.dumps({"code": 0, "request_id": request_id})
    assert read_response(200, body, JSON).request_id == ""


def test_a_refusal_names_its_event_and_field_and_nothing_else_of_the_text() -> None:
    answer = reading(40002, "Invalid value for data. 1 .user.email: alice@example.com is no digest.")
    assert answer == Answer(AnswerKind.REFUSED, 40002, 200, "R-1", (1,), "user.email")
    assert "alice" not in repr(answer)


@pytest.mark.parametrize("code", [40000, 40002, 40061, 40062, 40700, 41002])
def test_a_refusal_that_names_nobody_leaves_the_culprit_open(code: int) -> None:
    answer = reading(code, "Invalid parameters.")
    assert (answer.kind, answer.refused_indices) == (AnswerKind.REFUSED, None)


def test_a_refused_source_id_is_a_wrong_setting_and_no_events_fault() -> None:
    answer = reading(40002, "Invalid value for event_source_id: not a valid string.")
    assert (answer.kind, answer.field, answer.refused_indices) == (AnswerKind.MISCONFIGURED, "event_source_id", None)


def test_an_event_named_by_index_stays_refused_even_if_the_text_speaks_of_an_event_set() -> None:
    assert reading(40002, "data.1.event_id: unknown in event set").kind is AnswerKind.REFUSED


@pytest.mark.parametrize(
    ("code", "text", "pause"),
    [
        (40100, "App reaches the QPS limit.", 1.0),
        (40133, "Advertiser (1)'s QPS (21) reaches QPS limit 20 for current path.", 1.0),
        (40100, "Limit per second is reached", 1.0),
        (40132, "1000 requests per minute are allowed", 300.0),
        (40016, "Requests per day are used up", 43_200.0),
        (40016, "daily quota", 43_200.0),
        (61000, "Too many requests. Please retry in some time.", DEFAULT_PAUSE_SECONDS),
        (40100, "", DEFAULT_PAUSE_SECONDS),
    ],
)
def test_the_text_of_a_throttling_says_how_long_to_rest(code: int, text: str, pause: float) -> None:
    answer = reading(code, text)
    assert (answer.kind, answer.pause_seconds) == (AnswerKind.THROTTLED, pause)


def test_a_daily_limit_without_a_clock_takes_the_default_pause() -> None:
    assert reading(40100, "per day", now=None).pause_seconds == DEFAULT_PAUSE_SECONDS


@pytest.mark.parametrize(
    ("data", "indices"),
    [
        ({"failed": [3, 1]}, (1, 3)),
        ({"failed_indices": [0]}, (0,)),
        ({"error_list": [{"index": 2, "message": "x"}, {"index": 5}]}, (2, 5)),
        ({"errors": [{"event_index": 2, "code": 40002}]}, (2,)),
        ([{"index": 0, "code": 0}, {"index": 1, "code": 40002}], (1,)),
        ({"errors": [{"index": 2, "code": 50000}]}, None),
        ({"errors": [{"index": 2, "code": "x"}]}, None),
        ({"failed": [1, 1]}, None),
        ({"failed": [1, "2"]}, None),
        ({"failed": [True]}, None),
        ({"failed": [-1]}, None),
        ({"failed": [1000]}, None),
        ({"failed": []}, None),
        ({"failed": 3}, None),
        ({"failed": [1], "errors": [2]}, None),
        ({"succeeded": [1]}, None),
        ([{"index": 0, "code": 0}], None),
        ([1, 2], None),
        ({}, None),
        (None, None),
        ("text", None),
    ],
)
def test_a_partial_success_names_the_failed_only_where_no_doubt_is_left(data: Any, indices: Any) -> None:
    assert failed_indices(data) == indices
    answer = reading(20001, data=data)
    assert (answer.kind, answer.refused_indices) == (AnswerKind.PARTIAL, indices)


def test_an_index_in_the_text_of_a_partial_success_is_not_believed() -> None:
    assert reading(20001, "data. 1 .event_id: no").refused_indices is None


HTML = b"<html><body>502 Bad Gateway</body></html>"


@pytest.mark.parametrize(
    ("status", "content", "kind", "cause"),
    [
        (200, HTML, AnswerKind.UNKNOWN, "HTML"),
        (200, b"OK", AnswerKind.UNKNOWN, "NOT_JSON"),
        (200, b"", AnswerKind.UNKNOWN, "EMPTY_BODY"),
        (204, b"", AnswerKind.UNKNOWN, "EMPTY_BODY"),
        (200, b'{"code":0,"messa', AnswerKind.UNKNOWN, "JSON_CUT"),
        (429, b'{"code":40050,"mess', AnswerKind.UNKNOWN, "JSON_CUT"),
        (401, b'{"code":', AnswerKind.UNKNOWN, "JSON_CUT"),
        (200, b"[0]", AnswerKind.UNKNOWN, "NOT_AN_OBJECT"),
        (200, b"0", AnswerKind.UNKNOWN, "NOT_AN_OBJECT"),
        (200, b"null", AnswerKind.UNKNOWN, "NOT_AN_OBJECT"),
        (200, b'{"message":"OK"}', AnswerKind.UNKNOWN, "CODE_MISSING"),
        (200, b'{"code":"0"}', AnswerKind.UNKNOWN, "CODE_NOT_A_NUMBER"),
        (200, b'{"code":0.0}', AnswerKind.UNKNOWN, "CODE_NOT_A_NUMBER"),
        (200, b'{"code":false}', AnswerKind.UNKNOWN, "CODE_NOT_A_NUMBER"),
        (200, b'{"code":null}', AnswerKind.UNKNOWN, "CODE_NOT_A_NUMBER"),
        (429, b'{"code":"x"}', AnswerKind.UNKNOWN, "CODE_NOT_A_NUMBER"),
        (500, HTML, AnswerKind.UNKNOWN, "HTML"),
        (502, HTML, AnswerKind.UNKNOWN, "HTML"),
        (503, b"", AnswerKind.UNKNOWN, "EMPTY_BODY"),
        (504, HTML, AnswerKind.UNKNOWN, "HTML"),
        (400, HTML, AnswerKind.UNKNOWN, "HTML"),
        (403, HTML, AnswerKind.UNKNOWN, "HTML"),
        (408, b"", AnswerKind.UNKNOWN, "EMPTY_BODY"),
        (302, b"", AnswerKind.UNKNOWN, "EMPTY_BODY"),
        (303, b"", AnswerKind.UNKNOWN, "EMPTY_BODY"),
        (301, b"", AnswerKind.MISCONFIGURED, "EMPTY_BODY"),
        (307, b"", AnswerKind.MISCONFIGURED, "EMPTY_BODY"),
        (308, b"", AnswerKind.MISCONFIGURED, "EMPTY_BODY"),
        (401, b"", AnswerKind.BAD_CREDENTIALS, "EMPTY_BODY"),
        (404, HTML, AnswerKind.MISCONFIGURED, "HTML"),
        (405, b"", AnswerKind.MISCONFIGURED, "EMPTY_BODY"),
        (413, HTML, AnswerKind.REFUSED, "HTML"),
        (429, HTML, AnswerKind.THROTTLED, "HTML"),
        (429, b'{"message":"slow down"}', AnswerKind.THROTTLED, "CODE_MISSING"),
    ],
)
def test_without_an_envelope_only_a_status_that_proves_it_says_that_nothing_was_taken(
    status: int, content: bytes, kind: AnswerKind, cause: str
) -> None:
    answer = read_response(status, content, "text/html" if content.startswith(b"<") else "")
    assert (answer.kind, answer.cause, answer.code, answer.http_status) == (kind, cause, None, status)
    assert answer.refused_indices is None
    assert answer.pause_seconds == (DEFAULT_PAUSE_SECONDS if kind is AnswerKind.THROTTLED else None)


def test_an_envelope_is_read_whatever_its_content_type_and_with_a_byte_order_mark() -> None:
    assert read_response(200, b'{"code":0}', "text/html").kind is AnswerKind.ACCEPTED
    assert read_response(200, b'\xef\xbb\xbf {"code":0}', "").kind is AnswerKind.ACCEPTED
    assert read_response(200, b"\xef\xbb\xbf {", "").cause == "JSON_CUT"


def test_a_message_of_another_type_is_no_message() -> None:
    assert read_response(200, b'{"code":40002,"message":{"data":1}}', JSON).refused_indices is None


@given(st.integers(100, 599), st.binary(max_size=200), st.text(max_size=20))
def test_no_bytes_break_the_reader_or_count_as_accepted(status: int, content: bytes, content_type: str) -> None:
    assert read_response(status, content, content_type, now=0.0).kind is not AnswerKind.ACCEPTED


scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


@given(st.integers(100, 599), st.sampled_from([0, 20001, 40002, 40100, 50000, 1]), scalars, documents, scalars)
def test_no_envelope_breaks_the_reader(status: int, code: int, message: Any, data: Any, request_id: Any) -> None:
    body = orjson.dumps({"code": code, "message": message, "data": data, "request_id": request_id})
    answer = read_response(status, body, JSON, now=0.0)
    assert answer.code == code
    assert (answer.kind is AnswerKind.ACCEPTED) == (code == 0)


def test_a_code_that_no_source_lists_says_so() -> None:
    answer = read_response(200, b'{"code":49999,"message":"?","request_id":"R"}', "application/json")
    assert (answer.kind, answer.code, answer.cause) == (AnswerKind.UNKNOWN, 49999, "UNLISTED_CODE")
    listed = read_response(200, b'{"code":50000,"message":"?","request_id":"R"}', "application/json")
    assert (listed.kind, listed.cause) == (AnswerKind.UNKNOWN, "")
