"""Which reader judges the rows of a file: the plan says it."""

from __future__ import annotations

from collections.abc import Iterable

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.reading.json_rows import JudgedLines
from conversion_delivery.domain.reading.judged_rows import JudgedRows
from conversion_delivery.domain.reading.order_rows import JudgedOrders
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import RowVerdicts
from conversion_delivery.domain.reading.slices import Rows


def judged_rows(
    plan: ReadingPlan, blocks: Iterable[bytes], start: Position, verdicts: RowVerdicts | None = None
) -> Rows:
    """The rows from a border between two slices on, each with its verdict. Iterating may raise ``UploadRejected``.

    ``verdicts``: made for the same plan before, and used again.
    """
    if plan.format == "jsonl":
        return JudgedLines(plan, blocks, start)
    if plan.order_rows == "order":
        return JudgedOrders(plan, blocks, start)
    return JudgedRows(plan, blocks, start, verdicts)
