"""A splitter that rests while too many batches of its file are open: nothing lost, nothing for ever, bounded passes."""

from __future__ import annotations

import heapq
import random

import pytest

from conversion_delivery.domain.batches import ContinuationMessage
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.open_batches import LONGEST_REST_SECONDS, REST_SECONDS, open_batches_for
from conversion_delivery.workflows.split_file import BYTES_PER_HOP, SplitLimits
from tests.workflows.delivery_world import DeliveryWorld, file_of, row

DAY = 86_400.0
ROWS = 60
BODY = file_of(*(row(number) for number in range(ROWS)))


class Passing(DeliveryWorld):
    """Time jumps from one continuation to the next; batches are delivered at a given pace, oldest first."""

    def __init__(self, open_batches: int, seconds_per_batch: float) -> None:
        super().__init__(rows_per_batch=1, split_limits=SplitLimits(open_batches=open_batches))
        self.passes = 1
        self.most_open = 0
        self.rests: list[int] = []
        self._pace = seconds_per_batch
        self._next_close = self.time + seconds_per_batch
        self._due: list[tuple[float, int, ContinuationMessage]] = []

    def begin(self) -> Upload:
        upload = self.drop(BODY)
        self._take_messages(upload)
        return upload

    def pass_time(self, upload: Upload, until: float) -> None:
        while (moment := min(self._next_close, self._due[0][0] if self._due else until)) < until:
            if not self._due and not self.queue.batches:
                break
            self.time = moment
            if moment == self._next_close:
                self._next_close += self._pace
                if self.queue.batches:
                    assert self.deliver(self.queue.batches.pop(0)) is None
            else:
                self.passes += 1
                self.split.go_on(heapq.heappop(self._due)[2], lambda: 300.0)
                self._take_messages(upload)
        self.time = until

    def _take_messages(self, upload: Upload) -> None:
        for message, delay in self.queue.continuations:
            self.rests.append(delay)
            heapq.heappush(self._due, (self.time + delay, self.passes, message))
        self.queue.continuations.clear()
        file = self.progress.file(upload.file_id)
        assert file is not None
        self.most_open = max(self.most_open, file.checkpoint.batches - file.closed_batches)

    @property
    def is_resting(self) -> bool:
        return bool(self._due)


def slices(world: DeliveryWorld) -> list[tuple[int, int, int, str]]:
    """The batches that were sent, as far as they are still in the queue."""
    return [(message.batch, message.start, message.end, message.rows) for message in world.queue.batches]


def test_no_more_batches_of_a_file_are_open_than_allowed_and_all_of_it_is_delivered() -> None:
    world = Passing(open_batches=7, seconds_per_batch=3.0)
    upload = world.begin()
    world.pass_time(upload, world.time + 600)
    assert world.most_open == 7
    assert set(world.rests) == {REST_SECONDS}
    assert not world.is_resting
    assert world.summary(upload)["counts"]["delivered"] == ROWS
    assert len(set(world.sent_order_ids())) == len(world.sent_order_ids()) == ROWS


def test_a_file_that_rests_is_cut_into_the_same_slices() -> None:
    calm = DeliveryWorld(rows_per_batch=7)
    calm.drop(BODY)
    world = DeliveryWorld(rows_per_batch=7, split_limits=SplitLimits(open_batches=2))
    world.drop(BODY)
    sent: list[tuple[int, int, int, str]] = []
    while world.queue.continuations:
        (message, _) = world.queue.continuations.pop()
        sent += slices(world)
        world.deliver_all()
        world.split.go_on(message, lambda: 300.0)
    assert [*sent, *slices(world)] == slices(calm)


def test_a_gate_that_is_shut_for_three_days_costs_a_few_hundred_passes_and_then_the_file_goes_on() -> None:
    world = Passing(open_batches=5, seconds_per_batch=1e9)
    upload = world.begin()
    world.pass_time(upload, world.time + 3 * DAY)
    print(f"three days behind a shut gate: {world.passes} passes of the splitter")
    assert world.rests[:8] == [10, 20, 40, 80, 160, 320, 640, LONGEST_REST_SECONDS]
    assert set(world.rests[8:]) == {LONGEST_REST_SECONDS}
    assert len(world.queue.batches) == 5, "a pass that only looks repeats no message"
    assert world.passes <= 3 * DAY / LONGEST_REST_SECONDS + 10
    record = world.progress.file(upload.file_id)
    assert record is not None
    assert record.checkpoint.hops == 1, "passes that only look are not counted"
    world._pace, world._next_close = 1.0, world.time
    world.pass_time(upload, world.time + 1800)
    assert world.rests[-2] == REST_SECONDS, "with progress the rest is short again"
    assert world.summary(upload)["counts"]["delivered"] == ROWS


def test_a_repeated_continuation_changes_a_delay_and_nothing_else() -> None:
    world = Passing(open_batches=5, seconds_per_batch=2.0)
    upload = world.begin()
    world._due *= 3
    world.pass_time(upload, world.time + 900)
    assert world.summary(upload)["counts"]["delivered"] == ROWS
    assert world.most_open == 5


@pytest.mark.parametrize("seed", range(5))
def test_whatever_pace_the_senders_have_a_file_ends(seed: int) -> None:
    dice = random.Random(seed)
    world = Passing(open_batches=dice.randint(1, 70), seconds_per_batch=dice.choice([0.01, 1.0, 9.9, 300.0]))
    upload = world.begin()
    world.pass_time(upload, world.time + 3 * DAY)
    assert world.summary(upload)["counts"]["delivered"] == ROWS


@pytest.mark.parametrize("limit", [0, ROWS + 1])
def test_a_file_with_fewer_batches_than_allowed_never_asks_how_many_are_closed(limit: int) -> None:
    world = DeliveryWorld(rows_per_batch=1, split_limits=SplitLimits(open_batches=limit))
    asked: list[str] = []
    world.progress.closed_batches = lambda file_id: asked.append(file_id) or 0  # type: ignore[method-assign,func-returns-value]
    world.drop(BODY)
    assert world.queue.continuations == []
    assert len(asked) == 2, "once when the file is looked for, or stored, and once for the finish check"


def test_more_senders_are_given_more_to_do() -> None:
    assert [open_batches_for(senders) for senders in (2, 5, 7, 8, 200)] == [300, 300, 300, 320, 8000]


def test_the_ceiling_lets_500_million_rows_through_one_batch_a_pass() -> None:
    limits = SplitLimits()
    bytes_per_batch = 50_000_000_000 // 500_000
    assert all(batch < limits.ceiling(batch * bytes_per_batch) for batch in range(0, 500_001, 1000))
    assert limits.ceiling(50_000_000_000) < 3_000_000


def test_the_ceiling_stops_passes_that_do_not_get_on() -> None:
    limits = SplitLimits(hops=3)
    assert [limits.ceiling(offset) for offset in (0, BYTES_PER_HOP - 1, BYTES_PER_HOP)] == [3, 3, 4]
