"""What sentences may show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.values.masking import HIDDEN, mask, mask_email, mask_phone


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ava.lopez@example.com", "a***@e***.com"),
        ("ava.lopez@mail.example.co.uk", "a***@m***.uk"),
        ("jane@mail", "j***@m***"),
        ("av@example.com", "***@e***.com"),
        ("ava@example.ava123", "a***@e***"),
        ("ava@x@example.com", HIDDEN),
        ("Ava Lopez <ava@example.com>", HIDDEN),
        ("ava@x.com;ben@x.com", HIDDEN),
        ("ava", HIDDEN),
        ("", HIDDEN),
        ("@", "***@***"),
    ],
)
def test_an_address_keeps_its_first_letters_and_its_ending(text: str, shown: str) -> None:
    assert mask_email(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+14155550123", "+1 *** *** 0123"),
        ("+49 30 23125042", "+49 *** *** 5042"),
        ("+971 50 123 4567", "+971 *** *** 4567"),
        ("(415) 555-0123", "*** *** 0123"),
        ("+999123456789", "*** *** 6789"),
        ("+0123456789", "*** *** 6789"),
        ("5550123", HIDDEN),
        ("415-555-0123; 415-555-0124", HIDDEN),
        ("CALL-ME", HIDDEN),
        ("", HIDDEN),
    ],
)
def test_a_number_keeps_its_country_code_and_last_four_digits(text: str, shown: str) -> None:
    assert mask_phone(text) == shown


SHOWN = [
    "2026-11-10",
    "2026-11-10T14:05:00Z",
    "2026-11-04T10:01:00Z-0800",
    "31/31/2026 08:00",
    "5.11.26 9:05",
    "25:10",
    "5-Nov",
    "Nov 07, 2026 4:05:06",
    "20261107",
    "45321.75",
    "59.90",
    "-12.00",
    "(12.00)",
    "$59.90",
    "59,90 EUR",
    "USD 20.00",
    "12.00 CR",
    "2,310.45",
    "2.3E+03",
    "US$",
    "ZZZ",
    "NaN",
    "########",
    "#VALUE!",
    "#DIV/0!",
]


@pytest.mark.parametrize("text", SHOWN)
def test_dates_amounts_and_codes_are_shown_as_they_are(text: str) -> None:
    assert mask(text) == text


HIDDEN_CELLS = [
    "4155550123",
    "415-555-0123",
    "415.555.0123",
    "(415) 555-0123",
    "555-0123",
    "030/23125-099",
    "06.12.34.56.78",
    "612 345 678",
    "+14155550123",
    "1794409200",
    "Ava Lopez",
    "ava",
    "Smith",
    "078-05-1120",
    "f" * 64,
    "",
]


@pytest.mark.parametrize("text", HIDDEN_CELLS)
def test_what_may_be_a_number_or_a_name_is_hidden(text: str) -> None:
    assert mask(text) == HIDDEN


def test_an_address_in_a_wrong_column_is_masked_as_one() -> None:
    assert mask("ava.lopez@example.com") == "a***@e***.com"


LOCALS = st.from_regex(r"\A[a-z0-9][a-z0-9._+]{0,20}[a-z0-9]\Z")


@settings(max_examples=500)
@given(LOCALS, st.sampled_from(["{}@example.com", "{}@mail", "x {}@example.com", "{}@a.com,{}@b.com", "{}"]))
def test_the_name_of_an_address_is_never_shown(local: str, form: str) -> None:
    assert local not in mask_email(form.format(local, local))


@settings(max_examples=500)
@given(st.text(alphabet="0123456789+-()./ ;", max_size=40))
def test_a_masked_number_shows_at_most_its_country_code_and_four_digits(text: str) -> None:
    shown = mask_phone(text)
    code, stars, rest = shown.partition(HIDDEN)

    assert stars
    assert sum(character.isdigit() for character in rest) <= 4
    assert sum(character.isdigit() for character in code) <= 3


@settings(max_examples=500)
@given(
    st.integers(2_000_000_000, 9_999_999_999).map(str),
    st.sampled_from(
        ["{}", "{0[0]}-{1}", "({0[0]}{0[1]}{0[2]}) {2}-{3}", "{4}-{2}-{3}", "{4}.{2}.{3}", "+1{}", "{4} {2} {3}"]
    ),
)
def test_a_phone_number_in_any_column_is_not_shown(number: str, form: str) -> None:
    text = form.format(number, number[1:], number[3:6], number[6:], number[:3])

    assert mask(text) == HIDDEN
