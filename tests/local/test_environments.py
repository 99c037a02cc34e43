"""The environments: which Python makes them, and that what they install is pinned, hashed and the same everywhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from local.environments import interpreter

ROOT = Path(__file__).parents[2]
LOCKED = {
    "runtime.in": ROOT / "layers" / "dependencies" / "requirements.txt",
    "development.in": ROOT / "requirements" / "development.txt",
    "emulator.in": ROOT / "requirements" / "emulator.txt",
}


def pins(path: Path) -> dict[str, set[str]]:
    """Name -> versions; a version can differ by Python version."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def direct(path: Path) -> dict[str, str]:
    """Name -> version where the file asks for one, else empty."""
    lines = re.findall(r"^([A-Za-z0-9-]+)(?:\[[^\]]*\])?(?:==(\S+))?$", path.read_text(), re.MULTILINE)
    return {name.lower(): version for name, version in lines}


def test_this_python_is_usable_and_named_by_its_real_path() -> None:
    assert interpreter(sys.executable) == sys.executable


def test_a_missing_command_is_no_interpreter() -> None:
    assert interpreter("python-that-nobody-has") == ""


def test_a_stand_in_that_does_not_start_python_is_no_interpreter(tmp_path: Path) -> None:
    stand_in = tmp_path / "python3.13"
    stand_in.write_text("#!/bin/sh\necho 'version 3.13 is not switched on' >&2\nexit 127\n")
    stand_in.chmod(0o755)
    assert interpreter(str(stand_in)) == ""


def test_a_python_outside_the_supported_range_is_no_interpreter(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3 9 /usr/bin/python3.9\n")
    old.chmod(0o755)
    assert interpreter(str(old)) == ""


@pytest.mark.parametrize("name", LOCKED)
def test_every_direct_requirement_is_pinned_as_asked(name: str) -> None:
    locked = pins(LOCKED[name])
    wanted = direct(ROOT / "requirements" / name)
    assert len(wanted) >= 3
    for package, version in wanted.items():
        assert package in locked
        assert not version or locked[package] == {version}


@pytest.mark.parametrize("path", LOCKED.values(), ids=LOCKED)
def test_every_pin_has_hashes_and_no_file_names_a_place_to_get_it_from(path: Path) -> None:
    text = path.read_text()
    for pin in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in pin, pin.splitlines()[0]
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", text)


def test_tests_run_with_the_packages_that_are_deployed() -> None:
    deployed, tested = pins(LOCKED["runtime.in"]), pins(LOCKED["development.in"])
    assert {name: tested.get(name) for name in deployed} == deployed
