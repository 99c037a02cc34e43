"""The delivery gate of a destination: while it is shut, its batches wait and cost one read each.

It shuts when the token is refused, when the destination is misconfigured, when TikTok throttles, and when the Events
API keeps failing. It needs nobody to open it: after ``shut_until`` the next batch tries, and success forgets the gate.
"""

from __future__ import annotations

from collections.abc import Callable

from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.retry_schedule import gate_interval
from conversion_delivery.workflows.ports import FileProgress, Gate, Telemetry

CREDENTIAL_REASONS = frozenset({"TOKEN_REFUSED", "SECRET_MISSING", "SECRET_UNUSABLE"})

GATE_SHUT_MINUTES = "GateShutMinutes"
"""Metric: from the first failure to the end of the shutting; 0 when a delivery has opened the gate."""

_SCHEDULE = {"SECRET_MISSING": "TOKEN_REFUSED", "SECRET_UNUSABLE": "TOKEN_REFUSED"}


class DeliveryGate:
    """Reads, shuts and forgets gates. ``jitter`` gives numbers in [0, 1)."""

    def __init__(
        self, progress: FileProgress, telemetry: Telemetry, now: Callable[[], float], jitter: Callable[[], float]
    ) -> None:
        self._progress = progress
        self._telemetry = telemetry
        self._now = now
        self._jitter = jitter

    def check(self, destination: str) -> Gate | None:
        """The gate as it stands, if deliveries may go on. Raises ``TryLater`` (``GATE_SHUT``) until when it is shut."""
        gate = self._progress.gate(destination)
        if gate is None or gate.shut_until <= self._now():
            return gate
        wait = gate.shut_until - self._now()
        raise TryLater("GATE_SHUT", after_seconds=wait + self._jitter() * min(60.0, 5.0 + wait / 4), reason=gate.reason)

    def failed(self, destination: str, reason: str, before: Gate | None, pause: float | None = None) -> float:
        """Remember one more failure in a row; the seconds for which the schedule shuts the gate (0: not at all)."""
        failures = (before.failures if before else 0) + 1
        seconds = gate_interval(_SCHEDULE.get(reason, reason), failures, self._jitter(), pause)
        now = self._now()
        since = before.since if before and before.since else now
        self._progress.shut_gate(destination, Gate(now + seconds, reason, failures, since))
        if reason in CREDENTIAL_REASONS:
            self._telemetry.count("TokenRefused", destination=destination)
        if reason == "MISCONFIGURED":
            self._telemetry.count("DestinationMisconfigured", destination=destination)
        if seconds:
            self._telemetry.count("GateShut", destination=destination)
            # To its end: so a gate that is shut until midnight is known to be a long one at once.
            self._telemetry.measure(GATE_SHUT_MINUTES, (now + seconds - since) / 60, destination=destination)
        self._telemetry.note("delivery_gate", destination=destination, reason=reason, failures=failures, pause=seconds)
        return seconds

    def worked(self, destination: str, before: Gate | None) -> None:
        """TikTok answered as it should: forget earlier failures."""
        if before is not None:
            self._progress.open_gate(destination)
            self._telemetry.measure(GATE_SHUT_MINUTES, 0, destination=destination)
