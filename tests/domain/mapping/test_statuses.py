"""Which rows count, and which may be sent."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.conversions import Ignored, Rejection
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.mapping.statuses import ConsentWords, StatusWords
from tests.domain.rows_to_read import CLEAN, accepted, plan_of, problem_codes, read, read_clean


@pytest.mark.parametrize("cell", ["paid", "Paid", "COMPLETED", "Closed Won", "closedwon", "captured", "", "N/A"])
def test_money_that_has_come_in_counts_and_an_empty_status_says_nothing(cell: str) -> None:
    assert StatusWords()[cell] is None


@pytest.mark.parametrize(
    "cell",
    ["pending", "authorized", "voided", "refunded", "partially_refunded", "partially_paid", "cancelled", "2026-11-01"],
)
def test_any_other_status_does_not_count(cell: str) -> None:
    finding = StatusWords()[cell]

    assert finding is not None
    assert finding.code == "STATUS_NOT_COUNTED"


def test_the_setting_replaces_the_words_that_count() -> None:
    words = StatusWords(("Partially Refunded",))

    assert words["partially_refunded"] is None
    assert words["paid"] is not None


@pytest.mark.parametrize("cell", ["Granted", "TRUE", "yes", "1", "", "Unspecified", "unknown", "opt-in"])
def test_consent_that_is_given_or_not_recorded_lets_a_row_pass(cell: str) -> None:
    assert ConsentWords("Ad User Data")[cell] is None


@pytest.mark.parametrize("cell", ["Denied", "false", "No", "0", "opted out", "withdrawn"])
def test_denied_consent_is_recognised(cell: str) -> None:
    finding = ConsentWords("consent")[cell]

    assert finding is not None
    assert finding.code == "CONSENT_DENIED"


@pytest.mark.parametrize("header", ["opt_out", "Opt Out", "optOut", "do-not-sell", "Unsubscribed"])
def test_under_a_header_that_asks_for_the_objection_yes_means_denied(header: str) -> None:
    words = ConsentWords(header)

    assert words["true"] is not None
    assert words["denied"] is not None
    assert words["false"] is None
    assert words["granted"] is None


def test_a_word_that_nobody_understands_is_no_consent() -> None:
    verdict = read_clean({"consent": "maybe"})

    assert isinstance(verdict, Rejection)
    assert problem_codes(verdict) == ["CONSENT_UNCLEAR"]


def test_a_row_without_consent_or_countable_status_is_ignored_and_not_an_error() -> None:
    assert isinstance(read_clean({"consent": "Denied"}), Ignored)
    assert problem_codes(read_clean({"consent": "Denied"})) == ["CONSENT_DENIED"]
    assert problem_codes(read_clean({"status": "voided"})) == ["STATUS_NOT_COUNTED"]
    assert problem_codes(read_clean({"status": "voided"}, countable_status=["voided"])) == []
    accepted(read_clean({"consent": "Granted", "status": "paid"}))


def test_every_status_column_has_to_count() -> None:
    columns = [(field, field) for field in CLEAN] + [("Financial Status", "status"), ("Cancelled at", "status")]
    reader = ConversionReader(plan_of([*columns]))

    accepted(reader.read([*CLEAN.values(), "paid", ""]))
    verdict = reader.read([*CLEAN.values(), "paid", "2026-11-12"])

    assert isinstance(verdict, Ignored)
    assert verdict.problem.column == "Cancelled at"


def test_the_first_filled_consent_column_decides() -> None:
    columns = [(field, field) for field in CLEAN] + [("Ad User Data", "consent"), ("Ad Personalization", "consent")]
    reader = ConversionReader(plan_of(columns))

    accepted(reader.read([*CLEAN.values(), "Granted", "Denied"]))
    assert problem_codes(reader.read([*CLEAN.values(), "Denied", "Granted"])) == ["CONSENT_DENIED"]
    assert problem_codes(reader.read([*CLEAN.values(), "", "Denied"])) == ["CONSENT_DENIED"]


def test_a_repeated_header_is_not_taken_for_a_status() -> None:
    row = {field: field for field in (*CLEAN, "status")}

    assert problem_codes(read(row)) == ["HEADER_REPEATED"]
