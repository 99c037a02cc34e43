"""Rows of files that hold other things too: event archives with calls of all kinds, tills with payments and refunds.

In: the cells of a row. Out: None (it may be a conversion), or ``Ignored`` with the layout's code. What a layout counts
is data (``Layout.only``: header, values, code); columns that the file lacks decide nothing, and so do empty cells.
"""

from __future__ import annotations

from conversion_delivery.domain.conversions import Ignored, Problem
from conversion_delivery.domain.layouts.header_names import header_name
from conversion_delivery.domain.layouts.layouts import Layout
from conversion_delivery.domain.mapping.event_names import shown_label
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.null_words import is_null


class RowKinds:
    """Asks these columns of one file; false where it has none."""

    def __init__(self, plan: ReadingPlan, layout: Layout) -> None:
        places = {header_name(header): place for place, header in reversed(list(enumerate(plan.header)))}
        self._only = [
            (places[name], plan.header[places[name]], values, code)
            for header, values, code in layout.only
            if (name := header_name(header)) in places
        ]

    def __bool__(self) -> bool:
        return bool(self._only)

    @property
    def places(self) -> list[int]:
        """Indices of the columns that are asked."""
        return [place for place, _, _, _ in self._only]

    def verdict(self, row: list[str]) -> Ignored | None:
        """Why the row is none of those that count."""
        for place, header, values, code in self._only:
            cell = row[place]
            if cell and cell.lower() not in values and not is_null(word := bare(cell)) and word.lower() not in values:
                return Ignored(Problem(code, "", header, shown_label(cell)))
        return None
