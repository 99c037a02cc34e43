"""Counts and sums of delivered events, exact to the last digit.

In: delivered events, one by one. Out: a record that a batch stores, and totals that a report adds up from records.
Sums are decimal: adding 0.1 a million times gives 100000.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from conversion_delivery.domain.conversions import EventTotals
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.events.tiktok_events import EncodedEvent

_EXACT = Context(prec=800)
"""More digits than any sum of 64-bit floats has (they reach from 1e308 down to 5e-324)."""


class Tally:
    """Events and value per event name and currency, and the span of their times (epoch seconds)."""

    __slots__ = ("_counts", "_sums", "earliest", "latest")

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._sums: dict[tuple[str, str], Decimal] = {}
        self.earliest: int | None = None
        self.latest: int | None = None

    def add(self, event: EncodedEvent) -> None:
        """Count one event."""
        key = (event.event, event.currency)
        self._counts[key] = self._counts.get(key, 0) + 1
        if event.value is not None:
            self._add_sum(key, Decimal(repr(event.value)))
        self._widen(event.event_time, event.event_time)

    def merge(self, other: Tally) -> None:
        """Add everything that another tally has counted."""
        for key, count in other._counts.items():
            self._counts[key] = self._counts.get(key, 0) + count
        for key, value in other._sums.items():
            self._add_sum(key, value)
        if other.earliest is not None and other.latest is not None:
            self._widen(other.earliest, other.latest)

    def totals(self) -> dict[tuple[str, str], EventTotals]:
        """Totals per (event, currency), in alphabetical order."""
        return {key: EventTotals(self._counts[key], self._sum_text(key)) for key in sorted(self._counts)}

    def to_record(self) -> dict[str, Any]:
        """Plain JSON values: ``{"events": {event: {currency: {"events", "value"}}}, "earliest", "latest"}``."""
        events: dict[str, dict[str, dict[str, int | str]]] = {}
        for (event, currency), totals in self.totals().items():
            events.setdefault(event, {})[currency] = {"events": totals.events, "value": totals.value}
        return {"events": events, "earliest": self.earliest, "latest": self.latest}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Tally:
        """Read a record; an empty one is an empty tally. Raises ``ContractBroken`` (``TALLY_INVALID``)."""
        tally = cls()
        try:
            for event, by_currency in record.get("events", {}).items():
                for currency, totals in by_currency.items():
                    tally._counts[event, currency] = int(totals["events"])
                    if totals["value"]:
                        tally._sums[event, currency] = Decimal(totals["value"])
            if record.get("earliest") is not None:
                tally._widen(int(record["earliest"]), int(record["latest"]))
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError):
            raise ContractBroken("TALLY_INVALID") from None
        return tally

    def _add_sum(self, key: tuple[str, str], value: Decimal) -> None:
        known = self._sums.get(key)
        self._sums[key] = value if known is None else _EXACT.add(known, value)

    def _sum_text(self, key: tuple[str, str]) -> str:
        value = self._sums.get(key)
        return "" if value is None else f"{value:f}"

    def _widen(self, earliest: int, latest: int) -> None:
        self.earliest = earliest if self.earliest is None else min(self.earliest, earliest)
        self.latest = latest if self.latest is None else max(self.latest, latest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and self.to_record() == other.to_record()
