"""Lines before the header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.preambles import MOST_LINES, Preamble, preamble_of

HEADER = "Email,Conversion Name,Conversion Time\n"


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("Parameters:TimeZone=America/New_York\n", "America/New_York"),
        ("Parameters:TimeZone=America/New_York,,,,\r\n", "America/New_York"),
        ('"Parameters:TimeZone=Europe/Berlin",,\n', "Europe/Berlin"),
        ("\ufeffparameters: timezone = Asia/Tokyo ;;\n", "Asia/Tokyo"),
        ("Parameters:EventType=ENHANCED;TimeZone=Europe/Paris\n", "Europe/Paris"),
        ('"Parameters:TimeZone=Europe/Paris;EventType=OFFLINE"\n', "Europe/Paris"),
        ("Parameters:TimeZone=-0500\n", "Etc/GMT+5"),
        ("Parameters:TimeZone=+0100,,\n", "Etc/GMT-1"),
        ("Parameters:TimeZone=+00:00\n", "Etc/GMT"),
        ("Parameters:TimeZone=UTC\n", "UTC"),
        ("Parameters:EventType=OFFLINE\n", None),
        ("Parameters:\n", None),
    ],
)
def test_the_parameter_line_names_the_zone_and_is_no_header(line: str, zone: str | None) -> None:
    assert preamble_of([line, HEADER]) == Preamble(1, zone)


def test_instructions_above_the_parameter_line_are_passed_over() -> None:
    lines = ["### INSTRUCTIONS ###,,\n", "# Set the time zone\n", "\n", "Parameters:TimeZone=UTC,,\n", HEADER]

    assert preamble_of(lines) == Preamble(4, "UTC")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [HEADER, "Parameters:TimeZone=UTC\n"],
        ["# a comment\n", HEADER],
        ["\n"] * MOST_LINES + ["Parameters:TimeZone=UTC\n"],
        ["Email,Parameters:TimeZone=UTC\n"],
    ],
)
def test_a_file_without_a_parameter_line_begins_with_its_header(lines: list[str]) -> None:
    assert preamble_of(lines) == Preamble(0, None)


@pytest.mark.parametrize(
    "zone", ["<Your-Time-Zone>", "Mars/Base", "", "+0530", "+1500", "-1300", "../etc/passwd", "\x00"]
)
def test_an_unknown_zone_refuses_the_file_and_names_its_line(zone: str) -> None:
    with pytest.raises(UploadRejected) as refused:
        preamble_of(["# x\n", f"Parameters:TimeZone={zone},,\n", HEADER])

    assert (refused.value.code, refused.value.facts) == ("PREAMBLE_TIMEZONE", {"line": 2})


@given(st.lists(st.text(max_size=40).filter(lambda line: "=" not in line), max_size=5))
def test_any_lines_give_a_preamble_within_them(lines: list[str]) -> None:
    assert 0 <= preamble_of(lines).lines <= len(lines)
