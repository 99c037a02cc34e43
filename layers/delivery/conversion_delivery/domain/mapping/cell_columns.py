"""Cells of one column, many rows at a time: which of them are plain, and what the others are.

A regular expression runs over the whole column at once and stops only at cells that are not of the plain form; those
are asked of the field's own reader. A cell is plain only if that reader would give its plain value without a finding,
which a test holds for every form. So nothing is decided here that a reader would decide otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, cast

from conversion_delivery.domain.conversions import CellFinding

Value = TypeVar("Value")
Cells = Sequence[str]
Others = dict[int, Value]
"""Index of a cell that is not of the plain form -> its value, where it has one without a finding."""

Rows = set[int]
"""Indices of rows that are not surely clean: somebody has to read them with care."""


class PlainForm:
    """Finds the cells that are not of one form. The pattern must take no line break."""

    def __init__(self, pattern: str) -> None:
        # Possessive: no way back into a cell that was found plain, so the time is that of one pass.
        self._run = re.compile(rf"(?:(?:{pattern})\n)*+").match

    def others(self, cells: Cells) -> Iterator[int]:
        """Indices of the cells that are of another form. No cell may hold a line break."""
        text = "\n".join(cells) + "\n"
        at, size = self._end_of_run(text, 0), len(text)
        while at < size:
            yield text.count("\n", 0, at)
            at = self._end_of_run(text, text.index("\n", at) + 1)

    def _end_of_run(self, text: str, start: int) -> int:
        """Where the first cell from ``start`` on begins that is of another form."""
        found = self._run(text, start)
        return found.end() if found else start


class FormColumn(Generic[Value]):
    """A column of many different cells: most of a plain form, the others left to their reader.

    ``plain_values`` reads a whole column of plain cells; ``read`` one cell, and ``is_usable`` says whether what came
    out is a value about which there is nothing to say. ``filler`` is a plain cell that stands in for the others.
    ``suspects`` names cells of the plain form that must be asked of the reader all the same.
    """

    def __init__(
        self,
        form: PlainForm,
        read: Callable[..., Value | CellFinding],
        plain_values: Callable[[Cells], list[Value]],
        *,
        is_usable: Callable[[Any], bool],
        filler: str = "",
        suspects: Callable[[Cells], Iterable[int]] | None = None,
    ) -> None:
        self._form = form
        self._read = read
        self._plain_values = plain_values
        self._is_usable = is_usable
        self._filler = filler
        self._suspects = suspects

    def look(self, cells: Cells, doubtful: Rows, beside: Cells | None = None) -> Others[Value]:
        """The cells that are not plain; those that cannot be used as they are make their rows ``doubtful``.

        ``beside``: a second column that the reader takes into account.
        """
        others: Others[Value] = {}
        if self._filler == "" and not any(cells):
            return others
        for at in self._not_plain(cells):
            value = self._read(cells[at]) if beside is None else self._read(cells[at], beside[at])
            if self._is_usable(value):
                others[at] = cast(Value, value)
            else:
                doubtful.add(at)
        return others

    def values(self, cells: Cells, others: Others[Value], doubtful: Rows) -> list[Value]:
        """The value of every cell; of doubtful rows that of ``filler``."""
        if others or doubtful:
            cells = list(cells)
            for at in (*others, *doubtful):
                cells[at] = self._filler
        values = self._plain_values(cells)
        for at, value in others.items():
            values[at] = value
        return values

    def _not_plain(self, cells: Cells) -> Iterable[int]:
        if self._suspects is None:
            return self._form.others(cells)
        return {*self._form.others(cells), *self._suspects(cells)}


def look_at_labels(cells: Cells, is_clean: Callable[[str], bool], doubtful: Rows) -> None:
    """For a column of few different cells, such as event names: each different one is asked once."""
    odd = {cell for cell in set(cells) if not is_clean(cell)}
    if odd:
        doubtful.update(places_of(cells, odd))


def places_of(cells: Iterable[str], wanted: Collection[str]) -> Iterator[int]:
    """Indices of the cells that are among the wanted ones."""
    return (at for at, cell in enumerate(cells) if cell in wanted)
