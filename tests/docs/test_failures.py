"""docs/failures.md: every row is complete and names a test that exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from local.documentation import ROOT

PAGE = ROOT / "docs" / "failures.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")

ROWS = [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and not line.startswith("| failure |")]


@cache
def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def test_the_page_has_rows() -> None:
    assert len(ROWS) > 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:60])
def test_a_row_names_a_test_that_exists(row: str) -> None:
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert len(cells) == 5, "failure, what you see, what is kept, how it goes on, test"
    assert cells[0]
    assert cells[1]
    named = NAMED.fullmatch(cells[4])
    assert named is not None, cells[4]
    path, test = ROOT / named[1], named[2]
    assert path.exists(), path
    assert test in functions_of(path), f"{test} is not in {named[1]}"


def test_every_test_of_bad_weather_stands_on_the_page() -> None:
    shown = {match[2] for match in NAMED.finditer(PAGE.read_text())}
    names = functions_of(ROOT / "tests" / "pipeline" / "test_bad_weather.py")
    assert {name for name in names if name.startswith("test_")} - shown == set()
