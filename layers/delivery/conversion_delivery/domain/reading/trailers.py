"""Closing lines of a file: trailers, totals, and the footers of printed reports. Nobody's rows and nobody's errors.

Only records that are no conversions are looked at, so nothing that could be sent is ever taken for a closing line.
``TRAILER,1234`` and ``TRL|000123`` name a count; it is compared with the number of rows before it. Some writers count
the header and the trailer as well, so up to two more are right too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from conversion_delivery.domain.conversions import Ignored, Problem, Verdict

_trailer = re.compile(
    r"\W*(?:trailer(?: record)?|trl|trlr|tlr|eof|eot|end[ _-]of[ _-](?:file|data|report)|footer"
    r"|(?:record|row|line)[ _-]?count|(?:records|rows))\W*([0-9]{1,12})?\W*",
    re.IGNORECASE,
).fullmatch
_total = re.compile(
    r"\W*(?:grand[ _-]|sub[ _-]?)?(?:totals?|sum|summe|gesamt|total g[ée]n[ée]ral)\W*"
    r"(?:([0-9]{1,12}) (?:records?|rows?|lines?))?\W*",
    re.IGNORECASE,
).fullmatch
_footer = re.compile(
    r"\W*(?:confidential information|copyright\b|\(c\)|©|generated (?:by|on|at)\b|exported (?:by|on)\b"
    r"|.*all rights reserved|\(?[0-9]+ rows? (?:affected|selected))",
    re.IGNORECASE | re.DOTALL,
).match
_is_number = re.compile(r"[-+()$€£¥%\d\s.,:/TZ]*").fullmatch
_is_count = re.compile(r"\s*[0-9]{1,12}\s*").fullmatch

_LONGEST = 200
"""Characters of a closing line's first cell, and of a footer."""

_FEW_DIGITS = 6
"""A text with more digits may hold somebody's number."""


def closing_row(cells: Sequence[str]) -> Ignored | None:
    """What a record without a conversion is, where it is a closing line; its count is a fact of the problem."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled or len(filled[0]) > _LONGEST:
        return None
    first, others = filled[0], filled[1:]
    if all(map(_is_number, others)) and (word := _trailer(first)):
        return _ignored("ROW_TRAILER", [count for count in (word[1], *others) if count and _is_count(count)])
    if all(map(_is_number, others)) and (word := _total(first)):
        return _ignored("ROW_TRAILER", [word[1]] if word[1] else [])
    if not others and (_footer(first) or _is_text_line(cells)):
        return Ignored(Problem("ROW_FOOTER", ""))
    return None


def counted(verdict: Verdict, row: int) -> Verdict:
    """The verdict on the ``row``-th record; a trailer whose count is another one says so."""
    if isinstance(verdict, Ignored) and verdict.problem.code == "ROW_TRAILER" and verdict.problem.facts:
        count = dict(verdict.problem.facts)["count"]
        if not row - 1 <= count <= row + 1:
            facts = (("count", count), ("rows", row - 1))
            return Ignored(Problem("TRAILER_COUNT_DIFFERS", "", shown=str(count), facts=facts))
    return verdict


def _ignored(code: str, counts: Sequence[str]) -> Ignored:
    """Several numbers may be a date and a count: then nobody can say which."""
    facts = (("count", int(counts[0])),) if len(counts) == 1 else ()
    return Ignored(Problem(code, "", facts=facts))


def _is_text_line(cells: Sequence[str]) -> bool:
    """A title or a name under a printed report: one cell of several words, without a delimiter, address or number."""
    text = cells[0]
    digits = sum(map(str.isdigit, text))
    return len(cells) == 1 and len(text.split()) > 1 and "@" not in text and digits <= _FEW_DIGITS
