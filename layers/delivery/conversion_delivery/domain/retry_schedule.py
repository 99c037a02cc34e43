"""When to come back: back-off for a message, and how long a destination's gate stays shut.

All waits are in seconds. ``jitter`` is a number in [0, 1) from the caller, so that tests decide it.
Full jitter spreads callers over the whole wait (AWS Architecture Blog, "Exponential Backoff And Jitter").
"""

from __future__ import annotations

MESSAGE_BASE = 30.0
MESSAGE_CAP = 900.0
"""A message that keeps failing comes back at least every quarter of an hour."""

GATE_STEPS: dict[str, tuple[float, ...]] = {
    "THROTTLED": (1, 2, 5, 15, 60, 300, 900),
    "OUTAGE": (0, 0, 30, 60, 120, 300, 900),
    "TOKEN_REFUSED": (300, 600, 900),
    "MISCONFIGURED": (300, 900),
}
"""Reason -> how long the gate stays shut after the first, second, ... failure in a row; the last one repeats.

A single time-out is ordinary weather and shuts nothing; the message that met it backs off by itself.
"""

GATE_JITTER_CAP = 300.0
"""Jitter spreads arrivals; after a pause of hours more than five minutes of it would only be lost time."""


def message_delay(attempts: int, jitter: float, at_least: float = 1.0) -> float:
    """Seconds until a handed-back message is seen again: full jitter below a doubling ceiling."""
    ceiling = min(MESSAGE_CAP, MESSAGE_BASE * 2.0 ** min(max(attempts - 1, 0), 10))
    return max(at_least, ceiling * jitter)


def gate_interval(reason: str, failures: int, jitter: float, pause: float | None = None) -> float:
    """Seconds for which the gate shuts after ``failures`` failures in a row (1 = the first).

    ``pause`` is what the answer itself asks for (a per-day quota waits for midnight); it is never shortened.
    Jitter adds up to a quarter, five minutes at most, so that many waiting messages do not arrive together.
    """
    steps = GATE_STEPS[reason]
    planned = steps[min(max(failures, 1), len(steps)) - 1]
    seconds = max(planned, pause or 0.0)
    return seconds + min(seconds / 4, GATE_JITTER_CAP) * jitter
