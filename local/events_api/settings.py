"""What a simulator can be told to be: one frozen value, shared by tests and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ErrorStatus = Literal["always200", "4xx"]
MessageStyle = Literal["spaced", "dotted", "brackets", "batch", "nested", "unindexed", "mute"]


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """Where public sources disagree about TikTok, both behaviours can be chosen."""

    tokens: Mapping[str, frozenset[str] | None] = field(default_factory=dict, repr=False)
    """Valid tokens, each with the source ids that it may write to (None: all). Empty: any token is valid."""
    error_status: ErrorStatus = "always200"
    """HTTP status of errors: 200 as TikTok's portal says, or 4xx as some public tests have it."""
    message_style: MessageStyle = "spaced"
    """How a message names an event: ``data. 1 .event_id``, ``data.1.event_id``, ``data[1].event_id``,
    ``Batch.1.event_id``, a nested dictionary, only the field, or nothing at all."""
    strict: bool = True
    """Refuse unknown fields, fields of another source, empty text, and offline events without e-mail or phone."""
    check_source_ids: bool = True
    """Refuse an offline event set id that is not a number, as TikTok does when it gets a pixel code."""
    rate_limit: int | None = None
    """Requests per second (of the simulator's clock) before 40100; None: no limit."""
    largest_body: int = 10_000_000
    """Bytes before HTTP 413. TikTok documents no limit; this one protects the simulator."""
    kept_events: int = 200_000
    """Whole events kept for ``GET /_events``; the oldest go first. Counting and de-duplication keep all keys."""
