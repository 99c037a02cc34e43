"""The sentences about what a row turns into."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.mapping import conversion_codes
from conversion_delivery.domain.mapping.conversion_codes import CONVERSION_CODES
from conversion_delivery.domain.mapping.row_codes import ROW_CODES

DOMAIN = Path(conversion_codes.__file__).parents[1]
WRITERS = (
    "conversion_reader",
    "event_names",
    "row_contacts",
    "row_items",
    "row_money",
    "row_notes",
    "row_refunds",
    "source_fields",
    "statuses",
    "texts",
)
WRITTEN = re.compile(r'(?:CellFinding|Problem|_problem)\("([A-Z_]+)"|_note\(Weight\.[A-Z]+, "([A-Z_]+)"')


def codes_written() -> set[str]:
    texts = [path.read_text() for module in WRITERS for path in DOMAIN.rglob(f"{module}.py")]
    assert len(texts) == len(WRITERS)
    codes = {code for text in texts for found in WRITTEN.findall(text) for code in found if code}
    ids = {code.removeprefix("ID_") for code in codes if code.startswith("ID_")}
    fields = ("ORDER_ID", "EVENT_ID", "LEAD_ID", "EXTERNAL_ID")
    named = {f"{field}_{what}" for field in fields for what in ids} - {"EXTERNAL_ID_PERSONAL"}
    return {code for code in codes if not code.startswith("ID_")} | named


def test_every_code_that_a_module_writes_has_its_sentence() -> None:
    written = codes_written()

    assert len(written) > 20
    assert written <= set(CODES)
    assert set(CONVERSION_CODES) <= written


def test_no_code_stands_in_two_tables() -> None:
    assert not set(ROW_CODES) & set(CONVERSION_CODES)


@pytest.mark.parametrize("code", sorted(CONVERSION_CODES))
def test_a_sentence_names_the_column_and_nothing_unknown(code: str) -> None:
    entry = CONVERSION_CODES[code]
    names = {name for _, name, _, _ in string.Formatter().parse(entry.sentence) if name}

    assert "column" in names
    assert names <= {"column", "shown"}
    assert entry.sentence.endswith(".")
    assert entry.remedy.endswith(".")
    assert entry.level in (Level.ROW, Level.WARNING)
