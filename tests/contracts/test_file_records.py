"""What any FileProgress must do with files: create once, advance by condition, finish once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversion_delivery.domain.batches import START, Position
from conversion_delivery.domain.files import Checkpoint, FileRecord
from tests.contracts.backends import Backend
from tests.contracts.records import (
    ME,
    NOW,
    a_checkpoint,
    a_closing,
    a_file,
    a_prepared_file,
    a_refused_file,
    a_split_file,
    an_archive,
    an_upload,
    first_batch,
    lease,
)

FILE_ID = an_upload().file_id


def test_an_unknown_file_has_no_record(tables: Backend) -> None:
    assert tables.progress.file(FILE_ID) is None


@pytest.mark.parametrize(
    "record", [a_file(), a_file(a_checkpoint(done=True)), a_refused_file(), a_prepared_file(), an_archive()]
)
def test_a_record_comes_back_as_it_was_stored(tables: Backend, record: FileRecord) -> None:
    assert tables.progress.create_file(record) == record
    assert tables.progress.file(record.file_id) == record


def test_an_archive_is_finished_once_without_a_batch(tables: Backend) -> None:
    tables.progress.create_file(an_archive())
    assert [tables.progress.finish_file(FILE_ID, NOW + tick) for tick in (1, 2)] == [True, False]


def test_a_member_and_its_archive_are_two_records(tables: Backend) -> None:
    for record in (a_prepared_file(), an_archive()):
        tables.progress.create_file(record)
    assert tables.progress.file(FILE_ID) == an_archive()


def test_a_known_file_keeps_its_first_record(tables: Backend) -> None:
    first = a_file()
    tables.progress.create_file(first)
    assert tables.progress.create_file(replace(first, received_at=NOW + 60)) == first
    assert tables.progress.file(FILE_ID) == first


def test_a_checkpoint_advances_from_the_expected_place(tables: Backend) -> None:
    tables.progress.create_file(a_file())
    reached = a_checkpoint()
    assert tables.progress.checkpoint(FILE_ID, Checkpoint(), reached)
    assert tables.progress.file(FILE_ID) == a_file(reached)


def test_a_checkpoint_may_have_no_reject_part(tables: Backend) -> None:
    tables.progress.create_file(a_file())
    reached = replace(a_checkpoint(), reject_part=None)
    assert tables.progress.checkpoint(FILE_ID, Checkpoint(), reached)
    assert tables.progress.file(FILE_ID) == a_file(reached)


@pytest.mark.parametrize(
    "expected",
    [
        Checkpoint(position=Position(9_999, 3_000, 3_007), batches=3, hops=1),
        Checkpoint(position=Position(10_000, 2_999, 3_007), batches=3, hops=1),
        Checkpoint(position=Position(10_000, 3_000, 3_000), batches=3, hops=1),
        replace(a_checkpoint(), batches=2),
        replace(a_checkpoint(), hops=0),
    ],
)
def test_the_loser_of_a_checkpoint_race_changes_nothing(tables: Backend, expected: Checkpoint) -> None:
    stored = a_file(a_checkpoint())
    tables.progress.create_file(stored)
    assert not tables.progress.checkpoint(FILE_ID, expected, a_checkpoint(9, offset=99_999))
    assert tables.progress.file(FILE_ID) == stored


def test_the_expected_place_is_position_batches_and_hops_alone(tables: Backend) -> None:
    tables.progress.create_file(a_file(a_checkpoint()))
    expected = Checkpoint(position=Position(10_000, 3_000, 3_007), batches=3, hops=1)
    assert tables.progress.checkpoint(FILE_ID, expected, a_checkpoint(4))


def test_a_finished_split_takes_no_further_checkpoint(tables: Backend) -> None:
    done = a_checkpoint(done=True)
    tables.progress.create_file(a_file(done))
    assert not tables.progress.checkpoint(FILE_ID, done, a_checkpoint(4))


def test_an_unknown_file_takes_no_checkpoint(tables: Backend) -> None:
    assert not tables.progress.checkpoint(FILE_ID, Checkpoint(position=START), a_checkpoint())
    assert tables.progress.file(FILE_ID) is None


def test_a_file_is_finished_once_when_its_last_batch_is_closed(tables: Backend) -> None:
    file = a_split_file(tables.progress, batches=1)
    assert not tables.progress.finish_file(FILE_ID, NOW)
    lease(tables.progress, first_batch(file))
    tables.progress.close(first_batch(file), ME, a_closing(), NOW)
    assert [tables.progress.finish_file(FILE_ID, NOW + tick) for tick in (1, 2)] == [True, False]
    finished = tables.progress.file(FILE_ID)
    assert finished is not None
    assert (finished.finished_at, finished.closed_batches) == (NOW + 1, 1)


def test_a_file_still_being_split_is_not_finished(tables: Backend) -> None:
    tables.progress.create_file(a_file(a_checkpoint(0)))
    assert not tables.progress.finish_file(FILE_ID, NOW)


def test_a_refused_file_is_finished_without_a_batch(tables: Backend) -> None:
    tables.progress.create_file(a_refused_file())
    assert tables.progress.finish_file(FILE_ID, NOW)


def test_an_unknown_file_cannot_be_finished(tables: Backend) -> None:
    assert not tables.progress.finish_file(FILE_ID, NOW)
    assert tables.progress.file(FILE_ID) is None
