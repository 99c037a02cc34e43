"""The guides leave nothing out: every code, setting, layout and field stands on a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversion_delivery.domain.conversions import FIELDS
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.layouts.layouts import LAYOUTS, Layout
from local.documentation import PAGES, ROOT
from tests.domain.reports.built_summaries import summary

FILES = Path("docs/files.md")
REJECTED = Path("docs/rejected-files.md")

_TABLE = re.compile(r"<!-- table: \w+ -->.*?<!-- end -->", re.DOTALL)


def page(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """A page without its generated tables."""
    return _TABLE.sub("", page(path))


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_stands_on_the_page_about_rejected_files(code: str) -> None:
    assert f"| `{code}` |" in page(REJECTED)


@pytest.mark.parametrize("setting", sorted(DestinationSettings.model_fields))
def test_every_setting_stands_in_the_readme(setting: str) -> None:
    assert f"| `{setting}` |" in page(Path("README.md"))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_layout_and_its_other_names_stand_on_the_page_about_files(layout: Layout) -> None:
    names = [layout.name, *layout.short_names]
    assert [name for name in names if f"`{name}`" not in page(FILES)] == []


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_stands_on_the_page_about_files(field: str) -> None:
    assert f"| `{field}` |" in page(FILES)


@pytest.mark.parametrize("path", [FILES, REJECTED], ids=str)
def test_the_prose_names_only_codes_that_exist(path: Path) -> None:
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", prose(path)))
    states = {"DONE_WITH_REJECTS"}
    assert named - states - CODES.keys() == set()


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_links_within_a_page_lead_to_a_heading(path: Path) -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", page(path), re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", page(path))) - headings == set()


def test_every_key_of_a_summary_stands_on_the_page_about_files() -> None:
    described = page(FILES).partition("### summary.json")[2]
    assert [key for key in summary() if f"`{key}`" not in described] == []
