"""Lines of rejected.csv: the customer's own columns, unchanged, with line, codes and messages behind them.

The file can be corrected and dropped again as it is: readers skip columns that start with an underscore.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conversion_delivery.domain.conversions import Rejection
from conversion_delivery.domain.explanations import explain, explain_outcome
from conversion_delivery.domain.reading.csv_safety import csv_line
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import JudgedRow
from conversion_delivery.domain.uploads import PARTS

REJECT_COLUMNS = ("_line", "_codes", "_messages")


def rejected_header(plan: ReadingPlan) -> str:
    """The original header with our three columns; columns of an earlier rejected.csv are not repeated."""
    return csv_line((*own_cells(plan, plan.header), *REJECT_COLUMNS), plan.delimiter)


def rejected_lines(plan: ReadingPlan, rows: Iterable[JudgedRow]) -> Iterator[str]:
    """One CSV line per rejected row."""
    for judged in rows:
        if isinstance(judged.verdict, Rejection):
            problems = judged.verdict.problems
            yield csv_line(
                (
                    *own_cells(plan, judged.cells),
                    str(judged.line),
                    " ".join(problem.code for problem in problems),
                    " ".join(explain(problem) for problem in problems),
                ),
                plan.delimiter,
            )


def returned_part_key(file_id: str, batch: int, attempt: str) -> str:
    """Where the attempt that closes a batch stores the rows that TikTok did not get."""
    return f"{PARTS}{file_id}/returned/{batch:010d}-{attempt}.csv"


def returned_lines(plan: ReadingPlan, rows: Iterable[tuple[int, list[str], str]]) -> Iterator[str]:
    """Lines for accepted rows that were refused or not sent: (line, cells, outcome code) each."""
    for line, cells, code in rows:
        yield csv_line((*own_cells(plan, cells), str(line), code, explain_outcome(code)), plan.delimiter)


def own_cells(plan: ReadingPlan, cells: Iterable[str]) -> list[str]:
    """A row's cells without the columns that an earlier rejected.csv added.

    A row of the wrong length keeps it: filled up, it would fit the header and be sent with shifted cells.
    """
    added = {use.index for use in plan.columns if use.header in REJECT_COLUMNS}
    return [cell for at, cell in enumerate(cells) if at not in added]
