"""The browser for the tests of the page is found, or installed where that is possible, or missed with a word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.browser import found_browser

ROOT = Path(__file__).parents[2]


def run_with(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the step with nothing on PATH but what a test puts there."""
    return subprocess.run(
        [sys.executable, ROOT / "local" / "browser.py"],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def put_command(folder: Path, name: str, script: str = "exit 0") -> None:
    command = folder / name
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)


def test_a_browser_on_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_command(tmp_path, "chromium-browser")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert found_browser() == str(tmp_path / "chromium-browser")


def test_nothing_is_said_where_there_is_one(tmp_path: Path) -> None:
    put_command(tmp_path, "google-chrome")
    done = run_with(tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_browser_and_apt_the_build_goes_on_and_says_what_is_missed(tmp_path: Path) -> None:
    done = run_with(tmp_path)

    assert done.returncode == 0
    assert "will be skipped" in done.stderr


def test_a_failing_installation_does_not_fail_the_build(tmp_path: Path) -> None:
    put_command(tmp_path, "apt-get", "exit 100")
    done = run_with(tmp_path)

    assert done.returncode == 0
    assert "will be skipped" in done.stderr
