"""Which column feeds which field.

In: the header cells of a file, the settings and the layout. Out: one ``ColumnUse`` per column.
The settings come before the layout, the layout before the aliases; nothing is ever mapped by similarity, that only
makes suggestions. Owns ``COLUMN_REQUIRED`` and the notes about columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches

from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.column_aliases import ALIASES, FURTHER, NEVER, UNUSED, numbered_identifier
from conversion_delivery.domain.layouts.column_claims import (
    ALIAS_CLAIMS,
    FURTHER_ALIAS,
    LAYOUT,
    SETTINGS,
    Claim,
    claims_of,
    settings_claims,
)
from conversion_delivery.domain.layouts.header_names import currency_of, find, header_name, is_ours, plain
from conversion_delivery.domain.layouts.layout import NOT_USED, Layout
from conversion_delivery.domain.reading.reading_plans import ColumnUse

SUGGESTIONS = 20
"""Headers of one file that are compared for similarity; a file of a thousand columns is not a puzzle to be solved."""

SOURCES: Mapping[str, tuple[str, ...]] = {
    "external_id": ("web", "crm"),
    "lead_id": ("crm",),
    "lead_event_source": ("crm",),
    **dict.fromkeys(("ttclid", "ttp", "ip", "user_agent", "locale", "url", "referrer", "limited_data_use"), ("web",)),
}
"""Fields that only some event sources take (TikTok Business API portal, ``/event/track/``); all others any source."""

IDENTIFIERS: Mapping[str, tuple[str, ...]] = {
    "offline": ("email", "phone"),
    "web": ("email", "phone", "external_id", "ttclid"),
    "crm": ("email", "phone", "lead_id"),
}
"""Fields of which a file needs at least one, so that TikTok can match its events."""

IDENTIFIED = frozenset({"email", "phone"})
"""Fields that join an export of sales with people."""

_MULTIPLE = frozenset(FURTHER)
"""Fields of which several columns are used together."""

_QUIET = UNUSED.union(*NEVER.values())


def map_columns(header: Sequence[str], settings: DestinationSettings, layout: Layout) -> tuple[ColumnUse, ...]:
    """The use of every column, in order of precedence; columns without a use come last.

    A column that feeds two fields is there twice. Raises ``UploadRejected`` (``SETTINGS_INVALID``) for a field that
    does not exist.
    """
    wanted = settings_claims(settings)
    claims: list[Claim] = []
    unused: list[ColumnUse] = []
    for index, cell in enumerate(header):
        found = claims_of(index, cell, wanted, layout)
        claims += [claim for claim in found if claim.field != NOT_USED]
        if not found:
            unused.append(ColumnUse(index=index, header=cell, note=_unknown_note(cell, layout)))
        elif all(claim.field == NOT_USED for claim in found):
            unused.append(ColumnUse(index=index, header=cell))
    used, lost = _resolved(sorted(claims), header, settings, layout)
    served = {use.index for use in used}
    rest = sorted(unused + [use for use in lost if use.index not in served], key=lambda use: use.index)
    return (*used, *_with_suggestions(rest, {use.field for use in used}, layout))


def required_fields(columns: Iterable[ColumnUse], settings: DestinationSettings, layout: Layout) -> list[str]:
    """What a file of these columns lacks, in words: field names, joined by "or" where one of several is enough."""
    present = {use.field for use in columns}
    missing = []
    if "event" not in present and not (settings.default_event or layout.default_event):
        missing.append("event")
    if present.isdisjoint({"event_time", "event_date"}):
        missing.append("event_time")
    identifiers = IDENTIFIERS[settings.event_source]
    if present.isdisjoint(identifiers):
        missing.append(" or ".join((", ".join(identifiers[:-1]), identifiers[-1])))
    elif settings.event_source == "crm" and settings.require_lead_id and "lead_id" not in present:
        missing.append("lead_id")
    return missing


def refuse_missing(columns: Sequence[ColumnUse], settings: DestinationSettings, layout: Layout) -> None:
    """Raises ``UploadRejected`` where a file cannot be read.

    ``COLUMN_REQUIRED`` names every missing field, the headers found and a near miss; ``FORMAT_UNJOINABLE`` and
    ``FORMAT_REFUSED`` say what to do with an export that lacks people, or holds no events.
    """
    if layout.refusal:
        raise UploadRejected("FORMAT_REFUSED", layout=layout.title, reason=layout.refusal)
    missing = required_fields(columns, settings, layout)
    if not missing:
        return
    by_place = sorted(columns, key=lambda use: use.index)
    if layout.unjoinable and not IDENTIFIED.intersection(use.field for use in columns):
        raise UploadRejected("FORMAT_UNJOINABLE", layout=layout.title, advice=layout.unjoinable)
    free = {_compared(use.header, layout): use.header for use in by_place if not (use.field or is_ours(use.header))}
    header, alias = _near_miss(missing, free, settings)
    raise UploadRejected(
        "COLUMN_REQUIRED",
        field="; ".join(missing),
        found=_listed([use.header for use in by_place if use.header.strip()]),
        suggestion=header,
        hint=f' Did you mean {alias} by "{header}"?' if header else "",
    )


def currency_hint(columns: Iterable[ColumnUse]) -> str | None:
    """The currency that the headers of the amount columns agree on."""
    named = {currency_of(use.header) for use in columns if use.field in ("value", "contents[].price")} - {None}
    return named.pop() if len(named) == 1 else None


def absent_columns(header: Sequence[str], settings: DestinationSettings) -> list[str]:
    """Columns that the settings name and the file does not have."""
    present = {cell.strip() for cell in header} | {header_name(cell) for cell in header}
    return [
        column for column in settings.columns if column.strip() not in present and header_name(column) not in present
    ]


def knows(header: str, settings: DestinationSettings, layouts: Iterable[Layout]) -> bool:
    """Whether a cell is a header that somebody has a meaning for."""
    name = header_name(header)
    if not name:
        return False
    if name in _QUIET or find(ALIAS_CLAIMS, name) is not None or numbered_identifier(name):
        return True
    return name in map(header_name, settings.columns) or any(find(layout.uses, name) for layout in layouts)


def _resolved(
    claims: Sequence[Claim], header: Sequence[str], settings: DestinationSettings, layout: Layout
) -> tuple[list[ColumnUse], list[ColumnUse]]:
    """Columns that are used and columns that lost, from claims in order of precedence."""
    first: dict[str, Claim] = {}
    used, lost = [], []
    for claim in claims:
        winner = first.setdefault(claim.field, claim)
        cell = header[claim.column]
        if winner is not claim and not _goes_with(winner, claim):
            note = {} if layout.is_archive else {"note": "COLUMN_CONFLICT", "suggestion": header[winner.column]}
            lost.append(ColumnUse(index=claim.column, header=cell, **note))
        elif _is_dropped(claim.field, settings):
            # Nobody chose the columns of a maker's file: there is nothing to say about those of other sources.
            note = {} if claim.rank == LAYOUT else {"note": "COLUMN_DROPPED", "suggestion": claim.field}
            lost.append(ColumnUse(index=claim.column, header=cell, **note))
        else:
            used.append(ColumnUse(index=claim.column, header=cell, field=claim.field))
    return used, lost


def _goes_with(winner: Claim, claim: Claim) -> bool:
    """Whether two columns of one field are used together: as further identifiers, or as second choice."""
    if claim.field in _MULTIPLE and (
        claim.rank == FURTHER_ALIAS or claim.name == winner.name or numbered_identifier(plain(claim.name))
    ):
        return True
    return claim.rank == winner.rank and claim.rank in (SETTINGS, LAYOUT) and claim.preference != winner.preference


def _is_dropped(field: str, settings: DestinationSettings) -> bool:
    """The destination's source does not take the field, and nothing else needs it."""
    sources = SOURCES.get(field)
    return sources is not None and settings.event_source not in sources and field not in settings.event_id_from


def _unknown_note(cell: str, layout: Layout) -> str:
    name = header_name(cell)
    is_quiet = not name or is_ours(cell) or name in _QUIET or plain(name) in _QUIET or layout.has_shape
    return "" if is_quiet else "COLUMN_UNKNOWN"


def _with_suggestions(columns: Sequence[ColumnUse], used: set[str | None], layout: Layout) -> list[ColumnUse]:
    """Name the alias that an unknown header may have been meant to be, if its field has no column yet.

    JSON objects hold any number of things: there an unknown path is worth a word only if it is a near miss.
    """
    wanted = [name for name, (_, _, field) in ALIAS_CLAIMS.items() if field not in used]
    left = SUGGESTIONS
    result = []
    for use in columns:
        if use.note == "COLUMN_UNKNOWN":
            near = get_close_matches(_compared(use.header, layout), wanted, n=1, cutoff=0.8) if left else []
            left -= left > 0
            if near:
                use = use.model_copy(update={"suggestion": near[0]})
            elif layout.format == "jsonl":
                use = use.model_copy(update={"note": ""})
        result.append(use)
    return result


def _compared(header: str, layout: Layout) -> str:
    """What of a header is compared with the aliases: of a path its last part."""
    name = header_name(header)
    return name.rpartition(".")[2] if layout.format == "jsonl" else plain(name)


def _near_miss(missing: Sequence[str], free: Mapping[str, str], settings: DestinationSettings) -> tuple[str, str]:
    """The unused header that is most like a name of a missing field, and that name."""
    fields = [field for field in ("event", "event_time") if field in missing]
    fields += [field for field in IDENTIFIERS[settings.event_source] if any(field in words for words in missing)]
    names = [name for name in list(free)[:SUGGESTIONS] if name and name not in _QUIET]
    aliases = [alias for field in fields for alias in (field, *ALIASES[field])]
    found = [(alias, near[0]) for alias in aliases if (near := get_close_matches(alias, names, n=1, cutoff=0.75))]
    if not found:
        return "", ""
    alias, name = max(found, key=lambda pair: SequenceMatcher(None, *pair).ratio())
    return free[name], alias


def _listed(headers: Sequence[str]) -> str:
    """Headers for a sentence: short, and without long digits (a first row of data must not be shown)."""
    shown = [header.strip()[:40] if sum(map(str.isdigit, header)) < 7 else "..." for header in headers[:40]]
    return ", ".join(shown) + (", ..." if len(headers) > 40 else "")
