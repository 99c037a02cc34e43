"""Amounts of money and their currencies, as tills, shops and spreadsheets write them.

In: a cell and the row's currency. Out: a plain int or float, None for an empty cell, or a ``CellFinding``.
A number is read by its structure where that leaves one reading (``2.310,45``); by the decimal mark of the settings or
of the file (``decimal_marks``) where it does not (``2,310``); and refused where neither decides, or where it
contradicts the mark (``19,95`` in a file with decimal points is never 1995). Negative amounts are refunds and refused;
NaN and infinity are no amounts. Decimals beyond the 15th digit (59.900000000000006: sums of floats) are rounded away,
with a warning.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context
from functools import lru_cache
from typing import Literal, NamedTuple

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.currencies import CURRENCIES
from conversion_delivery.domain.values.currency_words import OTHER_CURRENCIES, currencies_meant
from conversion_delivery.domain.values.masking import mask
from conversion_delivery.domain.values.null_words import is_null

DecimalMark = Literal[".", ",", "auto"]

SIGNIFICANT_DIGITS = 15
"""What a JSON number carries through every parser without change (IEEE 754 double)."""

_ROUNDING = Context(prec=SIGNIFICANT_DIGITS, rounding=ROUND_HALF_UP)
_EXACT_CENTS = 10.0 ** (SIGNIFICANT_DIGITS - 2)
_LONGEST = 48
"""Longer cells hold no amount; the bound also keeps the patterns below cheap on any cell."""

_GROUPING = re.compile("[ \u00a0\u2007\u2009\u202f'’]")
_PIECES = re.compile(rf"(\D*?)([.,]?\d(?:[\d.,]|{_GROUPING.pattern})*)(\D*)", re.ASCII)
_GROUPED_BY_BLANKS = re.compile(rf"\d{{1,3}}(?:{_GROUPING.pattern}\d{{3}})+(?:[.,]\d+)?")
_GROUPED_AND_DECIMAL = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}\.\d+|\d{1,3}(?:\.\d{3})+,\d+")
_GROUPED_AND_POINT = re.compile(r"\d{1,3}(?:,\d{3}){1,3}\.\d\d", re.ASCII)
_USUAL = re.compile(r"([$€£]?)(\d{1,3}(?:,\d{3}){1,3}\.\d\d|\d{1,3}\.\d\d)", re.ASCII)
"""``$1,234.50``: what most amounts that are no plain numbers look like, and what they mean whatever comes after."""
_GROUPED_TWICE = re.compile(r"\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:\.\d{3}){2,}|\d{1,2}(?:,\d{2})+,\d{3}")
_ONE_MARK = re.compile(r"(\d*)([.,])(\d+)")
_SIGNS = re.compile(r"[-−–+()\s]")


class Amount(NamedTuple):
    """The value of a finding about an amount that is used."""

    value: float | int
    currency: str = ""
    """The currency that the cell itself names, where the row and the settings name none, or another default."""


class AmountReader:
    """Reads the amounts and currencies of one file. ``currency_default`` is an ISO code that TikTok lists, or None."""

    __slots__ = ("_default", "_fast_mark", "_is_point", "_mark")

    def __init__(self, decimal_mark: DecimalMark, currency_default: str | None) -> None:
        self._mark = decimal_mark
        self._is_point = decimal_mark != ","
        self._fast_mark = "." if self._is_point else ","
        self._default = currency_default or ""

    def read(self, cell: str, currency: str = "") -> float | int | CellFinding | None:
        """The amount; None for an empty cell; or a finding whose value is an ``Amount`` (a warning) or None.

        ``currency`` is what the row's currency column says, in ISO form, or empty.
        """
        plain = self.plain(cell)
        return self._read_with_care(cell, currency) if plain is None else plain

    def plain(self, cell: str) -> float | int | None:
        """The amount of a cell that is nothing but a number; None for any other, which ``read`` explains."""
        if cell[-3:-2] == self._fast_mark:
            try:
                value = float(cell) if self._is_point else float(cell.replace(",", "."))
                # float() takes more than an amount may be; with a mark before the last two characters that leaves an
                # exponent ("5.e1") and underscores.
                if 0 < value < _EXACT_CENTS and cell[-2] < ":" and "_" not in cell:
                    return value
            except ValueError:
                pass
        elif cell.isdecimal() and len(cell) <= SIGNIFICANT_DIGITS:
            count = int(cell)
            if count:
                return count
        return None

    def currency(self, cell: str) -> str | CellFinding:
        """An ISO code that TikTok lists; empty for an empty cell; or a finding.

        A symbol or word is used, with a warning, only where the default agrees with it.
        """
        if cell in CURRENCIES:
            return cell
        text = bare(cell)
        code = text.upper()
        if code in CURRENCIES:
            return code
        if is_null(text):
            return ""
        if code in OTHER_CURRENCIES:
            return CellFinding("CURRENCY_UNSUPPORTED", code)
        if self._default and self._default in currencies_meant(text):
            return CellFinding("CURRENCY_WORD", mask(text), self._default)
        return CellFinding("CURRENCY_INVALID", mask(text))

    def _read_with_care(self, cell: str, currency: str) -> float | int | CellFinding | None:
        if self._is_point and (usual := _USUAL.fullmatch(cell)) and (value := float(usual[2].replace(",", ""))):
            return self._with_symbol(usual[1], value, currency, cell) if usual[1] else value
        text = bare(cell)
        if text.lower() != "nan" and is_null(text):
            return None
        pieces = _PIECES.fullmatch(text) if len(text) <= _LONGEST else None
        if pieces is None:
            return CellFinding("VALUE_INVALID", mask(text))
        symbol, is_negative = _symbol(pieces[1], pieces[3]) if pieces[1] or pieces[3] else ("", False)
        number = _plain_number(pieces[2].strip(), self._mark)
        if is_negative and number.strip("0.") and number != "VALUE_INVALID":
            return CellFinding("VALUE_NEGATIVE", mask(text))
        if not number[-1].isdigit():
            return CellFinding(number, mask(text))
        carried = _carried(number)
        value = float(carried) if "." in carried else int(carried)
        if symbol:
            return self._with_symbol(symbol, value, currency, text)
        if not value:
            return CellFinding("VALUE_ZERO", mask(text), Amount(value))
        return value if carried is number else CellFinding("VALUE_ROUNDED", "", Amount(value))

    def _with_symbol(self, symbol: str, value: float | int, currency: str, text: str) -> CellFinding:
        """Strip a symbol that agrees; refuse one that does not; let one supply a currency where the row has none."""
        meant = currencies_meant(symbol)
        if not meant:
            return CellFinding("VALUE_INVALID", mask(text))
        code = "VALUE_SYMBOL" if value else "VALUE_ZERO"
        if (currency or self._default) in meant:
            return CellFinding(code, mask(text), Amount(value))
        if currency or (self._default and len(meant) > 1):
            return CellFinding("CURRENCY_CONFLICT", mask(text))
        if len(meant) > 1:
            return CellFinding(code, mask(text), Amount(value))
        (only,) = meant
        if only not in CURRENCIES:
            return CellFinding("CURRENCY_UNSUPPORTED", only)
        return CellFinding(code, mask(text), Amount(value, only))


@lru_cache(maxsize=1_024)
def _symbol(lead: str, trail: str) -> tuple[str, bool]:
    """What stands around the digits besides signs, and whether the signs make the amount negative."""
    is_negative = any(sign in lead + trail for sign in "-−–") or ("(" in lead and ")" in trail)
    before, after = (" ".join(_SIGNS.sub(" ", side).split()) for side in (lead, trail))
    if after.upper() == "CR" or after.upper().endswith(" CR"):
        after, is_negative = after[:-2].strip(), True
    if before and after:
        # "$20.00 USD" says the same twice; the more precise word counts.
        agree = currencies_meant(before) & currencies_meant(after)
        return (next(iter(agree)) if len(agree) == 1 else f"{before} {after}"), is_negative
    return before or after, is_negative


def _plain_number(text: str, mark: DecimalMark) -> str:
    """Digits with at most one decimal point; or ``VALUE_INVALID`` or ``VALUE_AMBIGUOUS``."""
    if _GROUPED_AND_POINT.fullmatch(text):
        return text.replace(",", "")
    if text.isdigit():
        plain = text
    elif _GROUPED_BY_BLANKS.fullmatch(text):
        plain = _GROUPING.sub("", text).replace(",", ".")
    elif _GROUPED_AND_DECIMAL.fullmatch(text):
        group = "," if text.rfind(".") > text.rfind(",") else "."
        plain = text.replace(group, "").replace(",", ".")
    elif _GROUPED_TWICE.fullmatch(text):
        plain = text.replace(",", "").replace(".", "")
    elif one := _ONE_MARK.fullmatch(text):
        plain = _by_mark(one[1], one[2], one[3], mark)
    else:
        return "VALUE_INVALID"
    return plain if _significant(plain.partition(".")[0]) <= SIGNIFICANT_DIGITS else "VALUE_INVALID"


def _carried(plain: str) -> str:
    """The number itself, or rounded to the digits that it keeps on its way: sums of floats end in ...0000006."""
    if len(plain) <= SIGNIFICANT_DIGITS:
        return plain
    return plain if _significant(plain) <= SIGNIFICANT_DIGITS else f"{_ROUNDING.create_decimal(plain):f}"


def _by_mark(whole: str, found: str, rest: str, mark: DecimalMark) -> str:
    if not (whole + rest).strip("0"):
        return "0"
    could_be_groups = len(rest) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
    if found == mark or (mark == "auto" and not could_be_groups):
        return f"{whole or '0'}.{rest}"
    if could_be_groups and mark != "auto":
        return whole + rest
    return "VALUE_AMBIGUOUS"


def _significant(plain: str) -> int:
    """Digits that a number must keep: without leading zeros and without zeros at the end of its decimals."""
    digits = plain.rstrip("0") if "." in plain else plain
    return len(digits.replace(".", "").lstrip("0"))
