"""What the beginning of a file shows, whatever its form: names, their uses, and the first rows."""

from __future__ import annotations

from typing import NamedTuple

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.layouts.layout import Layout
from conversion_delivery.domain.reading.reading_plans import ColumnUse


class FirstTable(NamedTuple):
    """The names that a file gives its values, and its first rows."""

    layout: Layout
    header: list[str]
    columns: tuple[ColumnUse, ...]
    delimiter: str
    timezone: str | None
    """Of times without a zone, where the file itself names one."""
    data_starts: Position
    rows: list[list[str]]
    """Cells of the first rows, as far as they can be told apart."""

    def cells_of(self, *fields: str) -> list[str]:
        """The cells of some fields in the first rows."""
        places = [use.index for use in self.columns if use.field in fields]
        return [cells[place] for cells in self.rows for place in places if place < len(cells)]
