"""Lines of results.csv: what became of each accepted row, without personal data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conversion_delivery.domain.outcomes import Decision
from conversion_delivery.domain.reading.csv_safety import csv_line
from conversion_delivery.domain.uploads import PARTS

RESULT_COLUMNS = ("row", "line", "order_id", "event_id", "outcome", "code", "request_id")
OUTCOME_COLUMN = RESULT_COLUMNS.index("outcome")
CODE_COLUMN = RESULT_COLUMNS.index("code")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row's outcome. ``line`` is 0 and the ids are empty when the row could not be read any more."""

    row: int
    decision: Decision
    line: int = 0
    order_id: str = ""
    event_id: str = ""
    request_id: str = ""
    first_copy: str = ""
    """``<batch>#<row>`` of the copy that decides, while that one is undecided."""


def results_part_key(file_id: str, batch: int, attempt: str) -> str:
    """Where the attempt that closes a batch stores its lines."""
    return f"{PARTS}{file_id}/results/{batch:010d}-{attempt}.csv"


def result_header() -> str:
    return csv_line(RESULT_COLUMNS, ",")


def result_lines(results: Iterable[ResultRow]) -> Iterator[str]:
    """CSV lines without a header, one per row."""
    for result in results:
        yield csv_line(
            (
                str(result.row),
                str(result.line or ""),
                result.order_id,
                result.event_id,
                result.decision.outcome.value,
                result.decision.code,
                result.request_id,
            ),
            ",",
        )
