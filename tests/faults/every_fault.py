"""Exhaustive search: a fair default schedule, and every deviation from it, alone or in pairs.

The default runs one delivery after the other to its end. A deviation happens at one numbered effect: a crash or a
stall there, a refusal, every answer of TikTok, many hours in which nothing runs, a second delivery of any message at
that very moment, the source gone, other rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.faults.disturbances import GO, AnswerFault, Disturbance, Kind
from tests.faults.histories import finish, run_worker
from tests.faults.invariants import watch
from tests.faults.random_faults import CONDITIONAL
from tests.faults.tiny_files import TinyRow
from tests.faults.virtual_time import HOUR, MINUTE
from tests.faults.wiring import THE_PRODUCT, Parts, RealWorkflows, workflows_of
from tests.faults.world import Sizes, World

DELIVERIES = 60
"""Deliveries of the default schedule that may be disturbed; what is left after them runs without faults."""

FORGOTTEN = 50 * HOUR


class Scenario(NamedTuple):
    """Files, how small everything is, and the weather that is part of the default."""

    name: str
    files: Sequence[Sequence[TinyRow]]
    sizes: Sizes = Sizes()
    together: bool = True
    """All files are dropped at once; else each when nothing is left to do for the one before."""
    answers: Sequence[AnswerFault] = ()
    """How TikTok treats the first POSTs."""


class Deviation(NamedTuple):
    """What is different at one effect."""

    disturbance: Disturbance
    trouble: str = ""
    """Name of a method of ``Trouble``."""

    def __str__(self) -> str:
        parts = (self.disturbance.kind, self.disturbance.answer, f"{self.disturbance.seconds:.0f}s", self.trouble)
        return " ".join(part for part in parts if part and part != "0s")


Script = dict[int, Deviation]


class ScriptedFaults:
    """Does what the script says at its steps; remembers which effect each step was."""

    def __init__(self, script: Script, answers: Sequence[AnswerFault]) -> None:
        self._script = script
        self._answers = list(answers)
        self.effects: list[str] = []
        self.troubles: list[str] = []
        """Troubles whose moment has come, for the run to act on."""

    def at(self, step: int, worker: str, effect: str) -> Disturbance:
        self.effects.append(effect)
        usual = GO
        if effect == "tiktok.track" and self._answers:
            usual = Disturbance(Kind.ANSWER, answer=self._answers.pop(0))
        deviation = self._script.get(step)
        if deviation is None:
            return usual
        if deviation.trouble:
            self.troubles.append(deviation.trouble)
        return deviation.disturbance


class Run:
    """One schedule of one scenario."""

    def __init__(self, scenario: Scenario, script: Script, parts: Parts, *, trace: bool = False) -> None:
        self.plan = ScriptedFaults(script, scenario.answers)
        self.world = World(self.plan, scenario.sizes)
        self.workflows: RealWorkflows = workflows_of(self.world, parts)
        self._files = list(scenario.files)
        self._together = scenario.together
        if trace:
            self.world.schedule.trace = []
        watch(self.world)

    def run(self) -> list[str]:
        """The violations of this schedule."""
        if not self.world.files:
            self.drop()
        while self.world.deliveries < DELIVERIES and self._step():
            self._act()
        while self._files and not self._together:
            self.drop()
        return finish(self.world, self.workflows)

    def drop(self) -> None:
        """Drop the next file, or all of them."""
        count = len(self._files) if self._together else 1
        for rows in self._files[:count]:
            self.world.drop(rows)
        del self._files[:count]

    def _step(self) -> bool:
        """Whoever can go on does, else the next message comes, else time passes; False when nothing is left."""
        world = self.world
        if ready := world.schedule.ready():
            world.schedule.run(ready[0])
        elif visible := world.queue.visible():
            run_worker(world, self.workflows, visible[0])
        else:
            return self._wait()
        return True

    def _wait(self) -> bool:
        world = self.world
        moments = [worker.wake_at for worker in world.schedule.workers]
        if (visible_at := world.queue.next_visible_at()) is not None:
            moments.append(visible_at)
        if moments:
            world.clock.advance_to(min(moments))
        elif self._files:
            self.drop()
        else:
            return False
        return True

    def _act(self) -> None:
        while self.plan.troubles:
            self._trouble(self.plan.troubles.pop(0))

    def _trouble(self, name: str) -> None:
        world = self.world
        if name == "forgotten":
            for worker in list(world.schedule.workers):
                world.schedule.kill(worker)
            world.clock.advance(FORGOTTEN)
        elif name == "source gone":
            world.stores.uploads.delete(world.files[0].upload)
        elif name == "other rules":
            world.rules.strict = not world.rules.strict
        elif name == "all dead":
            for message in world.queue.kept():
                world.queue.bury(message)
        else:
            message = world.queue.sent[int(name.removeprefix("again ")) % len(world.queue.sent)]
            world.deliver(message, self.workflows)


PAUSE = Disturbance(Kind.PAUSE)
LIGHT = (
    Deviation(Disturbance(Kind.CRASH_BEFORE)),
    Deviation(Disturbance(Kind.CRASH_AFTER)),
    Deviation(Disturbance(Kind.CRASH_AFTER), "forgotten"),
    Deviation(Disturbance(Kind.STALL_BEFORE, 5 * MINUTE)),
    Deviation(PAUSE, "again 1"),
)
"""What is tried at every effect even in pairs."""
HEAVY = (
    *LIGHT,
    Deviation(Disturbance(Kind.CRASH_BEFORE), "forgotten"),
    Deviation(Disturbance(Kind.STALL_BEFORE, 36 * MINUTE)),
    Deviation(Disturbance(Kind.STALL_AFTER, 5 * MINUTE)),
    Deviation(Disturbance(Kind.STALL_AFTER, 36 * MINUTE)),
    Deviation(Disturbance(Kind.REFUSED)),
    Deviation(Disturbance(Kind.LOST_ANSWER, choice=1)),
    Deviation(PAUSE, "again 0"),
    Deviation(PAUSE, "again 2"),
    Deviation(PAUSE, "again 3"),
    Deviation(PAUSE, "forgotten"),
    Deviation(PAUSE, "source gone"),
    Deviation(PAUSE, "other rules"),
    Deviation(PAUSE, "all dead"),
)
ANSWERS = tuple(Deviation(Disturbance(Kind.ANSWER, answer=fault)) for fault in AnswerFault if fault)
FORGOTTEN_ANSWERS = tuple(Deviation(deviation.disturbance, "forgotten") for deviation in ANSWERS)
OVERTAKEN = 740.0
"""A stall that ends just after the message has come again: two POSTs of one batch cross."""
CROSSING_ANSWERS = tuple(
    Deviation(Disturbance(Kind.STALL_BEFORE, OVERTAKEN, fault))
    for fault in (AnswerFault.NONE, AnswerFault.REFUSED_BY_INDEX, AnswerFault.THROTTLED, AnswerFault.ARRIVES_LATE)
)
CLAIMS = tuple(Deviation(Disturbance(Kind.SOME_UNANSWERED, choice=choice)) for choice in (0b10, 0b11, 0b1110, 0b1011))
_NOT_FOR_POSTS = (Kind.REFUSED, Kind.LOST_ANSWER)


class Alphabet(NamedTuple):
    """What is tried: at every effect, and at those that know troubles of their own (POSTs, claims, conditions)."""

    everywhere: Sequence[Deviation]
    with_specials: bool = True

    def at(self, effect: str) -> Iterator[Deviation]:
        """Everything that may be different at one effect."""
        if effect == "tiktok.track":
            yield from (each for each in self.everywhere if each.disturbance.kind not in _NOT_FOR_POSTS)
        else:
            yield from self.everywhere
        if self.with_specials:
            yield from _specials_of(effect)


def _specials_of(effect: str) -> Iterator[Deviation]:
    if effect == "tiktok.track":
        yield from (*ANSWERS, *FORGOTTEN_ANSWERS, *CROSSING_ANSWERS)
    if effect == "ledger.claim":
        yield from CLAIMS
    if effect in CONDITIONAL:
        yield Deviation(Disturbance(Kind.TWICE))


CRASHES = Alphabet((Deviation(Disturbance(Kind.CRASH_BEFORE)), Deviation(Disturbance(Kind.CRASH_AFTER))), False)
FEW = Alphabet(LIGHT)
MANY = Alphabet(HEAVY)


class Found(NamedTuple):
    """A schedule that broke something."""

    script: Script
    violations: list[str]


def search(scenario: Scenario, depth: int, alphabet: Alphabet, parts: Parts = THE_PRODUCT) -> Iterator[Found | None]:
    """Every schedule with up to ``depth`` deviations; each yields what it broke, or None."""
    yield from _search(scenario, {}, depth, alphabet, parts)


def _search(scenario: Scenario, script: Script, depth: int, alphabet: Alphabet, parts: Parts) -> Iterator[Found | None]:
    run = Run(scenario, script, parts)
    violations = run.run()
    yield Found(script, violations) if violations else None
    if violations or depth == 0:
        return
    for step in range(max(script, default=0) + 1, len(run.plan.effects) + 1):
        for deviation in alphabet.at(run.plan.effects[step - 1]):
            yield from _search(scenario, {**script, step: deviation}, depth - 1, alphabet, parts)
