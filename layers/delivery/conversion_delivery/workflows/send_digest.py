"""The daily digest: waiting notices in, one message out, then they are forgotten.

Order is publish, then forget: a crash between the two repeats a digest and loses no file from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from conversion_delivery.domain.reports.digests import WaitingNotice, digest_of, distinct

NOTICES_AT_MOST = 5_000
"""Notices of one digest: what is more waits for the next one (they are kept for 14 days)."""

STOP_SECONDS = 20.0
"""With less time than this left, no more notices are taken."""


class WaitingNotices(Protocol):
    """Notices since the last digest."""

    def take(self) -> Sequence[WaitingNotice]:
        """Some of them; none when there are no more."""
        ...

    def forget(self, receipts: Sequence[str]) -> None: ...


class DigestReaders(Protocol):
    def tell(self, subject: str, text: str) -> None: ...


class SendDigest:
    """Sends one digest."""

    def __init__(self, waiting: WaitingNotices, readers: DigestReaders, stack: str) -> None:
        self._waiting = waiting
        self._readers = readers
        self._stack = stack

    def run(self, remaining: Callable[[], float]) -> None:
        """On a day without files nobody is told anything."""
        taken: list[WaitingNotice] = []
        more = True
        while len(taken) < NOTICES_AT_MOST and remaining() > STOP_SECONDS:
            batch = self._waiting.take()
            if not batch:
                more = False
                break
            taken += batch
        if taken:
            notices = distinct(each.notice for each in taken)
            self._readers.tell(*digest_of(notices, self._stack, more=more))
            self._waiting.forget([each.receipt for each in taken])
