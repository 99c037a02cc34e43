"""Rows to conversions: the rules that decide whether a row is sent, and as what.

In: the cells of a row. Out: a ``Conversion``, a ``Rejection`` with every problem found, or an ``Ignored``.

This runs for every row of every file, twice. Its shape: which cells are needed is decided once per file; a clean cell
costs one call or one dictionary look-up; only a cell that is not clean takes its careful path, and only a row about
which there is something to say is judged.

Rules about whole rows (those about single fields stand beside their fields):

* A row needs an identifier that its event source can match. A bad one is left out with a warning while another is left.
* An order id that is an address or a phone number, or that a spreadsheet has rounded, is left out with a warning: it
  would travel unhashed, and different orders would become one. The row is still a conversion.
* An event id of that kind rejects the row if it is personal (leaving it out would make another event of it), and is
  left out if it is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeVar, cast

from conversion_delivery.domain.conversions import CellFinding, Conversion, Ignored, Problem, Rejection, Verdict
from conversion_delivery.domain.events.personal_data import is_identifier
from conversion_delivery.domain.layouts.layouts import layout_named
from conversion_delivery.domain.mapping.clean_forms import forms_of
from conversion_delivery.domain.mapping.clean_items import CleanItems
from conversion_delivery.domain.mapping.clean_windows import CleanWindows
from conversion_delivery.domain.mapping.event_names import EventNames
from conversion_delivery.domain.mapping.kept_out import KeptOut
from conversion_delivery.domain.mapping.row_columns import RowColumns
from conversion_delivery.domain.mapping.row_contacts import ContactReader
from conversion_delivery.domain.mapping.row_items import ITEM_FIELDS, ItemReader
from conversion_delivery.domain.mapping.row_kinds import RowKinds
from conversion_delivery.domain.mapping.row_money import MoneyReader, decimal_mark_of
from conversion_delivery.domain.mapping.row_notes import Note, Weight, ignored_for, note_of, weighed
from conversion_delivery.domain.mapping.row_refunds import RefundReader
from conversion_delivery.domain.mapping.source_fields import FIELDS as SOURCE_FIELDS
from conversion_delivery.domain.mapping.source_fields import NONE_OF_THEM, SourceFields
from conversion_delivery.domain.mapping.statuses import RowScreens
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.rows import is_blank
from conversion_delivery.domain.reading.trailers import closing_row
from conversion_delivery.domain.values.amounts import AmountReader
from conversion_delivery.domain.values.calendar_dates import DateOrder
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.event_times import TimeReader
from conversion_delivery.domain.values.null_words import is_null
from conversion_delivery.domain.values.texts import (
    Texts,
    id_finding,
    is_plain_id,
    read_content_type,
    read_id,
    read_text,
)

_PICKED = (
    "event",
    "event_time",
    "value",
    "currency",
    "contents[].price",
    "order_id",
    "event_id",
    "content_type",
    "shop_id",
    "country",
)

LABELS = frozenset({"event", "status", "consent"})
"""Fields whose cells may keep a row out before it is read."""

Found = TypeVar("Found", str, int)

_CLEAN_CONTENT_TYPES = {"": "", "product": "product", "product_group": "product_group"}

_ID_WEIGHTS = {
    ("order_id", "ID_PERSONAL"): Weight.WARNING,
    ("order_id", "ID_SCIENTIFIC"): Weight.WARNING,
    ("order_id", "ID_TOO_LONG"): Weight.WARNING,
    ("event_id", "ID_PERSONAL"): Weight.PROBLEM,
    ("event_id", "ID_SCIENTIFIC"): Weight.WARNING,
    ("event_id", "ID_TOO_LONG"): Weight.PROBLEM,
}

_new = tuple.__new__
"""Makes a named tuple of 25 fields in a quarter of the time that calling its class takes."""


class ConversionReader:
    """Reads the rows of one file by its plan. Cells must be as wide as the header and hold valid Unicode."""

    def __init__(self, plan: ReadingPlan) -> None:
        settings, layout = plan.settings, layout_named(plan.layout)
        self._columns = columns = RowColumns(plan)
        self._pick = columns.picker(_PICKED)
        self._kinds = RowKinds(plan, layout) or None
        amounts = AmountReader(decimal_mark_of(plan), plan.currency_hint or settings.default_currency)
        contacts = ContactReader(plan, columns)
        self._emails, self._phones = contacts.emails, contacts.phones
        default_event = settings.default_event or (None if columns.has("event") else layout.default_event)
        self._events = EventNames(settings, default_event, layout)
        self._screens = RowScreens(settings, layout, columns, self._events) or None
        self._times = TimeReader(
            plan.timezone or settings.default_timezone,
            cast(DateOrder | None, plan.date_order),
            plan.as_of,
            settings.max_event_age_days,
            layout.utc_times,
            settings.spreadsheet_dates,
        )
        self._has_time_parts = columns.has("event_date") or columns.has("event_zone")
        self._time_parts = columns.picker(("event_date", "event_clock", "event_zone"))
        self._read_time = self._times.read
        money = MoneyReader(plan, columns, amounts)
        self._money = money.read
        self._refunds = RefundReader(settings, columns, amounts) or None
        self._texts = Texts()
        items = ItemReader(columns, amounts, self._texts)
        self._items = items.read if columns.has_any(ITEM_FIELDS) else None
        self._more = SourceFields(settings, columns)
        self._has_more = bool(self._more)
        self.forms = partial(
            forms_of,
            read_email=contacts.read_email,
            read_phone=contacts.read_phone,
            read_amount=amounts.read,
            decimal_mark=decimal_mark_of(plan),
            default_country=settings.default_country,
            has_countries=columns.has("country"),
        )
        self.windows = partial(
            CleanWindows,
            events=self._events,
            read_time=self._read_time,
            money=money,
            texts=self._texts,
            quantities=items.quantities,
        )
        self.item_windows = partial(CleanItems, texts=self._texts, quantities=items.quantities)
        self.clean_windows = None
        if not self._refunds and CleanWindows.can_read(columns, LABELS | SOURCE_FIELDS):
            is_screened = self._kinds is not None or self._screens is not None
            self.clean_windows = self.windows(
                columns,
                self.forms(),
                kept_out=KeptOut(plan.header, self.label_places, self.kept_out) if is_screened else None,
                more=self._more if self._has_more else None,
            )

    def read(self, cells: list[str]) -> Verdict:
        """The verdict on one row. Nothing that a cell can hold makes it raise."""
        cells.append("")
        try:
            if self._kinds is not None and (kept_out := self._kinds.verdict(cells)):
                return self._no_data_row(cells) or kept_out
            return self._read_choices(cells) if self._columns.have_choices else self.read_with_care(cells)
        finally:
            cells.pop()

    def read_with_items(self, cells: list[str], further: Sequence[list[str]]) -> Verdict:
        """The verdict on a row of several items: ``further`` are rows with the cells of the second item and so on."""
        verdict = self.read(cells)
        if not (further and self._items and isinstance(verdict, Conversion)):
            return verdict
        notes: list[Note] = []
        items = verdict.items
        for row in further:
            items += self._items(self._columns.first_choices([*row, ""]), verdict.currency, notes)
        problems, warnings = weighed(notes, has_identifier=True)
        warnings = list(dict.fromkeys((*verdict.warnings, *warnings)))
        if problems:
            return Rejection(tuple(problems), tuple(warnings))
        return verdict._replace(items=items, warnings=tuple(warnings))

    def read_with_care(self, row: list[str]) -> Verdict:
        """The verdict on a row that has an empty cell behind its last."""
        if self._screens is not None and (kept_out := self._screens.verdict(row)):
            return self._no_data_row(row) or kept_out
        notes: list[Note] = []
        (
            event_cell,
            time_cell,
            value_cell,
            currency_cell,
            price_cell,
            order_id,
            event_id,
            content_type,
            shop,
            country,
        ) = self._pick(row)
        emails = self._emails(row, notes)
        phones = self._phones(row, country, notes)
        event = self._events[event_cell]
        if not isinstance(event, str):
            event = self._odd("event", event, notes, "")
        event_time = self._parted_time(row, time_cell) if self._has_time_parts else self._read_time(time_cell)
        if not isinstance(event_time, int):
            event_time = self._odd("event_time", event_time, notes, 0)
        value, currency = self._money(event, value_cell, currency_cell, price_cell, notes)
        if self._refunds is not None:
            value = self._refunds.net(row, value, currency, notes)
        if order_id or event_id:
            order_id, event_id = self._ids(order_id, event_id, emails, phones, notes)
        items = self._items(row, currency, notes) if self._items else ()
        content_type, shop_id = self._labels(content_type, shop, notes)
        more = self._more.read(row, notes) if self._has_more else NONE_OF_THEM
        conversion = _new(
            Conversion,
            (
                event,
                event_time,
                emails,
                phones,
                value,
                currency,
                order_id,
                event_id,
                items,
                content_type,
                shop_id,
                *more,
            ),
        )
        return self._judged(row, conversion, notes) if notes or not (emails or phones) else conversion

    def kept_out(self, row: list[str]) -> Ignored | Rejection | None:
        """What keeps a row out before it is read, by the cells at ``label_places`` alone. An empty cell stands behind
        its last.
        """
        if self._kinds is not None and (kept_out := self._kinds.verdict(row)):
            return kept_out
        return self._screens.verdict(self._columns.first_choices(row)) if self._screens is not None else None

    @property
    def label_places(self) -> list[int]:
        """Indices of the columns whose cells may keep a row out, whatever its other cells hold."""
        kinds = self._kinds.places if self._kinds is not None else []
        return sorted({*kinds, *(place for field in LABELS for place in self._columns.places(field))})

    @property
    def takes_refunds_off(self) -> bool:
        """Whether amounts are net of refunds."""
        return self._refunds is not None

    def _read_choices(self, row: list[str]) -> Verdict:
        """A row of which several columns may feed one field; problems name the column whose cell counted."""
        verdict = self.read_with_care(self._columns.first_choices(row))
        if isinstance(verdict, Ignored):
            return verdict
        warnings = tuple(self._columns.with_header_used(problem, row) for problem in verdict.warnings)
        if isinstance(verdict, Conversion):
            return verdict._replace(warnings=warnings)
        return Rejection(tuple(self._columns.with_header_used(problem, row) for problem in verdict.problems), warnings)

    def _parted_time(self, row: list[str], time_cell: str) -> int | CellFinding:
        """The time of a row whose day, clock or zone stands in a column of its own."""
        date, clock, zone = self._time_parts(row)
        if is_null(bare(time_cell)):
            return self._times.read_parts(date, clock, zone)
        return self._times.read_parts(time_cell, "", zone)

    def _ids(
        self, order_cell: str, id_cell: str, emails: tuple[str, ...], phones: tuple[str, ...], notes: list[Note]
    ) -> tuple[str, str]:
        """Order id and event id as text."""
        if order_cell and not _is_clean_id(order_cell, phones):
            order_cell = self._odd_id("order_id", order_cell, emails, phones, notes)
        if id_cell and not _is_clean_id(id_cell, phones):
            id_cell = self._odd_id("event_id", id_cell, emails, phones, notes)
        return order_cell, id_cell

    def _odd_id(
        self, field: str, cell: str, emails: tuple[str, ...], phones: tuple[str, ...], notes: list[Note]
    ) -> str:
        found = read_id(cell)
        if isinstance(found, str):
            if not is_identifier(found, emails, phones):
                return found
            found = CellFinding("ID_PERSONAL", "", "")
        notes.append(self._note(field, id_finding(field, found), _ID_WEIGHTS[field, found.code]))
        return ""

    def _labels(self, content_type: str, shop: str, notes: list[Note]) -> tuple[str, str]:
        """Content type and store."""
        known_type = _CLEAN_CONTENT_TYPES.get(content_type)
        if known_type is None:
            read = read_content_type(content_type)
            known_type = read if isinstance(read, str) else self._odd("content_type", read, notes, "")
        shop_id = self._texts[shop]
        if shop and not shop_id and isinstance(finding := read_text(shop), CellFinding):
            self._odd("shop_id", finding, notes, "")
        return known_type, shop_id

    def _odd(self, field: str, finding: CellFinding, notes: list[Note], instead: Found) -> Found:
        """Note a finding; its value, or ``instead`` where it has none."""
        notes.append(self._note(field, finding))
        return instead if finding.value is None else cast(Found, finding.value)

    def _note(self, field: str, finding: CellFinding, weight: Weight | None = None) -> Note:
        return note_of(finding, field, self._columns.header(field), weight)

    def _judged(self, row: list[str], conversion: Conversion, notes: list[Note]) -> Verdict:
        """The verdict on a row with notes, or without e-mail and phone."""
        if nothing_left := ignored_for(notes):
            return Ignored(nothing_left)
        has_identifier = bool(conversion.emails or conversion.phones) or self._more.identify(conversion)
        problems, warnings = weighed(notes, has_identifier=has_identifier)
        if problems:
            return self._no_data_row(row) or Rejection(tuple(problems), tuple(warnings))
        return _new(Conversion, (*conversion[:-1], tuple(warnings)))

    def _no_data_row(self, row: list[str]) -> Ignored | None:
        """Blank rows, repeated headers and closing lines are nobody's error.

        They never pass as conversions, so only here it costs.
        """
        if is_blank(row):
            return Ignored(Problem("ROW_BLANK", ""))
        if self._columns.is_header(row[:-1]):
            return Ignored(Problem("HEADER_REPEATED", ""))
        return closing_row(row)


def _is_clean_id(cell: str, phones: tuple[str, ...]) -> bool:
    """Whether an id needs no second look, and does not repeat the row's phone number."""
    if not is_plain_id(cell):
        return False
    for phone in phones:  # noqa: SIM110 - a generator would cost more than the rest of the function
        if phone.endswith(cell):
            return False
    return True
