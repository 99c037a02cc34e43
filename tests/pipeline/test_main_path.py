"""From a dropped file to its report: the real template on emulated AWS, the Events API simulator at the other end."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from samples.make_samples import sample_files
from tests.pipeline.conftest import Destination, Report

pytestmark = pytest.mark.pipeline

NOW = datetime.now(UTC)

HEADER = "event_type,email,timestamp,order_id,value,currency"


def row(number: int, value: str = "10.00", event: str = "Purchase", email: str | None = None) -> str:
    address = f"buyer{number}@example.com" if email is None else email
    return f"{event},{address},{NOW - timedelta(hours=number % 600 + 1):%Y-%m-%dT%H:%M:%SZ},T-{number},{value},USD"


def file_of(*rows: str) -> str:
    return "\n".join((HEADER, *rows, ""))


def table(report: Report, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report.text(name), newline="")))


def orders(destination: Destination) -> list[str]:
    return sorted(event["event"]["properties"]["order_id"] for event in destination.received("counted"))


def assert_adds_up(report: Report) -> None:
    counts = report.counts
    assert counts["rows_read"] == sum(counts[name] for name in ("accepted", "rejected", "duplicates", "ignored"))
    assert counts["accepted"] == sum(counts[name] for name in ("delivered", "refused", "not_sent", "review", "open"))
    if "results.csv" in report.files:
        assert len(table(report, "results.csv")) == counts["accepted"] + counts["duplicates"]


def checked_events(folder: Path, content: bytes, settings: dict[str, Any]) -> list[dict[str, Any]]:
    """What ``conversions check`` says would be sent."""
    file, configured, out = folder / "file.csv", folder / "settings.json", folder / "out.json"
    file.write_bytes(content)
    configured.write_text(json.dumps(settings))
    main(["check", str(file), "--settings", str(configured), "--rows", "--events", "--json", str(out)])
    return [row["event"] for row in json.loads(out.read_text())["rows"] if row["verdict"] == "accepted"]


@pytest.mark.parametrize("name", ["liveramp_store_purchases.csv", "tiktok_crm_events.csv"])
def test_tiktok_counts_exactly_the_rows_that_the_check_accepts(
    name: str, destination: Destination, tmp_path: Path
) -> None:
    content = sample_files(NOW)[name]
    settings = json.loads((Path("samples/settings") / Path(name).with_suffix(".json").name).read_text())
    settings["event_source_id"] = destination.source_id
    destination.configure(**settings)
    report = destination.deliver(name, content)
    expected = checked_events(tmp_path, content, settings)
    sent = [event["event"] for event in destination.received("counted")]
    by_id = {event["event_id"]: event for event in expected}
    assert {event["event_id"]: event for event in sent} == by_id
    assert len(sent) == len(by_id) == report.counts["delivered"]
    assert_adds_up(report)
    assert len(table(report, "rejected.csv")) == report.counts["rejected"]


def test_the_same_file_again_sends_nothing(destination: Destination) -> None:
    content = file_of(*(row(number) for number in range(50)))
    assert destination.deliver("sales.csv", content).counts["delivered"] == 50
    again = destination.deliver("sales.csv", content)
    assert (again.counts["delivered"], again.counts["duplicates"]) == (0, 50)
    assert len(destination.received()) == 50
    assert_adds_up(again)


def test_an_overlapping_file_sends_only_its_new_rows(destination: Destination) -> None:
    destination.deliver("monday.csv", file_of(*(row(number) for number in range(30))))
    tuesday = destination.deliver("tuesday.csv", file_of(*(row(number) for number in range(20, 40))))
    assert (tuesday.counts["delivered"], tuesday.counts["duplicates"]) == (10, 10)
    assert len(destination.received()) == 40


def test_one_event_that_tiktok_refuses_in_a_batch_of_1000_costs_only_itself(
    destination: Destination, tmp_path: Path
) -> None:
    content = file_of(*(row(number) for number in range(1000)))
    settings = {"event_source_id": destination.source_id, "default_currency": "USD"}
    victim = checked_events(tmp_path, content.encode(), settings)[617]
    rule = {"action": "refuse_event", "event_id": victim["event_id"], "event_source_id": destination.source_id}
    destination.simulator.set_faults({"rules": [rule]})
    report = destination.deliver("thousand.csv", content)
    assert (report.counts["delivered"], report.counts["refused"]) == (999, 1)
    (refused,) = [result for result in table(report, "results.csv") if result["outcome"] == "refused"]
    assert refused["event_id"] == victim["event_id"]
    (returned,) = table(report, "rejected.csv")
    assert returned["order_id"] == victim["properties"]["order_id"]
    assert orders(destination) == sorted(f"T-{number}" for number in range(1000) if number != 617)
    assert_adds_up(report)


def test_a_file_of_several_batches_is_delivered_completely(destination: Destination) -> None:
    rows = [row(number) if number % 10 else row(number, email="nobody") for number in range(3500)]
    report = destination.deliver("long.csv", file_of(*rows), timeout=180)
    assert (report.counts["delivered"], report.counts["rejected"]) == (3150, 350)
    assert report.summary["batches"] == 4
    (delivered,) = report.summary["delivered"]
    assert (delivered["event"], delivered["currency"], delivered["events"]) == ("Purchase", "USD", 3150)
    assert Decimal(delivered["value"]) == 31_500
    assert_adds_up(report)


def test_a_key_with_spaces_plus_signs_and_umlauts_is_read(destination: Destination) -> None:
    report = destination.deliver("Verkäufe + Köln 50%.csv", file_of(row(1)))
    assert report.counts["delivered"] == 1


def test_a_bad_file_is_refused_with_a_reason_and_others_are_not_affected(destination: Destination) -> None:
    bad = destination.upload("bad.csv", "evnt_tme,email\n2026-11-15,ava@example.com\n")
    good = destination.upload("good.csv", file_of(row(1)))
    assert destination.report(good).counts["delivered"] == 1
    refused = destination.report(bad)
    assert refused.summary["state"] == "REJECTED"
    assert refused.summary["file"]["error"]["code"] == "COLUMN_REQUIRED"
    assert set(refused.files) == {"_FAILED", "summary.json", "status.json", "report.html", "report.txt"}


def test_an_upload_for_no_destination_is_reported(destination: Destination) -> None:
    report = Report(destination.stack.wait_for_report(destination.stack.upload_key("uploads/lost.csv", b"a,b\n1,2\n")))
    assert report.summary["file"]["error"]["code"] == "DESTINATION_UNKNOWN"


def test_a_missing_secret_holds_the_batches_until_there_is_one(destination: Destination) -> None:
    name = f"{destination.name}-tokenless"
    settings = {"event_source_id": destination.source_id, "default_currency": "USD"}
    destination.stack.configure(name, settings=json.dumps(settings), token=None)
    upload = destination.stack.upload("sales.csv", file_of(row(1)).encode(), name)
    record = None
    deadline = datetime.now(UTC) + timedelta(seconds=30)
    while datetime.now(UTC) < deadline:
        record = destination.stack.record(upload)
        if record is not None and record.checkpoint.done:
            break
    assert record is not None
    assert not record.is_complete
    assert destination.received() == []
    assert not destination.stack.is_finished(upload)


def test_a_corrected_rejected_csv_counts_only_what_was_missing(destination: Destination) -> None:
    first = destination.deliver("sales.csv", file_of(row(1), row(2, email="nobody"), row(3)))
    assert first.counts["rejected"] == 1
    corrected = first.text("rejected.csv").replace("nobody", "buyer2@example.com")
    second = destination.deliver("rejected.csv", corrected)
    assert second.counts["delivered"] == 1
    assert orders(destination) == ["T-1", "T-2", "T-3"]
