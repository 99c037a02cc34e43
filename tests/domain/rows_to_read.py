"""Builders for rows, plans and verdicts: a row is written as field -> cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conversion_delivery.domain.batches import START
from conversion_delivery.domain.conversions import Conversion, Ignored, Problem, Rejection, Verdict
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.reading_plans import ColumnUse, ReadingPlan

AS_OF = 1_794_830_400
"""2026-11-16T12:00:00Z."""

CLEAN = {
    "event": "Purchase",
    "event_time": "2026-11-14T10:01:00Z",
    "email": "ava.lopez@example.com",
    "phone": "+14155550101",
    "value": "59.90",
    "currency": "USD",
    "order_id": "TT-1001",
}


def settings(**given: Any) -> DestinationSettings:
    return DestinationSettings.model_validate({"event_source_id": "7654321098765432109", **given})


def plan_of(columns: Sequence[tuple[str, str | None]], *, layout: str = "columns", **given: Any) -> ReadingPlan:
    """A plan for (header, field) columns; ``currency_hint`` and ``date_order`` go to the plan, the rest to settings."""
    hints = {name: given.pop(name) for name in ("currency_hint", "date_order") if name in given}
    uses = tuple(ColumnUse(index=at, header=header, field=field) for at, (header, field) in enumerate(columns))
    header = tuple(header for header, _ in columns)
    return ReadingPlan(
        settings=settings(**given), as_of=AS_OF, layout=layout, header=header, columns=uses, data_starts=START, **hints
    )


def read(row: dict[str, str], **given: Any) -> Verdict:
    """The verdict on one row of a file whose headers are the names of its fields."""
    return ConversionReader(plan_of([(field, field) for field in row], **given)).read(list(row.values()))


def read_clean(changes: dict[str, str] | None = None, **given: Any) -> Verdict:
    """The verdict on a clean row with some cells changed or added."""
    return read(CLEAN | (changes or {}), **given)


def accepted(verdict: Verdict) -> Conversion:
    assert isinstance(verdict, Conversion), problem_codes(verdict)
    return verdict


def problem_codes(verdict: Verdict) -> list[str]:
    """Codes of the problems; the code of an ignored row; nothing for an accepted one."""
    if isinstance(verdict, Ignored):
        return [verdict.problem.code]
    return codes_of(verdict.problems) if isinstance(verdict, Rejection) else []


def warning_codes(verdict: Verdict) -> list[str]:
    assert not isinstance(verdict, Ignored)
    return codes_of(verdict.warnings)


def codes_of(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]
