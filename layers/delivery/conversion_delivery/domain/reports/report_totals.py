"""The totals of a report, split so that the parts visibly add up to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Summary = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole. ``name`` is the counter, and the class that colours it."""

    name: str
    label: str
    number: int


ROW_PARTS = (
    ("accepted", "accepted"),
    ("rejected", "rejected: need correction"),
    ("duplicates", "sent before, or repeated"),
    ("ignored", "left out on purpose"),
)

ACCEPTED_PARTS = (
    ("delivered", "delivered to TikTok"),
    ("would_send", "would be sent"),
    ("refused", "refused by TikTok"),
    ("not_sent", "not sent"),
    ("review", "in review by a person"),
    ("open", "still open"),
)


def row_parts(summary: Summary) -> list[Part]:
    """``rows_read`` in four parts."""
    return [Part(name, label, summary["counts"].get(name, 0)) for name, label in ROW_PARTS]


def accepted_parts(summary: Summary) -> list[Part]:
    """``accepted`` in its parts that are not zero."""
    return _present(summary, ACCEPTED_PARTS)


def outcome_parts(summary: Summary) -> list[Part]:
    """``rows_read`` in all its parts, accepted rows by their outcome; those that are not zero."""
    return _present(summary, (*ACCEPTED_PARTS, *ROW_PARTS[1:]))


def _present(summary: Summary, names: tuple[tuple[str, str], ...]) -> list[Part]:
    counts = summary["counts"]
    return [Part(name, label, counts[name]) for name, label in names if counts.get(name)]
