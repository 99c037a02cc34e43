from __future__ import annotations

import argparse
import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from cli import simulator as command
from local.events_api import EventsApiSimulator
from tests.local.events_api.builders import a_body

ROOT = Path(__file__).parents[3]
START = "import argparse, sys; from cli import simulator as s; p = argparse.ArgumentParser(); s.add_arguments(p);"


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)


@contextmanager
def running(*words: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The command in a process of its own, and its port."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "layers" / "delivery")])
    with subprocess.Popen(
        [sys.executable, "-c", START + "sys.exit(s.run(p.parse_args()))", "--port", "0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Events API simulator listening on http://127.0.0.1:"), line
            yield process, int(line.rpartition(":")[2])
        finally:
            process.kill()


def post(port: int, token: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Access-Token": token, "Content-Type": "application/json"}
    connection.request("POST", "/open_api/v1.3/event/track/", a_body(), headers)
    code = orjson.loads(connection.getresponse().read())["code"]
    connection.close()
    return int(code)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop_and_ends_with_zero(number: signal.Signals) -> None:
    with running() as (process, port):
        assert post(port, "token") == 0
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "Events API simulator stopped\n", "")


def test_flags_reach_the_simulator(tmp_path: Path) -> None:
    plan, state, log = tmp_path / "plan.json", tmp_path / "state", tmp_path / "log"
    plan.write_text('{"rules": [{"action": "answer", "code": 50000, "requests": [1]}]}')
    words = ["--token", "good", "--faults", str(plan), "--state", str(state), "--log", str(log)]
    with running(*words) as (_, port):
        assert [post(port, "good"), post(port, "good"), post(port, "bad")] == [50000, 0, 40105]
    assert state.exists()
    assert len(log.read_bytes().splitlines()) == 6


def test_tokens_can_be_bound_to_sources() -> None:
    words = ["--source-token", "1=secret", "--source-token", "2=secret", "--token", "other"]
    settings = command._settings(parsed(*words))
    assert settings.tokens == {"secret": frozenset({"1", "2"}), "other": None}
    assert "secret" not in repr(settings)


def test_switches_become_settings() -> None:
    settings = command._settings(
        parsed("--lenient", "--any-source-id", "--error-status", "4xx", "--message-style", "mute", "--rate-limit", "5")
    )
    assert (settings.strict, settings.check_source_ids) == (False, False)
    assert (settings.error_status, settings.message_style, settings.rate_limit) == ("4xx", "mute", 5)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--source-token", "x"], "SOURCE_ID=TOKEN"),
        (["--faults", "{folder}/absent.json"], "cannot read"),
        (["--faults", "{folder}/bad.json"], "not valid JSON"),
        (["--state", "{folder}/bad.json"], "not a state file"),
    ],
)
def test_wrong_usage_ends_with_64_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    (tmp_path / "bad.json").write_text("nonsense\n")
    args = parsed("--port", "0", *[word.format(folder=tmp_path) for word in words])
    assert command.run(args) == command.EXIT_USAGE
    assert said in capsys.readouterr().err


def test_a_taken_port_ends_with_2_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with EventsApiSimulator() as other:
        assert command.run(parsed("--port", str(other.port))) == command.EXIT_NOT_STARTED
    assert "cannot start" in capsys.readouterr().err
