"""``Outcomes`` as plain JSON values, for a report that is gathered in several invocations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from conversion_delivery.domain.reports.summaries import Outcomes
from conversion_delivery.domain.reports.tallies import Tally


def record_of(outcomes: Outcomes) -> dict[str, Any]:
    """Everything, as ``outcomes_of`` reads it."""
    return {
        "counts": dict(outcomes.counts),
        "codes": dict(outcomes.codes),
        "delivered": outcomes.delivered.to_record(),
        "request_ids": outcomes.request_ids,
        "requests": outcomes.requests,
        "last_closed_at": outcomes.last_closed_at,
        "reviewed": outcomes.reviewed,
        "lines": outcomes.lines,
        "delivered_before": outcomes.delivered_before,
    }


def outcomes_of(record: Mapping[str, Any]) -> Outcomes:
    """Raises ``ContractBroken`` (``TALLY_INVALID``)."""
    changed = {
        "counts": Counter(record["counts"]),
        "codes": Counter(record["codes"]),
        "delivered": Tally.from_record(record["delivered"]),
    }
    return Outcomes(**{**record, **changed})
