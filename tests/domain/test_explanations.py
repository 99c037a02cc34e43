"""Every code speaks to a person: what happened, and what to do where a person can do something."""

from __future__ import annotations

import re

import pytest

from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.explanations import CODES, general_sentence, remedy_of

NOBODY_CAN_HELP = {"ALREADY_DELIVERED", "COPY_IN_BATCH", "FIRST_COPY_IN_REVIEW"}
"""Outcomes of rows that are already in good hands."""


@pytest.mark.parametrize("code", [name for name, code in CODES.items() if code.level in (Level.FILE, Level.ROW)])
def test_what_is_refused_comes_with_a_remedy(code: str) -> None:
    assert CODES[code].remedy or re.search(r"\{(?:advice|reason)\}", CODES[code].sentence)


@pytest.mark.parametrize("code", [name for name, code in CODES.items() if code.level is Level.OUTCOME])
def test_an_outcome_that_a_person_can_change_comes_with_a_remedy(code: str) -> None:
    assert bool(CODES[code].remedy) is (code not in NOBODY_CAN_HELP)


@pytest.mark.parametrize(
    "code", [name for name, code in CODES.items() if code.level in (Level.ROW, Level.WARNING, Level.IGNORED)]
)
def test_the_sentence_for_many_rows_is_whole_without_a_cell(code: str) -> None:
    sentence = general_sentence(code)

    assert re.search(r"[{}]|\(\)|\"\"| [,.;:]|  ", sentence) is None
    assert sentence[0].isupper()
    assert sentence.endswith((".", "!"))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("VALUE_INVALID", "The value is not an amount."),
        ("TIME_TOO_OLD", "The event is too old."),
        ("EVENT_ID_TOO_LONG", "The event id is too long; 256 are the most."),
        ("ROW_DUPLICATE", "The row is the same event as another row; it is sent once."),
        ("VALUE_ZERO", "The amount is zero."),
        ("NO_SUCH_CODE", "NO_SUCH_CODE"),
    ],
)
def test_cells_are_left_out_of_the_sentence_for_many_rows(code: str, sentence: str) -> None:
    assert general_sentence(code) == sentence


def test_a_refusal_keeps_tiktoks_number_and_the_remedy_of_its_kind() -> None:
    assert general_sentence("TIKTOK_REFUSED:40002:user.email") == (
        "TikTok refused the event (its code 40002), field user.email."
    )
    assert remedy_of("TIKTOK_REFUSED:40002:user.email") == remedy_of("TIKTOK_REFUSED") != ""
    assert remedy_of("NO_SUCH_CODE") == ""
