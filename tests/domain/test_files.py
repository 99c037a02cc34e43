"""What a file's record says about itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.uploads import Upload

UPLOAD = Upload("bucket", "uploads/shop/sales.csv", "v1", 100)
READ = Checkpoint(
    position=Position(100, 10, 11), reasons={"ROW_BLANK": 2, "ROW_TRAILER": 1, "EMAIL_INVALID": 3}, done=True
)


def noted(record: FileRecord) -> set[str]:
    return {code for code, _ in record.notes}


@pytest.mark.parametrize(
    ("promised", "differs"), [(None, False), (10, False), (7, False), (8, True), (11, True), (0, True)]
)
def test_a_promised_count_is_compared_with_the_rows_and_with_those_that_are_neither_blank_nor_trailers(
    promised: int | None, differs: bool
) -> None:
    record = FileRecord(UPLOAD, 0.0, checkpoint=READ, expected_rows=promised)
    assert ("MANIFEST_COUNT_DIFFERS" in noted(record)) is differs


def test_no_count_is_compared_before_the_file_is_read_to_its_end() -> None:
    record = FileRecord(UPLOAD, 0.0, checkpoint=replace(READ, done=False), expected_rows=99)
    assert noted(record) == set()


@pytest.mark.parametrize("returned", [True, False])
def test_rows_that_are_not_given_back_are_noted(returned: bool) -> None:
    settings = DestinationSettings(event_source_id="1", return_rows=returned)
    plan = ReadingPlan(
        settings=settings, as_of=0, layout="columns", header=("a",), columns=(), data_starts=Position(0, 0, 0)
    )
    assert ("ROWS_NOT_RETURNED" in noted(FileRecord(UPLOAD, 0.0, plan=plan))) is not returned


def test_an_archive_is_complete_as_soon_as_its_files_are_known_and_a_refused_one_is_no_archive() -> None:
    archive = FileRecord(UPLOAD, 0.0, members=("a.csv", "b.csv"), checkpoint=Checkpoint(done=True))
    assert archive.is_archive
    assert archive.is_complete
    assert not replace(archive, rejected_code="FILE_GONE").is_archive
