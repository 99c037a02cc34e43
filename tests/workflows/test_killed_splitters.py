"""A splitter killed before and after each of its effects, on files of each kind: the same slices, byte for byte."""

from __future__ import annotations

import gzip
import json
import random

import pytest

from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage
from conversion_delivery.domain.reading.slices import SliceLimits
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.split_file import SplitFile, SplitLimits
from tests.fakes.prepared_store import FakePreparedStore
from tests.workflows.delivery_world import HEADER, DeliveryWorld, file_of, row
from tests.workflows.mortal_splitter import Dying, Fate, deaths, mortal_splitter

NAME = "uploads/shop/sales"
LIMITS = SplitLimits(slices=SliceLimits(conversions=4), batches_per_checkpoint=2, checkpoint_bytes=700, open_batches=0)


def quoted() -> bytes:
    """Line breaks and doubled quotes inside cells, and rejected rows."""
    lines = [
        row(number, email="nobody" if number % 5 == 0 else None) + (f',"Ulm\n""{number}""\n"' if number % 3 else ",Ulm")
        for number in range(1, 41)
    ]
    return file_of(*lines, header=HEADER + ",city")


def orders() -> bytes:
    lines = []
    for number in range(1, 25):
        items = [f",,,T-{number},,,P{item},{'many' if number % 7 == 0 else 1},10.00" for item in range(number % 4)]
        lines += [f"{row(number)},P,1,10.00", *items]
    return file_of(*lines, header=HEADER + ",product_id,quantity,price")


def json_lines() -> bytes:
    names = HEADER.split(",")
    rows = [dict(zip(names, row(number).split(","), strict=True)) for number in range(1, 41)]
    lines = [json.dumps(each) if number % 6 != 5 else "{no json" for number, each in enumerate(rows)]
    return "\n".join([*lines, ""]).encode()


KINDS: dict[str, tuple[str, bytes, dict[str, str]]] = {
    "quoted line breaks": (f"{NAME}.csv", quoted(), {}),
    "orders of several rows": (f"{NAME}.csv", orders(), {"order_rows": "order"}),
    "JSON Lines": (f"{NAME}.jsonl", json_lines(), {}),
    "packed": (f"{NAME}.csv.gz", gzip.compress(quoted(), mtime=0), {}),
}


class Split:
    """One file in a world of its own, split pass by pass; each pass has time for ``slices`` slices."""

    def __init__(self, kind: str) -> None:
        key, body, settings = KINDS[kind]
        self.world = DeliveryWorld(settings=settings)
        self.prepared = FakePreparedStore(self.world.uploads)
        self.upload = self.world.uploads.put("bucket", key, body)

    def finish(self, fates: list[Fate], slices: int = 5) -> None:
        """Split to the end; each death uses up one fate, and the message of a pass that died comes again."""
        waiting: list[Upload | ContinuationMessage] = [self.upload]
        while waiting:
            fate = fates[0] if fates else Fate()
            try:
                self._pass(mortal_splitter(self.world, fate, self.prepared, LIMITS), waiting[0], slices)
            except Dying:
                fates.pop(0)
            else:
                waiting.pop(0)
            waiting += [message for message, _ in self.world.queue.continuations]
            self.world.queue.continuations.clear()

    def _pass(self, split: SplitFile, message: Upload | ContinuationMessage, slices: int) -> None:
        looks = iter(range(10**6))

        def remaining() -> float:
            return 300.0 if next(looks) < slices else 0.0

        if isinstance(message, Upload):
            split.start(message, lambda: 300.0 if self._is_unknown() else remaining())
        else:
            split.go_on(message, remaining)

    def _is_unknown(self) -> bool:
        return self.world.progress.file(self.upload.file_id) is None

    def slices(self) -> dict[int, tuple[BatchMessage, bytes]]:
        """Batch -> its message and its bytes; the version of a text that was prepared twice is left out."""
        found: dict[int, tuple[BatchMessage, bytes]] = {}
        for message in self.world.queue.batches:
            upload = Upload(message.bucket, message.key, message.version_id, 1)
            body = self.world.uploads.read(upload, message.start, message.end)
            slice_of = message.model_copy(update={"version_id": ""}), body
            assert found.setdefault(message.batch, slice_of) == slice_of
        return found

    def rejected(self) -> str:
        once = {message.batch: message for message in self.world.queue.batches}
        self.world.queue.batches[:] = [once[number] for number in sorted(once)]
        self.world.deliver_all()
        name = "rejected.jsonl" if "jsonl" in self.upload.key else "rejected.csv"
        return self.world.reports.get(f"{self.upload.report_folder}{name}").decode()


def calm(kind: str) -> Split:
    split = Split(kind)
    split.finish([], slices=10**6)
    return split


@pytest.mark.parametrize("kind", KINDS)
def test_a_splitter_killed_at_any_effect_of_its_first_pass_leaves_the_same_slices_and_rejects(kind: str) -> None:
    expected = calm(kind)
    slices, rejected, fate = expected.slices(), expected.rejected(), Fate()
    Split(kind).finish([fate])
    assert len(slices) > 5
    for die_at, after in deaths(min(len(fate.effects), 40)):
        split = Split(kind)
        split.finish([Fate(die_at, after=after)])
        assert split.slices() == slices, f"{fate.effects[die_at - 1]} ({die_at}, after: {after})"
        assert split.rejected() == rejected


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", KINDS)
def test_a_splitter_killed_again_and_again_leaves_the_same_slices_and_rejects(kind: str, seed: int) -> None:
    dice = random.Random(f"{kind}{seed}")
    split = Split(kind)
    fates = [Fate(dice.randint(1, 25), after=dice.random() < 0.5) for _ in range(12)]
    split.finish(fates, slices=dice.randint(2, 6))
    expected = calm(kind)
    assert split.slices() == expected.slices()
    assert split.rejected() == expected.rejected()
