"""Numbers of a summary add up, and say no more than they may."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.domain.reading.reading_plans import FileHint
from conversion_delivery.domain.reports.report_figures import event_names_of
from conversion_delivery.domain.reports.summaries import Outcomes
from tests.domain.reports.built_summaries import EMAIL, PHONE, delivered_event, reading_plan, summary

COUNTS = st.integers(0, 10**9)


def adds_up(counts: dict[str, int]) -> bool:
    accepted = sum(counts.get(name, 0) for name in ("delivered", "refused", "not_sent", "review", "open", "would_send"))
    rows = sum(counts[name] for name in ("accepted", "rejected", "duplicates", "ignored"))
    return counts["accepted"] == accepted and counts["rows_read"] == rows


@given(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_delivered_files_add_up(
    delivered: int, refused: int, not_sent: int, review: int, duplicates: int, rejected: int, ignored: int
) -> None:
    outcomes = {
        "delivered": delivered,
        "refused": refused,
        "not_sent": not_sent,
        "review": review,
        "duplicate": duplicates,
    }
    document = summary(outcomes, rejected={"EMAIL_INVALID": rejected}, ignored={"ROW_BLANK": ignored})

    assert adds_up(document["counts"])
    assert document["counts"]["open"] == 0


@given(COUNTS, COUNTS, COUNTS)
def test_checked_files_add_up_and_nothing_of_them_is_delivered(would_send: int, rejected: int, ignored: int) -> None:
    counts = summary(
        would_send=would_send,
        rejected={"EMAIL_INVALID": rejected},
        ignored={"ROW_BLANK": ignored},
        key="validate/shop/sales.csv",
    )["counts"]

    assert adds_up(counts)
    assert counts["would_send"] == counts["accepted"] == would_send
    assert counts["delivered"] == counts["open"] == counts["not_sent"] == 0


@pytest.mark.parametrize(
    ("document", "state"),
    [
        (summary({"delivered": 1}), "DONE"),
        (summary({"delivered": 1}, rejected={"EMAIL_INVALID": 1}), "DONE_WITH_REJECTS"),
        (summary({"refused": 1}), "DONE_WITH_REJECTS"),
        (summary({"review": 1}), "PARTIAL"),
        (summary({"not_sent": 1}), "PARTIAL"),
        (summary(still_open=1), "PARTIAL"),
        (summary({"delivered": 1}, stopped="HOPS_EXCEEDED"), "PARTIAL"),
        (summary(refused=("FILE_EMPTY", {})), "REJECTED"),
        (summary(would_send=2, key="validate/shop/a.csv"), "VALIDATED"),
        (summary(rejected={"EMAIL_INVALID": 2}, key="validate/shop/a.csv"), "VALIDATED"),
        (summary(refused=("FILE_EMPTY", {}), key="validate/shop/a.csv"), "REJECTED"),
    ],
)
def test_the_state_says_how_the_file_ended(document: dict[str, object], state: str) -> None:
    assert document["state"] == state


def test_days_identifiers_and_values_speak_of_the_delivered_events() -> None:
    events = [
        delivered_event(10.5, days_ago=2, keys=EMAIL),
        delivered_event(1.25, "EUR", days_ago=1, keys=PHONE),
        delivered_event(2, days_ago=1, event="Subscribe", keys=EMAIL | PHONE),
        delivered_event(None, "", days_ago=1, event="Contact", keys=0),
    ]
    document = summary({"delivered": 4}, events=events)

    assert document["by_day"] == [
        {"date": "2026-11-18", "events": 1, "value": {"USD": "10.5"}},
        {"date": "2026-11-19", "events": 3, "value": {"EUR": "1.25", "USD": "2"}},
    ]
    assert document["value"] == {"EUR": "1.25", "USD": "12.5"}
    keys = document["match_keys"]
    assert (keys["events"], keys["email"], keys["phone"], keys["email_and_phone"], keys["none"]) == (4, 2, 2, 1, 1)


def test_a_checked_file_shows_the_figures_of_what_would_be_sent() -> None:
    document = summary(would_send=1, events=[delivered_event(5)], key="validate/shop/a.csv")

    assert document["value"] == {"USD": "5"}
    assert document["delivered"] == [{"event": "Purchase", "currency": "USD", "events": 1, "value": "5"}]


def test_first_lines_come_from_rejects_and_from_batches() -> None:
    outcomes = Outcomes()
    for number, lines in ((1, [9, 12]), (2, [1001, 1002, 1003, 1004])):
        tally = {"codes": {"UPLOAD_AGAIN": len(lines)}, "lines": {"UPLOAD_AGAIN": lines}}
        outcomes.add(BatchRecord(BatchId("0" * 32, number), closed_at=1.0, tally=tally), {})

    assert outcomes.lines == {"UPLOAD_AGAIN": [9, 12, 1001, 1002, 1003]}
    document = summary(rejected={"EMAIL_INVALID": 2}, lines={"EMAIL_INVALID": (3, 7), "GONE": (1,)})
    assert document["first_lines"] == {"EMAIL_INVALID": [3, 7]}, "codes without rows have no lines"


def test_every_code_has_its_sentence_and_its_remedy() -> None:
    document = summary(
        {"refused": 1},
        codes={"TIKTOK_REFUSED:40002:user.email": 1},
        rejected={"TIME_TOO_OLD": 1},
        warnings={"VALUE_ZERO": 1},
    )

    assert document["sentences"] == {
        "TIKTOK_REFUSED:40002:user.email": "TikTok refused the event (its code 40002), field user.email.",
        "TIME_TOO_OLD": "The event is too old.",
        "VALUE_ZERO": "The amount is zero.",
    }
    assert {"TIKTOK_REFUSED:40002:user.email", "TIME_TOO_OLD"} <= set(document["remedies"])


def test_hints_and_unused_columns_are_notes() -> None:
    plan = reading_plan().model_copy(update={"hints": (FileHint(code="DATE_ORDER_INFERRED", facts={"order": "DMY"}),)})

    assert summary({"delivered": 1}, plan=plan)["notes"] == [
        {
            "code": "DATE_ORDER_INFERRED",
            "message": "Dates such as 03/04/2026 were read in the order DMY, as seen.",
            "remedy": "If that is wrong, set `date_order`.",
        }
    ]


def test_event_labels_that_look_personal_are_hidden() -> None:
    plan = reading_plan(event_map={"Sale": "Purchase", "jane.doe@example.com": "Contact"})

    assert event_names_of(plan) == {"Sale": "Purchase", "j***@e***.com": "Contact"}


def test_a_summary_is_json() -> None:
    document = summary({"delivered": 3}, events=[delivered_event()] * 3)

    assert json.loads(json.dumps(document)) == document


def test_a_refused_file_has_a_summary_without_figures() -> None:
    document = summary(refused=("FILE_EMPTY", {}))

    assert (document["reading"], document["notes"], document["by_day"], document["value"]) == (None, [], [], {})
    assert document["remedies"] == {"FILE_EMPTY": "Drop the file again when it is whole."}
