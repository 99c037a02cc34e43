"""Files that are known beforehand, one ``Layout`` each, and which of them a file is.

Their data stands in one module per family of makers. To add a layout is to add an entry there. Columns that a layout
does not know are mapped by the aliases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from conversion_delivery.domain.destinations import EventSource
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.ad_platforms import AD_PLATFORMS
from conversion_delivery.domain.layouts.crm_exports import CRM_EXPORTS
from conversion_delivery.domain.layouts.event_archives import ARCHIVES
from conversion_delivery.domain.layouts.header_names import header_name
from conversion_delivery.domain.layouts.layout import LEAST_SHARE, NOT_USED, Layout
from conversion_delivery.domain.layouts.platform_events import PLATFORM_EVENTS
from conversion_delivery.domain.layouts.shops import SHOPS
from conversion_delivery.domain.layouts.tiktok_files import TIKTOK_FILES
from conversion_delivery.domain.layouts.vendors import VENDORS

__all__ = [
    "AUTO",
    "BY_ALIASES",
    "JSON_BY_ALIASES",
    "LAYOUTS",
    "LEAST_SHARE",
    "NOT_USED",
    "Layout",
    "layout_named",
    "recognised",
    "recognised_shape",
]

AUTO = "auto"

BY_ALIASES = Layout("columns", "Any file with a header", "The aliases of every field, see column_aliases.")
JSON_BY_ALIASES = Layout(
    "json_lines",
    "Any JSON Lines file",
    "The aliases of every field, alone or inside an object such as properties, see path_aliases.",
    short_names=("jsonl",),
    format="jsonl",
)

LAYOUTS = (*VENDORS, *TIKTOK_FILES, *AD_PLATFORMS, *SHOPS, *CRM_EXPORTS, *ARCHIVES, *PLATFORM_EVENTS)
"""Every known layout. Where two fit a header equally well, the first one is taken."""

_ANY = (BY_ALIASES, JSON_BY_ALIASES)
_BY_NAME = {name: layout for layout in (*_ANY, *LAYOUTS) for name in (layout.name, *layout.short_names)}


def layout_named(name: str) -> Layout:
    """The layout of a reading plan or of the settings. Raises ``UploadRejected`` (``SETTINGS_INVALID``)."""
    layout = _BY_NAME.get(name.strip().lower().replace("-", "_"))
    if layout is None:
        near = get_close_matches(name.lower(), _BY_NAME, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join((AUTO, *_names()))}"
        raise UploadRejected("SETTINGS_INVALID", key="layout", problem="is not the name of a layout" + hint)
    return layout


def recognised(names: Iterable[str], event_source: EventSource) -> Layout:
    """The layout with cells that knows most of a file's header names; ``BY_ALIASES`` where none fits."""
    return _best("csv", list(names), event_source) or BY_ALIASES


def recognised_shape(paths: Collection[str], event_source: EventSource) -> Layout:
    """The layout of JSON objects that knows most of these dotted paths; ``JSON_BY_ALIASES`` where none fits.

    ``paths`` are those of the first records together, arrays written ``products[]``.
    """
    names = list(dict.fromkeys(filter(None, map(header_name, paths))))
    return _best("jsonl", names, event_source) or JSON_BY_ALIASES


def _best(form: str, names: list[str], event_source: EventSource) -> Layout | None:
    candidates = [layout for layout in LAYOUTS if layout.format == form]
    best = max(candidates, key=lambda layout: layout.score(names, event_source))
    return best if best.score(names, event_source)[0] else None


def _names() -> list[str]:
    return [layout.name for layout in (*_ANY, *LAYOUTS)]
