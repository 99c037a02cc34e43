"""In the large: senders are killed while TikTok misbehaves, and still every event counts exactly once.

Twenty files of mixed content (several batches, rows that overlap between files, copies, bad rows, an event that TikTok
refuses) go through the deployed template, while sender processes are killed by their process id at random moments and
the simulator plays a random fault plan. The seed decides files, faults and pauses; the machine decides the rest.

What is changed on the stack, so that this takes a minute and not hours: the queue hides a message for 5 seconds instead
of 720, and ``PassingTime`` ends leases, gates and waits early, copies of messages included. All of it makes things
harder for the protocol: more attempts at the same batch at the same time, leases that end under a living owner.
TikTok's memory is shortened as well: at the end its clock goes on by 49 hours and everything is sent in again.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conversion_delivery.domain.uploads import Upload
from local.aws.build import ensure_build
from local.aws.emulator import Emulator
from local.aws.local_stack import LocalStack, wait_until
from local.events_api import EventsApiSimulator
from tests.pipeline.conftest import Report
from tests.pipeline.passing_time import PassingTime
from tests.pipeline.test_main_path import assert_adds_up, table

pytestmark = pytest.mark.pipeline

SEED = 20_261_120
DESTINATIONS = 4
FILES = 20
FIRST_SOURCE = 7_600_000_000_000_000_000
LONGEST_RUN = 240.0
MOMENT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
HEADER = "event_type,email,timestamp,event_id,order_id,value,currency"

FAULTS: list[dict[str, Any]] = [
    {"action": "accept_then_cut", "probability": 0.07},
    {"action": "accept_then_cut", "reset": True, "probability": 0.05},
    {"action": "cut_before_accepting", "probability": 0.05},
    {"action": "cut_before_reading", "probability": 0.03},
    {"action": "accept_then_half_answer", "probability": 0.06},
    {"action": "accept_late", "seconds": 4, "probability": 0.06},
    {"action": "answer", "http_status": 502, "body": "<html>bad gateway</html>", "probability": 0.05},
    {"action": "accept_then_answer", "code": 50002, "probability": 0.06},
    {"action": "answer", "code": 40100, "probability": 0.05},
    {"action": "accept_then_hang", "seconds": 0.7, "probability": 0.35},
]
"""Half of all requests go wrong, and most of the others are slow enough to be killed in the middle."""


@dataclass
class Plan:
    """Files with their content, made from a seed."""

    dice: random.Random
    files: list[tuple[str, str, str]] = field(default_factory=list)
    """Destination, name, content."""
    good: dict[str, set[str]] = field(default_factory=dict)
    """Destination -> event ids that stand in a good row of some file."""
    refused: dict[str, str] = field(default_factory=dict)
    """Destination -> the event id that TikTok refuses."""

    def make(self) -> Plan:
        for number in range(FILES):
            destination = f"chaos-{number % DESTINATIONS}"
            first = number // DESTINATIONS * 150
            size = self.dice.randint(1_200, 2_400) if number < DESTINATIONS else self.dice.randint(80, 500)
            self.files.append((destination, f"file-{number}.csv", self._content(destination, first, size)))
        for destination, ids in sorted(self.good.items()):
            self.refused[destination] = self.dice.choice(sorted(ids))
        return self

    def _content(self, destination: str, first: int, size: int) -> str:
        numbers = list(range(first, first + size))
        numbers += self.dice.choices(numbers, k=size // 20)  # copies inside the file
        self.dice.shuffle(numbers)
        bad = set(self.dice.sample(range(len(numbers)), len(numbers) // 25))
        rows = [_row(number, bad=at in bad) for at, number in enumerate(numbers)]
        ids = {f"id-{number}" for at, number in enumerate(numbers) if at not in bad}
        self.good.setdefault(destination, set()).update(ids)
        return "\n".join((HEADER, *rows, ""))


def _row(number: int, *, bad: bool) -> str:
    address = "nobody" if bad else f"buyer{number}@example.com"
    at = MOMENT + timedelta(seconds=number)
    return f"Purchase,{address},{at:%Y-%m-%dT%H:%M:%SZ},id-{number},T-{number},10.00,USD"


def working_pids(emulator: Emulator, function: str) -> list[int]:
    """Processes that run a function and have begun to work: children of this emulator that carry the function's name
    and have a connection to AWS. Nobody else's, and none that is still starting."""
    connected = _sockets_to(emulator.endpoints.port)
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if not entry.name.isdecimal() or _parent(entry) != emulator.pid:
                continue
            if f"\0AWS_LAMBDA_FUNCTION_NAME={function}\0" not in (entry / "environ").read_text():
                continue
            if connected & {os.readlink(link) for link in (entry / "fd").iterdir()}:
                found.append(int(entry.name))
        except OSError:
            continue  # it has just ended
    return found


def _parent(process: Path) -> int:
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])


def _sockets_to(port: int) -> set[str]:
    """Names of the sockets of this machine that are connected to a local port, as /proc/<pid>/fd shows them."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {f"socket:[{parts[9]}]" for parts in lines if parts[2].endswith(f":{port:04X}") and parts[3] == "01"}


@dataclass
class Chaos:
    """A deployed stack of the test's own, and what is done to it."""

    emulator: Emulator
    stack: LocalStack
    simulator: EventsApiSimulator
    dice: random.Random
    passing: PassingTime
    kills: int = 0

    def source_of(self, destination: str) -> str:
        return str(FIRST_SOURCE + int(destination.rpartition("-")[2]))

    def configure(self, destination: str) -> None:
        settings = {"event_source_id": self.source_of(destination), "default_currency": "USD"}
        self.stack.configure(destination, settings=json.dumps(settings), token="a-token")

    def kill_a_sender(self) -> None:
        pids = working_pids(self.emulator, self.stack.outputs["SenderFunctionName"])
        if pids:
            os.kill(self.dice.choice(pids), signal.SIGKILL)
            self.kills += 1

    def wait_for_a_request(self, seconds: float) -> None:
        """Until the next request reaches TikTok, or so long: there, senders have something to lose."""
        requests = self.simulator.stats()["requests"]
        wait_until(lambda: self.simulator.stats()["requests"] > requests, seconds, pause=0.02)

    def put_to_rest(self) -> None:
        """Nothing is to start any more."""
        functions, sqs = self.emulator.endpoints.functions, self.emulator.endpoints.sqs
        for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        sqs.purge_queue(QueueUrl=self.stack.outputs["BatchesQueueUrl"])

    @property
    def interrupted(self) -> int:
        """Invocations that ended because their process was killed, as the emulator tells."""
        return self.emulator.log.read_text(errors="replace").count("errorMessage=Worker process died")

    def storm(self, uploads: list[Upload], kills: int) -> None:
        """Kill senders and let time pass until every file is reported."""
        passing, deadline = self.passing, time.monotonic() + LONGEST_RUN
        open_files = list(uploads)
        while open_files and time.monotonic() < deadline:
            passing.pointers()
            self.wait_for_a_request(1.5)
            if self.kills < kills:
                time.sleep(self.dice.uniform(0.0, 0.8))
                self.kill_a_sender()
            if self.stack.queue_depths()["BatchesQueue"].waiting == 0:
                passing.end_leases()
                passing.open_gates()
                passing.send_hidden_again()
            open_files = [upload for upload in open_files if not self.stack.is_finished(upload)]
        assert open_files == [], f"{len(open_files)} files are not finished; queues {self.stack.queue_depths()}"
        print(f"{self.kills} kills, {passing.ended_leases} leases ended, {passing.copies} messages sent twice")

    def counted(self, destination: str) -> Counter[str]:
        source = self.source_of(destination)
        events = [*self.simulator.events("counted"), *self.simulator.events("counted_again")]
        return Counter(event["event"]["event_id"] for event in events if event["event_source_id"] == source)

    def dead_letters(self) -> int:
        depths = self.stack.queue_depths()
        return sum(sum(depths[queue]) for queue in ("UploadsDeadLetters", "BatchesDeadLetters"))


@pytest.fixture
def chaos(tmp_path: Path) -> Iterator[Chaos]:
    with EventsApiSimulator() as simulator, Emulator(tmp_path / "aws") as emulator:
        settings = json.dumps({"event_source_id": str(FIRST_SOURCE)})
        stack = LocalStack.deployed(
            emulator.endpoints, ensure_build(), events_api=simulator.url, settings=settings, SenderConcurrency="2"
        )
        emulator.endpoints.sqs.set_queue_attributes(
            QueueUrl=stack.outputs["BatchesQueueUrl"], Attributes={"VisibilityTimeout": "5"}
        )
        chaos = Chaos(emulator, stack, simulator, random.Random(SEED), PassingTime(stack))
        yield chaos
        chaos.put_to_rest()


def outcomes_of(reports: list[Report]) -> dict[str, Counter[str]]:
    """Event id -> how its rows ended, over all files of a destination."""
    found: dict[str, Counter[str]] = {}
    for report in reports:
        for result in csv.DictReader(io.StringIO(report.text("results.csv"), newline="")):
            found.setdefault(result["event_id"], Counter())[result["outcome"]] += 1
    return found


def test_every_event_counts_exactly_once_while_senders_are_killed(chaos: Chaos) -> None:
    print(f"seed {SEED}")
    plan = Plan(chaos.dice).make()
    for destination in plan.good:
        chaos.configure(destination)
    refusals = [
        {"action": "refuse_event", "event_id": event_id, "event_source_id": chaos.source_of(destination)}
        for destination, event_id in plan.refused.items()
    ]
    chaos.simulator.set_faults({"seed": SEED, "rules": [*FAULTS, *refusals]})
    uploads = {
        (destination, name): chaos.stack.upload(name, content.encode(), destination)
        for destination, name, content in plan.files
    }
    chaos.storm(list(uploads.values()), kills=12)
    print(f"{chaos.interrupted} invocations were interrupted; {chaos.simulator.stats()['faults']}")
    assert chaos.interrupted >= 5, "too few kills hit a running invocation: this run proves nothing"
    assert chaos.simulator.stats()["faults"]["refuse_event"] > 0
    assert wait_until(lambda: chaos.simulator.stats()["late"] == 0, 10)

    by_destination: dict[str, list[Report]] = {}
    for (destination, _), upload in uploads.items():
        report = Report(chaos.stack.report(upload))
        assert_adds_up(report)
        assert report.counts["open"] == 0
        by_destination.setdefault(destination, []).append(report)
    for destination, reports in by_destination.items():
        assert_counted_once(chaos, plan, destination, reports)
    assert chaos.simulator.stats()["double_counts"] == 0
    assert chaos.dead_letters() == 0
    assert_remembered_when_tiktok_has_forgotten(chaos, plan)


def assert_counted_once(chaos: Chaos, plan: Plan, destination: str, reports: list[Report]) -> None:
    """Each event of a good row was delivered by one row of one file and counted once, or is reported as it is."""
    counted, outcomes = chaos.counted(destination), outcomes_of(reports)
    assert set(counted.values()) == {1}
    assert outcomes.keys() == plan.good[destination]
    delivered = {event_id for event_id, found in outcomes.items() if found["delivered"]}
    review = {event_id for event_id, found in outcomes.items() if found["review"]}
    assert all(found["delivered"] <= 1 for found in outcomes.values())
    assert delivered - counted.keys() == set(), "delivered means counted"
    assert counted.keys() - delivered <= review, "counted means delivered, or in review"
    left = outcomes.keys() - delivered
    assert left <= {plan.refused[destination]}, "only the refused event may be left"
    for event_id in left - review:
        assert outcomes[event_id]["refused"] >= 1
        assert event_id not in counted
    rejected = sum(len(table(report, "rejected.csv")) for report in reports if "rejected.csv" in report.files)
    assert rejected >= sum(report.counts["rejected"] for report in reports) > 0


def assert_remembered_when_tiktok_has_forgotten(chaos: Chaos, plan: Plan) -> None:
    """49 hours on, messages come once more and files are dropped again: nothing is sent that was counted."""
    chaos.simulator.set_faults(None)
    before = {destination: chaos.counted(destination) for destination in plan.good}
    chaos.simulator.clock.advance(49 * 3600)
    assert len(chaos.passing.seen) >= FILES
    chaos.passing.send_again(chaos.passing.seen.values())
    again = [
        chaos.stack.upload(f"again-{name}", content.encode(), destination)
        for destination, name, content in plan.files[:DESTINATIONS]
    ]
    chaos.storm(again, kills=0)
    assert wait_until(lambda: chaos.stack.queue_depths()["BatchesQueue"].waiting == 0, 60)
    assert chaos.simulator.stats()["double_counts"] == 0
    for destination, counted in before.items():
        assert chaos.counted(destination).keys() - counted.keys() <= {plan.refused[destination]}
    assert chaos.dead_letters() == 0
