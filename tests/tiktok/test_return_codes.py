from __future__ import annotations

import pytest

from conversion_delivery.tiktok.return_codes import RETURN_CODES, kind_of, return_code
from conversion_delivery.workflows.events_api_ports import AnswerKind

EXPECTED = {
    AnswerKind.ACCEPTED: [0],
    AnswerKind.PARTIAL: [20001],
    AnswerKind.REFUSED: [40000, 40002, 40061, 40062, 40700, 41002],
    AnswerKind.THROTTLED: [40016, 40100, 40132, 40133, 61000],
    AnswerKind.BAD_CREDENTIALS: [
        *(40001, 40003, 40101, 40102, 40104, 40105, 40106),
        *(40113, 40118, 40119, 40125, 40130),
    ],
    AnswerKind.MISCONFIGURED: [
        *(40006, 40007, 40008, 40009, 40010, 40014, 40051, 40063),
        *(40300, 40301, 41000, 41001),
    ],
    AnswerKind.UNKNOWN: [40050, 40202, 50000, 50002, 60001],
}
LISTED = [(code, kind) for kind, codes in EXPECTED.items() for code in codes]


@pytest.mark.parametrize(("code", "kind"), LISTED)
def test_every_listed_code_has_the_reaction_that_was_thought_through(code: int, kind: AnswerKind) -> None:
    assert kind_of(code) is kind


def test_the_table_holds_exactly_the_listed_codes_and_three_ranges_of_server_faults() -> None:
    singles = sorted(entry.first for entry in RETURN_CODES if entry.first == entry.last)
    ranges = [(entry.first, entry.last, entry.kind) for entry in RETURN_CODES if entry.first != entry.last]
    assert singles == sorted(code for code, _ in LISTED)
    assert ranges == [
        (51000, 51099, AnswerKind.UNKNOWN),
        (52000, 52299, AnswerKind.UNKNOWN),
        (53000, 53199, AnswerKind.UNKNOWN),
    ]


@pytest.mark.parametrize("code", [51000, 51050, 51099, 52299, 53000, 53199])
def test_a_code_inside_a_range_is_found_at_both_ends(code: int) -> None:
    entry = return_code(code)
    assert entry is not None
    assert entry.first <= code <= entry.last


@pytest.mark.parametrize("code", [-1, 1, 200, 20000, 40004, 40099, 50999, 51100, 53200, 99999, 10**12])
def test_a_code_that_nobody_lists_means_that_nothing_is_known(code: int) -> None:
    assert return_code(code) is None
    assert kind_of(code) is AnswerKind.UNKNOWN


def test_every_entry_says_where_it_comes_from() -> None:
    known = {"REFERENCE", "SDK", "PORTAL", "CLIENTS"}
    for entry in RETURN_CODES:
        assert entry.meaning
        assert entry.sources
        assert set(entry.sources.split()) <= known
        assert entry.confidence != "confirmed" or len(entry.sources.split()) >= 2
