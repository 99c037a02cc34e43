"""Runs a history to its end: the drain after the faults, the final checks, and the replay of every message.

Out: the violations. A history that does not come to rest within a few redrives is itself a violation (liveness).
"""

from __future__ import annotations

from conversion_delivery.domain.batches import BatchId, parse_continuation
from conversion_delivery.domain.outcomes import outcome_of
from tests.faults.invariants import Reported, check_end, reported
from tests.faults.message_queue import Message
from tests.faults.virtual_time import HOUR
from tests.faults.world import Workflows, World

REDRIVES = 8
DELIVERIES_TO_REST = 3_000
REPLAY_AFTER = 60 * HOUR

Truth = tuple[dict[str, str], list[Reported], dict[str, int]]


def run_worker(world: World, workflows: Workflows, message: Message) -> None:
    """Receive a visible message and start its worker."""
    if world.queue.receive(message):
        world.deliver(message, workflows)


def drain(world: World, workflows: Workflows) -> None:
    """Let everything come to rest without faults; dead letters are redriven a few times."""
    world.calm_down()
    redrives_before = world.queue.redrives
    started = world.deliveries
    while world.deliveries - started < DELIVERIES_TO_REST:
        if world.schedule.workers:
            _finish_workers(world)
        elif visible := world.queue.visible():
            run_worker(world, workflows, visible[0])
        elif _only_rests(world) and world.queue.redrives - redrives_before < REDRIVES and world.queue.redrive():
            continue
        elif (moment := world.queue.next_visible_at()) is not None:
            world.clock.advance_to(moment)
        elif world.queue.redrives - redrives_before >= REDRIVES or not world.queue.redrive():
            break
    if next(world.queue.kept(), None) is not None:
        world.violate("liveness: messages are left although nothing fails any more")


def _only_rests(world: World) -> bool:
    """Whether all that is left in the queues are splitters that rest: what they wait for is among the dead letters."""
    return all(
        "continue_file_id" in message.body and parse_continuation(message.body).rested
        for message in world.queue.kept()
        if not message.dead
    )


def _finish_workers(world: World) -> None:
    while workers := world.schedule.workers:
        worker = min(workers, key=lambda each: each.wake_at)
        world.clock.advance_to(worker.wake_at)
        world.schedule.run(worker)


def finish(world: World, workflows: Workflows) -> list[str]:
    """From wherever the history stands: drain, check, replay, check again."""
    drain(world, workflows)
    if not world.violations:
        check_end(world)
    if not world.violations:
        _replay(world, workflows)
    return world.violations


def _replay(world: World, workflows: Workflows) -> None:
    """I8: every message ever sent, 60 hours later: no POST, no other outcome."""
    truth, posts = _truth(world), world.tiktok.posts
    world.clock.advance(REPLAY_AFTER)
    for message in list(world.queue.sent):
        world.deliver(message, workflows)
        _finish_workers(world)
    drain(world, workflows)
    if world.tiktok.posts != posts:
        world.violate("I8: a replayed message made a POST")
    if _truth(world) != truth:
        world.violate("I8: a replayed message changed an outcome")


def _truth(world: World) -> Truth:
    outcomes = {
        key: str(outcome_of(world.stores.progress.records.get(BatchId.parse(claim.batch)), claim.row))
        for key, claim in world.stores.ledger.claims.items()
    }
    return outcomes, list(reported(world)), dict(world.stores.progress.counts)
