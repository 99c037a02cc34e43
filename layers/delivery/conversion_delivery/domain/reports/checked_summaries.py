"""The summary of a file that was checked on a person's machine: the same document, so the same page and the same text.

Nothing was sent and nothing is stored, so there is no file id, no destination and no file beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reports import report_figures as figures
from conversion_delivery.domain.reports.summaries import SCHEMA, delivered_totals, iso_time, plan_details, tally_details
from conversion_delivery.domain.reports.tallies import Tally


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a check has found. ``file``: as ``file_facts``; ``counts``: rows_read, accepted, rejected and so on."""

    file: Mapping[str, Any]
    counts: Mapping[str, int]
    plan: ReadingPlan | None = None
    """None where the file was refused as a whole."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)
    first_lines: Mapping[str, Iterable[int]] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)


def checked_summary(checked: CheckedFile, as_of: int) -> dict[str, Any]:
    """The document; ``as_of``: epoch seconds of the check."""
    counts = {
        name: checked.counts.get(name, 0) for name in ("rows_read", "accepted", "rejected", "duplicates", "ignored")
    }
    error = checked.file.get("error") or {}
    nothing = dict.fromkeys(("delivered", "refused", "not_sent", "review", "open"), 0)
    return {
        "schema": SCHEMA,
        "state": "REJECTED" if error and not counts["rows_read"] else "VALIDATED",
        "file_id": None,
        "destination": None,
        "received_at": iso_time(as_of),
        "finished_at": iso_time(as_of),
        "file": dict(checked.file),
        "settings": checked.plan.settings.model_dump(mode="json") if checked.plan else None,
        "counts": {**counts, **nothing, "would_send": counts["accepted"]},
        "reasons": dict(sorted(checked.reasons.items())),
        "warnings": dict(sorted(checked.warnings.items())),
        "outcomes": {},
        "explanations": {},
        "delivered": delivered_totals(checked.tally),
        "reports": {},
        **plan_details(checked.plan),
        **tally_details(checked.tally),
        "first_lines": figures.first_lines(checked.first_lines),
        **figures.words([*checked.reasons, *checked.warnings, *filter(None, [error.get("code")])]),
    }
