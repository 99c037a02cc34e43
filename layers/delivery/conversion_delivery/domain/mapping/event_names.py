"""Event names: from what a file says to a name that TikTok takes.

In: the cell of the event column. Out: a name to send, or a finding. Order of the rules: the destination's
``event_map`` (exact, then without regard to case, blanks, dashes and underscores), the presets of the file's layout,
TikTok's standard names, names that TikTok renamed, labels that its pages print, and last a custom name where the source
allows one. In an archive of events of all sorts nobody chose the names, so none of them becomes a custom event by
itself; what remains is left out (``LEFT_OUT``) instead of rejected.

Sources: TikTok Business API portal (standard events per source), help pages "How to adopt TikTok's updated standard
events" (renames), "How to upload offline events in Events Manager" (English and German labels), "About Custom Events"
(what a custom name may look like).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.events.personal_data import looks_personal
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.masking import mask
from conversion_delivery.domain.values.null_words import is_null

if TYPE_CHECKING:
    from conversion_delivery.domain.destinations import DestinationSettings, EventSource
    from conversion_delivery.domain.layouts.layout import Layout

STANDARD_EVENTS = (
    "AddPaymentInfo",
    "AddToCart",
    "AddToWishlist",
    "ApplicationApproval",
    "CompleteRegistration",
    "Contact",
    "CustomizeProduct",
    "Download",
    "FindLocation",
    "InitiateCheckout",
    "Lead",
    "Purchase",
    "Schedule",
    "Search",
    "StartTrial",
    "SubmitApplication",
    "Subscribe",
    "ViewContent",
)
"""The same list for web, offline and CRM. Names are case-sensitive at TikTok."""

RENAMED = {"CompletePayment": "Purchase", "SubmitForm": "Lead"}
"""Old name -> name since May 2025. The new one is always sent: the name is part of TikTok's de-duplication key."""

SOFT_DEPRECATED = ("ClickButton", "PlaceAnOrder")
"""Work until 2027 where they stand in no list of standard names: sent for web and CRM, which take other names too, and
unknown for offline, which takes standard names only."""

PAGE_VIEW = "PageView"
"""In no list of standard names, and sent for web only, where other connectors send it too (Segment by this name)."""

GERMAN_LABELS = {
    "Kauf": "Purchase",
    "Kontakt": "Contact",
    "Abonnieren": "Subscribe",
    "Zahlungsangaben hinzufügen": "AddPaymentInfo",
    "In den Warenkorb legen": "AddToCart",
    "Zu Wunschliste hinzufügen": "AddToWishlist",
    "Registrierung abschließen": "CompleteRegistration",
    "Herunterladen": "Download",
    "Zur Kasse initiieren": "InitiateCheckout",
    "Suchen": "Search",
    "Inhalt anzeigen": "ViewContent",
}
"""Event labels as the German page for uploaders prints them (June 2025); people copy them into their files."""

LEFT_OUT = frozenset({"CALL_NOT_TRACK", "EVENT_REFUND", "EVENT_NOT_MAPPED"})
"""Codes of level IGNORED: the row reports no event, takes one back, or an event that nobody maps."""

LIMIT = 4_096
"""Distinct cells that a column's dictionary remembers before it starts anew."""

_is_custom_name = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,49}").fullmatch
_FOLDED_AWAY = str.maketrans("", "", " -_\t\u00a0\u2011\u2013")
_remark = re.compile(r"\s*\(.*\)\s*$").sub
_SIMILAR = 0.5
_LONGEST_LABEL = 100
_MANY_DIGITS = 6


def folded(name: str) -> str:
    """A name without case, blanks, dashes, underscores and a remark in brackets ("Purchase (in-store)")."""
    return _remark("", name).casefold().translate(_FOLDED_AWAY)


def shown_label(label: str) -> str:
    """A label as a sentence may show it: labels are no personal data, unless they look like it."""
    text = bare(label)[:_LONGEST_LABEL]
    digits = sum(map(str.isdigit, text))
    return mask(text) if looks_personal(text) or "@" in text or digits > _MANY_DIGITS else text


class EventNames(dict[str, "str | CellFinding"]):
    """``names[cell]`` is the name to send, or why there is none. Cells seen before cost one look-up.

    ``default_event`` stands for empty cells. ``shown`` of ``EVENT_UNKNOWN`` holds the label and the nearest names.
    """

    def __init__(self, settings: DestinationSettings, default_event: str | None, layout: Layout | None = None) -> None:
        super().__init__()
        is_archive = layout is not None and layout.is_archive
        self._takes_own_names = takes_own_names(settings)
        self._sends_unmapped_names = self._takes_own_names and (settings.allow_custom_events or not is_archive)
        self._known = known_names(settings.event_source)
        self._mapped = settings.event_map
        self._mapped_folded = {folded(label): name for label, name in reversed(settings.event_map.items())}
        self._presets = preset_events(layout, settings.event_source, by=folded) if layout else {}
        self._left_out = {folded(label): code for label, code in layout.left_out.items()} if layout else {}
        self.ignores_unknown = is_archive if settings.unknown_events == "auto" else settings.unknown_events == "ignore"
        self._default = default_event or ""

    def __missing__(self, cell: str) -> str | CellFinding:
        if len(self) >= LIMIT:
            self.clear()
        found = self[cell] = self._read(cell)
        return found

    def leaves_out(self, cell: str) -> CellFinding | None:
        """Why the row of this cell is nobody's conversion; None where it may be one."""
        found = self[cell]
        return found if isinstance(found, CellFinding) and found.code in LEFT_OUT else None

    @property
    def can_leave_out(self) -> bool:
        """Whether there are names that leave a row out."""
        return self.ignores_unknown or bool(self._left_out)

    def _read(self, cell: str) -> str | CellFinding:
        label = bare(cell)
        if not is_null(label):
            return self._name_of(label) or self._without_name(label)
        if not self._default:
            return CellFinding("EVENT_MISSING")
        return self._tiktok_name(self._default) or CellFinding("EVENT_UNKNOWN", _with_nearest(self._default))

    def _name_of(self, label: str) -> str | None:
        if len(label) > _LONGEST_LABEL:
            return None
        name = folded(label)
        mapped = self._mapped.get(label) or self._mapped_folded.get(name)
        if mapped:
            return self._tiktok_name(mapped)
        if name in self._left_out and name not in self._presets:
            return None
        known = self._presets.get(name) or self._known.get(name)
        return label if known is None and self._sends_unmapped_names and _is_custom_name(label) else known

    def _without_name(self, label: str) -> CellFinding:
        name = folded(label[:_LONGEST_LABEL])
        if name not in self._mapped_folded:
            code = self._left_out.get(name) or ("EVENT_NOT_MAPPED" if self.ignores_unknown else "")
            if code:
                return CellFinding(code, shown_label(label))
        return CellFinding("EVENT_UNKNOWN", _with_nearest(label))

    def _tiktok_name(self, name: str) -> str | None:
        """The name to send for one that the settings give; None where TikTok takes none for this source."""
        known = self._known.get(folded(name))
        return name if known is None and self._takes_own_names and _is_custom_name(name) else known


def takes_own_names(settings: DestinationSettings) -> bool:
    """Whether a destination may send names that TikTok does not list: CRM stages, and the web where it is allowed."""
    return settings.event_source == "crm" or (settings.event_source == "web" and settings.allow_custom_events)


def preset_events(layout: Layout, event_source: EventSource, *, by: Callable[[str], str] = str) -> dict[str, str]:
    """The maker's event name -> the name that is sent for a source, of those that the layout maps by itself.

    ``by`` turns the maker's name into the key. Names that the source does not take are left out.
    """
    known = known_names(event_source)
    names = {by(label): known.get(folded(name)) for label, name in layout.events.items()}
    return {label: name for label, name in names.items() if name}


def refuse_unknown_events(settings: DestinationSettings) -> None:
    """Raises ``UploadRejected`` (``SETTINGS_INVALID``) where the settings name an event that the source does not take.

    Looked at are the targets of ``event_map`` and ``default_event``. CRM takes names of one's own.
    """
    known = known_names(settings.event_source)
    targets = {f"event_map.{shown_label(label)}": name for label, name in settings.event_map.items()}
    if settings.default_event is not None:
        targets["default_event"] = settings.default_event
    for key, name in targets.items():
        if folded(name) not in known and not (takes_own_names(settings) and _is_custom_name(name)):
            near = nearest_names(name[:_LONGEST_LABEL])
            hint = f"; the nearest is {near[0]}" if near else ""
            problem = f"names no event that the source {settings.event_source} takes: {shown_label(name)}{hint}"
            raise UploadRejected("SETTINGS_INVALID", key=key, problem=problem)


def _with_nearest(label: str) -> str:
    near = nearest_names(label[:_LONGEST_LABEL])
    shown = shown_label(label)
    return f"{shown} (near: {', '.join(near)})" if near else shown


def known_names(event_source: EventSource) -> dict[str, str]:
    """Folded label -> name to send, for a source."""
    names = {name: name for name in STANDARD_EVENTS} | RENAMED | GERMAN_LABELS
    if event_source != "offline":
        names |= {name: name for name in SOFT_DEPRECATED}
    if event_source == "web":
        names[PAGE_VIEW] = PAGE_VIEW
    return {folded(label): name for label, name in names.items()}


def nearest_names(label: str) -> list[str]:
    """Up to three standard names that share many pairs of letters with a label, the nearest first."""
    pairs = _letter_pairs(label)
    likeness = {name: 2 * len(pairs & known) / (len(pairs) + len(known)) for name, known in _PAIRS.items()}
    near = sorted((name for name in likeness if likeness[name] >= _SIMILAR), key=lambda name: -likeness[name])
    return near[:3]


def _letter_pairs(name: str) -> frozenset[str]:
    text = folded(name)
    return frozenset(first + second for first, second in pairwise(text))


_PAIRS = {name: _letter_pairs(name) for name in STANDARD_EVENTS}
