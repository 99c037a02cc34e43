"""The browser that the tests of the report page use: found on this machine, or installed where that is possible.

In: PATH. Out: the path of a Chromium. Owns the failure "no browser here": the tests then skip, and say so.
``python local/browser.py`` installs Debian's package, but only as root with apt-get; it never fails a build.
Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

COMMANDS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGE = "chromium"
MINUTES = 5
"""The longest that one step of an installation may take."""


def found_browser() -> str | None:
    """The path of a browser on PATH; None where there is none."""
    return next(filter(None, map(shutil.which, COMMANDS)), None)


def can_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> bool:
    """Whether Debian's package could be installed; quiet, and bounded in time."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (
        ["apt-get", "update", "--quiet=2"],
        ["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends", PACKAGE],
    )
    try:
        for step in steps:
            subprocess.run(step, env=environment, timeout=60 * MINUTES, check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return found_browser() is not None


def main() -> int:
    """Make a browser available, or say what is missed without one. Always 0: the tests can do without."""
    if found_browser():
        return 0
    if can_install():
        print(f"Installing {PACKAGE} for the tests of the report page")
        if install():
            return 0
    print(
        f"No browser found ({', '.join(COMMANDS)}), and none could be installed: the tests of the report page in a"
        f" browser will be skipped. Installing {PACKAGE} by hand puts that right.",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
