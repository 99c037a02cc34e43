"""Pages say what the code does."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

import pytest

from cli.main import VERBS
from local.documentation import PAGES, ROOT, TABLES, with_tables


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_tables_are_what_the_code_says(page: Path) -> None:
    text = (ROOT / page).read_text()
    assert with_tables(text) == text, "run: python -m local.documentation"


def test_the_page_of_licences_names_every_package_of_the_layer_and_no_other() -> None:
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "layers/dependencies/requirements.txt").read_text(), re.MULTILINE))
    rows = re.findall(r"^\| ([\w.-]+) \| (.+) \|$", (ROOT / "docs/licences.md").read_text(), re.MULTILINE)
    assert pinned == {name for name, _ in rows} - {"package"}


def test_licences_are_those_of_the_installed_packages() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| (.+) \|$", (ROOT / "docs/licences.md").read_text(), re.MULTILINE)
    for name, licence in rows[1:]:
        metadata = importlib.metadata.metadata(name)
        said = {metadata[key] for key in ("License-Expression", "License") if key in metadata}
        assert licence.partition(",")[0] in said, name


def test_every_table_stands_on_some_page() -> None:
    pages = "".join((ROOT / page).read_text() for page in PAGES)
    assert {name for name in TABLES if f"<!-- table: {name} -->" not in pages} == set()


def test_the_readme_names_every_verb_of_the_command_line() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [verb for verb in VERBS if f"conversions {verb}" not in readme] == []


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted(path.relative_to(ROOT) for path in (ROOT / "docs").glob("*.md"))], ids=str
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", (ROOT / page).read_text()):
        assert (ROOT / page).parent.joinpath(target).exists(), target
