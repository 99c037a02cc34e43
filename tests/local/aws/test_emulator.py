"""The emulator as a process: what it leaves behind, what it keeps, who can reach it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.aws.emulator import Emulator, EmulatorFailed
from local.aws.local_stack import wait_until
from tests.local.aws.small_templates import SLOW_FUNCTION, assert_polled, function, mapping, queue, role, stack_template

pytestmark = pytest.mark.pipeline


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _create(emulator: Emulator, name: str, template: str) -> None:
    cloudformation = emulator.endpoints.cloudformation
    cloudformation.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


def test_stopping_ends_a_function_at_work_and_removes_working_files(state: Path) -> None:
    pid_file = state / "pid"
    with Emulator(state) as emulator:
        slow = function(SLOW_FUNCTION, FunctionName="slow", Timeout=90)
        _create(emulator, "slow", stack_template(Role=role(), Function=slow))
        payload = json.dumps({"pid_file": str(pid_file)}).encode()
        emulator.endpoints.functions.invoke(FunctionName="slow", InvocationType="Event", Payload=payload)
        assert wait_until(lambda: pid_file.exists() and pid_file.read_text() != "", 20)
        pids = [emulator.pid or 0, int(pid_file.read_text())]
        assert all(map(_runs, pids))
    assert wait_until(lambda: not any(map(_runs, pids)), 5)
    assert emulator.pid is None
    assert not (state / "work").exists()


def test_a_kept_queue_rests_until_its_event_source_is_woken_and_is_polled_on_the_new_port(state: Path) -> None:
    with Emulator(state) as first:
        template = stack_template(Role=role(), Function=function(), Queue=queue(), Mapping=mapping())
        _create(first, "polled", template)
    with Emulator(state) as second:
        assert second.endpoints.port != first.endpoints.port
        (source,) = second.endpoints.functions.list_event_source_mappings()["EventSourceMappings"]
        assert source["State"] == "Disabled"
        second.endpoints.functions.update_event_source_mapping(UUID=source["UUID"], Enabled=True)
        assert_polled(second.endpoints, "polled")


def test_workers_share_what_was_unpacked_and_a_restart_unpacks_nothing(state: Path) -> None:
    code = "import os\ndef handler(event, context):\n    return [os.getpid(), os.path.realpath(__file__)]\n"
    answers = []
    for turn in range(2):
        with Emulator(state) as emulator:
            if turn == 0:
                _create(emulator, "here", stack_template(Role=role(), Function=function(code, FunctionName="here")))
            answer = emulator.endpoints.functions.invoke(FunctionName="here")
            answers.append(json.loads(answer["Payload"].read()))
    (first_pid, first_file), (second_pid, second_file) = answers
    assert first_pid != second_pid
    assert first_file == second_file
    assert Path(first_file).is_relative_to(state / "unpacked")


def test_an_emulator_whose_starter_was_killed_saves_its_state_and_ends(state: Path) -> None:
    starter = (
        "import pathlib, sys, time; from local.aws.emulator import Emulator;"
        "emulator = Emulator(pathlib.Path(sys.argv[1])); emulator.start();"
        "emulator.endpoints.s3.create_bucket(Bucket='kept'); print(emulator.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", starter, str(state)], stdout=subprocess.PIPE, text=True) as process:
        pid = int(process.stdout.readline() if process.stdout else 0)
        process.kill()
    with pytest.raises(EmulatorFailed, match="Another run"):
        Emulator(state).start()
    assert wait_until(lambda: not _runs(pid), 20)
    with Emulator(state) as second:
        assert not second.was_killed
        assert second.endpoints.s3.list_buckets()["Buckets"][0]["Name"] == "kept"


def test_a_clean_restart_on_another_port_keeps_everything_and_releases_held_messages(state: Path) -> None:
    with Emulator(state) as first:
        s3, sqs = first.endpoints.s3, first.endpoints.sqs
        s3.create_bucket(Bucket="kept")
        s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
        version = s3.put_object(Bucket="kept", Key="file", Body=b"first")["VersionId"]
        s3.put_object(Bucket="kept", Key="file", Body=b"second")
        url = sqs.create_queue(QueueName="kept", Attributes={"VisibilityTimeout": "900"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="held")
        assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "held"
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
    with Emulator(state) as second:
        assert second.endpoints.port != first.endpoints.port
        assert not second.was_killed
        s3, sqs = second.endpoints.s3, second.endpoints.sqs
        assert s3.get_object(Bucket="kept", Key="file", VersionId=version)["Body"].read() == b"first"
        assert s3.get_object(Bucket="kept", Key="file")["Body"].read() == b"second"
        assert sqs.get_queue_url(QueueName="kept")["QueueUrl"] == url
        assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "held"


def test_a_killed_emulator_is_noticed_at_the_next_start(state: Path) -> None:
    with Emulator(state) as first:
        os.kill(first.pid or 0, signal.SIGKILL)
    with Emulator(state) as second:
        assert second.was_killed
    with Emulator(state) as third:
        assert not third.was_killed


def test_a_state_folder_serves_one_emulator_at_a_time(state: Path) -> None:
    with Emulator(state), pytest.raises(EmulatorFailed, match="Another run"):
        Emulator(state).start()


def test_a_missing_environment_is_named_with_its_remedy(state: Path) -> None:
    with pytest.raises(EmulatorFailed, match="make environments"):
        Emulator(state, python=state / ".venv-emulator" / "bin" / "python").start()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the kernel's table of sockets in /proc")
def test_only_this_machine_can_reach_the_emulator(state: Path) -> None:
    with Emulator(state) as emulator:
        listening = _listening_addresses(emulator.pid or 0)
    assert listening == {f"0100007F:{emulator.endpoints.port:04X}"}


def _listening_addresses(pid: int) -> set[str]:
    """Local addresses (hexadecimal, as the kernel writes them) on which a process listens."""
    links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    sockets = {link[8:-1] for link in links if link.startswith("socket:[")}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[3] == "0A" and cells[9] in sockets:
                found.add(cells[1])
    return found
