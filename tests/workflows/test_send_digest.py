"""The daily digest: nothing is forgotten before it was told, and a day without files is silent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from conversion_delivery.domain.reports.digests import WaitingNotice
from conversion_delivery.workflows.send_digest import NOTICES_AT_MOST, SendDigest
from tests.domain.reports.test_file_notices import notice


class Waiting:
    def __init__(self, number: int) -> None:
        self.left = [WaitingNotice(notice(each), f"r{each}") for each in range(number)]
        self.forgotten: list[str] = []

    def take(self) -> Sequence[WaitingNotice]:
        some, self.left = self.left[:10], self.left[10:]
        return some

    def forget(self, receipts: Sequence[str]) -> None:
        self.forgotten += receipts


class Readers:
    def __init__(self, *, fail: bool = False) -> None:
        self.fail = fail
        self.told: list[tuple[str, str]] = []

    def tell(self, subject: str, text: str) -> None:
        if self.fail:
            raise ConnectionError
        self.told.append((subject, text))


def test_what_waits_is_told_once_and_then_forgotten() -> None:
    waiting, readers = Waiting(25), Readers()
    SendDigest(waiting, readers, "sales").run(lambda: 60.0)

    assert [subject for subject, _ in readers.told] == ["sales: 25 files finished, 0 to look at"]
    assert len(waiting.forgotten) == 25


def test_a_day_without_files_is_silent() -> None:
    readers = Readers()
    SendDigest(Waiting(0), readers, "sales").run(lambda: 60.0)

    assert readers.told == []


def test_nothing_is_forgotten_that_was_not_told() -> None:
    waiting = Waiting(3)
    with pytest.raises(ConnectionError):
        SendDigest(waiting, Readers(fail=True), "sales").run(lambda: 60.0)

    assert waiting.forgotten == []


def test_more_than_one_digest_holds_waits_for_the_next() -> None:
    waiting, readers = Waiting(NOTICES_AT_MOST + 30), Readers()
    SendDigest(waiting, readers, "sales").run(lambda: 60.0)

    assert len(waiting.forgotten) == NOTICES_AT_MOST
    assert len(waiting.left) == 30
    assert "the next one" in readers.told[0][1]


def test_no_more_is_taken_when_the_time_runs_out() -> None:
    waiting, readers = Waiting(100), Readers()
    seconds = iter([60.0, 60.0, 10.0])
    SendDigest(waiting, readers, "sales").run(lambda: next(seconds))

    assert len(waiting.forgotten) == 20
    assert "the next one" in readers.told[0][1]
