"""The verdict on one record of a file with columns: a row by its cells, a fault by its code.

Most records are rows; ``read`` is all that they need. What is left to the careful way here: lines that are not UTF-8,
which are read as Windows-1252 where the plan says so, and closing lines that are shorter than a row.
"""

from __future__ import annotations

from conversion_delivery.domain.conversions import Ignored, Problem, Rejection, Verdict
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.csv_safety import is_returned_header, unprotected
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.rows import RowFault
from conversion_delivery.domain.reading.trailers import closing_row, counted
from conversion_delivery.domain.reading.windows_text import WINDOWS_1252, windows_text

ENCODING_GUESSED = Problem("ENCODING_GUESSED", "")


class LineEncoding:
    """What becomes of the lines of a file that are not UTF-8."""

    def __init__(self, plan: ReadingPlan) -> None:
        is_prepared = plan.encoding.startswith("utf-16")
        """The bytes at hand were made of another encoding: what is no UTF-8 in them was damaged before."""
        self.takes_windows = plan.fallback_encoding == WINDOWS_1252 and not is_prepared
        self.is_noted = plan.encoding == WINDOWS_1252
        """The whole file is said to be in Windows-1252, so no row has to say it again."""

    def noted(self, verdict: Verdict) -> Verdict:
        """The verdict on a row whose encoding was guessed, with a word about that."""
        if self.is_noted or isinstance(verdict, Ignored):
            return verdict
        return verdict._replace(warnings=(*verdict.warnings, ENCODING_GUESSED))


class RowVerdicts:
    """Judges the records of one file."""

    def __init__(self, plan: ReadingPlan) -> None:
        self.reader = ConversionReader(plan)
        self.read = self.reader.read
        self.is_returned = is_returned_header(plan.header)
        """Cells are to be read through ``unprotected``."""
        self.encoding = LineEncoding(plan)

    def cells_of(self, item: list[str] | RowFault) -> list[str] | None:
        """The cells of a record as they are to be read; None where it is no row."""
        if isinstance(item, RowFault):
            if item.code != "ENCODING_INVALID" or not self.encoding.takes_windows:
                return None
            item = [cell if cell.isascii() else windows_text(cell) for cell in item.cells]
        return unprotected(item) if self.is_returned else item

    def of_fault(self, fault: RowFault, row: int) -> Verdict:
        """The verdict on a record that is not a row, or not one in UTF-8."""
        cells = self.cells_of(fault)
        if cells is None:
            return counted(rejection_of(fault), row)
        return self.encoding.noted(counted(self.read(cells), row))


def rejection_of(fault: RowFault) -> Rejection | Ignored:
    """The rejection of a record that is no row, unless it is a closing line."""
    if fault.code == "ROW_SHAPE" and (closing := closing_row(fault.cells)) is not None:
        return closing
    shown = f"({fault.found} instead of {fault.expected})" if fault.expected else ""
    facts = (("found", fault.found), ("expected", fault.expected))
    return Rejection((Problem(fault.code, "", shown=shown, facts=facts),))
