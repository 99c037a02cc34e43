"""Event names: from what a file says to a name that TikTok takes.

In: the cell of the event column. Out: a name to send, or a finding. Order of the rules: the destination's
``event_map`` (exact, then without regard to case, blanks, dashes and underscores), TikTok's standard names, names that
TikTok renamed, labels that its pages print, and last a custom name where the source allows one.

Sources: TikTok Business API portal (standard events per source), help pages "How to adopt TikTok's updated standard
events" (renames), "How to upload offline events in Events Manager" (English and German labels), "About Custom Events"
(what a custom name may look like).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.events.personal_data import looks_personal
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.masking import mask
from conversion_delivery.domain.values.null_words import is_null

if TYPE_CHECKING:
    from conversion_delivery.domain.destinations import DestinationSettings, EventSource

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

    def __init__(self, settings: DestinationSettings, default_event: str | None) -> None:
        super().__init__()
        self._takes_custom_names = settings.event_source == "crm" or (
            settings.event_source == "web" and settings.allow_custom_events
        )
        self._known = known_names(settings.event_source)
        self._mapped = settings.event_map
        self._mapped_folded = {folded(label): name for label, name in reversed(settings.event_map.items())}
        self._default = default_event or ""

    def __missing__(self, cell: str) -> str | CellFinding:
        if len(self) >= LIMIT:
            self.clear()
        found = self[cell] = self._read(cell)
        return found

    def _read(self, cell: str) -> str | CellFinding:
        label = bare(cell)
        if not is_null(label):
            return self._name_of(label) or CellFinding("EVENT_UNKNOWN", _with_nearest(label))
        if not self._default:
            return CellFinding("EVENT_MISSING")
        return self._tiktok_name(self._default) or CellFinding("EVENT_UNKNOWN", _with_nearest(self._default))

    def _name_of(self, label: str) -> str | None:
        if len(label) > _LONGEST_LABEL:
            return None
        mapped = self._mapped.get(label) or self._mapped_folded.get(folded(label))
        return self._tiktok_name(mapped or label)

    def _tiktok_name(self, label: str) -> str | None:
        """The name to send for a label, without ``event_map``; None where TikTok takes none for this source."""
        known = self._known.get(folded(label))
        if known is None and self._takes_custom_names and _is_custom_name(label):
            return label
        return known


def _with_nearest(label: str) -> str:
    near = nearest_names(label[:_LONGEST_LABEL])
    shown = shown_label(label)
    return f"{shown} (near: {', '.join(near)})" if near else shown


def known_names(event_source: EventSource) -> dict[str, str]:
    """Folded label -> name to send, for a source."""
    names = {name: name for name in STANDARD_EVENTS} | RENAMED | GERMAN_LABELS
    if event_source != "offline":
        names |= {name: name for name in SOFT_DEPRECATED}
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
