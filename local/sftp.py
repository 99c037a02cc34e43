"""The stack with its SFTP server on this machine, until Ctrl-C: ``python -m local.sftp --key ~/.ssh/id_ed25519.pub``.

In: a public key, and settings if they are to be other than the trial's. Out: an SFTP server on 127.0.0.1 whose files go
to a simulator. Exit 0 after Ctrl-C, 2 if something could not be started, 64 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from local.aws.build import BuildFailed, ensure_build
from local.aws.emulator import Emulator, EmulatorFailed
from local.aws.endpoints import LOOPBACK
from local.aws.local_stack import FIRST_DESTINATION, LocalStack
from local.aws.stack import DeploymentFailed
from local.events_api import EventsApiSimulator

STOPPED, NOT_STARTED, USAGE_ERROR = 0, 2, 64

SETTINGS = {"event_source_id": "7000000000000000001", "default_currency": "USD", "default_country": "US"}


@contextlib.contextmanager
def served(state: Path, public_key: str, settings: str) -> Iterator[LocalStack]:
    """The deployed stack with its SFTP server, and one user called like the first destination.

    Raises ``BuildFailed``, ``EmulatorFailed``, ``DeploymentFailed``.
    """
    build = ensure_build()
    with EventsApiSimulator() as simulator, Emulator(state, sftp=True) as emulator:
        stack = LocalStack.deployed(
            emulator.endpoints,
            build,
            events_api=simulator.url,
            settings=settings,
            SftpEndpoint="public",
            SftpPublicKey=public_key,
        )
        stack.configure(FIRST_DESTINATION, settings=settings, token="simulated")  # noqa: S106 (the simulator takes any)
        yield stack


def _wait() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()


def main(arguments: Sequence[str] | None = None, wait: Callable[[], None] = _wait) -> int:
    """Serve until ``wait`` returns; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.sftp", description=__doc__.splitlines()[0])
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="SSH public key that may log in")
    parser.add_argument("--settings", type=Path, metavar="S.json", help="settings document of the destination")
    parser.add_argument("--state", type=Path, metavar="DIR", default=Path(".local/sftp"), help="default: .local/sftp")
    args = parser.parse_args(arguments)
    try:
        key = args.key.read_text(encoding="utf-8").strip()
        settings = args.settings.read_text(encoding="utf-8") if args.settings else json.dumps(SETTINGS)
    except (OSError, UnicodeDecodeError):
        print("The key or the settings cannot be read.", file=sys.stderr)
        return USAGE_ERROR
    try:
        with served(args.state.resolve(), key, settings) as stack:
            print(f"sftp -P {stack.endpoints.sftp_port} {FIRST_DESTINATION}@{LOOPBACK}", flush=True)
            print("Put files into /inbox; reports appear in /reports. Ctrl-C ends it.", flush=True)
            wait()
    except (BuildFailed, EmulatorFailed, DeploymentFailed) as problem:
        print(problem, file=sys.stderr)
        return NOT_STARTED
    return STOPPED


if __name__ == "__main__":
    sys.exit(main())
