"""Every sample dropped at once, each into a destination of its own: what TikTok counts, and what comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from conversion_delivery.domain.uploads import Upload
from local.aws.local_stack import LocalStack
from local.events_api import EventsApiSimulator
from samples.container_files import members
from samples.make_samples import sample_files
from tests.pipeline.conftest import Report

pytestmark = pytest.mark.pipeline

SAMPLES = Path("samples")
FIRST_SOURCE = 7_300_000_000_000_000_000
NOW = datetime.now(UTC)
FILES = sample_files(NOW)
PATIENCE = 300.0
"""Seconds until the last of all reports is there."""

HASHED = ("email", "phone", "external_id")
"""What is hashed before it is sent; the simulator remembers it as it came."""

COUNTERS = ("rows_read", "accepted", "rejected", "duplicates", "ignored")

Document = dict[str, Any]


def stem(name: str) -> str:
    return name.partition(".")[0]


def expectations(name: str) -> list[Document]:
    """What was reviewed for a sample; of an archive, for each of its files."""
    paths = sorted((SAMPLES / "expected").glob(f"{stem(name)}.json")) or sorted(
        (SAMPLES / "expected").glob(f"{stem(name)}.*.json")
    )
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def expected_counts(name: str) -> dict[str, int]:
    return {counter: sum(each["counts"][counter] for each in expectations(name)) for counter in COUNTERS}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sample, dropped."""

    name: str
    source_id: str
    settings: Document
    upload: Upload
    report: Report

    @property
    def rejected(self) -> tuple[str, bytes] | None:
        """The file of returned rows, if there is one."""
        return next(((name, body) for name, body in self.report.files.items() if name.startswith("rejected.")), None)


@dataclass(frozen=True, slots=True)
class AllSamples:
    """Every sample's delivery by file name."""

    stack: LocalStack
    simulator: EventsApiSimulator
    deliveries: dict[str, Delivery]

    def counted(self, source_id: str) -> list[Document]:
        """The events of a source that TikTok has counted."""
        events = self.simulator.events("counted")
        return [event["event"] for event in events if event["event_source_id"] == source_id]


@pytest.fixture(scope="module")
def samples(local_stack: LocalStack, simulator: EventsApiSimulator) -> AllSamples:
    sources = {name: str(FIRST_SOURCE + number) for number, name in enumerate(FILES)}
    settings = {
        name: json.loads((SAMPLES / "settings" / f"{stem(name)}.json").read_text(encoding="utf-8"))
        | {"event_source_id": sources[name]}
        for name in FILES
    }
    for name in FILES:
        local_stack.configure(f"sample-{stem(name)}", settings=json.dumps(settings[name]), token="a-token")
    uploads = {name: local_stack.upload(name, content, f"sample-{stem(name)}") for name, content in FILES.items()}
    deliveries = {}
    for name, upload in uploads.items():
        report = Report(local_stack.wait_for_report(upload, PATIENCE))
        deliveries[name] = Delivery(name, sources[name], settings[name], upload, report)
    return AllSamples(local_stack, simulator, deliveries)


def checked_events(folder: Path, name: str, content: bytes, settings: Document) -> dict[str, Document]:
    """The events that ``conversions check`` says would be sent, by their ids."""
    file, configured, out = folder / name, folder / "settings.json", folder / "out.json"
    file.write_bytes(content)
    configured.write_text(json.dumps(settings))
    main(["check", str(file), "--settings", str(configured), "--rows", "--events", "--json", str(out)])
    rows = json.loads(out.read_text(encoding="utf-8"))["rows"]
    return {row["event"]["event_id"]: row["event"] for row in rows if row["verdict"] == "accepted"}


def events_of(delivery: Delivery, folder: Path) -> dict[str, Document]:
    """The events that ``conversions check`` says would be sent, by their ids."""
    files = {delivery.name: FILES[delivery.name]}
    if delivery.name.endswith(".zip"):
        files = members(FILES[delivery.name])
    events: dict[str, Document] = {}
    for name, content in files.items():
        events |= checked_events(folder, name, content, delivery.settings)
    return events


def takes(event: Document, settings: Document) -> bool:
    """Whether the stand-in for TikTok takes an event: as the API reference says, CRM events need a lead id."""
    return settings["event_source"] != "crm" or "lead" in event


def as_remembered(event: Document) -> Document:
    """An event as the simulator keeps it: without the raw values of ``user``, which it keeps as digests."""
    user = {name: value for name, value in event["user"].items() if name in HASHED}
    return event | {"user": user}


@pytest.mark.parametrize("name", FILES)
def test_the_counts_of_a_sample_are_the_reviewed_ones(name: str, samples: AllSamples) -> None:
    counts = samples.deliveries[name].report.counts
    assert {counter: counts[counter] for counter in COUNTERS} == expected_counts(name)
    assert counts["delivered"] + counts["refused"] == counts["accepted"]


@pytest.mark.parametrize("name", FILES)
def test_tiktok_counts_exactly_the_events_that_the_check_names(name: str, samples: AllSamples, tmp_path: Path) -> None:
    delivery = samples.deliveries[name]
    events = events_of(delivery, tmp_path)
    expected = {event_id: as_remembered(event) for event_id, event in events.items() if takes(event, delivery.settings)}
    counted = samples.counted(delivery.source_id)

    assert len(events) == expected_counts(name)["accepted"]
    assert {event["event_id"]: as_remembered(event) for event in counted} == expected
    assert len(counted) == len(expected) == delivery.report.counts["delivered"]


@pytest.mark.parametrize("name", FILES)
def test_a_sample_that_is_refused_says_why_and_any_other_says_done(name: str, samples: AllSamples) -> None:
    report = samples.deliveries[name].report
    codes = [each["file"]["error"] for each in expectations(name)]
    if any(codes):
        assert report.summary["file"]["error"]["code"] == codes[0]
        assert "_FAILED" in report.files
    else:
        expected = "DONE_WITH_REJECTS" if expected_counts(name)["rejected"] else "DONE"
        assert report.summary["state"] == expected
        assert "_DONE" in report.files


def test_returned_rows_are_as_many_as_were_rejected_and_dropped_again_they_count_nothing(samples: AllSamples) -> None:
    before = {name: len(samples.counted(delivery.source_id)) for name, delivery in samples.deliveries.items()}
    returned = {name: delivery.rejected for name, delivery in samples.deliveries.items() if delivery.rejected}
    again = {
        name: samples.stack.upload(f"again-{file}", body, f"sample-{stem(name)}")
        for name, (file, body) in returned.items()
    }
    reports = {name: Report(samples.stack.wait_for_report(upload, PATIENCE)) for name, upload in again.items()}

    assert {*returned} == {name for name in FILES if expected_counts(name)["rejected"] and not name.endswith(".zip")}
    for name, report in reports.items():
        assert report.counts["delivered"] == 0, name
        assert report.counts["rows_read"] == report.counts["rejected"] + report.counts["accepted"], name
        assert report.counts["rejected"] == expected_counts(name)["rejected"], name
    after = {name: len(samples.counted(delivery.source_id)) for name, delivery in samples.deliveries.items()}
    assert after == before


def test_a_sample_below_validate_is_reported_and_nothing_of_it_is_sent(samples: AllSamples) -> None:
    name, source_id = "shopify_orders.csv", str(FIRST_SOURCE + len(FILES))
    settings = samples.deliveries[name].settings | {"event_source_id": source_id}
    samples.stack.configure("sample-checked-only", settings=json.dumps(settings), token="a-token")
    upload = samples.stack.upload_key(f"validate/sample-checked-only/{name}", FILES[name])
    report = Report(samples.stack.wait_for_report(upload, PATIENCE))

    assert report.summary["state"] == "VALIDATED"
    assert {counter: report.counts[counter] for counter in COUNTERS} == expected_counts(name)
    assert report.counts["would_send"] == report.counts["accepted"]
    assert samples.counted(source_id) == []
