"""The text of a cell without what spreadsheets and editors put around it.

In: a cell as the file has it. Out: the same text without outer blanks (visible or not) and without the marks that
force a spreadsheet to keep a number as text: a leading apostrophe, ``="..."``, ``=+1...``.
"""

from __future__ import annotations

import re

INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
"""Zero-width and direction marks: they arrive by copy and paste and no person sees them."""

_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + INVISIBLE
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_BARE_FORMULA = re.compile(r"=(?=[+\d])")


def bare(cell: str) -> str:
    """The cell without outer blanks and spreadsheet text marks."""
    text = cell.strip(_BLANKS)
    if text[:1] == "=":
        if quoted := _QUOTED_FORMULA.fullmatch(text):
            text = quoted[1].strip(_BLANKS)
        elif _BARE_FORMULA.match(text):
            text = text[1:]
    if text[:1] == "'":
        text = text[1:].strip(_BLANKS)
    return text
