"""Which backends the contract tests run against: the fakes always, emulated services where they can be started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest

from local.aws.build import EMULATOR_PYTHON
from local.aws.emulator import Emulator
from tests.contracts.backends import Backend, DynamoBackend, EmulatedBackend, FakeBackend, Services
from tests.contracts.emulated_aws import dynamodb_local, missing_for_dynamodb_local

FAKE, EMULATOR, DYNAMODB_LOCAL = "fake", "emulator", "dynamodb-local"
PLAIN = "emulator-boto3"
"""The ledger's batches by boto3 itself, as the command line reads owners."""


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    if not EMULATOR_PYTHON.exists():
        pytest.skip(f"{EMULATOR_PYTHON.parent.parent.name} is missing; `make environments` makes it")
    with Emulator(tmp_path_factory.mktemp("emulated-aws")) as running, closing(Services(running.endpoints)) as services:
        yield services


@pytest.fixture(scope="session")
def second_opinion() -> Iterator[Services]:
    """DynamoDB Local."""
    if missing := missing_for_dynamodb_local():
        pytest.skip(missing)
    with dynamodb_local() as endpoints, closing(Services(endpoints)) as services:
        yield services


def _backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    if request.param == FAKE:
        yield FakeBackend()
        return
    worlds: dict[str, tuple[str, Callable[[Services], DynamoBackend]]] = {
        EMULATOR: ("emulator", EmulatedBackend),
        PLAIN: ("emulator", partial(DynamoBackend, plain=True)),
        DYNAMODB_LOCAL: ("second_opinion", DynamoBackend),
    }
    name, make = worlds[request.param]
    backend = make(request.getfixturevalue(name))
    yield backend
    backend.close()


backend = pytest.fixture(params=[FAKE, EMULATOR])(_backend)
"""For ports that only the emulator has."""
tables = pytest.fixture(params=[FAKE, EMULATOR, DYNAMODB_LOCAL])(_backend)
"""For the ports that live in DynamoDB."""
ledgers = pytest.fixture(params=[FAKE, EMULATOR, PLAIN, DYNAMODB_LOCAL])(_backend)
"""For the event ledger, which has two ways to DynamoDB."""
real_tables = pytest.fixture(params=[EMULATOR, DYNAMODB_LOCAL])(_backend)
"""For what only a real client can do."""
