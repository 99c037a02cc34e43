"""docs/runbook.md: every alarm has a section that says what to do, and its description leads there."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from cli.main import VERBS
from local.documentation import ROOT
from tests.template.stack import Stack
from tests.template.test_alarms import EVERYTHING, every_alarm

PAGE = (ROOT / "docs" / "runbook.md").read_text()
PARTS = ("What it means", "How to look", "What to do", "How to see that it worked")


def section(alarm: str) -> str:
    found = re.search(rf"(?ms)^## {alarm}\n(.*?)(?=^## |\Z)", PAGE)
    assert found is not None, f"no section {alarm}"
    return found[1]


def test_no_section_speaks_of_an_alarm_that_does_not_exist() -> None:
    assert re.findall(r"(?m)^## (\w+)$", PAGE) == every_alarm()


@pytest.mark.parametrize("alarm", every_alarm())
def test_a_section_has_its_four_parts_in_order(alarm: str) -> None:
    parts = re.findall(r"(?ms)^\*\*(.+?)\.\*\* (.+?)(?=^\*\*|\Z)", section(alarm))

    assert tuple(title for title, _ in parts) == PARTS
    assert all(len(text.split()) >= 5 for _, text in parts)


@pytest.mark.parametrize("alarm", every_alarm())
def test_the_alarm_leads_to_its_section(alarm: str) -> None:
    description = Stack(**EVERYTHING).resource(alarm)["AlarmDescription"]

    assert description.endswith(f"Runbook: docs/runbook.md#{alarm.lower()}")


def test_links_inside_the_page_lead_to_sections() -> None:
    anchors = {alarm.lower() for alarm in every_alarm()}

    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= anchors


def test_the_page_names_queries_and_panels_that_exist() -> None:
    stack = Stack()
    queries = {query["Name"].partition("/")[2] for query in stack.of_type("AWS::Logs::QueryDefinition").values()}
    named = {" ".join(name.split()) for name in re.findall(r"saved\s+query\s+\*([^*]+)\*", PAGE)}

    assert named
    assert named <= queries


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`conversions ([a-z-]+(?: (?:[a-z-]+)\b)?)", PAGE))))
def test_the_page_names_commands_that_exist(command: str) -> None:
    verb, _, rest = command.partition(" ")

    assert verb in VERBS
    if rest and verb in {"gate", "review", "destination"}:
        asked = subprocess.run(
            [sys.executable, "-m", "cli.main", verb, rest, "--help"],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert asked.returncode == 0, asked.stderr
