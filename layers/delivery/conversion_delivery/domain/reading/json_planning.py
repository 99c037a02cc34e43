"""Files of JSON Lines: which paths of their objects hold what.

In: the first lines of a file and the settings. Out: dotted paths in the place of a header, and the first rows. The
paths are those of the layout and of the ``columns`` setting, for any later line may have them, and those of the first
objects that somebody has a meaning for.
"""

from __future__ import annotations

from itertools import islice

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.layouts.columns import map_columns
from conversion_delivery.domain.layouts.header_names import is_ours
from conversion_delivery.domain.layouts.layouts import NOT_USED, Layout, recognised_shape
from conversion_delivery.domain.reading.first_table import FirstTable
from conversion_delivery.domain.reading.head_texts import HeadText
from conversion_delivery.domain.reading.json_paths import JsonPaths, leads_to_a_value, parse_object, paths_of

SAMPLE_OBJECTS = 500
"""Objects whose paths are looked at."""

MOST_PATHS = 2_000
"""An object with keys without end (one per customer, say) is no puzzle to be solved."""


def first_objects(head: HeadText, settings: DestinationSettings, layout: Layout | None) -> FirstTable:
    """Paths, columns and first rows of a file of JSON Lines. ``layout``: the one that the settings name."""
    objects = [found for line in head.lines[:SAMPLE_OBJECTS] if (found := parse_object(line.strip(" \t\r\n\ufeff")))]
    every = dict.fromkeys(path for found in objects for path in paths_of(found) if not is_ours(path))
    seen = list(islice(filter(leads_to_a_value, every), MOST_PATHS))
    layout = layout or recognised_shape(seen, settings.event_source)
    known = [path for path, field in layout.columns if field != NOT_USED]
    paths = list(dict.fromkeys((*known, *filter(leads_to_a_value, settings.columns), *seen)))
    worth_keeping = {
        use.index for use in map_columns(paths, settings, layout) if use.field or use.note in _NOTES or use.suggestion
    }
    header = [path for place, path in enumerate(paths) if place in worth_keeping]
    columns = map_columns(header, settings, layout)
    cells = JsonPaths(header, [None] * len(header))
    return FirstTable(
        layout=layout,
        header=header,
        columns=columns,
        delimiter="",
        timezone=None,
        data_starts=Position(head.mark, 0, 0),
        rows=[cells.read(found).cells for found in objects],
    )


_NOTES = frozenset({"COLUMN_CONFLICT", "COLUMN_DROPPED"})
