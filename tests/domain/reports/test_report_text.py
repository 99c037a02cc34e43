"""The mail: one screen, the first line says it all, and nothing of a file steers a terminal."""

from __future__ import annotations

from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.reports.report_text import CAUSES_SHOWN, WIDTH, report_text
from tests.domain.reports.built_summaries import delivered_event, reading_plan, summary


def test_the_first_line_says_what_happened_and_what_to_do() -> None:
    text = report_text(summary({"delivered": 2}, events=[delivered_event()] * 2))

    assert text.splitlines()[0] == "All 2 events are with TikTok. Nothing to do."


def test_causes_stand_with_rows_first_lines_and_remedy() -> None:
    document = summary(
        {"delivered": 9},
        rejected={"EMAIL_INVALID": 21, "VALUE_INVALID": 1},
        lines={"EMAIL_INVALID": (14, 92, 118, 240, 311), "VALUE_INVALID": (1200,)},
    )
    lines = report_text(document).splitlines()

    at = lines.index("         21  EMAIL_INVALID; lines 14, 92, 118, 240, 311 …")
    assert lines[at + 1 : at + 3] == [
        "             The value is not an e-mail address.",
        "             Write one address such as name@shop.com.",
    ]
    assert "          1  VALUE_INVALID; line 1,200" in lines


def test_the_totals_add_up_on_sight() -> None:
    document = summary(
        {"delivered": 5, "refused": 1, "duplicate": 2},
        rejected={"EMAIL_INVALID": 3},
        events=[delivered_event(1234.5)] * 5,
    )
    text = report_text(document)

    assert "         11  rows read, of which" in text
    assert "          6    accepted" in text
    assert "          5    delivered to TikTok" in text
    assert "   6,172.50  USD: value" in text


def test_a_mail_is_short_however_many_causes_there_are() -> None:
    codes = [name for name, code in CODES.items() if code.level is Level.ROW]
    rejected = dict.fromkeys(codes, 10)
    text = report_text(summary({"delivered": 5}, rejected=rejected, warnings=rejected, events=[delivered_event()] * 5))

    assert f"{len(codes) - CAUSES_SHOWN} further causes: see report.html" in text
    assert len(text.splitlines()) < 70


def test_lines_fit_a_mail_program() -> None:
    document = summary(
        {"delivered": 5, "refused": 3}, rejected={"VALUE_INVALID": 2}, plan=reading_plan(*("x" * 9,) * 90)
    )
    first, *lines = report_text(document).splitlines()

    assert len(first) < 2 * WIDTH
    assert max(map(len, lines)) <= WIDTH


def test_a_refused_file_names_its_cause_and_its_remedy() -> None:
    text = report_text(summary(refused=("FILE_EMPTY", {})))

    assert text.startswith(
        "The file was refused and nothing was sent. The file has no content. Drop the file again when it is whole.\n"
    )
    assert "rows read" not in text


def test_names_of_a_file_cannot_steer_a_terminal() -> None:
    text = report_text(summary({"delivered": 1}, key="uploads/shop/a\x1b[31m\u202egpj.csv"))

    assert "File: a\ufffd[31m\ufffdgpj.csv" in text


def test_the_text_is_the_same_for_the_same_summary() -> None:
    document = summary({"delivered": 5}, rejected={"EMAIL_INVALID": 2, "TIME_MISSING": 2})

    assert report_text(document) == report_text(document)
