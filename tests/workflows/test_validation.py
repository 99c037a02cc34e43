"""Files below ``validate/``: the whole report, and nothing is sent, claimed or remembered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows import checked_rows, split_stretch
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.split_file import SplitLimits
from tests.workflows.delivery_world import DeliveryWorld, file_of, row
from tests.workflows.mortal_splitter import Fate, deaths, go_on, mortal_splitter, notify
from tests.workflows.test_archives import zip_of

KEY = "validate/shop/sales.csv"
ROWS = [
    *(row(number) for number in range(1, 61)),
    row(61, email="nobody"),
    row(62, event="Walk-in"),
    row(7),
    row(8),
    ",,,,,",
    row(63, value="2.50"),
]


def stored(world: DeliveryWorld, upload: Upload) -> dict[str, Any]:
    status: dict[str, Any] = json.loads(world.reports.get(f"{upload.report_folder}status.json"))
    return status


def test_a_file_that_is_only_checked_gets_a_report_and_nothing_of_it_is_sent() -> None:
    world = DeliveryWorld(rows_per_batch=20)
    upload = world.drop(file_of(*ROWS), KEY)
    summary = world.summary(upload)
    assert summary["state"] == stored(world, upload)["state"] == "VALIDATED"
    counts = summary["counts"]
    assert {name: counts[name] for name in ("rows_read", "accepted", "rejected", "duplicates", "ignored")} == {
        "rows_read": 66, "accepted": 61, "rejected": 2, "duplicates": 2, "ignored": 1,
    }  # fmt: skip
    assert summary["delivered"] == [{"event": "Purchase", "currency": "USD", "events": 61, "value": "602.5"}]
    assert summary["reasons"] == {"EMAIL_INVALID": 1, "EVENT_UNKNOWN": 1, "ROW_BLANK": 1, "ROW_DUPLICATE": 2}
    assert {line["_codes"] for line in world.report(upload, "rejected.csv")} == {"EMAIL_INVALID", "EVENT_UNKNOWN"}
    assert (world.pending(), world.queue.continuations, world.api.requests) == ([], [], [])
    assert world.ledger.claims == {}
    assert f"{upload.report_folder}_DONE" in world.reports.objects


def test_the_same_file_is_delivered_when_it_is_dropped_for_good() -> None:
    world = DeliveryWorld()
    world.drop(file_of(*ROWS), KEY)
    upload = world.drop(file_of(*ROWS), "uploads/shop/sales.csv")
    world.deliver_all()
    assert world.summary(upload)["counts"]["delivered"] == 61


def test_the_first_five_lines_of_each_cause_are_named() -> None:
    world = DeliveryWorld(rows_per_batch=3)
    bad = [row(number, email="nobody") if number % 2 else row(number) for number in range(1, 31)]
    for key in (KEY, "uploads/shop/sales.csv"):
        upload = world.drop(file_of(*bad, row(2), ",,,,,"), key)
        record = world.progress.file(upload.file_id)
        assert record is not None
        assert record.checkpoint.lines["EMAIL_INVALID"] == (2, 4, 6, 8, 10)
        assert record.checkpoint.lines["ROW_BLANK"] == (33,)
        assert record.checkpoint.lines.get("ROW_DUPLICATE") == ((32,) if upload.is_validation else None)


def test_a_splitter_killed_at_any_effect_comes_to_the_same_report() -> None:
    limits = SplitLimits(checkpoint_bytes=600)
    calm, world = Fate(), DeliveryWorld(rows_per_batch=20, split_limits=limits)
    expected = world.summary(world.drop(file_of(*ROWS), KEY))
    other = DeliveryWorld()
    notify(mortal_splitter(other, calm), other.uploads.put("bucket", KEY, file_of(*ROWS)))
    for die_at, after in deaths(len(calm.effects)):
        world = DeliveryWorld()
        upload = world.uploads.put("bucket", KEY, file_of(*ROWS))
        assert not notify(mortal_splitter(world, Fate(die_at, after=after)), upload)
        assert notify(world.split, upload)
        assert world.summary(upload) == expected, f"{calm.effects[die_at - 1]} ({die_at}, after: {after})"


def test_a_long_file_is_checked_in_several_passes() -> None:
    world = DeliveryWorld(rows_per_batch=10)
    upload = world.uploads.put("bucket", KEY, file_of(*ROWS))
    world.split.start(upload, lambda: 10.0)
    assert world.queue.continuations
    while world.queue.continuations:
        (message, _) = world.queue.continuations.pop()
        world.split.go_on(message, lambda: 10.0)
    summary = world.summary(upload)
    assert summary["counts"]["duplicates"] == 0  # their first rows were read by earlier passes
    assert summary["delivered"][0]["events"] == summary["counts"]["accepted"] == 63


def test_event_names_without_end_do_not_make_the_files_record_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_rows, "NAMES_MOST", 3)
    world = DeliveryWorld(
        rows_per_batch=2, settings={"event_source": "crm", "require_lead_id": False, "allow_custom_events": True}
    )
    rows = [row(number, event=f"Custom{number}") for number in range(1, 9)]
    summary = world.summary(world.drop(file_of(*rows), KEY))
    assert {total["event"]: total["events"] for total in summary["delivered"]} == {
        "(other events)": 5, "Custom1": 1, "Custom2": 1, "Custom3": 1,
    }  # fmt: skip


def test_the_files_of_an_archive_are_checked_one_by_one() -> None:
    world = DeliveryWorld()
    upload = world.drop(zip_of(one=file_of(row(1)), two=file_of(row(2))), "validate/shop/two.zip")
    go_on(world)
    assert [each["state"] for each in world.summary(upload)["members"]] == ["VALIDATED", "VALIDATED"]
    assert world.summary(upload)["state"] == "VALIDATED"
    assert world.api.requests == []


@pytest.mark.parametrize("key", [KEY, "uploads/shop/sales.csv"])
def test_rows_are_not_given_back_where_the_settings_say_so(key: str) -> None:
    world = DeliveryWorld(settings={"return_rows": False})
    upload = world.drop(file_of(row(1), row(2, email="secret-nobody")), key)
    world.deliver_all()
    summary = world.summary(upload)
    assert summary["counts"]["rejected"] == 1
    assert "rejected" not in summary["reports"]
    assert "ROWS_NOT_RETURNED" in {note["code"] for note in summary["notes"]}
    assert not [key for key, stored in world.reports.objects.items() if b"secret-nobody" in stored.body]


def test_rows_that_tiktok_refused_are_not_given_back_either() -> None:
    refused = Answer(AnswerKind.PARTIAL, code=20001, http_status=200, refused_indices=(0,))
    world = DeliveryWorld(settings={"return_rows": False}, answers=[refused])
    upload = world.drop(file_of(row(1), row(2)))
    world.deliver_all()
    assert world.summary(upload)["counts"]["refused"] == 1
    assert not [key for key, stored in world.reports.objects.items() if b"buyer1@example.com" in stored.body]


def test_codes_without_end_do_not_make_the_files_record_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split_stretch, "CODES_WITH_LINES", 1)
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1, email="nobody"), row(2, event="Walk-in"), row(3, email="nobody")), KEY)
    record = world.progress.file(upload.file_id)
    assert record is not None
    assert record.checkpoint.lines == {"EMAIL_INVALID": (2, 4)}


def test_five_copies_are_named_and_all_are_counted() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(*[row(1)] * 8), KEY)
    record = world.progress.file(upload.file_id)
    assert record is not None
    assert (record.checkpoint.lines, record.checkpoint.counts) == (
        {"ROW_DUPLICATE": (3, 4, 5, 6, 7)},
        {"duplicates": 7},
    )
