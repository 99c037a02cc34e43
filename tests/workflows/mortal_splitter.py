"""A splitter that dies at a chosen effect, and everything that has to happen until nothing is left to do."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from conversion_delivery.domain.reading.slices import SliceLimits
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.workflows.assembly import SplitterPorts, assemble_splitter
from conversion_delivery.workflows.split_file import SplitFile, SplitLimits
from tests.fakes.key_store import FakeKeyStore
from tests.fakes.prepared_store import FakePreparedStore
from tests.workflows.delivery_world import DeliveryWorld


class Dying(BaseException):
    """The process ends here: no handler of errors sees it."""


class Fate:
    """Lets the ``die_at``-th effect be the last one, before or after it has happened."""

    def __init__(self, die_at: int | None = None, *, after: bool = False) -> None:
        self._die_at = die_at
        self._after = after
        self.effects: list[str] = []

    def around(self, port: object) -> Any:
        return _Mortal(self, port)

    def call(self, name: str, method: Callable[..., Any], *values: Any, **named: Any) -> Any:
        self.effects.append(name)
        dies = len(self.effects) == self._die_at
        if dies and not self._after:
            raise Dying
        answer = method(*values, **named)
        if dies:
            raise Dying
        return answer


class _Mortal:
    def __init__(self, fate: Fate, port: object) -> None:
        self._fate = fate
        self._port = port

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*values: Any, **named: Any) -> Any:
            return self._fate.call(name, method, *values, **named)

        return call


def mortal_splitter(
    world: DeliveryWorld, fate: Fate, prepared: FakePreparedStore | None = None, limits: SplitLimits | None = None
) -> SplitFile:
    """A splitter over the world's ports, in each of which it can die."""
    ports = SplitterPorts(
        uploads=fate.around(world.uploads),
        queue=fate.around(world.queue),
        progress=fate.around(world.progress),
        destinations=fate.around(world.destinations),
        reports=fate.around(world.reports),
        prepared=fate.around(prepared or FakePreparedStore(world.uploads)),
        keys=FakeKeyStore(),
        decryption=SequoiaDecryption(),
        telemetry=world.telemetry,
        now=world.now,
        new_id=world.new_id,
    )
    return assemble_splitter(ports, limits or SplitLimits(slices=SliceLimits(conversions=20)))


def go_on(world: DeliveryWorld) -> None:
    """Take up every continuation, then deliver every batch once, however often its message is in the queue."""
    while world.queue.continuations:
        message, _ = world.queue.continuations.pop(0)
        world.split.go_on(message, lambda: world.remaining)
    once = {message.batch_id: message for message in world.queue.batches}
    world.queue.batches[:] = [once[batch_id] for batch_id in sorted(once)]
    world.deliver_all()


def deaths(effects: int) -> Iterator[tuple[int, bool]]:
    """Every place to die at."""
    return itertools.product(range(1, effects + 1), (False, True))


def notify(split: SplitFile, *uploads: Upload) -> bool:
    """Hand notifications over; whether the splitter lived through all of them."""
    try:
        for upload in uploads:
            split.start(upload, lambda: 300.0)
    except Dying:
        return False
    return True
