"""An emulator without a stack, for what the launcher and the process around it promise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.aws.emulator import Emulator
from local.aws.endpoints import Endpoints


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    """An emulator of this module's own."""
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator.endpoints


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    """An emulator that enforces permissions."""
    with Emulator(tmp_path_factory.mktemp("guarded"), auth=True) as emulator:
        yield emulator.endpoints


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A folder for an emulator that a test starts itself."""
    return tmp_path / "state"
