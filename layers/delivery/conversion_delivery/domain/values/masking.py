"""Cells as sentences may show them: enough to find the cell, not enough to know the person.

``a***@e***.com`` for an address, ``+1 *** *** 0123`` for a number. Dates, amounts and currency codes are shown as they
are where their shape rules out that they are anything else; the rest becomes ``***``.
"""

from __future__ import annotations

import re

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

HIDDEN = "***"
LONGEST_SHOWN = 32

_NOT_DIGITS = re.compile(r"\D+", re.ASCII)
_MORE_THAN_AN_ADDRESS = re.compile(r"[;,|<>()\[\]\n]")
_ENDING = re.compile(r"[a-z]{2,6}", re.IGNORECASE)
_SAFE_SHAPES = re.compile(
    r"""
      (?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))
      (?:[ T]{1,2}\d{1,2}:\d\d(?::\d\d(?:[.,:]\d{1,6})?)?\s?(?:[AaPp][Mm])?(?:\s?Z)?(?:\s?[-+]\d\d:?\d\d)?)?
    | \d{1,2}:\d\d(:\d\d)?(\s?[AaPp][Mm])?
    | \d{1,2}-[A-Z][a-z]{2}(-\d{2,4})?
    | [A-Z][a-z]{2}\ \d{1,2},\ \d{4}(\ \d{1,2}:\d\d(:\d\d)?)?
    | (?:19|20)\d{6}
    | [-+(]?\ ?(?:[A-Z]{0,3}[$€£¥])?\ ?-?(?:\d{1,6}(?:[.,]\d{0,3})?|[.,]\d{1,3})\ ?\)?\ ?[-€£¥%]?
    | \d(?:[.,]\d{1,3})?E\+?\d\d?
    | (?i:nan|[-+]?inf|[-+]?infinity|true|false|yes|no)
    | \d{1,9}[.,]\d{1,2}
    | [-+(]?[$€£¥]?\d{1,3}(?:,\d{3}){1,3}\.\d\d\)?
    | [A-Z]{0,3}[$€£¥]
    | [A-Z]{3}(?:\ \d{1,6}(?:[.,]\d{1,2})?)?
    | \d{1,6}(?:[.,]\d{1,2})?\ (?:[A-Z]{3}|CR|DR)
    | \#{2,32} | \#[A-Z]{2,5}[!?]? | \#[DN][IA/V]{1,3}/?0?!?
    """,
    re.VERBOSE | re.ASCII,
)


def mask_email(text: str) -> str:
    """First letter of the name, first letter of the domain, and the ending: ``a***@e***.com``.

    Names of fewer than three letters show nothing; texts that hold more than one address are hidden altogether.
    """
    local, _, domain = text.rpartition("@")
    if text.count("@") != 1 or _MORE_THAN_AN_ADDRESS.search(text):
        return HIDDEN
    name, dot, ending = domain.rpartition(".")
    first = local[0] if len(local) > 2 and local[0].isalnum() else ""
    shown_ending = f".{ending}" if dot and _ENDING.fullmatch(ending) else ""
    label = name if dot else domain
    first_of_domain = label[0] if label and label[0].isalnum() and _is_plain(domain) else ""
    return f"{first}{HIDDEN}@{first_of_domain}{HIDDEN}{shown_ending}"


def _is_plain(domain: str) -> bool:
    return domain.replace(".", "").replace("-", "").isalnum()


def mask_phone(text: str) -> str:
    """Country code where there is one, and the last four digits: ``+1 *** *** 0123``."""
    digits = _NOT_DIGITS.sub("", text)
    if not 8 <= len(digits) <= 17 or "@" in text:
        return HIDDEN
    start = _calling_code(digits) if text.lstrip().startswith("+") else ""
    return f"{start}{HIDDEN} {HIDDEN} {digits[-4:]}"


def _calling_code(digits: str) -> str:
    for size in (1, 2, 3):
        if digits[0] != "0" and int(digits[:size]) in COUNTRY_CODE_TO_REGION_CODE:
            return f"+{digits[:size]} "
    return ""


def mask(text: str) -> str:
    """Any other cell: as it is where its shape is that of a date, an amount or a currency, else masked."""
    if len(text) <= LONGEST_SHOWN and _SAFE_SHAPES.fullmatch(text):
        return text
    return mask_email(text) if "@" in text else HIDDEN
