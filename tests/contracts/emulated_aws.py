"""The emulated services that the contract tests run against, each started here or explained away.

``DYNAMODB_LOCAL`` names the folder of ``DynamoDBLocal.jar`` (Amazon's own emulator, fetched by the developer: it is
not ours to ship). It is started on the loopback interface alone.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.aws.endpoints import LOOPBACK, Endpoints, free_port

LAUNCHER = Path(__file__).with_name("LoopbackDynamoDb.java")
START_SECONDS = 60


def missing_for_dynamodb_local() -> str:
    """What DynamoDB Local lacks on this machine; empty where it can be started."""
    if shutil.which("java") is None:
        return "DynamoDB Local needs java, and there is none on the PATH"
    folder = os.environ.get("DYNAMODB_LOCAL", "")
    if not folder or not (Path(folder) / "DynamoDBLocal.jar").exists():
        return "DYNAMODB_LOCAL does not name a folder with DynamoDBLocal.jar"
    return ""


@contextmanager
def dynamodb_local() -> Iterator[Endpoints]:
    """A DynamoDB Local of our own, empty, in memory."""
    folder = os.environ["DYNAMODB_LOCAL"]
    endpoints = Endpoints(free_port())
    libraries = f"{folder}/DynamoDBLocal_lib"
    command = ["java", f"-Djava.library.path={libraries}", "-cp", f"{folder}/DynamoDBLocal.jar:{libraries}/*"]
    command += [str(LAUNCHER), "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(endpoints.port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(endpoints.port, process)
        yield endpoints
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("DynamoDB Local did not start")
