"""The items of many JSON objects: the elements of their lists, or the one product that stands among the other values.

In: the columns of a window of objects. Out: the items of each. Objects of which the careful path may say something are
``odd``: nested values, several lists, a product beside a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

from conversion_delivery.domain.conversions import Item
from conversion_delivery.domain.mapping.cell_columns import Cells
from conversion_delivery.domain.mapping.clean_items import CleanItems, ItemWindow
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_items import ITEM_FIELDS, NO_ITEM
from conversion_delivery.domain.reading.json_columns import Columns, ObjectColumns, chosen, with_two_decimals
from conversion_delivery.domain.reading.json_paths import LIST, JsonObject

_PRICE = ITEM_FIELDS.index("contents[].price")


class ItemsSeen(NamedTuple):
    """The items of a window of objects, judged."""

    owners: list[int]
    """By item: the object that it belongs to. The items of one object stand in order."""
    window: ItemWindow | None
    """None where there is no item at all."""


class ObjectItems:
    """Reads the items of one file."""

    def __init__(self, header: Sequence[str], columns: RowColumns, clean: CleanItems) -> None:
        paths = [[header[place] for place in columns.places(field)] for field in ITEM_FIELDS]
        self._alone = [[path for path in of_field if LIST not in path] for of_field in paths]
        self._lists = list(
            dict.fromkeys(path.partition(LIST)[0] for path in chain.from_iterable(paths) if LIST in path)
        )
        listed = f"{self._lists[0]}{LIST}." if self._lists else LIST
        self._inner = [
            [path.removeprefix(listed) for path in of_field if path.startswith(listed)] for of_field in paths
        ]
        self._elements = ObjectColumns(chain.from_iterable(self._inner))
        self._clean = clean
        self.paths = [*self._lists, *chain.from_iterable(self._alone)]
        """Paths whose columns ``judge`` needs."""

    def judge(self, columns: Columns, rows: int, odd: set[int]) -> ItemsSeen:
        """The items of ``rows`` objects; those of odd objects are not to be used."""
        for further in self._lists[1:]:
            odd.update(at for at, found in enumerate(columns.get(further, ())) if found)
        elements, owners = _elements_of(columns.get(self._lists[0], ()) if self._lists else (), odd)
        odd_elements: set[int] = set()
        found = self._elements.read(elements, odd_elements)
        cells = [chosen(found, paths, len(elements), odd_elements) for paths in self._inner]
        if any(path in columns for paths in self._alone for path in paths):
            alone = [chosen(columns, paths, rows, odd) for paths in self._alone]
            cells, owners = _with_products(cells, owners, alone, odd)
        if not owners:
            return ItemsSeen([], None)
        cells[_PRICE] = with_two_decimals(cells[_PRICE])
        window = self._clean.judge(cells)
        odd.update(owners[at] for at in window.doubtful | odd_elements)
        return ItemsSeen(owners, window)

    def items(self, seen: ItemsSeen, rows: int) -> list[tuple[Item, ...]]:
        """The items of each object."""
        if seen.window is None:
            return [()] * rows
        items: list[list[Item]] = [[] for _ in range(rows)]
        for owner, item in zip(seen.owners, self._clean.items(seen.window), strict=True):
            if item != NO_ITEM:
                items[owner].append(item)
        return list(map(tuple, items))


def _elements_of(lists: Sequence[Any], odd: set[int]) -> tuple[list[JsonObject], list[int]]:
    """The elements of all lists and their owners. An object in the place of a list is its only element."""
    if not set(map(type, lists)) <= {list, type(None)}:
        odd.update(at for at, found in enumerate(lists) if found and type(found) not in (list, dict))
        lists = [found if type(found) is list else [found] if type(found) is dict else None for found in lists]
    lists = [found or () for found in lists]
    elements = list(chain.from_iterable(lists))
    owners = list(chain.from_iterable(map(repeat, range(len(lists)), map(len, lists))))
    if not set(map(type, elements)) <= {dict}:
        odd.update(owner for owner, element in zip(owners, elements, strict=True) if type(element) is not dict)
        elements = [element if type(element) is dict else {} for element in elements]
    return elements, owners


def _with_products(
    cells: Sequence[Cells], owners: Sequence[int], alone: Sequence[Cells], odd: set[int]
) -> tuple[list[Cells], list[int]]:
    """The elements and, behind them, the products of objects without a list; both in one object are ``odd``."""
    have_list = set(owners)
    filled = [at for at, text in enumerate(map("".join, zip(*alone, strict=True))) if text]
    odd.update(have_list.intersection(filled))
    ones = [at for at in filled if at not in have_list]
    joined = [[*column, *(product[at] for at in ones)] for column, product in zip(cells, alone, strict=True)]
    return list(joined), [*owners, *ones]
