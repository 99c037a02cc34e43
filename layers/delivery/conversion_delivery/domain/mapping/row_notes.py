"""What there is to say about a row that is not clean, and the verdict that follows from it.

In: notes in the order in which the fields are read. Out: problems and warnings in that order, identifiers first.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from conversion_delivery.domain.conversions import CellFinding, Problem


class Weight(Enum):
    """What a note does to its row."""

    WARNING = "warning"
    PROBLEM = "problem"
    IDENTIFIER = "identifier"
    """A problem if the row has no other identifier, else a warning: the bad one is left out."""
    IGNORED = "ignored"
    """The row is nobody's conversion and nobody's error: an order of which nothing is left."""


class Note(NamedTuple):
    weight: Weight
    problem: Problem


def note_of(finding: CellFinding, field: str, column: str, weight: Weight | None = None) -> Note:
    """A note for a finding; without ``weight`` the finding's own: a problem where it has no value."""
    if weight is None:
        weight = Weight.PROBLEM if finding.value is None else Weight.WARNING
    return Note(weight, Problem(finding.code, field, column, finding.shown, finding.facts))


def ignored_for(notes: Iterable[Note]) -> Problem | None:
    """What makes the row nobody's conversion; None where nothing does."""
    return next((problem for weight, problem in notes if weight is Weight.IGNORED), None)


def weighed(notes: Iterable[Note], *, has_identifier: bool) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings of a row. A row without identifiers that had none at all gets ``IDENTIFIER_MISSING``."""
    identifiers, problems, warnings = [], [], []
    for weight, problem in notes:
        if weight is Weight.WARNING or (weight is Weight.IDENTIFIER and has_identifier):
            warnings.append(problem)
        elif weight is Weight.IDENTIFIER:
            identifiers.append(problem)
        else:
            problems.append(problem)
    if not has_identifier and not identifiers:
        identifiers.append(Problem("IDENTIFIER_MISSING", ""))
    return identifiers + problems, warnings
