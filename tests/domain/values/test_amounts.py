"""Every form of an amount and a currency that the format paper lists."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.values.amounts import Amount, AmountReader
from conversion_delivery.domain.values.currencies import CURRENCIES
from conversion_delivery.domain.values.currency_words import OTHER_CURRENCIES

NB, NARROW = "\u00a0", "\u202f"

OK = [
    (".", "59.90", 59.9),
    (".", "1000", 1000),
    (".", "15.999", 15.999),
    (".", "0.999", 0.999),
    (".", ".50", 0.5),
    (".", "12.5", 12.5),
    (".", " 12.50 ", 12.5),
    (".", "'12.50", 12.5),
    (".", "+12.50", 12.5),
    (".", "007.50", 7.5),
    (".", "123456789012345", 123456789012345),
    (".", "2,310.45", 2310.45),
    (".", "2.310,45", 2310.45),
    (".", "2 310,45", 2310.45),
    (".", f"2{NB}310,45", 2310.45),
    (".", f"2{NARROW}310.45", 2310.45),
    (".", "2'310.45", 2310.45),
    (".", "2’310.45", 2310.45),
    (".", "1,234,567", 1234567),
    (".", "1,23,456.78", 123456.78),
    (".", "2,310", 2310),
    (".", "2.310", 2.31),
    (",", "2,310", 2.31),
    (",", "2.310", 2310),
    (",", "19,95", 19.95),
    (",", "1000", 1000),
    (",", "2,310.45", 2310.45),
    (",", "1,234,567.89", 1234567.89),
    (",", "2.310,45", 2310.45),
    ("auto", "59.90", 59.9),
    ("auto", "19,95", 19.95),
    ("auto", "2310.123", 2310.123),
    ("auto", "0,999", 0.999),
]


@pytest.mark.parametrize(("mark", "cell", "expected"), OK)
def test_a_clear_amount_is_a_plain_number(mark: str, cell: str, expected: float) -> None:
    found = AmountReader(mark, "EUR").read(cell, "EUR")  # type: ignore[arg-type]

    assert found == expected
    assert type(found) is type(expected)


REFUSED = [
    ("auto", "2,310", "VALUE_AMBIGUOUS"),
    ("auto", "2.310", "VALUE_AMBIGUOUS"),
    ("auto", "15.999", "VALUE_AMBIGUOUS"),
    (".", "19,95", "VALUE_AMBIGUOUS"),
    (",", "12.50", "VALUE_AMBIGUOUS"),
    (",", "0.999", "VALUE_AMBIGUOUS"),
    (".", "(12.00)", "VALUE_NEGATIVE"),
    (".", "-12.00", "VALUE_NEGATIVE"),
    (".", "−12.00", "VALUE_NEGATIVE"),
    (".", "12.00-", "VALUE_NEGATIVE"),
    (".", "12.00 CR", "VALUE_NEGATIVE"),
    (".", "-$12.00", "VALUE_NEGATIVE"),
    (".", "($12.00)", "VALUE_NEGATIVE"),
    (",", "(12.00)", "VALUE_NEGATIVE"),
    (".", "2.3E+03", "VALUE_INVALID"),
    (".", "5.e1", "VALUE_INVALID"),
    (".", "1_000.00", "VALUE_INVALID"),
    (".", "NaN", "VALUE_INVALID"),
    (".", "Infinity", "VALUE_INVALID"),
    (".", "-inf", "VALUE_INVALID"),
    (".", "true", "VALUE_INVALID"),
    (".", "abc", "VALUE_INVALID"),
    (".", "5.", "VALUE_INVALID"),
    (".", "10%", "VALUE_INVALID"),
    (".", "12.00 DR", "VALUE_INVALID"),
    (".", "1,2,3", "VALUE_INVALID"),
    (".", "12 34", "VALUE_INVALID"),
    (".", "2026-11-10", "VALUE_INVALID"),
    (".", "#VALUE!", "VALUE_INVALID"),
    (".", "1234567890123456", "VALUE_INVALID"),
    (".", "ZZZ 5", "VALUE_INVALID"),
    (".", "5" + "," * 5_000 + "x5", "VALUE_INVALID"),
]


@pytest.mark.parametrize(("mark", "cell", "code"), REFUSED)
def test_what_is_no_clear_amount_is_refused_with_its_code(mark: str, cell: str, code: str) -> None:
    found = AmountReader(mark, "USD").read(cell, "USD")  # type: ignore[arg-type]

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == (code, None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("59.900000000000006", 59.9),
        ("0.30000000000000004", 0.3),
        ("1234567890.123456789", 1234567890.12346),
        ("99999999999999.99", 100000000000000.0),
    ],
)
def test_decimals_that_no_number_carries_are_rounded_with_a_warning(cell: str, value: float) -> None:
    assert AmountReader(".", "USD").read(cell) == CellFinding("VALUE_ROUNDED", "", Amount(value))


def test_tiktok_lists_62_currencies() -> None:
    assert len(CURRENCIES) == 62


@pytest.mark.parametrize("cell", ["", " ", "null", "N/A", "#N/A", "-", "\\N"])
def test_an_empty_amount_is_none(cell: str) -> None:
    assert AmountReader("auto", None).read(cell) is None


@pytest.mark.parametrize("cell", ["0", "0.00", "0,00", "-0.00", "$0"])
@pytest.mark.parametrize("mark", [".", ",", "auto"])
def test_zero_is_used_with_a_warning_in_any_file(mark: str, cell: str) -> None:
    found = AmountReader(mark, "USD").read(cell)  # type: ignore[arg-type]

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == ("VALUE_ZERO", Amount(0))


SYMBOLS = [
    # cell, the row's currency, the default, code, value
    ("$59.90", "", "USD", "VALUE_SYMBOL", Amount(59.9)),
    ("$59.90", "CAD", "USD", "VALUE_SYMBOL", Amount(59.9)),
    ("$59.90", "EUR", "USD", "CURRENCY_CONFLICT", None),
    ("$59.90", "", "EUR", "CURRENCY_CONFLICT", None),
    ("$59.90", "", None, "VALUE_SYMBOL", Amount(59.9)),
    ("US$59.90", "", None, "VALUE_SYMBOL", Amount(59.9, "USD")),
    ("59,90 EUR", "EUR", None, "VALUE_SYMBOL", Amount(59.9)),
    ("59,90 EUR", "", None, "VALUE_SYMBOL", Amount(59.9, "EUR")),
    ("59,90 EUR", "", "USD", "VALUE_SYMBOL", Amount(59.9, "EUR")),
    ("59,90 €", "USD", "USD", "CURRENCY_CONFLICT", None),
    ("USD 20.00", "USD", None, "VALUE_SYMBOL", Amount(20.0)),
    ("$20.00 USD", "", None, "VALUE_SYMBOL", Amount(20.0, "USD")),
    ("$20.00 EUR", "", None, "VALUE_INVALID", None),
    ("¥500", "USD", None, "CURRENCY_CONFLICT", None),
    ("R$ 10,00", "", None, "VALUE_SYMBOL", Amount(10.0, "BRL")),
    ("10 BGN", "", None, "CURRENCY_UNSUPPORTED", None),
    ("£1,240.00", "GBP", None, "VALUE_SYMBOL", Amount(1240.0)),
]


@pytest.mark.parametrize(("cell", "row", "default", "code", "value"), SYMBOLS)
def test_a_currency_in_the_amount_has_to_agree(
    cell: str, row: str, default: str | None, code: str, value: Amount | None
) -> None:
    found = AmountReader("auto", default).read(cell, row)

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == (code, value)


@pytest.mark.parametrize("code", sorted(CURRENCIES))
def test_every_currency_of_tiktoks_list_is_taken_in_any_case(code: str) -> None:
    amounts = AmountReader("auto", None)

    assert amounts.currency(code) == amounts.currency(code.lower()) == amounts.currency(f" {code}\u00a0") == code


def test_no_currency_is_both_listed_and_unlisted() -> None:
    assert not CURRENCIES & OTHER_CURRENCIES


CURRENCY_CELLS = [
    ("US$", "USD", CellFinding("CURRENCY_WORD", "US$", "USD")),
    ("$", "USD", CellFinding("CURRENCY_WORD", "$", "USD")),
    ("Dollar", "USD", CellFinding("CURRENCY_WORD", "***", "USD")),
    ("$", "EUR", CellFinding("CURRENCY_INVALID", "$")),
    ("$", None, CellFinding("CURRENCY_INVALID", "$")),
    ("ZZZ", "USD", CellFinding("CURRENCY_INVALID", "ZZZ")),
    ("Ann Lee", "USD", CellFinding("CURRENCY_INVALID", "***")),
    ("bgn", "USD", CellFinding("CURRENCY_UNSUPPORTED", "BGN")),
    ("", "USD", ""),
    ("n/a", "USD", ""),
]


@pytest.mark.parametrize(("cell", "default", "expected"), CURRENCY_CELLS)
def test_a_currency_cell_is_a_code_or_says_why_not(cell: str, default: str | None, expected: object) -> None:
    assert AmountReader("auto", default).currency(cell) == expected


AMOUNT_TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789.,'-+()$€ eE_\u00a0", max_size=24),
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.integers().map(str),
)


@settings(max_examples=500)
@given(cell=AMOUNT_TEXTS, mark=st.sampled_from([".", ",", "auto"]), row=st.sampled_from(["", "USD", "EUR"]))
def test_any_text_is_a_finite_positive_number_nothing_or_a_finding(cell: str, mark: str, row: str) -> None:
    found = AmountReader(mark, "USD").read(cell, row)  # type: ignore[arg-type]
    value = found.value.value if isinstance(found, CellFinding) and found.value is not None else found

    if isinstance(value, (int, float)):
        assert math.isfinite(value)
        assert value >= 0
    else:
        assert found is None or isinstance(found, CellFinding)


@given(st.integers(1, 10**13 - 1))
def test_cents_come_back_exactly(cents: int) -> None:
    text = f"{cents // 100}.{cents % 100:02d}"

    assert AmountReader(".", None).read(text) == float(text)
    assert AmountReader(".", None).read(f"{cents // 100:,}.{cents % 100:02d}") == float(text)
    assert AmountReader(",", None).read(text.replace(".", ",")) == float(text)


@given(
    st.integers(1, 10**8),
    st.sampled_from(["{0},{1:02d}", "{0}.{1:02d}", "{0},{1:02d} €", "EUR {0}.{1:02d}", "+{0},{1:02d}"]),
    st.sampled_from([".", ",", "auto"]),
)
def test_cents_are_never_read_as_a_hundred_times_as_much(cents: int, form: str, mark: str) -> None:
    """19,95 is 19.95 or refused, never 1995."""
    found = AmountReader(mark, "EUR").read(form.format(*divmod(cents, 100)))  # type: ignore[arg-type]
    value = found.value.value if isinstance(found, CellFinding) and found.value else found

    if not isinstance(value, CellFinding):
        assert value == cents / 100


@given(st.text(max_size=20))
def test_any_currency_text_is_a_listed_code_or_a_finding(cell: str) -> None:
    found = AmountReader("auto", "USD").currency(cell)

    assert isinstance(found, CellFinding) or found == "" or found in CURRENCIES
