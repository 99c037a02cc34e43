"""One maker's file, as data: which columns feed which fields, how the file is told from others, what it promises.

``feeds`` and ``unused`` write the columns of a layout as they are read: one ``header -> field`` per line, and headers
that have no place in an event, separated by semicolons.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from conversion_delivery.domain.destinations import EventSource
from conversion_delivery.domain.layouts.header_names import find, header_name

NOT_USED = "-"
"""In place of a field: the column is known and has no place in an event."""

LEAST_SHARE = 0.5
"""Share of a file's headers that a layout must know to be recognised, unless it says otherwise."""

Columns = tuple[tuple[str, str], ...]


def feeds(lines: str) -> Columns:
    """Columns from lines such as ``Order ID -> order_id``; a header may stand on several lines."""
    pairs = (line.split(" -> ") for line in lines.strip().splitlines())
    return tuple((header.strip(), name.strip()) for header, name in pairs)


def unused(headers: str) -> Columns:
    """Columns that an export has and TikTok has no place for: ``Subtotal; Shipping; Taxes``."""
    return tuple((header.strip(), NOT_USED) for header in headers.split(";") if header.strip())


@dataclass(frozen=True)
class Layout:
    """One maker's file. Headers are written as the maker prints them and compared by their names."""

    name: str
    title: str
    source: str
    """Where the facts come from, and how sure they are."""
    columns: Columns = ()
    """Header and field, in order of preference where several columns feed one field. A header may feed two fields."""
    markers: tuple[str, ...] = ()
    """Headers that are all there in every such file."""
    one_of: tuple[str, ...] = ()
    """Headers of which at least one is there."""
    without: tuple[str, ...] = ()
    """Headers that no such file has: with one of them it is another maker's."""
    least_share: float = LEAST_SHARE
    """Share of the file's headers that must be known; small where a file has any number of columns of its owner's."""
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
    left_out: Mapping[str, str] = field(default_factory=dict)
    """The maker's event name -> code of level IGNORED: refunds, and calls that report no event."""
    unknown_events: Literal["reject", "ignore"] = "reject"
    """What becomes of rows whose event is none of TikTok's: archives hold all sorts of events."""
    only: tuple[tuple[str, frozenset[str], str], ...] = ()
    """Header, values of rows that are conversions (lower case), and the code of level IGNORED for all others. Empty
    cells pass; without any value a filled cell leaves the row out. The header feeds ``status``."""
    orders: Literal["", "first", "sum"] = ""
    """Rows in a row with one order id are one order. Its value is that of the first row (``first``), or the sum over
    its rows of quantity times price, because the value stands for one unit of one line item (``sum``)."""
    choices: frozenset[str] = frozenset()
    """Identifiers of which one column stands in for another (a shipping phone may be somebody else's): of ``email`` or
    ``phone`` the first filled column counts, where otherwise all do."""
    joined: frozenset[str] = frozenset()
    """Fields whose columns are levels of one path; those that are filled are written in a row, `` > `` between them."""
    unjoinable: str = ""
    """What to do where a file of this layout has no e-mail and no phone column; empty: any file may lack them."""
    refusal: str = ""
    """Why no file of this layout is read, and what to do instead."""
    notes: tuple[str, ...] = ()
    """Codes of level FILE_NOTE that are said about every file of this layout."""

    @cached_property
    def uses(self) -> dict[str, tuple[tuple[str, int], ...]]:
        """Name of a header -> the fields it feeds, each with its place among the columns."""
        found: dict[str, tuple[tuple[str, int], ...]] = {}
        for place, (header, name) in enumerate(self.columns):
            found[header_name(header)] = (*found.get(header_name(header), ()), (name, place))
        return found

    @property
    def has_shape(self) -> bool:
        """Whether it is one maker's JSON Lines, and not any."""
        return self.format == "jsonl" and bool(self.columns)

    @property
    def is_archive(self) -> bool:
        """Whether the file is an archive of events of all sorts, of which only some are conversions."""
        return self.unknown_events == "ignore"

    def score(self, names: Collection[str], event_source: EventSource) -> tuple[int, bool]:
        """How well a header fits; (0, False) where it does not."""
        present = set(names)
        known = sum(find(self.uses, name) is not None for name in names)
        fits = (
            present.issuperset(map(header_name, self.markers))
            and (not self.one_of or not present.isdisjoint(map(header_name, self.one_of)))
            and present.isdisjoint(map(header_name, self.without))
            and known >= self.least_share * len(names)
        )
        return (known, self.event_source == event_source) if fits else (0, False)
