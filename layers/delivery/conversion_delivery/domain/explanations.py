"""Every code that a customer can meet, in words: the one table behind reports, the command line and the docs."""

from __future__ import annotations

import string
from collections.abc import Mapping

from conversion_delivery.domain.codes import FILE_CODES, OUTCOME_CODES, Code
from conversion_delivery.domain.conversions import Problem
from conversion_delivery.domain.mapping.conversion_codes import CONVERSION_CODES
from conversion_delivery.domain.mapping.row_codes import ROW_CODES
from conversion_delivery.domain.reading.reading_codes import READING_CODES

CODES: dict[str, Code] = {**READING_CODES, **FILE_CODES, **ROW_CODES, **CONVERSION_CODES, **OUTCOME_CODES}
"""Code -> level, sentence and remedy."""


class _Blank(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "?"


def sentence_for(code: str, facts: Mapping[str, object]) -> str:
    """The sentence of a code with its facts filled in; an unknown code speaks for itself."""
    entry = CODES.get(code)
    if entry is None:
        return code
    return string.Formatter().vformat(entry.sentence, (), _Blank(facts))


def explain(problem: Problem, line: int | None = None) -> str:
    """What is wrong, where, and what to do, in one or two sentences."""
    entry = CODES.get(problem.code)
    facts = {"column": problem.column or problem.field, "shown": problem.shown, "field": problem.field}
    sentence = sentence_for(problem.code, facts | dict(problem.facts))
    place = f"Line {line}: " if line is not None else ""
    return " ".join(part for part in (place + sentence, entry.remedy if entry else "") if part)


def explain_outcome(code: str) -> str:
    """The sentence and remedy of an outcome code; TikTok's refusals carry its number and the field it named."""
    name, _, rest = code.partition(":")
    number, _, field = rest.partition(":")
    facts = {
        "tiktok_code": f" (its code {number})" if number else "",
        "field": f", field {field}" if field else "",
    }
    entry = CODES.get(name)
    return " ".join(part for part in (sentence_for(name, facts), entry.remedy if entry else "") if part)
