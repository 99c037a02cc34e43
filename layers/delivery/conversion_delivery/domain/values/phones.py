"""Phone numbers: from the many ways files write them to E.164 with ``+``, which is what TikTok hashes.

In: a cell and, where the file has one, the row's country. Out: ``+`` and digits, a SHA-256 digest in lower case, an
empty text for an empty cell, or a ``CellFinding`` whose value is a tuple of those. Decided once, here:

* A number has to be *possible* by its length (``phone_plans``); whether it is in service is nobody's business here.
* A national number needs a country: the row's, else the destination's. A country cell that names no country does not
  count. In North America an area code begins with 2 to 9; ten digits that do not are another country's.
* ``00`` before a country code is read as ``+`` everywhere.
* Eleven to 15 bare digits without any country are taken for an international number that lost its plus (Meta's files
  are written so), with a warning, if they look like one of their country code's numbers. Punctuated ones are not:
  people punctuate national numbers.
* The extension is left out; of several numbers in a cell all are used, with a warning.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.values.cell_texts import INVISIBLE, bare
from conversion_delivery.domain.values.digests import DigestFault, digest_fault, read_digest
from conversion_delivery.domain.values.masking import HIDDEN, mask_phone
from conversion_delivery.domain.values.null_words import is_null
from conversion_delivery.domain.values.phone_plans import (
    CLEAR_LENGTHS,
    national_plan,
    plan_of,
    settled_international,
    settled_national,
)

_NUMBERS_KEPT = 8_192
_MANY_EQUAL_DIGITS = 8
"""From this many on, a number is looked at as a possible placeholder."""

_AREAS = frozenset(str(area) for area in range(200, 1000) if area % 111)
"""First three digits of a North American number that is no row of equal digits."""
_NO_AREAS: frozenset[str] = frozenset()
_NORTH_AMERICA = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])

_COUNTRY_WORDS = {
    "UK": "GB",
    "USA": "US",
    "U.S.": "US",
    "U.S.A.": "US",
    "UNITED STATES": "US",
    "UNITED STATES OF AMERICA": "US",
    "CANADA": "CA",
    "UNITED KINGDOM": "GB",
    "GREAT BRITAIN": "GB",
    "GERMANY": "DE",
    "DEUTSCHLAND": "DE",
    "FRANCE": "FR",
    "SPAIN": "ES",
    "ITALY": "IT",
    "MEXICO": "MX",
    "AUSTRALIA": "AU",
    "CAN": "CA",
    "GBR": "GB",
    "DEU": "DE",
    "FRA": "FR",
    "ESP": "ES",
    "ITA": "IT",
    "MEX": "MX",
    "AUS": "AU",
    "AUT": "AT",
    "CHE": "CH",
    "NLD": "NL",
    "JPN": "JP",
    "BRA": "BR",
    "IND": "IN",
}

_PUNCTUATION = dict.fromkeys(map(ord, " \t\n\r()[]-./_·•‐‑‒–—―−\u00a0\u2007\u2009\u202f" + INVISIBLE))
_SCHEME = re.compile(r"(?:tel|phone|callto):\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"[\s,;]*(?:;ext=|ext(?:ension|n)?\b\.?:?|x|#|durchwahl)\s*\d{1,7}$", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\+?\d(?:[.,]\d+)?E\+?\d{1,3}", re.IGNORECASE | re.ASCII)
_FLOAT = re.compile(r"(\+?\d{7,15})\.0+", re.ASCII)
_LIST_MARKS = re.compile(r"[;,|\n/&]|\bor\b|\band\b|\bund\b|\boder\b", re.IGNORECASE)
_AFTER = ",; "
_LONGEST = 250
"""Longer cells hold no numbers; the bound also keeps the patterns cheap on any cell."""

_FEWEST_DIGITS = 7
_LONGEST_LOCAL = 10
_FEW_KINDS_OF_DIGITS = 5
"""A plus sign, up to three digits of a country code, and one digit over and over."""
_COUNTING = frozenset(
    row[start : start + length]
    for row in ("01234567890", "09876543210")
    for start in (0, 1)
    for length in range(_FEWEST_DIGITS, 12)
)
_DIGEST_CODES = {DigestFault.TYPE: "PHONE_DIGEST_TYPE", DigestFault.DAMAGED: "PHONE_DIGEST_DAMAGED"}


class PhoneReader:
    """Reads the phone numbers of one file. ``default_country`` is an ISO code of two letters, or None."""

    __slots__ = ("_areas", "_by_library", "_default")

    def __init__(self, default_country: str | None) -> None:
        self._default = default_country if default_country in phonenumbers.SUPPORTED_REGIONS else None
        self._areas = _AREAS if self._default in _NORTH_AMERICA else _NO_AREAS
        # Numbers stay in this process's memory only, as long as the reader of their file lives.
        self._by_library = lru_cache(maxsize=_NUMBERS_KEPT)(_by_library)

    def read(self, cell: str, country: str = "") -> str | CellFinding:
        """E.164, a digest, ``""``, or a finding whose value is a tuple of numbers (a warning) or None."""
        if cell[:1] == "+":
            lengths = CLEAR_LENGTHS.get(cell[:5])
            if (
                lengths is not None
                and len(cell) in lengths
                and cell.isascii()
                and cell[1:].isdecimal()
                and cell.count(cell[-1]) < _MANY_EQUAL_DIGITS
            ):
                return cell
        elif len(cell) == 10:
            areas = self._areas if not country else _AREAS if country in _NORTH_AMERICA else _NO_AREAS
            if cell[:3] in areas and cell.isdecimal() and cell.isascii():
                return f"+1{cell}"
        elif len(cell) == 64:
            digest = read_digest(cell)
            if digest is not None:
                return digest
        return self._read_with_care(cell, country)

    def _read_with_care(self, cell: str, country: str) -> str | CellFinding:
        region = _region(country) or self._default
        digits = cell.translate(_PUNCTUATION)
        if digits.removeprefix("+").isdecimal() and digits.isascii() and cell.count(".") != 1:
            number = self._e164(digits, region)
            if number[0] == "+":
                return number
        return self._read_text(bare(cell), region)

    def _read_text(self, text: str, region: str | None) -> str | CellFinding:
        if is_null(text):
            return ""
        if len(text) > _LONGEST:
            return CellFinding("PHONE_INVALID", HIDDEN)
        number, warning = self._one(text, region)
        if not number.startswith("PHONE_"):
            return CellFinding(warning, mask_phone(number), (number,)) if warning else number
        several = _several(text)
        if several:
            return self._all_of(several, region, text)
        return CellFinding(number, HIDDEN if number == "PHONE_SCIENTIFIC" else mask_phone(text))

    def _all_of(self, several: list[str], region: str | None, text: str) -> CellFinding:
        numbers = [self._one(part, region)[0] for part in several]
        usable = tuple(dict.fromkeys(number for number in numbers if number and not number.startswith("PHONE_")))
        if usable:
            code = "PHONE_SEVERAL" if len(several) > 1 else "PHONE_REPAIRED"
            return CellFinding(code, mask_phone(usable[0]), usable)
        return CellFinding(next((number for number in numbers if number), "PHONE_INVALID"), mask_phone(text))

    def _one(self, text: str, region: str | None) -> tuple[str, str]:
        """A number, a digest or a code of failure; and a code of warning, or empty."""
        if _SCIENTIFIC.fullmatch(text):
            return "PHONE_SCIENTIFIC", ""
        if len(text) >= 32:
            digest = read_digest(text)
            if digest is not None:
                return digest, ""
            if fault := digest_fault(text):
                return _DIGEST_CODES[fault], ""
        plain = _SCHEME.sub("", text, count=1) if text[:1].isalpha() else text
        plain = _EXTENSION.sub("", plain)
        floated = _FLOAT.fullmatch(plain)
        plain = floated[1] if floated else plain
        whole = plain.rstrip(_AFTER)
        number = self._e164(whole.translate(_PUNCTUATION), region)
        if number == "PHONE_NO_COUNTRY" and (guess := _without_plus(whole)):
            return guess, "PHONE_PLUS_ADDED"
        return number, "PHONE_REPAIRED" if (floated or whole != plain) and number[0] == "+" else ""

    def _e164(self, digits: str, region: str | None) -> str:
        """E.164 of a single number without extension and punctuation, or a code of failure."""
        if digits[:2] == "++":
            digits = f"+{digits.lstrip('+')}"
        if digits[:2] == "00" and digits[2:3] != "0" and len(digits) > _LONGEST_LOCAL:
            digits = f"+{digits[2:]}"
        if not digits.removeprefix("+").isdecimal():
            return "PHONE_INVALID"
        if not digits.isascii():
            return self._by_library(digits, region)
        if _is_placeholder(digits):
            return "PHONE_PLACEHOLDER"
        if digits[0] == "+":
            is_clear = len(digits) in CLEAR_LENGTHS[digits[:5]]
            return digits if is_clear else settled_international(digits) or self._by_library(digits, None)
        return self._national(digits, region)

    def _national(self, digits: str, region: str | None) -> str:
        plan = national_plan(region) if region else None
        if len(digits) < _FEWEST_DIGITS or (plan and len(digits) == _FEWEST_DIGITS < plan.shortest):
            return "PHONE_INVALID"
        if plan is None:
            return "PHONE_NO_COUNTRY"
        if plan.code == "1":
            local = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
            if len(local) == 10:
                return f"+1{local}" if local[0] not in "01" else "PHONE_INVALID"
        return settled_national(digits, plan) or self._by_library(digits, region)


@lru_cache(maxsize=512)
def _region(country: str) -> str | None:
    """The region that a country cell names; None where it names none."""
    if not country:
        return None
    text = bare(country).upper()
    text = _COUNTRY_WORDS.get(text, text)
    return text if text in phonenumbers.SUPPORTED_REGIONS else None


def _by_library(text: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "PHONE_INVALID"
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return "PHONE_INVALID"
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    # A number that still begins with a national prefix is read as another one next time: it is nobody's.
    is_stable = settled_international(e164) == e164 or phonenumbers.parse(e164) == number
    return e164 if is_stable else "PHONE_INVALID"


def _is_placeholder(digits: str) -> bool:
    """Equal digits throughout, or counting up or down; with or without a country code."""
    if len(set(digits)) > _FEW_KINDS_OF_DIGITS and "345" not in digits and "876" not in digits:
        return False
    whole = digits.removeprefix("+")
    plan = plan_of(whole) if digits[0] == "+" else None
    national = whole[len(plan.code) :] if plan else whole
    if len(set(whole)) == 1:
        return True
    return len(national) >= _FEWEST_DIGITS and (len(set(national)) == 1 or national in _COUNTING or whole in _COUNTING)


def _without_plus(text: str) -> str | None:
    """Bare digits as an international number, where they look like one."""
    if not (11 <= len(text) <= 15 and text.isdecimal() and text.isascii()):
        return None
    plan = plan_of(text)
    if plan is None or settled_international(f"+{text}") is None:
        return None
    national = text[len(plan.code) :]
    is_north_american = plan.code == "1" and national[0] not in "01"
    return f"+{text}" if is_north_american or (plan.code != "1" and plan.pattern.fullmatch(national)) else None


def _several(text: str) -> list[str]:
    """The numbers of a cell that holds a list; empty where it holds none or one."""
    if text[0] == "[":
        try:
            return [str(part) for part in json.loads(text) if part]
        except (ValueError, RecursionError):
            return []
    parts = [bare(part) for part in _LIST_MARKS.split(text)]
    parts = [part for part in parts if sum(character.isdigit() for character in part) >= _FEWEST_DIGITS]
    return parts if len(parts) > 1 else []
