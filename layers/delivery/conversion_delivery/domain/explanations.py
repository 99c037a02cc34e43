"""Every code that a customer can meet, in words: the one table behind reports, the command line and the docs."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping

from conversion_delivery.domain.codes import FILE_CODES, OUTCOME_CODES, Code, Level
from conversion_delivery.domain.conversions import Problem
from conversion_delivery.domain.layouts.layout_codes import LAYOUT_CODES
from conversion_delivery.domain.mapping.conversion_codes import CONVERSION_CODES
from conversion_delivery.domain.mapping.row_codes import ROW_CODES
from conversion_delivery.domain.reading.container_codes import CONTAINER_CODES
from conversion_delivery.domain.reading.first_row_codes import FIRST_ROW_CODES
from conversion_delivery.domain.reading.reading_codes import READING_CODES
from conversion_delivery.domain.upload_codes import UPLOAD_CODES

CODES: dict[str, Code] = {
    **READING_CODES,
    **CONTAINER_CODES,
    **FIRST_ROW_CODES,
    **FILE_CODES,
    **UPLOAD_CODES,
    **LAYOUT_CODES,
    **ROW_CODES,
    **CONVERSION_CODES,
    **OUTCOME_CODES,
}
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
    """The sentence and remedy of an outcome code."""
    return " ".join(part for part in (_outcome_sentence(code), remedy_of(code)) if part)


def general_sentence(code: str) -> str:
    """A code's sentence without a certain cell in mind, for many rows at once."""
    entry = CODES.get(code)
    if entry is None or entry.level is Level.OUTCOME:
        return _outcome_sentence(code)
    sentence = entry.sentence
    for pattern, words in _IN_GENERAL:
        sentence = pattern.sub(words, sentence)
    return sentence[:1].upper() + sentence[1:]


def remedy_of(code: str) -> str:
    """What a person can do; empty where there is nothing to do."""
    entry = CODES.get(code.partition(":")[0])
    return entry.remedy if entry else ""


_IN_GENERAL = (
    (re.compile(r'^(?:"\{shown\}"|\{shown\}) in \{column\}'), "the value"),
    (re.compile(r" \([^()]*\{(?:shown|column)\}[^()]*\)|; \{column\} says \{shown\}"), ""),
    (re.compile(r"\bhas \{shown\}(?=;)"), "is too long"),
    (re.compile(r"\bhas \{\w+\} rows; \{\w+\} are the most"), "has too many rows"),
    (re.compile(r"\bof line \{\w+\}"), "of another row"),
    (re.compile(r"\bis \{shown\}(?=\.)"), "is too old"),
    (re.compile(r"\bline \{shown\}"), "another row"),
    (re.compile(r'[:,]? [("]?\{(?:shown|hint)\}[)"]?'), ""),
    (re.compile(r" in \{column\}"), ""),
    (re.compile(r"\{column\}"), "the column"),
    (re.compile(r"\{\w+\}"), "…"),
)
"""Placeholders of a sentence, and what stands there when no cell is meant."""


def _outcome_sentence(code: str) -> str:
    """TikTok's refusals carry its number and the field it named."""
    name, _, rest = code.partition(":")
    number, _, field = rest.partition(":")
    facts = {
        "tiktok_code": f" (its code {number})" if number else "",
        "field": f", field {field}" if field else "",
    }
    return sentence_for(name, facts)
