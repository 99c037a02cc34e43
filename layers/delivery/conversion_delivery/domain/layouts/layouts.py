"""Files whose header is known beforehand, as data: one ``Layout`` each.

A layout maps headers to fields, says what its maker promises about the values, and is recognised by its header. To add
one is to add an entry to ``LAYOUTS``. Columns that a layout does not know are mapped by the aliases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

from conversion_delivery.domain.destinations import EventSource
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.header_names import find, header_name

AUTO = "auto"
NOT_USED = "-"
"""In place of a field: the column is known and has no place in an event."""

LEAST_SHARE = 0.5
"""Share of a file's headers that a layout must know to be recognised."""


@dataclass(frozen=True)
class Layout:
    """One maker's file. Headers are written as the maker prints them and compared by their names."""

    name: str
    title: str
    source: str
    """Where the facts come from, and how sure they are."""
    columns: tuple[tuple[str, str], ...] = ()
    """Header and field, in order of preference where several columns feed one field."""
    markers: tuple[str, ...] = ()
    """Headers that are all there in every such file."""
    one_of: tuple[str, ...] = ()
    """Headers of which at least one is there."""
    short_names: tuple[str, ...] = ()
    """Other spellings that the ``layout`` setting takes."""
    event_source: EventSource | None = None
    """The source that the maker means the file for; decides between layouts that fit equally well."""
    item_level: bool = False
    """One row per line item: rows of one order are different events."""
    utc_times: bool = False
    """Times are UTC, even where an offset behind them says something else."""
    date_order: str | None = None
    """Order of 03/04/2026 where the rows do not show another one."""
    default_event: str | None = None
    """Event of every row where the file has no event column."""
    delimiters: str = ","
    time_notes: str = ""
    format: Literal["csv", "jsonl"] = "csv"
    """``jsonl``: one JSON object per line; headers are dotted paths (``properties.products[].price``)."""
    events: Mapping[str, str] = field(default_factory=dict)
    """The maker's event name -> TikTok's; the destination's ``event_map`` comes before it."""
    unknown_events: Literal["reject", "ignore"] = "reject"
    """What becomes of rows whose event is none of TikTok's: archives hold all sorts of events."""
    only: tuple[tuple[str, frozenset[str], str], ...] = ()
    """Header, values of rows that are conversions (lower case), and the code of level IGNORED for all others."""
    orders: Literal["", "first", "sum"] = ""
    """Rows in a row with one order id are one order, and its value is that of the first row, or the sum of all."""
    unjoinable: str = ""
    """What to do where a file of this layout has no e-mail and no phone column; empty: any file may lack them."""

    @cached_property
    def fields(self) -> dict[str, str]:
        """Name of a header -> field."""
        return {header_name(header): field for header, field in self.columns}

    @cached_property
    def preference(self) -> dict[str, int]:
        """Name of a header -> its place among the columns."""
        return {header_name(header): place for place, (header, _) in enumerate(self.columns)}

    def score(self, names: list[str], event_source: EventSource) -> tuple[int, bool]:
        """How well a header fits; (0, False) where it does not."""
        present = set(names)
        known = sum(find(self.fields, name) is not None for name in names)
        fits = (
            present.issuperset(map(header_name, self.markers))
            and (not self.one_of or not present.isdisjoint(map(header_name, self.one_of)))
            and known >= LEAST_SHARE * len(names)
        )
        return (known, self.event_source == event_source) if fits else (0, False)


BY_ALIASES = Layout("columns", "Any file with a header", "The aliases of every field, see column_aliases.")

LAYOUTS = (
    Layout(
        name="liveramp_tiktok",
        title="LiveRamp, TikTok offline programme",
        source="docs.liveramp.com, the TikTok offline tracking program: read in full.",
        columns=(
            ("first_name", "-"),
            ("last_name", "-"),
            ("address_1", "-"),
            ("address_2", "-"),
            ("city", "-"),
            ("state", "-"),
            ("zip", "-"),
            ("email_1", "email"),
            ("email_2", "email"),
            ("email_3", "email"),
            ("email_4", "email"),
            ("transaction_category", "event"),
            ("transaction_timestamp", "event_time"),
            ("transaction_amount", "value"),
            ("phone_1", "phone"),
            ("phone_2", "phone"),
            ("order_id", "order_id"),
            ("store_code", "shop_id"),
            ("quantity", "contents[].quantity"),
            ("product_id", "contents[].content_id"),
            ("product_name", "contents[].content_name"),
            ("product_category", "contents[].content_category"),
            ("product_brand", "contents[].brand"),
            ("product_price", "contents[].price"),
        ),
        markers=("transaction_category", "transaction_timestamp", "transaction_amount"),
        one_of=("email_1", "phone_1"),
        short_names=("liveramp",),
        event_source="offline",
        item_level=True,
        utc_times=True,
        date_order="MDY",
        delimiters=",\t|",
        time_notes="Eight forms, all UTC: 2026-11-04, 2026-11-04T10:01:00Z-0000, 11/04/2026 10:01:00 AM, "
        "Nov 04, 2026 10:01:00, 11/04/2026 10:01:00, 2026-11-04 10:01:00, 2026-11-04T10:01:00, 2026-11-04 10:01:00Z.",
    ),
    Layout(
        name="tiktok_offline_template",
        title="TikTok, offline events file",
        source="ads.tiktok.com help, Events API for offline (2024 and 2025). event_type and email are read there; "
        "the names of the other columns are inferred.",
        columns=(
            ("event_type", "event"),
            ("email", "email"),
            ("phone", "phone"),
            ("timestamp", "event_time"),
            ("order_id", "order_id"),
            ("value", "value"),
            ("currency", "currency"),
            ("content_id", "contents[].content_id"),
            ("content_name", "contents[].content_name"),
            ("content_category", "contents[].content_category"),
            ("content_type", "content_type"),
            ("quantity", "contents[].quantity"),
            ("price", "contents[].price"),
            ("shop_id", "shop_id"),
            ("event_channel", "event_channel"),
        ),
        markers=("event_type", "timestamp"),
        one_of=("email", "phone"),
        short_names=("tiktok_offline", "tiktok"),
        event_source="offline",
    ),
    Layout(
        name="tiktok_crm_events",
        title="TikTok, CRM events file",
        source="ads.tiktok.com help, postback of signals through CSV (2025): read but for its end.",
        columns=(
            ("Event_type", "event"),
            ("Timestamp", "event_time"),
            ("lead_id", "lead_id"),
            ("Email", "email"),
            ("Phone", "phone"),
            ("click_id", "ttclid"),
        ),
        markers=("Event_type", "Timestamp"),
        one_of=("lead_id", "click_id"),
        short_names=("tiktok_crm",),
        event_source="crm",
    ),
)
"""Every known layout. Where two fit a header equally well, the first one is taken."""

_BY_NAME = {name: layout for layout in (BY_ALIASES, *LAYOUTS) for name in (layout.name, *layout.short_names)}


def layout_named(name: str) -> Layout:
    """The layout of a reading plan or of the settings. Raises ``UploadRejected`` (``SETTINGS_INVALID``)."""
    layout = _BY_NAME.get(name.strip().lower().replace("-", "_"))
    if layout is None:
        near = get_close_matches(name.lower(), _BY_NAME, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join((AUTO, *_names()))}"
        raise UploadRejected("SETTINGS_INVALID", key="layout", problem="is not the name of a layout" + hint)
    return layout


def recognised(names: Iterable[str], event_source: EventSource) -> Layout:
    """The layout that knows most of a file's header names; ``BY_ALIASES`` where none fits."""
    counted = list(names)
    best = max(LAYOUTS, key=lambda layout: layout.score(counted, event_source))
    return best if best.score(counted, event_source)[0] else BY_ALIASES


def _names() -> list[str]:
    return [layout.name for layout in (BY_ALIASES, *LAYOUTS)]
