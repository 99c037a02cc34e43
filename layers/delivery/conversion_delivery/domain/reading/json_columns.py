"""Many JSON objects to columns: the values of each path, object by object.

In: objects and dotted paths. Out: one list per path that occurs, as long as there are objects. Object by object, a path
costs a walk; path by path, one list of look-ups, and a path that no object has costs nothing. ``json_paths`` says what
a path finds; what is found here is the same, and an object of which that is not sure is named as ``odd``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

from conversion_delivery.domain.mapping.cell_columns import Cells
from conversion_delivery.domain.reading.json_paths import LONG_FLOAT, WRITERS, JsonObject
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.null_words import is_null

Columns = dict[str, list[Any]]
"""Path -> one value per object."""

_get: Callable[[JsonObject, str], Any] = dict.get
_NOTHING: JsonObject = {}
_TEXT = {str}
_TEXT_OR_NOTHING = {str, type(None)}
_ONE_VALUE = set(WRITERS)
_is_one_decimal = re.compile(r"[0-9]{1,12}\.[0-9]").fullmatch
_fraction = re.compile(r"\.(?<=:[0-5][0-9]:[0-5][0-9]\.)[0-9]{3}(?=Z(?:\n|\Z))")
_DIGITS = frozenset("0123456789")


class ObjectColumns:
    """Takes the columns of some paths out of objects."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._parents: dict[tuple[str, ...], int] = {(): 0}
        self._steps: list[tuple[int, str]] = []
        self._places: list[tuple[str, int, str]] = []
        """Path, index of the object that holds its value, and the key there."""
        for path in paths:
            *way, key = path.split(".")
            self._places.append((path, self._parent(tuple(way)), key))
        self._dotted = frozenset(path for path, parent, _ in self._places if parent)

    def read(self, objects: Sequence[JsonObject], odd: set[int]) -> Columns:
        """The columns of the paths that occur. Objects with a path for a key are ``odd``."""
        holders: list[Sequence[JsonObject]] = [objects]
        for before, key in self._steps:
            values = map(_get, holders[before], repeat(key))
            holders.append([value if type(value) is dict else _NOTHING for value in values])
        keys = [set[str]().union(*group) for group in holders]
        if not self._dotted.isdisjoint(keys[0]):
            odd.update(at for at, found in enumerate(objects) if not self._dotted.isdisjoint(found))
        return {
            path: list(map(_get, holders[parent], repeat(key)))
            for path, parent, key in self._places
            if key in keys[parent]
        }

    def _parent(self, way: tuple[str, ...]) -> int:
        if way not in self._parents:
            before = self._parent(way[:-1])
            self._steps.append((before, way[-1]))
            self._parents[way] = len(self._steps)
        return self._parents[way]


def cells_of(values: list[Any], odd: set[int]) -> Cells:
    """Values as cells without line breaks; where that is not possible, the cell is empty and its object ``odd``."""
    kinds = set(map(type, values))
    if float in kinds:
        odd.update(at for at, value in enumerate(values) if type(value) is float and abs(value) >= LONG_FLOAT)
    if len(kinds) == 1 and kinds <= _ONE_VALUE:
        cells = values if kinds == _TEXT else list(map(WRITERS[kinds.pop()], values))
    elif kinds <= _TEXT_OR_NOTHING:
        cells = [value or "" for value in values]
    else:
        note_nested(values, odd)
        cells = [WRITERS[type(value)](value) if type(value) in WRITERS else "" for value in values]
    if "\n" in "".join(cells):
        odd.update(at for at, cell in enumerate(cells) if "\n" in cell)
        cells = ["" if "\n" in cell else cell for cell in cells]
    return cells


def note_nested(values: list[Any], odd: set[int]) -> None:
    """Objects that hold an object or a list in the place of a value are ``odd``."""
    if not set(map(type, values)) <= _ONE_VALUE:
        odd.update(at for at, value in enumerate(values) if type(value) not in _ONE_VALUE)


def chosen(columns: Columns, paths: Sequence[str], rows: int, odd: set[int]) -> Cells:
    """The first filled cell of paths that stand in for one another; empty ones where none occurs.

    Rows of which another cell may count, because the first is a word for "nothing", are ``odd``.
    """
    present = [columns[path] for path in paths if path in columns]
    if not present:
        return [""] * rows
    cells = cells_of(present[0], odd)
    for values in present[1:]:
        odd.update(at for at, cell in enumerate(cells) if cell and _may_be_nothing(cell))
        if all(cells):
            note_nested(values, odd)
        else:
            cells = [one or two for one, two in zip(cells, cells_of(values, odd), strict=True)]
    return cells


def with_two_decimals(cells: Cells) -> Cells:
    """Amounts in the form that most amounts have: ``59.9``, as JSON writes it, is read as ``59.90`` is."""
    return [f"{cell}0" if cell[-2:-1] == "." and _is_one_decimal(cell) else cell for cell in cells]


def without_fractions(cells: Cells) -> Cells:
    """Times in the form that most times have: fractions of a second make no difference."""
    text = "\n".join(cells)
    return _fraction.sub("", text).split("\n") if "." in text else cells


def _may_be_nothing(cell: str) -> bool:
    """Whether a cell is a word for "nothing". No such word holds ``@`` or begins with a digit."""
    return cell[0] not in _DIGITS and "@" not in cell and is_null(bare(cell))
