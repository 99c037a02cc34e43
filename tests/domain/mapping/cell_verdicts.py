"""What one cell does to an otherwise clean row: the verdicts of the format paper, section 4."""

from __future__ import annotations

from typing import Any, NamedTuple

from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.conversions import Conversion, Ignored, Verdict
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from tests.domain.rows_to_read import CLEAN, plan_of


class Outcome(NamedTuple):
    verdict: str
    """``ok``, ``warn`` (sent and noted), ``drop`` (cell left out, row sent), ``reject`` or ``ignore``."""
    codes: tuple[str, ...]
    conversion: Conversion | None = None


def outcome(cells: dict[str, str], *, plan: dict[str, Any] | None = None, **settings: Any) -> Outcome:
    """The clean row with some cells changed or added; ``plan`` overrides what the plan says, twice read."""
    row = CLEAN | cells
    columns = [(field, field) for field in row]
    reader = ConversionReader(plan_of(columns, **settings).model_copy(update=plan or {}))
    first, second = (reader.read(list(row.values())) for _ in range(2))
    assert first == second, "a row must not be read otherwise the second time"
    return _outcome(first)


def _outcome(verdict: Verdict) -> Outcome:
    if isinstance(verdict, Ignored):
        assert CODES[verdict.problem.code].level is Level.IGNORED
        return Outcome("ignore", (verdict.problem.code,))
    if not isinstance(verdict, Conversion):
        assert all(CODES[problem.code].level is Level.ROW for problem in verdict.problems)
        return Outcome("reject", tuple(problem.code for problem in verdict.problems))
    codes = tuple(problem.code for problem in verdict.warnings)
    if not codes:
        return Outcome("ok", (), verdict)
    is_left_out = any(CODES[code].level is Level.ROW for code in codes)
    return Outcome("drop" if is_left_out else "warn", codes, verdict)
