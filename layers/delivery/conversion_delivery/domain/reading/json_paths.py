"""JSON objects to cells: dotted paths, compiled once per file.

In: one object and the paths of the plan's header (``properties.products[].price``). Out: one text per path, as a cell
of a CSV file would hold it, and one more row of cells for each further element of a list. ``[]`` stands behind the name
of a list of objects; a path has one at most.

Numbers come out with every digit: what a float cannot hold is read again as text. Of a key that stands twice in one
object the last counts. A key that holds the dots itself (``{"user.email": ...}``) is found as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

JsonObject = dict[str, Any]

TEXT_KEY = "_text"
"""Key under which a line that was no object goes back to the customer; with it, it is still none."""

LIST = "[]"
SEVERAL_FIELDS = frozenset({"email", "phone"})
"""Fields whose readers take a list in one cell."""

_long_number = re.compile(r"[:,\[]\s*-?(?:[0-9]{20}|[0-9]{16,}\.|[0-9]+\.[0-9]{9})").search
"""Floats hold fifteen digits, integers of ``orjson`` 64 bits: longer numbers are looked at with care."""

_long_decimals = re.compile(r"\.[0-9]{9}").search

LONG_FLOAT = 1e15
"""A number with a float's value below it has no more than fifteen digits before its point."""

_ZEROS = bytes(ord("0") if chr(code) in "0123456789" else code for code in range(256))
_DECIMALS = b"." + b"0" * 9
_WHOLE = b"0" * 16
"""What every text with a long number holds once all its digits are zeros. Looking for that takes a tenth of the time
that the pattern takes, and few lines of few files have it."""

_MOST_DIGITS = 100
"""A number of more digits stays as it is written: its reader refuses it."""

_DEEPEST = 8
_ELEMENTS = 3
"""Levels of an object, and elements of a list, that are looked through for names."""


_is_path = re.compile(r"(?:[^.\[\]]+(?:\[\])?\.)*[^.\[\]]+").fullmatch


def leads_to_a_value(path: str) -> bool:
    """Whether a path names a value: not a list as a whole, and at most one list on the way to it."""
    return _is_path(path) is not None and path.count(LIST) <= 1


class ObjectCells(NamedTuple):
    """The cells of one object."""

    cells: list[str]
    further: list[list[str]]
    """Rows of the elements after the first; cells outside their list are empty."""
    nested: list[int]
    """Places whose value is an object or a list, where one value should stand; their cells are empty."""


class _Place(NamedTuple):
    place: int
    parent: int
    """Index among the objects on the way; 0 is the line's object."""
    key: str
    path: str
    takes_several: bool


class _ListPlaces(NamedTuple):
    parent: int
    key: str
    inner: JsonPaths


class JsonPaths:
    """Takes the cells of one header out of objects."""

    def __init__(self, header: Sequence[str | None], fields: Sequence[str | None]) -> None:
        """``fields``: what each path feeds. A path of None has no cell of its own and stays empty."""
        self._width = len(header)
        self._parents: dict[tuple[str, ...], int] = {(): 0}
        self._steps: list[tuple[int, str]] = []
        self._places: list[_Place] = []
        lists: dict[str, list[str | None]] = {}
        for place, path in enumerate(header):
            outer, mark, inner = (path or "").partition(LIST)
            if mark:
                lists.setdefault(outer, [None] * self._width)[place] = inner.lstrip(".")
            elif path:
                *way, key = path.split(".")
                several = fields[place] in SEVERAL_FIELDS
                self._places.append(_Place(place, self._parent(tuple(way)), key, path, several))
        self._lists = [self._list_at(outer, inner, fields) for outer, inner in lists.items()]

    def read(self, line: JsonObject) -> ObjectCells:
        """The cells of one object."""
        objects = self._objects(line)
        cells = [""] * self._width
        nested: list[int] = []
        for place, parent, key, path, takes_several in self._places:
            holder = objects[parent]
            value = holder.get(key) if holder is not None else None
            if value is None and parent:
                value = line.get(path)
            if type(value) is str:
                cells[place] = value
            elif value is not None:
                text = _text(value, takes_several)
                if text is None:
                    nested.append(place)
                else:
                    cells[place] = text
        further = self._read_lists(objects, cells, nested) if self._lists else []
        return ObjectCells(cells, further, nested)

    def _parent(self, way: tuple[str, ...]) -> int:
        if way not in self._parents:
            before = self._parent(way[:-1])
            self._steps.append((before, way[-1]))
            self._parents[way] = len(self._steps)
        return self._parents[way]

    def _list_at(self, outer: str, inner: list[str | None], fields: Sequence[str | None]) -> _ListPlaces:
        *way, key = outer.split(".")
        return _ListPlaces(self._parent(tuple(way)), key, JsonPaths(inner, fields))

    def _objects(self, line: JsonObject) -> list[JsonObject | None]:
        """The line's object and the objects in it that hold values; None where there is none."""
        objects: list[JsonObject | None] = [line]
        for before, key in self._steps:
            holder = objects[before]
            value = holder.get(key) if holder is not None else None
            objects.append(value if type(value) is dict else None)
        return objects

    def _read_lists(self, objects: list[JsonObject | None], cells: list[str], nested: list[int]) -> list[list[str]]:
        """Fill in the cells of first elements; the rows of the others."""
        rows = [cells]
        for parent, key, inner in self._lists:
            holder = objects[parent]
            elements = holder.get(key) if holder is not None else None
            if isinstance(elements, dict):
                elements = [elements]
            if elements and not (isinstance(elements, list) and all(isinstance(element, dict) for element in elements)):
                nested.append(inner.first_place)
                continue
            for at, element in enumerate(elements or ()):
                if at == len(rows):
                    rows.append([""] * self._width)
                found = inner.read(element)
                nested += found.nested
                for place in inner.places:
                    rows[at][place] = found.cells[place]
        return rows[1:]

    @property
    def places(self) -> list[int]:
        return [place.place for place in self._places]

    @property
    def first_place(self) -> int:
        return self._places[0].place


def parse_objects(lines: Sequence[str]) -> list[JsonObject | None]:
    """What ``parse_object`` finds in each line, but that floats from ``LONG_FLOAT`` on may have lost digits."""
    return list(map(parse_object if _long_decimals("\n".join(lines)) else _parse_short, lines))


def parse_object(text: str) -> JsonObject | None:
    """The object that a line holds; None where it holds none, or nothing that JSON allows."""
    found = _parse_short(text)
    if found is None or not (_may_hold_long_number(text) and _long_number(text)):
        return found
    try:
        found = json.loads(text, parse_int=str, parse_float=_exact)
    except (ValueError, RecursionError):
        return None
    return found if type(found) is dict else None


def _parse_short(text: str) -> JsonObject | None:
    """The same for a line without long numbers."""
    try:
        found = orjson.loads(text)
    except ValueError:
        return None
    return found if type(found) is dict else None


def _may_hold_long_number(text: str) -> bool:
    digits = text.encode("utf-8", "replace").translate(_ZEROS)
    return _DECIMALS in digits or _WHOLE in digits


def _exact(digits: str) -> str:
    return _plain(Decimal(digits))


def _text(value: Any, takes_several: bool) -> str | None:
    """A value as a cell holds it; None where it is not one value."""
    write = WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if type(value) is not list:
        return None
    if not all(type(part) in WRITERS for part in value):
        return None
    filled = [text for part in value if (text := WRITERS[type(part)](part))]
    if len(filled) < 2:
        return filled[0] if filled else ""
    return orjson.dumps(filled).decode() if takes_several else None


WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    bool: lambda value: "true" if value else "false",
    float: lambda value: _plain(Decimal(digits)) if "e" in (digits := repr(value)) else digits.removesuffix(".0"),
    type(None): lambda value: "",
}
"""By type of a value that is no object and no list: how a cell holds it."""


def _plain(number: Decimal) -> str:
    """A number without an exponent, and without decimals that say nothing."""
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def paths_of(line: JsonObject) -> Iterator[str]:
    """Paths of all values in an object, in order; lists of objects by their elements."""
    yield from _paths(line, "", 0)


def _paths(value: Any, path: str, depth: int) -> Iterator[str]:
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, inner in value.items():
            if "[" not in key:
                yield from _paths(inner, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list) and LIST not in path and value and all(isinstance(part, dict) for part in value):
        for part in value[:_ELEMENTS]:
            yield from _paths(part, path + LIST, depth + 1)
    elif path and not isinstance(value, dict):
        yield path
