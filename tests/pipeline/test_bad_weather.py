"""Everything around the functions fails once: what waits, what is kept, and that it is delivered exactly once after.

Both functions run in this process over emulated AWS and the simulator (``functions_in_process``), so a service can
refuse for exactly as long as a test says. Each row of docs/failures.md names one of these tests, or one that shows the
same closer to where it happens.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from conversion_delivery.domain.uploads import Upload
from local.aws.emulator import Emulator
from local.events_api import EventsApiSimulator
from tests.pipeline.functions_in_process import DOWN, THROTTLED, Functions, Refusal, functions_in_process
from tests.pipeline.test_main_path import file_of, row

pytestmark = pytest.mark.pipeline

ROWS = 3
FILE = file_of(*(row(number) for number in range(ROWS)))

HTML = "<html><head><title>502 Bad Gateway</title></head></html>"


@pytest.fixture(scope="module")
def process(emulator: Emulator, simulator: EventsApiSimulator) -> Iterator[Functions]:
    with functions_in_process(emulator.endpoints, simulator) as functions:
        yield functions


@pytest.fixture
def functions(process: Functions, simulator: EventsApiSimulator) -> Iterator[Functions]:
    """The functions, with a destination of the test's own. Faults that the test planned end with it."""
    process.begin_destination()
    yield process
    simulator.set_faults(None)


@pytest.fixture
def restarted(process: Functions) -> Iterator[None]:
    """For tests that start the functions anew with something else: the next test finds them as usual."""
    yield
    process.start_anew()


def counted(functions: Functions, simulator: EventsApiSimulator) -> int:
    """Events that TikTok counted for this test, each id once."""
    events = [event for event in simulator.events("counted") if event["event_source_id"] == functions.source_id]
    assert simulator.stats()["double_counts"] == 0
    assert len({event["event"]["event_id"] for event in events}) == len(events)
    return len(events)


def assert_delivered(functions: Functions, simulator: EventsApiSimulator, upload: Upload, rows: int = ROWS) -> None:
    """Everything arrived once, nothing is left over, nothing is among the dead letters."""
    assert functions.waiting == []
    assert functions.dead_letters() == 0
    assert functions.counts(upload)["delivered"] == rows
    assert counted(functions, simulator) == rows


def split(functions: Functions) -> Upload:
    upload = functions.upload("sales.csv", FILE)
    assert functions.split(upload)
    assert len(functions.waiting) == 1
    return upload


# ------------------------------------------------------------------------------------------------------- the secret


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        (None, "SECRET_MISSING"),
        ("", "SECRET_UNUSABLE"),
        ('{"access_token": ""}', "SECRET_UNUSABLE"),
        ('{"access_token": ', "SECRET_UNUSABLE"),
        ('{"token": "a-token"}', "SECRET_UNUSABLE"),
    ],
    ids=["missing", "blank", "empty", "malformed", "wrong-name"],
)
def test_a_broken_secret_shuts_the_gate_and_rejects_no_row(
    functions: Functions, simulator: EventsApiSimulator, secret: str | None, reason: str
) -> None:
    if secret is None:
        functions.delete_secret()
    else:
        functions.put_secret(secret or " ")
    upload = split(functions)
    assert functions.send() == 1
    assert functions.gate is not None
    assert functions.gate.reason == reason
    assert counted(functions, simulator) == 0
    assert not functions.is_reported(upload)
    functions.put_secret('{"access_token": "a-token"}')
    assert functions.send() == 1, "the gate is shut until its time is over"
    functions.open_gate()
    assert functions.send() == 0
    assert functions.gate is None
    assert_delivered(functions, simulator, upload)


def test_a_refused_token_is_looked_up_once_more_before_the_gate_shuts(
    functions: Functions, simulator: EventsApiSimulator
) -> None:
    rule = {"action": "answer", "code": 40105, "event_source_id": functions.source_id}
    simulator.set_faults({"rules": [rule]})
    upload = split(functions)
    functions.hooks.calls.clear()
    assert functions.send() == 1
    assert sum(call.operation == "GetSecretValue" for call in functions.hooks.calls) == 2
    assert functions.gate is not None
    assert functions.gate.reason == "TOKEN_REFUSED"
    simulator.set_faults(None)
    functions.open_gate()
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)


# ------------------------------------------------------------------------------------------------------ the settings


def test_a_pixel_code_as_event_set_id_shuts_the_gate_as_misconfigured_and_blames_no_row(
    functions: Functions, simulator: EventsApiSimulator
) -> None:
    functions.configure(event_source_id="C4PIXELCODE0123456789")
    functions.start_anew()
    wrong = split(functions)
    (message,) = functions.waiting
    assert functions.send() == 1
    assert functions.gate is not None
    assert functions.gate.reason == "MISCONFIGURED"
    assert not functions.is_reported(wrong)
    functions.configure(event_source_id=functions.source_id)
    functions.start_anew()
    functions.open_gate()
    functions.waiting.clear()
    right = functions.deliver("sales-again.csv", FILE)
    assert_delivered(functions, simulator, right)
    functions.waiting.append(message)
    assert functions.send() == 1, "a file keeps the settings that it was read with"


def test_settings_that_are_no_settings_refuse_the_file_and_nothing_else(
    functions: Functions, simulator: EventsApiSimulator
) -> None:
    functions.configure(event_source="carrier pigeon")
    functions.start_anew()
    refused = functions.upload("sales.csv", FILE)
    assert functions.split(refused)
    assert functions.waiting == []
    functions.configure(event_source_id=functions.source_id)
    functions.start_anew()
    assert_delivered(functions, simulator, functions.deliver("sales.csv", FILE))


# ----------------------------------------------------------------------------------------------- the way to TikTok


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.usefixtures("restarted")
@pytest.mark.parametrize("way", ["name", "port", "tls"])
def test_what_certainly_was_not_sent_is_sent_later(
    functions: Functions, simulator: EventsApiSimulator, way: str
) -> None:
    no_tls = simulator.url.replace("http:", "https:")
    endpoint = {"name": "https://no-such-host.invalid", "port": closed_port(), "tls": no_tls}[way]
    upload = split(functions)
    functions.start_anew(endpoint)
    assert functions.send() == 1
    (record,) = functions.progress.batches(upload.file_id)
    assert record.maybe_sent_at is None, "nothing left this machine, so nothing is in doubt"
    assert functions.gate is not None
    assert functions.gate.reason == "OUTAGE"
    functions.start_anew()
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        ({"action": "cut_before_accepting", "reset": True}, 0),
        ({"action": "cut_before_accepting"}, 0),
        ({"action": "accept_then_cut"}, ROWS),
        ({"action": "accept_then_cut", "reset": True}, ROWS),
        ({"action": "accept_then_half_answer"}, ROWS),
        ({"action": "answer", "http_status": 502, "body": HTML}, 0),
        ({"action": "accept_then_answer", "http_status": 502, "body": HTML}, ROWS),
        ({"action": "answer", "http_status": 200, "body": HTML}, 0),
        ({"action": "accept_then_answer", "http_status": 200, "body": HTML}, ROWS),
        ({"action": "answer", "http_status": 503, "body": "", "content_type": "text/plain"}, 0),
        ({"action": "accept_then_answer", "code": 50002}, ROWS),
        ({"action": "accept_then_answer", "code": 99999}, ROWS),
        ({"action": "accept_then_answer", "http_status": 200, "body": '{"code": 0, "messa'}, ROWS),
    ],
    ids=lambda value: "-".join(map(str, list(value.values())[:2]))[:40] if isinstance(value, dict) else None,
)
def test_an_answer_that_says_nothing_is_neither_success_nor_failure(
    functions: Functions, simulator: EventsApiSimulator, fault: dict[str, Any], taken: int
) -> None:
    simulator.set_faults({"rules": [{**fault, "times": 1, "event_source_id": functions.source_id}]})
    upload = split(functions)
    assert functions.send() == 1
    assert counted(functions, simulator) == taken
    (record,) = functions.progress.batches(upload.file_id)
    assert record.maybe_sent_at is not None, "the events may have been taken"
    assert not record.accepted
    assert not functions.is_reported(upload)
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)


def test_a_throttle_shuts_the_gate_and_leaves_nothing_in_doubt(
    functions: Functions, simulator: EventsApiSimulator
) -> None:
    rule = {"action": "answer", "code": 40100, "times": 1, "event_source_id": functions.source_id}
    simulator.set_faults({"rules": [rule]})
    upload = split(functions)
    assert functions.send() == 1
    (record,) = functions.progress.batches(upload.file_id)
    assert record.maybe_sent_at is None
    assert functions.gate is not None
    assert functions.gate.reason == "THROTTLED"
    functions.open_gate()
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)


# ----------------------------------------------------------------------------------------------------- services of AWS


ALL_KINDS = [
    pytest.param(DOWN, id="down"),
    pytest.param(THROTTLED, id="throttled"),
    pytest.param(Refusal(403, "AccessDenied"), id="forbidden"),
]


@pytest.mark.parametrize("refusal", ALL_KINDS)
@pytest.mark.parametrize("service", ["dynamodb", "s3", "sqs", "ssm"])
def test_an_upload_waits_while_a_service_refuses(
    functions: Functions, simulator: EventsApiSimulator, service: str, refusal: Refusal
) -> None:
    upload = functions.upload("sales.csv", FILE)
    with functions.hooks.refuse(service, refusal):
        assert not functions.split(upload), "the notification goes back to its queue"
    assert functions.split(upload)
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)


@pytest.mark.parametrize("refusal", ALL_KINDS)
@pytest.mark.parametrize("service", ["dynamodb", "s3", "secrets-manager"])
def test_a_batch_waits_while_a_service_refuses(
    functions: Functions, simulator: EventsApiSimulator, service: str, refusal: Refusal
) -> None:
    upload = split(functions)
    with functions.hooks.refuse(service, refusal):
        assert functions.send() == 1
    assert counted(functions, simulator) == 0
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)


@pytest.mark.parametrize("refusal", ALL_KINDS)
@pytest.mark.parametrize(
    "operation",
    ["dynamodb.TransactWriteItems", "s3.PutObject", "dynamodb.Query", "dynamodb.BatchExecuteStatement"],
)
def test_a_service_that_stops_in_the_middle_of_a_batch_makes_no_event_count_twice(
    functions: Functions, simulator: EventsApiSimulator, operation: str, refusal: Refusal
) -> None:
    upload = split(functions)
    with functions.hooks.refuse(operation, refusal):
        assert functions.send() == 1
        assert functions.send() == 1
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)


@pytest.mark.parametrize("refusal", [DOWN, Refusal(403, "AccessDenied")], ids=["down", "forbidden"])
def test_a_message_that_cannot_be_put_off_comes_back_by_itself(
    functions: Functions, simulator: EventsApiSimulator, refusal: Refusal
) -> None:
    simulator.set_faults({"rules": [{"action": "accept_then_cut", "times": 1, "event_source_id": functions.source_id}]})
    upload = split(functions)
    with functions.hooks.refuse("sqs.ChangeMessageVisibility", refusal):
        assert functions.send() == 1
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)


def test_a_known_token_is_used_while_secrets_manager_is_down(
    functions: Functions, simulator: EventsApiSimulator
) -> None:
    functions.deliver("first.csv", FILE)
    upload = functions.upload("second.csv", file_of(*(row(number) for number in range(10, 13))))
    assert functions.split(upload)
    with functions.hooks.refuse("secrets-manager"):
        assert functions.send() == 0
    assert functions.counts(upload)["delivered"] == 3
    assert counted(functions, simulator) == 2 * 3


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("s3", "KMS.DisabledException"),
        ("s3", "AccessDenied"),
        ("dynamodb", "AccessDeniedException"),
        ("secrets-manager", "DecryptionFailure"),
    ],
)
def test_a_key_that_may_not_be_used_holds_the_batch_and_rejects_no_row(
    functions: Functions, simulator: EventsApiSimulator, service: str, code: str
) -> None:
    upload = split(functions)
    with functions.hooks.refuse(service, Refusal(403 if service == "s3" else 400, code)):
        assert functions.send() == 1
    assert functions.gate is None, "other destinations and later batches are not held"
    assert functions.send() == 0
    assert_delivered(functions, simulator, upload)
