"""Status, consent and event columns: which rows count as conversions, and which may be sent at all.

In: cells of the columns ``status``, ``consent`` and ``event``. Out: None (nothing speaks against the row), or a
finding: ``STATUS_NOT_COUNTED``, ``CONSENT_DENIED`` and the codes of ``event_names.LEFT_OUT`` leave the row out without
calling it wrong; ``CONSENT_UNCLEAR`` rejects it, because a word that nobody understands is no consent.

Empty cells say nothing against a row: exports leave the status of further line items empty, and a column such as
"Cancelled at" is filled only where the order was cancelled.
"""

from __future__ import annotations

from collections.abc import Callable

from conversion_delivery.domain.conversions import CellFinding, Ignored, Problem, Rejection
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.layouts.header_names import header_name
from conversion_delivery.domain.layouts.layout import Layout
from conversion_delivery.domain.mapping.event_names import LIMIT, EventNames, folded, shown_label
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_refunds import PARTLY_REFUNDED
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.null_words import is_null

COUNTABLE = (
    "paid",
    "payment",
    "completed",
    "complete",
    "captured",
    "fulfilled",
    "success",
    "succeeded",
    "successful",
    "settled",
    "won",
    "closed won",
)
"""Words that count unless ``countable_status`` says otherwise: the money has come in, or the deal is won.

``partially_paid``, ``authorized`` and ``pending`` are promises, not payments.
"""

YES = frozenset({"yes", "y", "true", "t", "1", "on", "ja", "si", "sí", "oui"})
NO = frozenset({"no", "n", "false", "f", "0", "off", "nein", "non"})
GRANTED = frozenset(
    {
        "granted",
        "given",
        "allowed",
        "allow",
        "accepted",
        "accept",
        "agreed",
        "consented",
        "optin",
        "optedin",
        "subscribed",
    }
)
DENIED = frozenset(
    {
        "denied",
        "deny",
        "disallowed",
        "refused",
        "rejected",
        "declined",
        "revoked",
        "withdrawn",
        "notgranted",
        "notgiven",
    }
    | {"optout", "optedout", "unsubscribed"}
)
NOT_SAID = frozenset({"unspecified", "notset"})
"""Nobody was asked, or nothing was stored: Google's consent columns write ``Unspecified``."""

OBJECTION_HEADERS = ("optout", "optedout", "donot", "unsubscribe")
"""Headers, folded, under which "yes" forbids instead of allowing."""

_LONGEST_WORD = 100


class StatusWords(dict[str, "CellFinding | None"]):
    """``words[cell]`` is None where the status counts."""

    def __init__(self, countable: tuple[str, ...] | None = None) -> None:
        super().__init__()
        self._countable = {folded(word) for word in (COUNTABLE if countable is None else countable)}

    def __missing__(self, cell: str) -> CellFinding | None:
        if len(self) >= LIMIT:
            self.clear()
        counts = is_null(bare(cell)) or folded(bare(cell)[:_LONGEST_WORD]) in self._countable
        found = self[cell] = None if counts else CellFinding("STATUS_NOT_COUNTED", shown_label(cell))
        return found


class ConsentWords(dict[str, "CellFinding | None"]):
    """``words[cell]`` is None where nothing forbids the row. Under a header such as ``opt_out`` "yes" forbids it."""

    def __init__(self, header: str) -> None:
        super().__init__()
        name = folded(header)
        yes, no = (NO, YES) if any(part in name for part in OBJECTION_HEADERS) else (YES, NO)
        self._allows = yes | GRANTED | NOT_SAID
        self._forbids = no | DENIED

    def __missing__(self, cell: str) -> CellFinding | None:
        if len(self) >= LIMIT:
            self.clear()
        found = self[cell] = self._read(cell)
        return found

    def _read(self, cell: str) -> CellFinding | None:
        word = folded(bare(cell)[:_LONGEST_WORD])
        if is_null(bare(cell)) or word in self._allows:
            return None
        if word in self._forbids:
            return CellFinding("CONSENT_DENIED", shown_label(cell))
        return CellFinding("CONSENT_UNCLEAR", shown_label(cell))


def countable_words(settings: DestinationSettings) -> tuple[str, ...]:
    """The status words that count for a destination.

    A partly refunded order counts where ``partial_refunds`` says so: the file's total still holds what was paid back,
    so counting it, whole or less the refund, is the customer's decision.
    """
    words = COUNTABLE if settings.countable_status is None else settings.countable_status
    return words if settings.partial_refunds == "ignore" else (*words, *PARTLY_REFUNDED)


class RowScreens:
    """Asks the status, consent and event columns of one file; false where none of them can keep a row out.

    A status column that tells payments from other rows (``Layout.only``) is not asked again.
    """

    def __init__(self, settings: DestinationSettings, layout: Layout, columns: RowColumns, events: EventNames) -> None:
        status = StatusWords(countable_words(settings))
        kinds = {header_name(header) for header, _, _ in layout.only}
        self._screens: list[tuple[str, int, str, Callable[[str], CellFinding | None]]] = [
            ("status", place, columns.header_at(place), status.__getitem__)
            for place in columns.places("status")
            if header_name(columns.header_at(place)) not in kinds
        ]
        if columns.has("event") and events.can_leave_out:
            self._screens.append(("event", columns.place("event"), columns.header("event"), events.leaves_out))
        if columns.has("consent"):
            header = columns.header("consent")
            self._screens.append(("consent", columns.place("consent"), header, ConsentWords(header).__getitem__))

    def __bool__(self) -> bool:
        return bool(self._screens)

    def verdict(self, row: list[str]) -> Ignored | Rejection | None:
        """What keeps a row from being read at all; None where nothing does."""
        for field, place, header, finding_on in self._screens:
            finding = finding_on(row[place])
            if finding is not None:
                problem = Problem(finding.code, field, header, finding.shown)
                return Rejection((problem,)) if finding.code == "CONSENT_UNCLEAR" else Ignored(problem)
        return None
