"""One deployed stack for all pipeline tests: the real template, as ``sam build`` made it, on emulated AWS.

Tests are kept apart by their destinations: each ``destination`` has a folder, settings, a token and an event source of
its own, so no test sees another's events, and nothing is deployed twice.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conversion_delivery.domain.uploads import Upload
from local.aws.build import ensure_build
from local.aws.emulator import Emulator
from local.aws.local_stack import LocalStack
from local.events_api import EventsApiSimulator

FIRST_SOURCE = 7_100_000_000_000_000_000
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Report:
    """The files of one report."""

    files: dict[str, bytes]

    @property
    def summary(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.files["summary.json"])
        return document

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = self.summary["counts"]
        return counts

    def text(self, name: str) -> str:
        return self.files[name].decode()


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination of a test's own on the shared stack."""

    stack: LocalStack
    simulator: EventsApiSimulator
    name: str
    source_id: str
    settings: dict[str, Any] = field(default_factory=dict)

    def configure(self, token: str | None = "a-token", **settings: Any) -> None:  # noqa: S107 (the simulator takes any)
        """Store settings (over offline, USD, US) and token."""
        basis = {"event_source_id": self.source_id, "default_currency": "USD", "default_country": "US"}
        self.stack.configure(self.name, settings=json.dumps({**basis, **self.settings, **settings}), token=token)

    def upload(self, name: str, content: str | bytes) -> Upload:
        return self.stack.upload(name, content.encode() if isinstance(content, str) else content, self.name)

    def report(self, upload: Upload, timeout: float = 90) -> Report:
        """The report of an upload, once it is complete."""
        return Report(self.stack.wait_for_report(upload, timeout))

    def deliver(self, name: str, content: str | bytes, timeout: float = 90) -> Report:
        """Upload a file and wait for its report."""
        return self.report(self.upload(name, content), timeout)

    def received(self, verdict: str | None = None) -> list[dict[str, Any]]:
        """What the simulator got for this event source, in order; see ``EventsApiSimulator.events``."""
        return [event for event in self.simulator.events(verdict) if event["event_source_id"] == self.source_id]


@pytest.fixture
def recent() -> str:
    """A time of yesterday, as files write it: not in the future, and not too old."""
    return f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture(scope="session")
def simulator() -> Iterator[EventsApiSimulator]:
    """The Events API of all pipeline tests; any token is valid."""
    with EventsApiSimulator() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Emulated AWS with a state of its own."""
    with Emulator(tmp_path_factory.mktemp("aws")) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def local_stack(emulator: Emulator, simulator: EventsApiSimulator) -> LocalStack:
    """The stack, deployed from the built artifact (built first where it is out of date)."""
    settings = json.dumps({"event_source_id": str(FIRST_SOURCE)})
    return LocalStack.deployed(emulator.endpoints, ensure_build(), events_api=simulator.url, settings=settings)


@pytest.fixture
def destination(local_stack: LocalStack, simulator: EventsApiSimulator) -> Iterator[Destination]:
    """A configured destination that nobody else uses. Faults that the test planned end with it."""
    number = next(_numbers)
    made = Destination(local_stack, simulator, f"test-{number}", str(FIRST_SOURCE + number))
    made.configure()
    yield made
    simulator.set_faults(None)
