"""What may go wrong at one effect, as plain values: the alphabet of every fault plan."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Protocol


class Kind(StrEnum):
    """What happens to the worker, or to the effect, at one effect."""

    GO = "go"
    PAUSE = "pause"
    """Somebody else runs first; no time passes."""
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    STALL_BEFORE = "stall before"
    STALL_AFTER = "stall after"
    REFUSED = "refused"
    """The service says no: nothing happened."""
    LOST_ANSWER = "lost answer"
    """It happened, and the caller is told that it failed."""
    TWICE = "twice"
    """It happened twice (a retry of the SDK) and the caller sees the second answer."""
    SOME_UNANSWERED = "some unanswered"
    """Some claims of a call get no answer; every second one of those was written all the same."""
    ANSWER = "answer"
    """TikTok answers as ``answer`` says."""


class AnswerFault(StrEnum):
    """How TikTok (or the way to it) treats one POST."""

    NONE = ""
    ACCEPTED_LOST = "accepted, answer lost"
    NOT_ACCEPTED_LOST = "not accepted, answer lost"
    ARRIVES_LATE = "accepted minutes after the answer was given up"
    SERVER_ERROR_ACCEPTED = "5xx, accepted"
    SERVER_ERROR_NOT_ACCEPTED = "5xx, not accepted"
    NOT_SENT = "no connection"
    THROTTLED = "throttled"
    BAD_TOKEN = "bad token"
    MISCONFIGURED = "wrong event set"
    REFUSED_BY_INDEX = "a valid event refused by index"
    REFUSED_WITHOUT_INDEX = "refused without index"
    PARTIAL_NAMED = "partly accepted, the others named"
    PARTIAL_UNNAMED = "partly accepted, nobody named"


class Disturbance(NamedTuple):
    """One fault (or none) at one effect."""

    kind: Kind
    seconds: float = 0.0
    """Length of a stall."""
    answer: AnswerFault = AnswerFault.NONE
    choice: int = 0
    """Chooses among what the fault could hit: which claims, which event of the request."""


GO = Disturbance(Kind.GO)


class FaultPlan(Protocol):
    """Decides, effect by effect, what goes wrong."""

    def at(self, step: int, worker: str, effect: str) -> Disturbance:
        """``step`` numbers all effects of a history; ``effect`` is ``port.method``."""
        ...


class NoFaults:
    """Everything works."""

    def at(self, step: int, worker: str, effect: str) -> Disturbance:
        return GO
