"""The sentences about rows and cells."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from conversion_delivery.domain.codes import FILE_CODES, OUTCOME_CODES, Level
from conversion_delivery.domain.mapping import row_codes
from conversion_delivery.domain.mapping.row_codes import ROW_CODES

DOMAIN = Path(row_codes.__file__).parents[1]
READERS = ("event_times", "time_texts", "calendar_dates", "amounts", "phones", "emails")
CODE = re.compile(r'"((?:TIME|VALUE|CURRENCY|PHONE|EMAIL)_[A-Z_]+)"')


@pytest.mark.parametrize("code", sorted(ROW_CODES))
def test_a_code_has_a_sentence_with_known_names_only(code: str) -> None:
    entry = ROW_CODES[code]
    names = {name for _, name, _, _ in string.Formatter().parse(entry.sentence) if name}

    assert names <= {"column", "shown"}
    assert entry.sentence[0].isupper() or entry.sentence[0] in '"{'
    assert entry.sentence.endswith(".")
    assert entry.level in (Level.ROW, Level.WARNING, Level.IGNORED)


@pytest.mark.parametrize("code", sorted(code for code, entry in ROW_CODES.items() if entry.level is not Level.IGNORED))
def test_a_code_that_costs_a_row_or_a_cell_says_what_to_do(code: str) -> None:
    assert ROW_CODES[code].remedy.endswith(".")


@pytest.mark.parametrize("module", READERS)
def test_every_code_that_a_reader_writes_has_its_sentence(module: str) -> None:
    (path,) = DOMAIN.rglob(f"{module}.py")
    written = set(CODE.findall(path.read_text()))

    assert written
    assert written <= set(ROW_CODES)


def test_no_code_has_two_meanings() -> None:
    assert not set(ROW_CODES) & (set(FILE_CODES) | set(OUTCOME_CODES))
