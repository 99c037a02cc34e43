"""Numbering plans: what decides about most phone numbers, taken out of the metadata of ``phonenumbers``.

The library needs about 15 microseconds a number. Nearly every number needs only this much of its rules: the country
code, the lengths that its plan has, and that no national prefix stands in front. Where more is needed, ``settled``
answers None and the library decides. A property test holds both to the same verdicts.

Stricter than the library in one point: numbers that can only be dialled locally (no area code) are not possible here,
for their E.164 form belongs to nobody.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS, PhoneMetadata

_SIMPLE_PREFIX = re.compile(r"\d+(?:\|\d+)*")
_LONGEST_E164 = 15
_LONGEST_WITHOUT_CODE = 10
_KEY = re.compile(r"\+\d{4}", re.ASCII)


class InternationalPlan(NamedTuple):
    """The plan behind a country calling code."""

    code: str
    lengths: frozenset[int]
    """Of a national number."""
    prefix: re.Pattern[str] | None
    """What may stand in front of a national number and is no part of it."""
    prefix_transforms: bool
    """Whether taking the prefix off may do more than shorten the number."""
    pattern: re.Pattern[str]
    """What numbers in use look like, roughly."""


class NationalPlan(NamedTuple):
    """How numbers are dialled inside a country."""

    code: str
    lengths: frozenset[int]
    shortest: int
    """Digits of a usual number; one of seven digits or fewer that falls short of it lacks its area code."""
    longest: int
    """Digits of a usual number; one that begins with the country code and has more is written with the code."""
    abroad: re.Pattern[str]
    """What is dialled before a foreign country code."""
    prefix: re.Pattern[str] | None
    prefix_transforms: bool
    pattern: re.Pattern[str]


@cache
def international_plan(code: int) -> InternationalPlan | None:
    """None for a calling code that is not in use."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code)
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0]) if regions else None
    general = metadata.general_desc if metadata else None
    if metadata is None or general is None:
        return None
    prefix = _optional(metadata.national_prefix_for_parsing)
    return InternationalPlan(
        str(code),
        frozenset(general.possible_length),
        prefix,
        _transforms(prefix, metadata),
        re.compile(general.national_number_pattern or ""),
    )


@cache
def national_plan(region: str) -> NationalPlan | None:
    """None for a text that is no region of the metadata (ISO 3166, two letters)."""
    metadata = PhoneMetadata.metadata_for_region(region) if region in SUPPORTED_REGIONS else None
    general = metadata.general_desc if metadata else None
    if metadata is None or general is None:
        return None
    prefix = _optional(metadata.national_prefix_for_parsing)
    kinds = (metadata.fixed_line, metadata.mobile)
    examples = [len(kind.example_number) for kind in kinds if kind and kind.example_number]
    return NationalPlan(
        str(metadata.country_code),
        frozenset(general.possible_length),
        min(examples, default=0),
        max(examples, default=_LONGEST_E164),
        re.compile(metadata.international_prefix or "(?!)"),
        prefix,
        _transforms(prefix, metadata),
        re.compile(general.national_number_pattern or ""),
    )


def _transforms(prefix: re.Pattern[str] | None, metadata: PhoneMetadata) -> bool:
    return bool(prefix and (prefix.groups or metadata.national_prefix_transform_rule))


def _optional(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None


def plan_of(digits: str) -> InternationalPlan | None:
    """The plan of the calling code that the digits begin with. No calling code is the start of another one."""
    if digits[:1] in ("", "0"):
        return None
    for size in (1, 2, 3):
        plan = international_plan(int(digits[:size]))
        if plan is not None:
            return plan
    return None


class _ClearLengths(dict[str, frozenset[int]]):
    """``+`` and four digits -> lengths of a whole number, for starts at which no national prefix can stand.

    Filled by subscription as starts are met, so at most 10,000 entries; ``get`` fills nothing.
    """

    def __missing__(self, start: str) -> frozenset[int]:
        if not _KEY.fullmatch(start):
            return frozenset()
        lengths = _clear_lengths(start[1:])
        self[start] = lengths
        return lengths


def _clear_lengths(digits: str) -> frozenset[int]:
    plan = plan_of(digits)
    if plan is None:
        return frozenset()
    if plan.prefix is not None:
        prefix = plan.prefix.pattern
        if not _SIMPLE_PREFIX.fullmatch(prefix) or digits[len(plan.code)] in {part[0] for part in prefix.split("|")}:
            return frozenset()
    return frozenset(1 + len(plan.code) + length for length in plan.lengths)


CLEAR_LENGTHS = _ClearLengths()
"""Lengths of a whole number, ``+`` included, that settle a number by its first five characters alone."""


def settled_international(number: str) -> str | None:
    """The E.164 form of ``+`` and ASCII digits; None where the library must look.

    That is the number itself, or the number without a national prefix (``+49 (0)30 23125088``).
    """
    plan = plan_of(number[1:])
    if plan is None:
        return None
    national = number[1 + len(plan.code) :]
    rest = _without_prefix(national, plan)
    if rest is None or len(rest) not in plan.lengths:
        return None
    return number if rest == national else f"+{plan.code}{rest}"


def _without_prefix(national: str, plan: InternationalPlan | NationalPlan) -> str | None:
    """The digits behind a national prefix, if there is one; None where the prefix is more than that."""
    found = plan.prefix.match(national) if plan.prefix else None
    if plan.prefix is None or found is None:
        return national
    rest = national[found.end() :]
    if plan.prefix_transforms or plan.pattern.fullmatch(national) or plan.prefix.match(rest):
        return None
    return rest if len(rest) in plan.lengths else None


def settled_national(digits: str, plan: NationalPlan) -> str | None:
    """The E.164 form of ASCII digits dialled inside a country; None where the library must look."""
    if digits.startswith(plan.code) and len(digits) > max(plan.longest, _LONGEST_WITHOUT_CODE):
        # The library would take 4915123456789 for a German number of 13 digits: its plan allows for 15.
        local = digits[len(plan.code) :]
        if len(digits) <= _LONGEST_E164 and len(local) in plan.lengths and plan.pattern.fullmatch(local):
            return f"+{digits}"
    if plan.abroad.match(digits) or digits.startswith(plan.code):
        return None
    rest = _without_prefix(digits, plan)
    number = f"+{plan.code}{rest}"
    return number if rest is not None and settled_international(number) == number else None
