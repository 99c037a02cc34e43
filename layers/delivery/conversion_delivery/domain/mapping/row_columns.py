"""Where the fields of a row stand: decided once per file, so that reading a row is picking by number.

A field that the file does not have stands at ``ABSENT``: while a row is read, one empty cell stands behind its last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from conversion_delivery.domain.conversions import Problem
from conversion_delivery.domain.layouts.layouts import layout_named
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.null_words import is_null

ABSENT = -1

_USED_TOGETHER = frozenset({"email", "phone", "status"})
"""Fields whose columns all count, unless the file's layout says otherwise (``Layout.choices``); of any other field the
first column that is filled counts."""


class RowColumns:
    """The columns of one file by field."""

    def __init__(self, plan: ReadingPlan) -> None:
        self._header = plan.header
        self._places: dict[str, tuple[int, ...]] = {}
        for use in plan.columns:
            if use.field is not None:
                self._places[use.field] = (*self._places.get(use.field, ()), use.index)
        layout = layout_named(plan.layout)
        together = _USED_TOGETHER - layout.choices
        self._joined = layout.joined
        self._choices = {
            field: places for field, places in self._places.items() if len(places) > 1 and field not in together
        }
        self.have_choices = bool(self._choices)
        self.fields = frozenset(self._places)

    def has(self, field: str) -> bool:
        return field in self._places

    def has_any(self, fields: Iterable[str]) -> bool:
        return not self._places.keys().isdisjoint(fields)

    def choices(self, field: str) -> tuple[tuple[int, ...], ...]:
        """Indices of the columns that stand in for one another, first choice first, for every value of a field."""
        places = self.places(field)
        return (places,) if field in self._choices else tuple((place,) for place in places)

    @property
    def joins(self) -> bool:
        """Whether columns of one field are written into one text."""
        return not self._joined.isdisjoint(self._choices)

    def places(self, field: str) -> tuple[int, ...]:
        """Indices of the columns that feed a field, first choice first."""
        return self._places.get(field, ())

    def place(self, field: str) -> int:
        """Index of the field's first column, or ``ABSENT``."""
        return self._places.get(field, (ABSENT,))[0]

    def picker(self, fields: Iterable[str]) -> Callable[[list[str]], tuple[Any, ...]]:
        """Picks the cells of at least two fields."""
        return itemgetter(*map(self.place, fields))

    def picker_at(self, *places: int) -> Callable[[list[str]], tuple[Any, ...]]:
        """Picks the cells at these places (at least two)."""
        return itemgetter(*places)

    def all_of(self, field: str) -> Callable[[list[str]], tuple[Any, ...]]:
        """Picks the cells of all columns of a field that count, and a few empty ones."""
        places = self.places(field)[:1] if field in self._choices else self.places(field)
        return itemgetter(*places, ABSENT, ABSENT)

    def header(self, field: str) -> str:
        """The customer's name of the field's first column; empty where the file has none."""
        return self.header_at(self.place(field))

    def header_at(self, place: int) -> str:
        return "" if place == ABSENT else self._header[place]

    def is_header(self, cells: list[str]) -> bool:
        """Whether a row repeats the header, as joined files do."""
        return [cell.strip() for cell in cells] == [cell.strip() for cell in self._header]

    def first_choices(self, cells: list[str]) -> list[str]:
        """A copy of the row in which the first column of each field holds the first filled cell of that field.

        The columns of a field that its layout joins are levels of one path: ``Home > Kitchen``.
        """
        row = cells.copy()
        for field, places in self._choices.items():
            if field in self._joined:
                row[places[0]] = " > ".join(cell for place in places if not is_null(cell := bare(cells[place])))
            else:
                row[places[0]] = cells[self._filled(places, cells)]
        return row

    def with_header_used(self, problem: Problem, cells: list[str]) -> Problem:
        """The problem under the name of the column whose cell counts for its field in this row."""
        places = self._choices.get(problem.field)
        return problem._replace(column=self._header[self._filled(places, cells)]) if places else problem

    def _filled(self, places: tuple[int, ...], cells: list[str]) -> int:
        return next((place for place in places if not is_null(bare(cells[place]))), places[0])
