"""JSON objects without anything odd, read many at a time: the fast path of ``json_rows``.

In: a window of objects. Out: which are surely clean, or surely kept out by their labels; ``json_rows`` reads all others
with care. As in ``clean_windows``, which reads the columns made here, nothing is
decided that the careful path would decide otherwise; property tests hold that.

A field of which several paths may hold the value is one column here: the first filled value of each object. Columns
that need care where they are filled are only looked at for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

from conversion_delivery.domain.conversions import Conversion, Verdict
from conversion_delivery.domain.mapping.clean_windows import FIELDS, UNREAD_FIELDS, Window
from conversion_delivery.domain.mapping.conversion_reader import LABELS, ConversionReader
from conversion_delivery.domain.mapping.kept_out import KeptOut
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_items import ITEM_FIELDS
from conversion_delivery.domain.mapping.row_notes import Note
from conversion_delivery.domain.mapping.source_fields import FIELDS as SOURCE_FIELDS
from conversion_delivery.domain.mapping.source_fields import NONE_OF_THEM, SourceFields, fields_read
from conversion_delivery.domain.reading.json_columns import (
    Columns,
    ObjectColumns,
    cells_of,
    chosen,
    note_nested,
    with_two_decimals,
    without_fractions,
)
from conversion_delivery.domain.reading.json_items import ItemsSeen, ObjectItems
from conversion_delivery.domain.reading.json_paths import LIST, TEXT_KEY, JsonObject
from conversion_delivery.domain.reading.reading_plans import ColumnUse, ReadingPlan

Objects = Sequence[JsonObject]

_ROW_FIELDS = FIELDS - {*ITEM_FIELDS}
_ITEMS = Conversion._fields.index("items")
_MORE = Conversion._fields.index("external_id")
_new = tuple.__new__


class _Values(NamedTuple):
    """The objects of a window that their labels do not keep out."""

    rows: int
    odd: set[int]
    cells: Window
    items: ItemsSeen
    more: list[tuple[Any, ...]]


class ObjectWindow(NamedTuple):
    """A window of objects, judged. Nothing is said about objects that are to be read with care."""

    kept_out: dict[int, Verdict]
    places: list[int]
    """Objects that the labels do not keep out."""
    values: _Values | None

    @property
    def clean(self) -> set[int]:
        """Objects that are surely conversions."""
        return {place for at, place in enumerate(self.places) if self.values and at not in self.values.odd}


def clean_objects(plan: ReadingPlan, reader: ConversionReader) -> CleanObjects | None:
    """The fast path for one file; None where it has columns that it cannot read."""
    columns = RowColumns(plan)
    listed = {use.field for use in plan.columns if use.field and LIST in plan.header[use.index]}
    if not columns.has("value") or columns.joins or reader.takes_refunds_off or not listed <= {*ITEM_FIELDS}:
        return None
    return CleanObjects(plan, columns, reader)


class CleanObjects:
    """Reads the clean objects of one file."""

    def __init__(self, plan: ReadingPlan, columns: RowColumns, reader: ConversionReader) -> None:
        uses = _Uses(plan, columns)
        forms = reader.forms()
        self._label_paths = [plan.header[place] for place in reader.label_places]
        self._labels = ObjectColumns(self._label_paths)
        self._kept_out = KeptOut(plan.header, reader.label_places, reader.kept_out)
        self._columns, one_each = uses.chosen_of(columns.fields & _ROW_FIELDS)
        self._plainer = {
            one_each.place("value"): with_two_decimals,
            **({one_each.place("event_time"): without_fractions} if one_each.has("event_time") else {}),
        }
        """Places of columns that get a form that is read faster and means the same."""
        self._windows = reader.windows(one_each, forms)
        self._more_columns, more = uses.chosen_of(columns.fields & fields_read(plan.settings))
        self._more = SourceFields(plan.settings, more)
        self._unread, self._looked_at = uses.paths_of(uses.unread), uses.paths_of(uses.looked_at)
        self._items = ObjectItems(plan.header, columns, reader.item_windows(forms.price))
        chosen_paths = chain.from_iterable((*self._columns, *self._more_columns))
        self._values = ObjectColumns(
            dict.fromkeys((*chosen_paths, *self._unread, *self._looked_at, *self._items.paths))
        )

    def judge(self, objects: Sequence[JsonObject | None]) -> ObjectWindow:
        """What is sure about a window of objects."""
        places = [at for at, found in enumerate(objects) if found is not None and TEXT_KEY not in found]
        read = [found for found in objects if found is not None and TEXT_KEY not in found]
        screened = self._screened(read)
        kept_out = {place: found for place, found in zip(places, screened, strict=True) if not isinstance(found, bool)}
        left = [at for at, found in enumerate(screened) if found is False]
        values = self._read([read[at] for at in left]) if left else None
        return ObjectWindow(kept_out, [places[at] for at in left], values)

    def conversions(self, window: ObjectWindow) -> dict[int, Conversion]:
        """The conversions of the clean objects."""
        if window.values is None:
            return {}
        rows, odd, cells, items, more = window.values
        read = zip(window.places, self._windows.conversions(cells), self._items.items(items, rows), more, strict=True)
        return {
            place: _new(Conversion, (*conversion[:_ITEMS], of_row, *conversion[_ITEMS + 1 : _MORE], *rest))
            for at, (place, conversion, of_row, rest) in enumerate(read)
            if at not in odd
        }

    def _screened(self, objects: Objects) -> list[Verdict | bool]:
        """By object: what its labels say (``KeptOut``)."""
        odd: set[int] = set()
        columns = self._labels.read(objects, odd)
        cells = [chosen(columns, [path], len(objects), odd) for path in self._label_paths]
        labels = zip(*cells, strict=True) if cells else repeat((), len(objects))
        found: list[Verdict | bool] = list(map(self._kept_out.__getitem__, labels))
        for at in odd:
            found[at] = True
        return found

    def _read(self, objects: Objects) -> _Values:
        rows, odd = len(objects), set[int]()
        columns = self._values.read(objects, odd)
        self._look_at_others(columns, odd)
        cells = [chosen(columns, paths, rows, odd) for paths in self._columns]
        for at, plainer in self._plainer.items():
            cells[at] = plainer(cells[at])
        window = self._windows.judge_columns(cells, rows)
        items = self._items.judge(columns, rows, odd)
        more = self._read_more(columns, rows, odd)
        odd |= window.doubtful
        return _Values(rows, odd, window, items, more)

    def _look_at_others(self, columns: Columns, odd: set[int]) -> None:
        for path in self._unread:
            if path in columns:
                note_nested(columns[path], odd)
        for path in self._looked_at:
            if path in columns:
                odd.update(at for at, cell in enumerate(cells_of(columns[path], odd)) if cell)

    def _read_more(self, columns: Columns, rows: int, odd: set[int]) -> list[tuple[Any, ...]]:
        """The rest of each conversion: fields that few files have. Different rows of cells are read once each."""
        if not self._more:
            return [NONE_OF_THEM] * rows
        cells = [chosen(columns, paths, rows, odd) for paths in self._more_columns]
        of_rows = list(zip(*cells, strict=True)) if cells else [()] * rows
        notes: dict[tuple[str, ...], list[Note]] = {row: [] for row in of_rows}
        read = {row: self._more.read([*row, ""], about) for row, about in notes.items()}
        odd.update(at for at, row in enumerate(of_rows) if notes[row])
        return list(map(read.__getitem__, of_rows))


class _Uses:
    """What the columns of a file are to the fast path."""

    def __init__(self, plan: ReadingPlan, columns: RowColumns) -> None:
        self._plan = plan
        self._columns = columns
        self.unread = UNREAD_FIELDS | (SOURCE_FIELDS - fields_read(plan.settings))
        """Fields that nobody reads: only an object in the place of their value makes a difference."""
        self.looked_at = columns.fields - FIELDS - SOURCE_FIELDS - UNREAD_FIELDS - LABELS
        """Fields that are read with care wherever they are filled."""

    def chosen_of(self, fields: Iterable[str]) -> tuple[list[list[str]], RowColumns]:
        """By column of the fast path the paths that stand in for one another; and these columns."""
        chosen = [(field, places) for field in sorted(fields) for places in self._columns.choices(field)]
        header = tuple(self._plan.header[places[0]] for _, places in chosen)
        uses = (ColumnUse(index=at, header=header[at], field=field) for at, (field, _) in enumerate(chosen))
        plan = self._plan.model_copy(update={"header": header, "columns": tuple(uses)})
        return [[self._plan.header[place] for place in places] for _, places in chosen], RowColumns(plan)

    def paths_of(self, fields: Iterable[str]) -> list[str]:
        return [self._plan.header[place] for field in fields for place in self._columns.places(field)]
