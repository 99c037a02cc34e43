"""The headline says what happened and whether something must be done, for every way a file can end."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.domain.reports.report_sentences import Tone, amount, counted, expectations, headline
from tests.domain.reports.built_summaries import delivered_event, reading_plan, summary

CORRECT = "Correct the rows in rejected.csv and drop that file; what was delivered is not sent twice."
UNSENT = "Drop rejected.csv to have the unsent rows sent; they need no correction, and nothing is sent twice."
REVIEW = "Ask the operator to compare the events in review with Events Manager and to decide about them."
NOTHING: tuple[str, ...] = ()

CASES: dict[str, tuple[dict[str, Any], Tone, str, tuple[str, ...]]] = {
    "all delivered": (
        summary({"delivered": 12_400}),
        Tone.GOOD,
        "All 12,400 events are with TikTok.",
        NOTHING,
    ),
    "one row, delivered": (summary({"delivered": 1}), Tone.GOOD, "1 event is with TikTok.", NOTHING),
    "rows left out and rows known before are nobody's trouble": (
        summary({"delivered": 10, "duplicate": 3}, codes={"ALREADY_DELIVERED": 3}, ignored={"ROW_BLANK": 2}),
        Tone.GOOD,
        "10 events are with TikTok (3 sent before or repeated, 2 left out on purpose).",
        NOTHING,
    ),
    "some rejected": (
        summary({"delivered": 12_363}, rejected={"EMAIL_INVALID": 37}),
        Tone.ATTENTION,
        "37 rows must be corrected. 12,363 events are with TikTok.",
        (CORRECT,),
    ),
    "all rejected": (
        summary(rejected={"EMAIL_INVALID": 1}),
        Tone.ATTENTION,
        "1 row must be corrected. No event reached TikTok.",
        (CORRECT,),
    ),
    "refused by TikTok": (
        summary({"delivered": 8, "refused": 2}, codes={"TIKTOK_REFUSED:40002:": 2}),
        Tone.ATTENTION,
        "TikTok refused 2 events. 8 events are with TikTok.",
        (CORRECT,),
    ),
    "refused and rejected are one thing to do": (
        summary({"delivered": 8, "refused": 2}, codes={"TIKTOK_REFUSED:40002:": 2}, rejected={"EMAIL_INVALID": 5}),
        Tone.ATTENTION,
        "TikTok refused 2 events. 5 rows must be corrected. 8 events are with TikTok.",
        (CORRECT,),
    ),
    "in review": (
        summary({"delivered": 5, "review": 1}, codes={"OUTCOME_UNKNOWN": 1}),
        Tone.ATTENTION,
        "A person is needed: 1 event may or may not have been counted. 5 events are with TikTok.",
        (REVIEW,),
    ),
    "not sent": (
        summary({"not_sent": 4}, codes={"UPLOAD_AGAIN": 4}),
        Tone.ATTENTION,
        "4 events could not be sent. No event reached TikTok.",
        (UNSENT,),
    ),
    "everything at once names the two most urgent": (
        summary({"delivered": 9, "review": 1, "not_sent": 2, "refused": 3}, rejected={"EMAIL_INVALID": 4}),
        Tone.ATTENTION,
        "A person is needed: 1 event may or may not have been counted. 2 events could not be sent."
        " 9 events are with TikTok.",
        (REVIEW, UNSENT, CORRECT),
    ),
    "still open": (
        summary({"delivered": 2}, still_open=3),
        Tone.ATTENTION,
        "3 events had no outcome when this report was written. 2 events are with TikTok.",
        ("Ask the operator to look at the file's open batches.",),
    ),
    "only known before": (
        summary({"duplicate": 12_400}, codes={"ALREADY_DELIVERED": 12_400}),
        Tone.GOOD,
        "Nothing new was sent: all 12,400 rows had been delivered before.",
        NOTHING,
    ),
    "known before, with others left out": (
        summary({"duplicate": 10}, codes={"ALREADY_DELIVERED": 10}, ignored={"ROW_BLANK": 1}),
        Tone.GOOD,
        "Nothing new was sent: 10 of 11 rows had been delivered before.",
        NOTHING,
    ),
    "a copy waited for another file in vain": (
        summary({"duplicate": 2}, codes={"FIRST_COPY_NOT_DELIVERED": 2}),
        Tone.ATTENTION,
        "2 rows waited for another file, whose copy was not delivered. No event reached TikTok.",
        ("Drop the file again: those rows are sent then, and nothing is sent twice.",),
    ),
    "all left out on purpose": (
        summary(ignored={"STATUS_NOT_COUNTED": 7}),
        Tone.GOOD,
        "Nothing was sent: all 7 rows were left out on purpose.",
        NOTHING,
    ),
    "no rows": (summary(), Tone.GOOD, "The file holds no rows.", NOTHING),
    "test events": (
        summary({"delivered": 12}, plan=reading_plan(test_event_code="TEST1")),
        Tone.GOOD,
        "All 12 events went to TikTok's Test Events, where nothing is counted.",
        NOTHING,
    ),
    "only checked, all good": (
        summary(would_send=96, key="validate/shop/a.csv"),
        Tone.GOOD,
        "Checked only, nothing was sent. All 96 rows would be sent.",
        ("To deliver the file, drop it into its destination's folder below uploads/.",),
    ),
    "only checked, some bad": (
        summary(would_send=96, rejected={"EMAIL_INVALID": 4}, key="validate/shop/a.csv"),
        Tone.ATTENTION,
        "Checked only, nothing was sent. 4 rows must be corrected. 96 of 100 rows would be sent.",
        (
            "Correct the rows that rejected.csv lists, each with its reason.",
            "To deliver the file, drop it into its destination's folder below uploads/.",
        ),
    ),
    "only checked, all bad": (
        summary(rejected={"EMAIL_INVALID": 4}, key="validate/shop/a.csv"),
        Tone.ATTENTION,
        "Checked only, nothing was sent. 4 rows must be corrected. No row would be sent.",
        ("Correct the rows that rejected.csv lists, each with its reason.",),
    ),
    "stopped in the middle": (
        summary({"delivered": 500}, stopped="FILE_GONE"),
        Tone.ATTENTION,
        "Only a part of the file was read. The file was deleted before it had been read completely. Rows read before"
        " that are reported. 500 events are with TikTok.",
        ("Drop the file again; rows that were delivered are not sent twice.",),
    ),
    "file refused": (
        summary(refused=("FILE_EMPTY", {})),
        Tone.FAILURE,
        "The file was refused and nothing was sent. The file has no content.",
        ("Drop the file again when it is whole.",),
    ),
    "file refused, by a code of a later version": (
        summary(refused=("NEW_CODE", {})),
        Tone.FAILURE,
        "The file was refused and nothing was sent. NEW_CODE",
        ("Correct the file, then drop it again.",),
    ),
    "a refused file that was only to be checked is refused": (
        summary(refused=("FILE_EMPTY", {}), key="validate/shop/a.csv"),
        Tone.FAILURE,
        "The file was refused and nothing was sent. The file has no content.",
        ("Drop the file again when it is whole.",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_headline_says_what_happened_and_what_to_do(name: str) -> None:
    document, tone, sentence, todo = CASES[name]
    said = headline(document)

    assert said.sentence == sentence
    assert said.todo == todo
    assert said.tone == tone


def test_the_returned_file_is_called_by_its_name() -> None:
    rejected = summary(rejected={"EMAIL_INVALID": 1})
    as_json = {**rejected, "reports": {"rejected": "reports/shop/a/rejected.jsonl"}}

    assert "rows in rejected.jsonl and" in headline(as_json).line


def test_where_rows_are_not_given_back_nobody_is_sent_to_look_for_them() -> None:
    kept = {"reports": {"summary": "summary.json"}}

    assert headline({**summary(rejected={"EMAIL_INVALID": 1}), **kept}).todo == (
        "Correct the rows in your file and drop it again; what was delivered is not sent twice.",
    )
    assert headline({**summary({"not_sent": 1}), **kept}).todo == (
        "Drop the file again to have the unsent rows sent; they need no correction, and nothing is sent twice.",
    )


def test_the_line_of_a_mail_ends_with_what_to_do() -> None:
    assert headline(summary({"delivered": 2})).line == "All 2 events are with TikTok. Nothing to do."
    assert headline(summary({"refused": 2})).line.endswith(CORRECT)


def test_the_days_of_an_earlier_delivery_are_named_where_they_are_known() -> None:
    known = summary({"duplicate": 2}, codes={"ALREADY_DELIVERED": 2})
    before = [{"date": "2026-11-12"}, {"date": "2026-11-19"}]

    assert "(2026-11-12 to 2026-11-19)" in headline({**known, "delivered_before": before}).sentence
    assert "(2026-11-12)" in headline({**known, "delivered_before": before[:1]}).sentence


def test_what_to_expect_is_said_only_where_something_was_delivered() -> None:
    assert expectations(summary({"refused": 2})) == ()
    assert len(expectations(summary({"delivered": 2}, events=[delivered_event()]))) == 3


@pytest.mark.parametrize(
    ("text", "shown"), [("1234567.5", "1,234,567.50"), ("0.125", "0.125"), ("12", "12"), ("1E+30", "1E+30")]
)
def test_amounts_have_thousands_marks(text: str, shown: str) -> None:
    assert amount(text) == shown


def test_nouns_follow_their_number() -> None:
    assert [counted(1, "row"), counted(1200, "row"), counted(2, "entry", "entries")] == [
        "1 row",
        "1,200 rows",
        "2 entries",
    ]
