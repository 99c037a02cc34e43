"""One random history: everything about it follows from its seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.faults.histories import finish, run_worker
from tests.faults.invariants import watch
from tests.faults.random_faults import RandomFaults
from tests.faults.random_files import files_of
from tests.faults.virtual_time import HOUR, MINUTE
from tests.faults.wiring import THE_PRODUCT, Parts, RealWorkflows, workflows_of
from tests.faults.world import DESTINATION, Sizes, World

MOST_WORKERS = 4


class RandomHistory:
    """Drops files, runs workers in a random order and troubles the world; then lets it come to rest."""

    def __init__(self, seed: int, parts: Parts = THE_PRODUCT, *, trace: bool = False) -> None:
        random = Random(seed)
        self.random = random
        heavy = random.random() < 0.3
        plan = RandomFaults(
            random,
            rate=random.choice((0.0, 0.01, 0.03)) * (3 if heavy else 1),
            post_rate=random.choice((0.1, 0.4, 0.7)),
            pause_rate=random.choice((0.0, 0.05, 0.2, 0.5)),
        )
        resting = replace(_sizes(random), open_batches=(0, 0, 0, 1, 0, 0, 0, 2)[seed % 8])
        self.world = World(plan, resting)
        if trace:
            self.world.schedule.trace = []
        watch(self.world)
        self.workflows: RealWorkflows = workflows_of(self.world, parts)
        self._troubles = random.choice((0.02, 0.08, 0.2))
        self._files = files_of(random)

    def run(self) -> list[str]:
        """The violations of this history; empty when all holds."""
        self._drop_some()
        for _ in range(self.random.choice((8, 20, 40, 90))):
            if self.random.random() < self._troubles:
                self.random.choice(_TROUBLES)(self)
            self._step()
            if self.world.violations:
                return self.world.violations
        while self._files:
            self.world.drop(self._files.pop())
        return finish(self.world, self.workflows)

    def _step(self) -> None:
        """One worker goes on, or a message is delivered, or time passes until one of these can happen."""
        world = self.world
        ready = world.schedule.ready()
        visible = world.queue.visible() if len(world.schedule.workers) < MOST_WORKERS else []
        chosen = self.random.randrange(len(ready) + len(visible)) if ready or visible else -1
        if chosen < 0:
            self._wait()
        elif chosen < len(ready):
            world.schedule.run(ready[chosen])
        else:
            run_worker(world, self.workflows, visible[chosen - len(ready)])

    def _wait(self) -> None:
        world = self.world
        moments = [worker.wake_at for worker in world.schedule.workers]
        if (visible_at := world.queue.next_visible_at()) is not None:
            moments.append(visible_at)
        if moments:
            world.clock.advance_to(min(moments))
        elif self._files:
            self._drop_some()

    def _drop_some(self) -> None:
        """One file more, or several at once."""
        for _ in range(self.random.randint(1, len(self._files))):
            self.world.drop(self._files.pop())

    def deliver_a_duplicate(self) -> None:
        """Any message ever sent, acknowledged or not, comes once more."""
        if len(self.world.schedule.workers) < MOST_WORKERS:
            self.world.deliver(self.random.choice(self.world.queue.sent), self.workflows)

    def jump(self) -> None:
        """Many hours pass; no function lives that long."""
        for worker in list(self.world.schedule.workers):
            self.world.schedule.kill(worker)
        self.world.clock.advance(self.random.uniform(10, 100) * HOUR)

    def let_time_pass(self) -> None:
        self.world.clock.advance(self.random.uniform(1, 40) * MINUTE)

    def drop_the_next_file(self) -> None:
        if self._files:
            self.world.drop(self._files.pop())

    def delete_a_source(self) -> None:
        self.world.stores.uploads.delete(self.random.choice(self.world.files).upload)

    def change_the_rules(self) -> None:
        self.world.rules.strict = not self.world.rules.strict

    def refuse_the_token(self) -> None:
        """TikTok takes another token from now on; the secret may hold it already, or later."""
        world = self.world
        world.tiktok.token = f"token-{self.random.randint(2, 9)}"
        if self.random.random() < 0.5:
            world.stores.tokens.tokens[DESTINATION] = world.tiktok.token

    def renew_the_secret(self) -> None:
        self.world.stores.tokens.tokens[DESTINATION] = self.world.tiktok.token

    def bury_a_message(self) -> None:
        if kept := list(self.world.queue.kept()):
            self.world.queue.bury(self.random.choice(kept))

    def redrive(self) -> None:
        self.world.queue.redrive()


_TROUBLES: tuple[Callable[[RandomHistory], None], ...] = (
    RandomHistory.deliver_a_duplicate,
    RandomHistory.deliver_a_duplicate,
    RandomHistory.deliver_a_duplicate,
    RandomHistory.jump,
    RandomHistory.let_time_pass,
    RandomHistory.drop_the_next_file,
    RandomHistory.drop_the_next_file,
    RandomHistory.delete_a_source,
    RandomHistory.change_the_rules,
    RandomHistory.refuse_the_token,
    RandomHistory.renew_the_secret,
    RandomHistory.bury_a_message,
    RandomHistory.redrive,
)


def _sizes(random: Random) -> Sizes:
    return Sizes(
        rows_per_batch=random.randint(1, 4),
        checkpoint_bytes=random.choice((1, 1, 8, 10_000)),
        batches_per_checkpoint=random.choice((1, 2, 10)),
        body_bytes=random.choice((1_000_000, 1_000_000, 700, 900)),
        max_receives=random.randint(3, 12),
        sender_seconds=random.choice((120.0, 120.0, 10_000.0)),
        splitter_seconds=random.choice((300.0, 60.1, 60.3)),
        first_copy_wait=random.choice((HOUR, HOUR, HOUR, 0.0)),
    )
