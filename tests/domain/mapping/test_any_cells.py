"""Whatever stands in the cells, under whatever settings: a verdict, sentences without persons, and sound values."""

from __future__ import annotations

import re
from typing import Any

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import Conversion, Ignored, Problem, Verdict
from conversion_delivery.domain.explanations import CODES, explain
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from tests.domain.rows_to_read import AS_OF, CLEAN, plan_of

FIELDS = [*CLEAN, "status", "refunded_amount", "country", "event_zone", "contents[].price", "lead_id"]
PIECES = st.sampled_from(
    [
        *"+10,.@;[]-/:TZ$€='\" \u00a0\u0663²\n",
        *["415", "5550123", "19", "95", "E+13", "x.com", "ava", "2026", "11", "46334", "EUR"],
        "f" * 63,
        "0" * 64,
    ]
)
CELLS = st.one_of(
    st.lists(PIECES, max_size=8).map("".join),
    st.text(max_size=30),
    st.sampled_from([*CLEAN.values(), "partially_refunded", "DE", "n/a", "true", "NaN", "Infinity", "1e999", "[[[["]),
)
SETTINGS = st.fixed_dictionaries(
    {
        "zero_value": st.sampled_from(["warn", "reject"]),
        "partial_refunds": st.sampled_from(["ignore", "gross", "net"]),
        "several_values": st.sampled_from(["all", "first"]),
        "spreadsheet_dates": st.booleans(),
        "decimal_mark": st.sampled_from([".", ",", "auto"]),
        "default_country": st.sampled_from([None, "US", "DE"]),
        "default_currency": st.sampled_from([None, "EUR"]),
        "event_source": st.sampled_from(["offline", "crm"]),
    }
)


def problems_of(verdict: Verdict) -> tuple[Problem, ...]:
    if isinstance(verdict, Ignored):
        return (verdict.problem,)
    return verdict.warnings if isinstance(verdict, Conversion) else verdict.problems + verdict.warnings


@settings(max_examples=400, deadline=None)
@given(changed=st.dictionaries(st.sampled_from(FIELDS), CELLS, max_size=6), chosen=SETTINGS)
def test_any_cells_have_a_verdict_with_sentences_and_sound_values(
    changed: dict[str, str], chosen: dict[str, Any]
) -> None:
    row = CLEAN | changed
    verdict = ConversionReader(plan_of([(field, field) for field in row], **chosen)).read(list(row.values()))

    assert all(problem.code in CODES and explain(problem, 2) for problem in problems_of(verdict))
    if isinstance(verdict, Conversion):
        assert AS_OF - 28 * 86_400 <= verdict.event_time <= AS_OF + 600
        assert verdict.value is None or 0 <= verdict.value < 10**15
        for phone in verdict.phones:
            assert len(phone) == 64 or phonenumbers.is_possible_number(phonenumbers.parse(phone))
        for email in verdict.emails:
            assert len(email) == 64 or (email == email.strip().lower() and email.count("@") == 1)


NUMBERS = st.from_regex(r"\A\+?1?[2-9][0-9]{2}[ .-]?[0-9]{3}[ .-]?[0-9]{4}\Z")


@settings(max_examples=300, deadline=None)
@given(
    NUMBERS,
    st.sampled_from(["{}", "{};{}", "{}x", "{}.0", "call {}", "{}@x", "'{}"]),
    st.sampled_from(["phone", "email"]),
)
def test_no_sentence_shows_more_of_a_number_than_country_code_and_four_digits(
    number: str, form: str, field: str
) -> None:
    row = CLEAN | {"phone": "", "email": ""} | {field: form.format(number, number)}
    verdict = ConversionReader(plan_of([(name, name) for name in row])).read(list(row.values()))

    for problem in problems_of(verdict):
        assert len(re.sub(r"\D", "", re.sub(r"^[+][0-9]{1,3} ", "", problem.shown))) <= 4
