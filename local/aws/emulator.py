"""The emulated AWS as a process: start it, wait until it serves, end it with everything it started.

In: a folder for its state. Out: its endpoints. Owns the failure ``EmulatorFailed`` (did not start; its log says why).

A clean stop saves everything; a killed emulator comes back as of its last clean stop, except for S3. A marker in the
state folder, which the launcher removes after it has saved, tells the two apart.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import IO

from local.aws.build import EMULATOR_PYTHON, PROJECT
from local.aws.endpoints import LOOPBACK, REGION, Endpoints, free_port

LAUNCHER = "local.aws.launcher"
START_SECONDS = 60
STOP_SECONDS = 60


class EmulatorFailed(Exception):
    """The emulated AWS could not be started or is not usable; the text says why."""


class Emulator:
    """One emulator on a free port of the loopback interface, with its state in a folder of its own."""

    def __init__(self, state: Path, python: Path = EMULATOR_PYTHON, *, auth: bool = False, sftp: bool = False) -> None:
        self._state = state
        self._python = python
        self._auth = auth
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self.endpoints = Endpoints(free_port(), free_port() if sftp else None)
        self.was_killed = False
        """True when the previous emulator of this folder had no time to save its state."""

    @property
    def log(self) -> Path:
        return self._state / "logs" / "aws.log"

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it serves.

        Raises ``EmulatorFailed``: not installed, the state folder is in use, or it ended or stayed silent.
        """
        if not self._python.exists():
            raise EmulatorFailed(f"{self._python.parent.parent.name} is missing; `make environments` makes it.")
        for folder in ("aws", "objects", "logs", "work"):
            (self._state / folder).mkdir(parents=True, exist_ok=True)
        lock = self._take_lock()
        self.was_killed = self._marker.exists()
        self._marker.touch()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._python, "-m", LAUNCHER],
                cwd=PROJECT,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[lock.fileno()],  # whoever lives longer, this process or the emulator, holds the folder
            )
        try:
            self._wait_until_it_serves()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Let it save its state and end it, by its process id; safe to call twice."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            shutil.rmtree(self._state / "work", ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def _marker(self) -> Path:
        return self._state / "running"

    def _take_lock(self) -> IO[str]:
        lock = (self._state / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise EmulatorFailed(f"Another run is using the state folder {self._state}.") from None
        self._lock = lock
        return lock

    def _environment(self) -> dict[str, str]:
        """All that the emulator and the functions see: nothing of this process's own environment but PATH and HOME."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": os.environ.get("HOME", str(self._state)),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "BIND_HOST": LOOPBACK,
            "GATEWAY_PORT": str(self.endpoints.port),
            "MINISTACK_HOST": LOOPBACK,
            "MINISTACK_REGION": REGION,
            "SFTP_HOST": LOOPBACK,
            "SFTP_ENABLED": "1" if self.endpoints.sftp_port else "0",
            "SFTP_PORT": str(self.endpoints.sftp_port or 0),
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "AUTH": "true" if self._auth else "false",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PERSIST_STATE": "1",
            "S3_PERSIST": "1",
            "STATE_DIR": str(self._state / "aws"),
            "S3_DATA_DIR": str(self._state / "objects"),
            "RUNNING_MARKER": str(self._marker),
            "UNPACKED_DIR": str(self._state / "unpacked"),
            "TMPDIR": str(self._state / "work"),
        }

    def _wait_until_it_serves(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise EmulatorFailed(f"The emulated AWS ended at its start:\n{self._last_lines()}")
            if self._serves():
                return
            time.sleep(0.05)
        raise EmulatorFailed(f"The emulated AWS did not answer within {START_SECONDS} s:\n{self._last_lines()}")

    def _serves(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoints.url}/_ministack/ready", timeout=2):  # noqa: S310 (loopback)
                return True
        except OSError:
            return False

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])
