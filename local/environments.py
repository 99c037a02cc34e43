"""Which Python the project's environments are made with.

In: the interpreters on PATH. Out (printed): the path of the best one. Owns the failure "no usable Python here".
Runs before anything is installed, and under any Python 3: standard library and old syntax only.

python3.13 comes first because the functions run on it in AWS; else whatever is here. A candidate counts only if it
really starts: a version switcher has stand-ins for versions that are not switched on.
"""

import subprocess
import sys

CANDIDATES = ("python3.13", "python3", "python3.12", "python3.11")
OLDEST, NEWEST = (3, 11), (3, 13)  # what the functions' runtimes and the pinned packages cover

_PROBE = "import sys, venv, ensurepip; print(sys.version_info[0], sys.version_info[1], sys.executable)"


def interpreter(command: str) -> str:
    """The real path of a usable interpreter behind a command; empty where there is none."""
    try:
        answer = subprocess.run([command, "-c", _PROBE], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    major, minor, path = answer.stdout.strip().split(" ", 2)
    return path if OLDEST <= (int(major), int(minor)) <= NEWEST else ""


def main() -> int:
    """Print the path of the interpreter to use; exit code 1 and a sentence where there is none."""
    for command in CANDIDATES:
        path = interpreter(command)
        if path:
            print(path)
            return 0
    print("No Python 3.11, 3.12 or 3.13 with the modules venv and ensurepip was found on PATH.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
