"""Counts and sums of delivered events, exact to the last digit.

In: delivered events, one by one. Out: a record that a batch stores, and totals that a report adds up from records.
Sums are decimal: adding 0.1 a million times gives 100000.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any, NamedTuple

from conversion_delivery.domain.conversions import EventTotals
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.events.tiktok_events import EncodedEvent

EXACT = Context(prec=800)
"""More digits than any sum of 64-bit floats has (they reach from 1e308 down to 5e-324)."""

DAYS_KEPT = 60
"""The latest days that a tally keeps apart; what lies before them is one sum, so that a record stays small."""

EARLIER = ""
"""In place of a day: everything before the days kept apart."""

_SECONDS_OF_A_DAY = 86_400
_CELLS = 1_000
"""Cells that are held before they are added up: bounds the memory of a tally over a whole file."""


class Sum(NamedTuple):
    """Number of events, and the exact sum of their values (None where none had a value)."""

    events: int
    value: Decimal | None

    def plus(self, events: int, value: Decimal | None) -> Sum:
        if value is None or self.value is None:
            return Sum(self.events + events, value if self.value is None else self.value)
        return Sum(self.events + events, EXACT.add(self.value, value))

    @property
    def value_text(self) -> str:
        return "" if self.value is None else f"{self.value:f}"


_NOTHING = Sum(0, None)
_Sums = dict[tuple[str, str], Sum]


class Tally:
    """Events and value per event name and currency and per UTC day; which identifiers; the span of times (seconds)."""

    __slots__ = ("_cells", "_days", "_keys", "_totals", "earliest", "latest")

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str, int], list[Any]] = {}
        """(event, currency, day) -> number and sum, not yet in the totals: one sum per event, wherever it counts."""
        self._totals: _Sums = {}
        self._days: _Sums = {}
        """(day since 1970 as text, or EARLIER; currency) -> sum."""
        self._keys: dict[int, int] = {}
        self.earliest: int | None = None
        self.latest: int | None = None

    def add(self, event: EncodedEvent) -> None:
        """Count one event."""
        moment, value, keys = event.event_time, event.value, event.keys
        key = (event.event, event.currency, moment // _SECONDS_OF_A_DAY)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._new_cell(key)
        cell[0] += 1
        if value is not None:
            exact = Decimal(repr(value))
            cell[1] = exact if cell[1] is None else EXACT.add(cell[1], exact)
        self._keys[keys] = self._keys.get(keys, 0) + 1
        if self.earliest is None or self.latest is None:
            self.earliest = self.latest = moment
        elif moment < self.earliest:
            self.earliest = moment
        elif moment > self.latest:
            self.latest = moment

    def _new_cell(self, key: tuple[str, str, int]) -> list[Any]:
        if len(self._cells) >= _CELLS:
            self._add_up()
        cell: list[Any] = [0, None]
        self._cells[key] = cell
        return cell

    def _add_up(self) -> None:
        """Move the cells into the totals."""
        for (event, currency, day), (events, value) in self._cells.items():
            _add(self._totals, (event, currency), events, value)
            _add(self._days, (str(day), currency), events, value)
        self._cells.clear()
        self._bound_days()

    def _bound_days(self) -> None:
        """Keep the latest days; the result is the same in whatever order days and tallies come together."""
        days = sorted({int(day) for day, _ in self._days if day != EARLIER})
        for old in map(str, days[:-DAYS_KEPT]):
            for key in [key for key in self._days if key[0] == old]:
                gone = self._days.pop(key)
                _add(self._days, (EARLIER, key[1]), *gone)

    def merge(self, other: Tally) -> None:
        """Add everything that another tally has counted."""
        self._add_up()
        other._add_up()
        for mine, theirs in ((self._totals, other._totals), (self._days, other._days)):
            for key, total in theirs.items():
                _add(mine, key, *total)
        for keys, events in other._keys.items():
            self._keys[keys] = self._keys.get(keys, 0) + events
        self._bound_days()
        for moment in (other.earliest, other.latest):
            if moment is not None:
                self._widen(moment)

    def totals(self) -> dict[tuple[str, str], EventTotals]:
        """Totals per (event, currency), in alphabetical order."""
        self._add_up()
        return {key: EventTotals(total.events, total.value_text) for key, total in sorted(self._totals.items())}

    def days(self) -> dict[tuple[int | None, str], EventTotals]:
        """Totals per (UTC day since 1970, currency) in order of time; day None: all days before those kept apart."""
        self._add_up()
        order = sorted(self._days, key=lambda key: (key[0] != EARLIER, int(key[0] or 0), key[1]))
        return {
            (int(day) if day != EARLIER else None, currency): EventTotals(
                self._days[day, currency].events, self._days[day, currency].value_text
            )
            for day, currency in order
        }

    def keys(self) -> dict[int, int]:
        """Sum of ``KEY_BITS`` -> events that carry exactly these identifiers."""
        return dict(sorted(self._keys.items()))

    def to_record(self) -> dict[str, Any]:
        """Plain JSON values, as ``from_record`` reads them; days hold ``[events, value]`` per currency."""
        events: dict[str, dict[str, dict[str, int | str]]] = {}
        for (event, currency), totals in self.totals().items():
            events.setdefault(event, {})[currency] = {"events": totals.events, "value": totals.value}
        days: dict[str, dict[str, list[int | str]]] = {}
        for (day, currency), totals in self.days().items():
            days.setdefault(EARLIER if day is None else str(day), {})[currency] = [totals.events, totals.value]
        keys = {str(bits): events for bits, events in self.keys().items()}
        return {"events": events, "earliest": self.earliest, "latest": self.latest, "days": days, "keys": keys}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Tally:
        """Read a record; an empty one is an empty tally. Raises ``ContractBroken`` (``TALLY_INVALID``).

        Records of earlier versions have neither ``days`` nor ``keys``.
        """
        tally = cls()
        try:
            for event, by_currency in record.get("events", {}).items():
                for currency, totals in by_currency.items():
                    tally._totals[event, currency] = _sum_of(totals["events"], totals["value"])
            for day, by_currency in record.get("days", {}).items():
                for currency, (events, value) in by_currency.items():
                    tally._days[str(int(day)) if day != EARLIER else day, currency] = _sum_of(events, value)
            tally._keys = {int(bits): int(events) for bits, events in record.get("keys", {}).items()}
            if record.get("earliest") is not None:
                tally.earliest, tally.latest = int(record["earliest"]), int(record["latest"])
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError):
            raise ContractBroken("TALLY_INVALID") from None
        return tally

    def _widen(self, moment: int) -> None:
        self.earliest = moment if self.earliest is None else min(self.earliest, moment)
        self.latest = moment if self.latest is None else max(self.latest, moment)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and self.to_record() == other.to_record()


def _add(sums: _Sums, key: tuple[str, str], events: int, value: Decimal | None) -> None:
    sums[key] = sums.get(key, _NOTHING).plus(events, value)


def _sum_of(events: Any, value: str) -> Sum:
    return Sum(int(events), Decimal(value) if value else None)
