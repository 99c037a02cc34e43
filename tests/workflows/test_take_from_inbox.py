"""Renamed files of the inbox go on to uploads; everything else is left to whoever reads uploads."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.take_from_inbox import TakeFromInbox
from conversion_delivery.workflows.upload_ports import Inbox
from tests.fakes.inbox import FakeInbox
from tests.fakes.telemetry import FakeTelemetry


def renamed(key: str) -> Upload:
    return Upload("bucket", key, "v1", 10)


def taking() -> tuple[TakeFromInbox, FakeInbox, FakeTelemetry]:
    inbox, telemetry = FakeInbox(), FakeTelemetry()
    port: Inbox = inbox
    return TakeFromInbox(port, telemetry), inbox, telemetry


@pytest.mark.parametrize("key", ["inbox/shop/a.csv", "inbox/shop/2026/01/a.csv"])
def test_a_renamed_file_goes_to_its_senders_destination(key: str) -> None:
    take, inbox, _ = taking()

    assert take.out_of([renamed(key)]) == []
    assert inbox.handed_over == [(renamed(key), "uploads/shop/a.csv")]


@pytest.mark.parametrize(
    "key",
    [
        "inbox/shop/a.csv.filepart",
        "inbox/shop/.a.csv",
        "inbox/shop/",
        "inbox/a.csv",
        "inbox/_shop/a.csv",
        "inbox//a.csv",
    ],
)
def test_what_is_unfinished_hidden_or_nobodys_stays_in_the_inbox(key: str) -> None:
    take, inbox, telemetry = taking()

    assert take.out_of([renamed(key)]) == []
    assert inbox.handed_over == []
    assert [note.message for note in telemetry.notes] == ["upload_ignored"]


def test_a_marker_is_handed_on_because_it_may_be_what_a_file_waits_for() -> None:
    take, inbox, _ = taking()
    take.out_of([renamed("inbox/shop/a.csv.done")])

    assert inbox.handed_over == [(renamed("inbox/shop/a.csv.done"), "uploads/shop/a.csv.done")]


def test_uploads_pass_untouched_and_in_order() -> None:
    take, inbox, _ = taking()
    uploads = [renamed("uploads/shop/a.csv"), renamed("validate/shop/b.csv"), renamed("elsewhere")]

    assert take.out_of([uploads[0], renamed("inbox/shop/c.csv"), *uploads[1:]]) == uploads
    assert len(inbox.handed_over) == 1


def test_a_file_that_is_gone_is_noted() -> None:
    take, inbox, telemetry = taking()
    inbox.is_empty = True

    assert take.out_of([renamed("inbox/shop/a.csv")]) == []
    assert [note.message for note in telemetry.notes] == ["upload_gone_before_reading"]


def test_other_keys_have_no_place_after_the_inbox() -> None:
    assert renamed("uploads/shop/a.csv").key_after_inbox is None
    assert not renamed("uploads/shop/a.csv").is_in_inbox
