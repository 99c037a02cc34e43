"""Every form of a phone number that the format paper lists, and agreement with ``phonenumbers``."""

from __future__ import annotations

import hashlib

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, ValidationResult

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.values.phones import PhoneReader

DIGEST = "9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd"

OK = [
    (None, "+14155550123", "+14155550123"),
    (None, "0049 30 23125 042", "+493023125042"),
    ("US", "0049 30 23125 042", "+493023125042"),
    (None, "+49 (0)30 23125 088", "+493023125088"),
    (None, "+39 (0)6 12345678", "+390612345678"),
    (None, "+390612345678", "+390612345678"),
    (None, "+49030 23125088", "+493023125088"),
    ("US", "4155550123", "+14155550123"),
    ("US", "14155550123", "+14155550123"),
    ("US", "(415) 555-0123", "+14155550123"),
    ("US", "415.555.0123", "+14155550123"),
    ("US", "1-415-555-0123", "+14155550123"),
    ("US", "1-(415)-555-0141", "+14155550141"),
    ("US", "+1 415 555 0123", "+14155550123"),
    ("US", "415\u00a0555\u20110123", "+14155550123"),
    ("US", "011 49 30 23125042", "+493023125042"),
    ("CA", "4165550123", "+14165550123"),
    ("DE", "030/23125-099", "+493023125099"),
    ("DE", "0151 23456789", "+4915123456789"),
    ("DE", "4915123456789", "+4915123456789"),
    ("DE", "493023125042", "+493023125042"),
    ("DE", "０３０ ２３１２５０９９", "+493023125099"),
    ("US", "[4155550123]", "+14155550123"),
    ("BR", "55991234567", "+5555991234567"),
    ("BR", "5555991234567", "+5555991234567"),
    ("GB", "07700 900123", "+447700900123"),
    ("FR", "06 12 34 56 78", "+33612345678"),
    ("IT", "06 12345678", "+390612345678"),
    ("ES", "612 345 678", "+34612345678"),
    ("BR", "11 91234-5678", "+5511912345678"),
    ("MX", "55 1234 5678", "+525512345678"),
    ("IS", "611 1234", "+3546111234"),
    ("US", "'+14155550123", "+14155550123"),
    ("US", "=+14155550123", "+14155550123"),
    ("US", '="4155550123"', "+14155550123"),
    ("US", "+1 415 555 0123 ext. 12", "+14155550123"),
    ("US", "(415) 555-0123 x12", "+14155550123"),
    ("US", "(415) 555-0123 Ext 12", "+14155550123"),
    ("US", "+14155550123;ext=12", "+14155550123"),
    ("US", "tel:+14155550123", "+14155550123"),
    ("US", "++14155550123", "+14155550123"),
    (None, DIGEST, DIGEST),
    (None, DIGEST.upper(), DIGEST),
    (None, f" {DIGEST} ", DIGEST),
]


@pytest.mark.parametrize(("country", "cell", "expected"), OK)
def test_a_listed_form_becomes_e164_without_a_word(country: str | None, cell: str, expected: str) -> None:
    assert PhoneReader(country).read(cell) == expected


def test_the_digest_that_tiktok_documents_comes_out() -> None:
    number = PhoneReader("US").read("(213) 373-4253")

    assert isinstance(number, str)
    assert hashlib.sha256(number.encode()).hexdigest() == DIGEST


WARNED = [
    ("US", "4155550123.0", "PHONE_REPAIRED", ("+14155550123",)),
    ("US", "+14155550123.00", "PHONE_REPAIRED", ("+14155550123",)),
    ("US", "+14155550123,", "PHONE_REPAIRED", ("+14155550123",)),
    ("US", "(415) 555-0123;", "PHONE_REPAIRED", ("+14155550123",)),
    ("US", '["+14155550123"]', "PHONE_REPAIRED", ("+14155550123",)),
    ("US", "415-555-0123; 415-555-0124", "PHONE_SEVERAL", ("+14155550123", "+14155550124")),
    ("US", "415-555-0123/415-555-0124", "PHONE_SEVERAL", ("+14155550123", "+14155550124")),
    ("US", "415-555-0123 or 415-555-0124", "PHONE_SEVERAL", ("+14155550123", "+14155550124")),
    ("US", '["+14155550123", "+14155550124"]', "PHONE_SEVERAL", ("+14155550123", "+14155550124")),
    ("US", "415-555-0123, 415-555-0123", "PHONE_SEVERAL", ("+14155550123",)),
    ("US", "415-555-0123, 030 23125099", "PHONE_SEVERAL", ("+14155550123",)),
    (None, "14155550141", "PHONE_PLUS_ADDED", ("+14155550141",)),
    (None, "447700900123", "PHONE_PLUS_ADDED", ("+447700900123",)),
]


@pytest.mark.parametrize(("country", "cell", "code", "numbers"), WARNED)
def test_a_repaired_number_is_used_with_a_warning(
    country: str | None, cell: str, code: str, numbers: tuple[str, ...]
) -> None:
    found = PhoneReader(country).read(cell)

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == (code, numbers)


REFUSED = [
    (None, "(415) 555-0123", "PHONE_NO_COUNTRY"),
    (None, "415.555.0123", "PHONE_NO_COUNTRY"),
    (None, "1-415-555-0123", "PHONE_NO_COUNTRY"),
    (None, "030/23125-099", "PHONE_NO_COUNTRY"),
    (None, "4155550123", "PHONE_NO_COUNTRY"),
    (None, "11155550141", "PHONE_NO_COUNTRY"),
    (None, "03023125099", "PHONE_NO_COUNTRY"),
    ("US", "1.61755E+10", "PHONE_SCIENTIFIC"),
    (None, "1,61755e10", "PHONE_SCIENTIFIC"),
    ("US", "5550123", "PHONE_INVALID"),
    ("DE", "5550123", "PHONE_INVALID"),
    (None, "123456", "PHONE_INVALID"),
    ("US", "+15550123", "PHONE_INVALID"),
    ("US", "0000000000", "PHONE_PLACEHOLDER"),
    ("US", "9999999999", "PHONE_PLACEHOLDER"),
    ("US", "555-555-5555", "PHONE_PLACEHOLDER"),
    ("US", "1234567890", "PHONE_PLACEHOLDER"),
    ("US", "+10000000000", "PHONE_PLACEHOLDER"),
    ("US", "+1 123 456 7890", "PHONE_PLACEHOLDER"),
    ("US", "0", "PHONE_PLACEHOLDER"),
    ("US", "CALL-ME", "PHONE_INVALID"),
    ("US", "1-800-FLOWERS", "PHONE_INVALID"),
    ("US", "07700 900123", "PHONE_INVALID"),
    ("US", "06 12 34 56 78", "PHONE_INVALID"),
    ("US", "030/23125-099", "PHONE_INVALID"),
    ("US", "447700900123", "PHONE_INVALID"),
    ("US", "+", "PHONE_INVALID"),
    ("US", "+999123456789", "PHONE_INVALID"),
    ("US", "ava@example.com", "PHONE_INVALID"),
    ("US", "4" * 300, "PHONE_INVALID"),
    ("US", "#VALUE!", "PHONE_INVALID"),
    ("US", "f" * 32, "PHONE_DIGEST_TYPE"),
    ("US", "f" * 40, "PHONE_DIGEST_TYPE"),
    ("US", "f" * 63, "PHONE_DIGEST_DAMAGED"),
    ("US", "f" * 63 + "g", "PHONE_DIGEST_DAMAGED"),
    ("US", "5550123; 5550124", "PHONE_INVALID"),
    ("US", '["+14155550123', "PHONE_INVALID"),
    ("US", "[" * 240, "PHONE_INVALID"),
]


@pytest.mark.parametrize(("country", "cell", "code"), REFUSED)
def test_what_is_no_usable_number_is_refused_with_its_code(country: str | None, cell: str, code: str) -> None:
    found = PhoneReader(country).read(cell)

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == (code, None)


@pytest.mark.parametrize("cell", ["", " ", "null", "N/A", "-", "[]", hashlib.sha256(b"").hexdigest()])
def test_an_empty_cell_is_an_empty_text(cell: str) -> None:
    assert PhoneReader("US").read(cell) == ""


@pytest.mark.parametrize("country", ["DE", "de", " Germany ", "DEU"])
def test_the_country_of_the_row_comes_before_the_default(country: str) -> None:
    phones = PhoneReader("US")

    assert phones.read("030/23125-099", country) == "+493023125099"
    assert phones.read("3023125099", country) == "+493023125099"
    assert phones.read("3023125099", "US") == phones.read("3023125099") == "+13023125099"


def test_a_country_cell_that_names_no_country_does_not_count() -> None:
    assert PhoneReader("US").read("(415) 555-0123", "Narnia") == "+14155550123"
    assert PhoneReader("US").read("4155550123", "n/a") == "+14155550123"


def by_library(text: str, region: str | None) -> str | None:
    """The verdict of ``phonenumbers``: E.164, or None where the number is not possible or not read back as itself."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return e164 if possible and phonenumbers.parse(e164) == number else None


def verdict(found: str | CellFinding) -> str | None:
    return None if isinstance(found, CellFinding) else found


CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


@settings(max_examples=1000, deadline=None)
@given(code=st.sampled_from(CODES), national=st.text(alphabet="0123456789", min_size=1, max_size=16))
def test_numbers_with_a_plus_are_judged_as_the_library_judges_them(code: int, national: str) -> None:
    cell = f"+{code}{national}"
    phones = PhoneReader(None)
    found = [phones.read(cell), phones.read(cell)]

    assert found[0] == found[1]
    if not isinstance(found[0], CellFinding) or found[0].code != "PHONE_PLACEHOLDER":
        assert verdict(found[0]) == by_library(cell, None)


def test_every_calling_code_and_length_is_judged_as_the_library_judges_it() -> None:
    phones = PhoneReader(None)

    for code in CODES:
        for start in ("2130", "0130", "9130"):
            for length in range(2, 16):
                cell = f"+{code}{(start + '46372519084')[:length]}"
                assert verdict(phones.read(cell)) == verdict(phones.read(cell)) == by_library(cell, None), cell


NATIONAL_REGIONS = [
    "DE",
    "GB",
    "FR",
    "IT",
    "ES",
    "AU",
    "BR",
    "MX",
    "AR",
    "JP",
    "IN",
    "CN",
    "SE",
    "HU",
    "RU",
    "IS",
    "SM",
]


@settings(max_examples=600, deadline=None)
@given(region=st.sampled_from(NATIONAL_REGIONS), digits=st.text(alphabet="0123456789", min_size=8, max_size=14))
def test_national_numbers_are_judged_as_the_library_judges_them(region: str, digits: str) -> None:
    found = PhoneReader(region).read(digits)

    if digits.startswith("00"):
        assert verdict(found) in (by_library(f"+{digits[2:]}", None), by_library(digits, region))
    elif not isinstance(found, CellFinding) or found.code != "PHONE_PLACEHOLDER":
        code = str(phonenumbers.country_code_for_region(region))
        read_with_code = digits.startswith(code) and len(digits) > 10 and found == f"+{digits}"
        assert read_with_code or verdict(found) == by_library(digits, region)


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="0123456789", min_size=10, max_size=11), st.sampled_from(["US", "CA", "PR"]))
def test_north_american_numbers_are_judged_as_the_library_judges_them_but_for_impossible_areas(
    digits: str, region: str
) -> None:
    found = PhoneReader(region).read(digits)
    local = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits

    if digits.startswith("00"):
        assert verdict(found) == by_library(f"+{digits[2:]}", None) or isinstance(found, CellFinding)
    elif isinstance(found, str):
        assert found == by_library(digits, region)
        assert digits.startswith("011") or found == f"+1{local}"
    else:
        assert (
            len(local) != 10 or local[0] in "01" or found.code == "PHONE_PLACEHOLDER" or not by_library(digits, region)
        )


def _code(found: str | CellFinding) -> str:
    return found.code if isinstance(found, CellFinding) else ""


CELLS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789+-()./ ex;,|'=\"[]\u00a0", max_size=40),
    st.from_regex(r"\A\+?[0-9() .-]{7,20}\Z"),
)


@settings(max_examples=1000, deadline=None)
@given(CELLS, st.sampled_from(["US", "DE", None]))
def test_any_text_is_e164_or_a_digest_or_nothing_or_a_finding(cell: str, country: str | None) -> None:
    phones = PhoneReader(country)
    found = phones.read(cell)
    values = (found.value or ()) if isinstance(found, CellFinding) else (found,)

    for value in values:
        assert value == "" or (value[0] == "+" and value[1:].isdecimal() and value.isascii() and len(value) <= 18)
        assert phones.read(value) == value or _code(phones.read(value)) == "PHONE_PLACEHOLDER"


@settings(max_examples=300, deadline=None)
@given(st.integers(2_000_000_000, 9_999_999_999), st.sampled_from(["+1{}", "{}", "{};{}", "{}.0", "x{}", "+1 ({}"]))
def test_a_finding_never_shows_more_than_a_country_code_and_four_digits(number: int, form: str) -> None:
    for country in ("US", None):
        found = PhoneReader(country).read(form.format(number, number))
        if isinstance(found, CellFinding):
            shown = found.shown.removeprefix("+1 ")
            assert sum(character.isdigit() for character in shown) <= 4
