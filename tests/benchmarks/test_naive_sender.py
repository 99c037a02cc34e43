"""The rival of the whole path does the same work: every event claimed and posted, one by one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks.dynamodb_stub import dynamodb_stub
from tests.benchmarks.generated_file import write_file
from tests.benchmarks.measuring import peak_megabytes
from tests.benchmarks.naive_sender import NaiveSender, first_rows


def test_the_naive_sender_claims_and_posts_every_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "liveramp.csv"
    write_file(path, 50)
    with dynamodb_stub() as stub, closing(NaiveSender(stub)) as naive:
        posted: list[dict[str, object]] = []
        post = naive._post

        def noted(event: dict[str, object]) -> None:
            posted.append(event)
            post(event)

        monkeypatch.setattr(naive, "_post", noted)

        naive.run(first_rows(path), 20)

    assert naive.sent == 20
    assert [event["event_id"] for event in posted] == [str(1_000_000 + row) for row in range(1, 21)]


def test_the_peak_of_memory_is_that_of_a_python_process() -> None:
    assert 5 < peak_megabytes() < 4_000
