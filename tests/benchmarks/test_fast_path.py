"""A change that switches the fast path off is noticed without a clock: rows that are read with care are counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conversion_delivery.domain.conversions import Verdict
from conversion_delivery.domain.events.tiktok_events import EncodedEvent, EventEncoder
from conversion_delivery.domain.reading.judged_rows import JudgedRows, encoded_row
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import RowVerdicts
from conversion_delivery.domain.reading.slices import SliceLimits, cut_slices
from tests.benchmarks.generated_file import Truth, write_file
from tests.benchmarks.messy_file import write_messy_file
from tests.benchmarks.work import data_blocks, plan_of

ROWS = 6_000
FILES = pytest.mark.parametrize(("write", "share"), [(write_file, 0.03), (write_messy_file, 0.1)])


class CountingVerdicts(RowVerdicts):
    """Counts the rows that it is asked about."""

    def __init__(self, plan: ReadingPlan) -> None:
        super().__init__(plan)
        self.asked = 0
        read = self.read

        def counting(cells: list[str]) -> Verdict:
            self.asked += 1
            return read(cells)

        self.read = counting


@FILES
def test_the_splitter_reads_few_rows_with_care(
    write: Callable[[Path, int], Truth], share: float, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    bad = len(write(path, ROWS).bad)
    plan = plan_of(path)
    verdicts = CountingVerdicts(plan)
    rows = JudgedRows(plan, data_blocks(path, plan), plan.data_starts, verdicts)

    assert sum(len(cut.valid) for cut in cut_slices(rows, plan.data_starts, SliceLimits())) == ROWS - bad
    assert 0 < verdicts.asked <= share * ROWS


@FILES
def test_so_does_the_sender(write: Callable[[Path, int], Truth], share: float, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    bad = len(write(path, ROWS).bad)
    plan = plan_of(path)
    verdicts = CountingVerdicts(plan)
    rows = JudgedRows(plan, data_blocks(path, plan), plan.data_starts, verdicts)
    found = [row.found for row in rows.encoded(EventEncoder(plan))]

    assert sum(isinstance(event, EncodedEvent) for event in found) == ROWS - bad
    assert 0 < verdicts.asked <= share * ROWS


@pytest.mark.parametrize("write", [write_file, write_messy_file])
def test_events_of_whole_columns_are_those_of_single_rows(write: Callable[[Path, int], Truth], tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    write(path, ROWS)
    plan = plan_of(path)
    encoder = EventEncoder(plan)
    one_by_one = JudgedRows(plan, data_blocks(path, plan), plan.data_starts)
    together = JudgedRows(plan, data_blocks(path, plan), plan.data_starts)
    for judged, row in zip(one_by_one, together.encoded(encoder), strict=True):
        assert row[:3] == judged[:3]
        assert row.found == encoded_row(judged, encoder).found
