"""The summary of an archive is the exact sum of its files' summaries."""

from __future__ import annotations

from typing import Any

from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reports.archive_summaries import archive_summary
from conversion_delivery.domain.reports.tallies import DAYS_KEPT
from conversion_delivery.domain.uploads import Upload
from tests.domain.reports.built_summaries import RECEIVED, delivered_event, summary

UPLOAD = Upload("bucket", "uploads/shop/three.zip", "v", 900)


def archive_of(*summaries: dict[str, Any]) -> dict[str, Any]:
    names = tuple(f"{number}.csv" for number in range(len(summaries)))
    return archive_summary(FileRecord(UPLOAD, RECEIVED, members=names), summaries, RECEIVED + 9, {"summary": "s"})


def delivered(*days: int, value: float = 0.1, currency: str = "USD") -> dict[str, Any]:
    events = [delivered_event(value, currency, days_ago=day) for day in days]
    return summary({"delivered": len(days)}, events=events)


def test_sums_are_exact_and_kept_apart_by_currency() -> None:
    total = archive_of(delivered(1, 2), delivered(1), delivered(3, currency="EUR"))
    assert total["value"] == {"EUR": "0.1", "USD": "0.3"}
    assert (total["counts"]["delivered"], total["match_keys"]["events"]) == (4, 4)
    assert [(day["events"], day["value"]) for day in total["by_day"]] == [
        (1, {"EUR": "0.1"}),
        (1, {"USD": "0.1"}),
        (2, {"USD": "0.2"}),
    ]


def test_a_day_that_one_file_no_longer_keeps_apart_is_not_kept_apart_in_the_archive() -> None:
    many = delivered(*range(1, DAYS_KEPT + 3))
    days = archive_of(many, delivered(1, DAYS_KEPT + 1, DAYS_KEPT + 9))["by_day"]
    assert [day["date"] for day in days] == [day["date"] for day in many["by_day"]]
    assert days[0] == {"date": None, "events": 4, "value": {"USD": "0.4"}}
    assert days[-1]["events"] == 2


def test_together_the_files_have_no_more_days_than_a_file_may_have() -> None:
    total = archive_of(delivered(*range(1, 41)), delivered(*range(41, 81)))
    assert len(total["by_day"]) == DAYS_KEPT + 1
    assert (total["by_day"][0]["date"], total["by_day"][0]["events"]) == (None, 80 - DAYS_KEPT)


def test_files_that_had_delivered_events_before_are_added_up_by_their_id() -> None:
    before = [{"file_id": "a", "rows": 2, "date": "2026-11-01"}, {"file_id": "b", "rows": 3, "date": None}]
    again = [{"file_id": "a", "rows": 5, "date": "2026-11-03"}]
    total = archive_of(delivered(1) | {"delivered_before": before}, delivered(1) | {"delivered_before": again})
    assert total["delivered_before"] == [
        {"file_id": "a", "rows": 7, "date": "2026-11-03"},
        {"file_id": "b", "rows": 3, "date": None},
    ]


def test_every_code_of_a_file_comes_with_its_words() -> None:
    total = archive_of(summary(rejected={"EMAIL_INVALID": 2}), summary(warnings={"VALUE_ZERO": 1}, would_send=1))
    assert {*total["reasons"], *total["warnings"]} == {*total["sentences"]}
    assert "EMAIL_INVALID" in total["remedies"]
    assert "first_lines" not in total, "a line number without its file says nothing"


def test_the_summary_names_the_version_that_was_read() -> None:
    assert archive_of(delivered(1))["file"]["version_id"] == "v"
    assert delivered(1)["file"]["version_id"] == "3HL4kqtJlcpXroDTDmJ"
