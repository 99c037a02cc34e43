"""Files that wait for a marker, markers that wait for a file, and files that nobody should read."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.uploads import Upload
from tests.workflows.delivery_world import DeliveryWorld, file_of, row
from tests.workflows.mortal_splitter import Fate, deaths, go_on, mortal_splitter, notify

KEY = "uploads/shop/sales.csv"
WAITS = {"wait_for_marker": ".done"}
FILE = file_of(row(1), row(2))


def status(world: DeliveryWorld, upload: Upload) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(world.reports.get(f"{upload.report_folder}status.json"))
    return document


@pytest.mark.parametrize("name", ["sales.csv.filepart", "~$sales.xlsx", "sales.csv.TMP", ".sftpgo-upload.1.sales.csv"])
def test_a_file_that_is_still_being_written_is_left_alone_until_it_has_its_name(name: str) -> None:
    world = DeliveryWorld()
    world.drop(FILE, f"uploads/shop/{name}")
    assert (world.progress.files, world.reports.objects) == ({}, {})
    renamed = world.drop(FILE)
    go_on(world)
    assert world.summary(renamed)["counts"]["delivered"] == 2


@pytest.mark.parametrize("name", ["sales.csv.done", "sales.ok", "sales.ctl", "sales.csv.MD5", "x.manifest"])
def test_a_marker_that_nobody_waits_for_is_no_file_of_conversions(name: str) -> None:
    world = DeliveryWorld()
    world.drop(b"2", f"uploads/shop/{name}")
    assert (world.progress.files, world.reports.objects) == ({}, {})


def test_a_marker_in_no_destinations_folder_is_left_alone() -> None:
    world = DeliveryWorld()
    world.drop(b"", "uploads/nowhere/sales.csv.done")
    assert world.progress.files == {}


def test_a_file_waits_for_its_marker_and_says_so() -> None:
    world = DeliveryWorld(settings=WAITS)
    upload = world.drop(FILE)
    assert world.progress.files == {}
    waiting = status(world, upload)
    assert waiting["state"] == "WAITING"
    assert waiting["waiting_for"] == ["uploads/shop/sales.csv.done", "uploads/shop/sales.done"]
    world.drop(b"", "uploads/shop/sales.csv.done")
    go_on(world)
    assert (status(world, upload)["state"], world.summary(upload)["counts"]["delivered"]) == ("DONE", 2)


@pytest.mark.parametrize("marker", ["sales.csv.done", "sales.done", "sales.DONE"])
def test_a_marker_may_come_first(marker: str) -> None:
    world = DeliveryWorld(settings=WAITS)
    world.drop(b"", f"uploads/shop/{marker}")
    assert (world.progress.files, world.reports.objects) == ({}, {})
    world.time += 1800
    upload = world.drop(FILE)
    go_on(world)
    assert world.summary(upload)["counts"]["delivered"] == 2


def test_an_old_marker_belonged_to_an_earlier_file_of_the_same_name() -> None:
    world = DeliveryWorld(settings=WAITS)
    world.drop(FILE)
    marker = world.drop(b"", "uploads/shop/sales.csv.done")
    go_on(world)
    world.time += 86_400
    tomorrow = world.drop(file_of(row(3)))
    world.split.start(marker, lambda: 300.0)
    assert status(world, tomorrow)["state"] == "WAITING"
    world.drop(b"", "uploads/shop/sales.csv.done")
    go_on(world)
    assert world.sent_order_ids() == ["T-1", "T-2", "T-3"]


def test_one_marker_starts_every_file_that_it_speaks_of_and_no_other() -> None:
    world = DeliveryWorld(settings=WAITS)
    names = ("sales.csv", "sales.tsv", "sales-2.csv", "sales.csv.part")
    uploads = [world.drop(file_of(row(number)), f"uploads/shop/{name}") for number, name in enumerate(names, 1)]
    world.drop(b"", "uploads/shop/sales.done")
    go_on(world)
    assert set(world.progress.files) == {upload.file_id for upload in uploads[:2]}
    assert sorted(world.sent_order_ids()) == ["T-1", "T-2"]


def test_a_marker_of_any_name_is_known_by_the_setting() -> None:
    world = DeliveryWorld(settings={"wait_for_marker": ".Go"})
    upload = world.drop(FILE)
    world.drop(b"", "uploads/shop/sales.csv.Go")
    go_on(world)
    assert world.summary(upload)["counts"]["delivered"] == 2
    assert set(world.progress.files) == {upload.file_id}


def test_a_file_that_was_deleted_while_it_waited_is_nobodys() -> None:
    world = DeliveryWorld(settings=WAITS)
    upload = world.uploads.put("bucket", KEY, FILE)
    world.uploads.delete(upload)
    world.split.start(upload, lambda: 300.0)
    world.drop(b"", "uploads/shop/sales.csv.done")
    assert world.progress.files == {}


@pytest.mark.parametrize(
    ("content", "promised"),
    [(b"2\n", None), (b"rows=2", None), (b"", None), (b"sales.csv is whole", None), (b"3", 3), (b'{"rows": 3}', 3)],
)
def test_a_count_in_the_marker_that_differs_is_noted(content: bytes, promised: int | None) -> None:
    world = DeliveryWorld(settings=WAITS)
    upload = world.drop(FILE)
    world.drop(content, "uploads/shop/sales.csv.done")
    go_on(world)
    notes = {note["code"]: note["message"] for note in world.summary(upload)["notes"]}
    if promised is None:
        assert "MANIFEST_COUNT_DIFFERS" not in notes
    else:
        assert notes["MANIFEST_COUNT_DIFFERS"] == "The file's marker promises 3 rows, the file has 2."


def test_a_marker_that_comes_between_the_look_and_the_status_is_not_missed() -> None:
    world = DeliveryWorld(settings=WAITS)
    upload = world.uploads.put("bucket", KEY, FILE)
    put, marker = world.reports.put, "uploads/shop/sales.csv.done"

    def put_late(key: str, *rest: Any) -> None:
        put(key, *rest)
        if ("bucket", marker) not in world.uploads.versions:
            world.drop(b"", marker)
            go_on(world)

    world.reports.put = put_late  # type: ignore[method-assign,assignment]
    world.split.start(upload, lambda: 300.0)
    go_on(world)
    assert status(world, upload)["state"] == "DONE"
    assert world.sent_order_ids() == ["T-1", "T-2"]


@pytest.mark.parametrize("file_first", [True, False])
def test_whoever_dies_where_with_either_order_of_notifications_the_file_is_read_once(file_first: bool) -> None:
    def stored() -> tuple[DeliveryWorld, list[Upload]]:
        world = DeliveryWorld(settings=WAITS)
        both = [world.uploads.put("bucket", KEY, FILE), world.uploads.put("bucket", f"{KEY}.done", b"2")]
        return world, both if file_first else both[::-1]

    calm = Fate()
    world, both = stored()
    assert notify(mortal_splitter(world, calm), *both)
    for die_at, after in deaths(len(calm.effects)):
        world, both = stored()
        assert not notify(mortal_splitter(world, Fate(die_at, after=after)), *both)
        assert notify(world.split, *both)
        go_on(world)
        assert world.sent_order_ids() == ["T-1", "T-2"], f"{calm.effects[die_at - 1]} ({die_at}, after: {after})"
        assert [file.finished_at is not None for file in world.progress.files.values()] == [True]


def test_every_way_in_which_two_notifications_can_overlap_ends_in_one_file() -> None:
    """The marker is stored, and its notification handled, between any two effects of the file's own handling."""
    calm = Fate()
    world = DeliveryWorld(settings=WAITS)
    mortal_splitter(world, calm).start(world.uploads.put("bucket", KEY, FILE), lambda: 300.0)
    for moment in range(1, len(calm.effects) + 1):
        world = DeliveryWorld(settings=WAITS)

        class Overlapped(Fate):
            def call(self, name: str, method: Any, *values: Any, **named: Any) -> Any:
                answer = super().call(name, method, *values, **named)
                if len(self.effects) == moment:  # noqa: B023
                    world.drop(b"", f"{KEY}.done")  # noqa: B023
                return answer

        upload = world.uploads.put("bucket", KEY, FILE)
        mortal_splitter(world, Overlapped()).start(upload, lambda: 300.0)
        go_on(world)
        assert world.sent_order_ids() == ["T-1", "T-2"], calm.effects[moment - 1]
        assert status(world, upload)["state"] == "DONE", calm.effects[moment - 1]


def test_a_marker_of_several_packed_files_needs_as_many_invocations_as_their_unpacking_takes() -> None:
    world = DeliveryWorld(settings=WAITS)
    for number in (1, 2, 3):
        world.uploads.put("bucket", f"uploads/shop/sales.{number}.gz", gzip.compress(file_of(row(number))))
    uploads = [Upload("bucket", f"uploads/shop/sales.{number}.gz", f"version-{number}") for number in (1, 2, 3)]
    marker = world.uploads.put("bucket", "uploads/shop/sales.done", b"")
    for known in (1, 2):
        left = iter([300.0, *([10.0] * 20)])
        with pytest.raises(TryLater, match="PREPARING_CONTINUES"):
            world.split.start(marker, lambda: next(left))  # noqa: B023
        assert set(world.progress.files) == {upload.file_id for upload in uploads[:known]}
    world.split.start(marker, lambda: 300.0)
    go_on(world)
    assert sorted(world.sent_order_ids()) == ["T-1", "T-2", "T-3"]


def test_a_marker_that_is_gone_before_it_is_read_promises_nothing() -> None:
    world = DeliveryWorld(settings=WAITS)
    marker = world.drop(b"3", f"{KEY}.done")
    read = world.uploads.read

    def read_late(upload: Upload, start: int, end: int) -> bytes:
        if upload == marker:
            world.uploads.delete(marker)
        return read(upload, start, end)

    world.uploads.read = read_late  # type: ignore[method-assign]
    upload = world.drop(FILE)
    go_on(world)
    assert world.summary(upload)["counts"]["delivered"] == 2
    assert "MANIFEST_COUNT_DIFFERS" not in {note["code"] for note in world.summary(upload)["notes"]}


def test_a_marker_whose_files_are_finished_starts_nothing() -> None:
    world = DeliveryWorld(settings=WAITS)
    for number in (1, 2):
        world.drop(file_of(row(number)), f"uploads/shop/sales.{'ct'[number - 1]}sv")
    marker = world.drop(b"", "uploads/shop/sales.done")
    go_on(world)
    world.split.start(marker, lambda: 300.0)
    assert (world.pending(), world.queue.continuations) == ([], [])


def test_a_file_that_is_gone_before_anybody_looks_is_nobodys() -> None:
    world = DeliveryWorld()
    upload = world.uploads.put("bucket", KEY, FILE)
    world.uploads.delete(upload)
    world.split.start(upload._replace(version_id=""), lambda: 300.0)
    assert (world.progress.files, world.reports.objects) == ({}, {})


def test_a_file_that_goes_while_it_is_looked_at_is_refused() -> None:
    world = DeliveryWorld()
    upload = world.uploads.put("bucket", KEY, FILE)
    world.uploads.delete(upload)
    world.split.start(upload, lambda: 300.0)
    assert world.summary(upload)["file"]["error"]["code"] == "FILE_GONE"
