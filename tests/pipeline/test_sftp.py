"""SFTP with a real client: the template's own server, user and workflows, on emulated AWS.

The permissions of the functions are asked for; those of users and workflows, session policies and addresses only AWS
asks for, so tests/template/test_sftp.py holds what the template says of them.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from conversion_delivery.aws.sftp_users import SftpUsers
from conversion_delivery.domain.uploads import Upload
from local.aws.build import ensure_build
from local.aws.emulator import Emulator
from local.aws.endpoints import LOOPBACK
from local.aws.local_stack import FIRST_DESTINATION, LocalStack, wait_until
from local.events_api import EventsApiSimulator
from local.sftp import main
from local.sftp import served as served_on_this_machine
from tests.pipeline.conftest import FIRST_SOURCE

pytestmark = pytest.mark.pipeline

OTHER = "other-shop"
_numbers = itertools.count(1)
Key = asyncssh.SSHKey


@dataclass(frozen=True, slots=True)
class Served:
    """A stack with an SFTP server, and the keys of its two users."""

    stack: LocalStack
    keys: dict[str, Key]
    simulator: EventsApiSimulator | None = None

    def run(self, user: str, work: Any, key: Key | None = None) -> Any:
        """What ``work(sftp)`` returns for a user that is logged in."""

        async def session() -> Any:
            async with (
                asyncssh.connect(
                    LOOPBACK,
                    self.stack.endpoints.sftp_port or 0,
                    username=user,
                    client_keys=[key or self.keys[user]],
                    known_hosts=None,
                    config=None,
                ) as connection,
                connection.start_sftp_client() as sftp,
            ):
                return await work(sftp)

        return _finished(session())

    def versions(self, prefix: str) -> list[Upload]:
        """Every version below a prefix, oldest first."""
        bucket = self.stack.outputs["Bucket"]
        listing = self.stack.endpoints.s3.list_object_versions(Bucket=bucket, Prefix=prefix)
        return [Upload(bucket, each["Key"], each["VersionId"]) for each in reversed(listing.get("Versions", []))]

    def report(self, prefix: str) -> dict[str, Any]:
        """The summary of the only file below a prefix of uploads, once it is there and finished."""
        assert wait_until(lambda: bool(self.versions(prefix)), 30), f"nothing below {prefix}"
        (upload,) = self.versions(prefix)
        summary: dict[str, Any] = json.loads(self.stack.wait_for_report(upload, 90)["summary.json"])
        return summary

    def orders(self, source: int) -> list[str]:
        assert self.simulator is not None
        events = self.simulator.events()
        return sorted(
            each["event"]["properties"]["order_id"] for each in events if each["event_source_id"] == str(source)
        )


def _finished(work: Coroutine[Any, Any, Any]) -> Any:
    """What ``work`` returns. In a thread of its own: the browser's tests leave a running loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(work, 30)).result()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    keys = {user: asyncssh.generate_private_key("ssh-ed25519") for user in (FIRST_DESTINATION, OTHER)}
    public = {user: key.export_public_key().decode().strip() for user, key in keys.items()}
    settings = [
        json.dumps({"event_source_id": str(source), "default_currency": "USD", "default_country": "US"})
        for source in (FIRST_SOURCE, FIRST_SOURCE + 1)
    ]
    with EventsApiSimulator() as simulator, Emulator(tmp_path_factory.mktemp("aws"), auth=True, sftp=True) as emulator:
        stack = LocalStack.deployed(
            emulator.endpoints,
            ensure_build(),
            events_api=simulator.url,
            settings=settings[0],
            SftpEndpoint="public",
            SftpPublicKey=public[FIRST_DESTINATION],
        )
        stack.configure(FIRST_DESTINATION, settings=settings[0], token="a-token")
        stack.configure(OTHER, settings=settings[1], token="a-token")
        outputs = stack.outputs
        SftpUsers(
            emulator.endpoints.session.client("transfer", endpoint_url=emulator.endpoints.url),
            server=outputs["SftpServerId"],
            role=outputs["SftpUserRoleArn"],
            bucket=outputs["Bucket"],
        ).add(OTHER, public[OTHER])
        yield Served(stack, keys, simulator)


@pytest.fixture
def name() -> str:
    """A file name that no other test uses."""
    return f"orders-{next(_numbers)}.csv"


def rows(recent: str, *orders: str) -> bytes:
    lines = [f"Purchase,{recent},{order}@example.com,5.00,USD,{order}\n" for order in orders]
    return ("event,event_time,email,value,currency,order_id\n" + "".join(lines)).encode()


async def put(sftp: asyncssh.SFTPClient, path: str, content: bytes) -> None:
    async with sftp.open(path, "wb") as file:
        await file.write(content)


def test_a_file_that_is_uploaded_is_delivered(served: Served, name: str, recent: str) -> None:
    served.run(FIRST_DESTINATION, lambda sftp: put(sftp, f"/inbox/{name}", rows(recent, "straight-1", "straight-2")))

    assert served.report(f"uploads/main/{name}")["counts"]["delivered"] == 2
    assert {"straight-1", "straight-2"} <= set(served.orders(FIRST_SOURCE))


def test_a_file_that_is_renamed_when_it_is_complete_is_delivered_once(served: Served, name: str, recent: str) -> None:
    async def as_winscp(sftp: asyncssh.SFTPClient) -> None:
        await put(sftp, f"/inbox/{name}.filepart", rows(recent, "renamed-1"))
        await sftp.rename(f"/inbox/{name}.filepart", f"/inbox/{name}")

    served.run(FIRST_DESTINATION, as_winscp)

    unfinished = f"uploads/main/{name}.filepart"
    assert wait_until(lambda: len(served.versions(f"uploads/main/{name}")) == 2, 30)
    (upload,) = (each for each in served.versions(f"uploads/main/{name}") if each.key != unfinished)
    assert json.loads(served.stack.wait_for_report(upload, 90)["summary.json"])["counts"]["delivered"] == 1
    assert not served.stack.is_finished(served.versions(unfinished)[0])
    assert served.orders(FIRST_SOURCE).count("renamed-1") == 1


def test_what_breaks_off_is_set_aside_and_nothing_of_it_is_sent(served: Served, name: str, recent: str) -> None:
    async def breaks_off() -> None:
        connection = await asyncssh.connect(
            LOOPBACK,
            served.stack.endpoints.sftp_port or 0,
            username=FIRST_DESTINATION,
            client_keys=[served.keys[FIRST_DESTINATION]],
            known_hosts=None,
            config=None,
        )
        sftp = await connection.start_sftp_client()
        file = await sftp.open(f"/inbox/{name}", "wb")
        await file.write(rows(recent, "half-1", "half-2")[:-20])
        connection.abort()
        await connection.wait_closed()

    _finished(breaks_off())

    assert wait_until(lambda: len(served.versions(f"partial/main/{name}")) == 1, 20)
    after = f"after-{name}"  # whatever the first file would have started has happened when this one is finished
    served.run(FIRST_DESTINATION, lambda sftp: put(sftp, f"/inbox/{after}", rows(recent, f"after-{name}")))
    assert served.report(f"uploads/main/{after}")["counts"]["delivered"] == 1
    assert served.versions(f"uploads/main/{name}") == []
    assert not {"half-1", "half-2"} & set(served.orders(FIRST_SOURCE))


def test_the_same_name_twice_is_two_files(served: Served, name: str, recent: str) -> None:
    for order in ("twice-1", "twice-2"):
        served.run(FIRST_DESTINATION, lambda sftp, order=order: put(sftp, f"/inbox/{name}", rows(recent, order)))

    assert wait_until(lambda: {"twice-1", "twice-2"} <= set(served.orders(FIRST_SOURCE)), 60)
    assert len(served.versions(f"uploads/main/{name}")) == 2


def test_a_report_is_read_by_the_same_login(served: Served, name: str, recent: str) -> None:
    served.run(FIRST_DESTINATION, lambda sftp: put(sftp, f"/inbox/{name}", rows(recent, "read-1")))
    served.report(f"uploads/main/{name}")

    async def reads(sftp: asyncssh.SFTPClient) -> dict[str, Any]:
        (run,) = await sftp.glob(f"/reports/{name}/*")
        assert isinstance(run, str)
        assert "_DONE" in await sftp.listdir(run)
        async with sftp.open(f"{run}/summary.json", "rb") as file:
            document: dict[str, Any] = json.loads(await file.read())
            return document

    assert served.run(FIRST_DESTINATION, reads)["counts"]["delivered"] == 1


def test_another_user_sees_and_feeds_its_own_destination_only(served: Served, name: str, recent: str) -> None:
    served.run(FIRST_DESTINATION, lambda sftp: put(sftp, f"/inbox/{name}", rows(recent, "mine-1")))
    served.report(f"uploads/main/{name}")

    async def looks_around(sftp: asyncssh.SFTPClient) -> set[str]:
        await put(sftp, "/inbox/theirs.csv", rows(recent, "theirs-1"))
        for path in (
            f"/inbox/../main/{name}",
            f"/inbox/../../inbox/main/{name}",
            f"/inbox/main/{name}",
            f"/main/{name}",
        ):
            with pytest.raises(asyncssh.SFTPError):
                await sftp.open(path, "rb")
        return {entry for folder in ("/", "/inbox", "/reports") for entry in await sftp.listdir(folder)}

    seen = served.run(OTHER, looks_around)

    assert name not in seen
    assert {"inbox", "reports"} <= seen
    assert served.report(f"uploads/{OTHER}/theirs.csv")["counts"]["delivered"] == 1
    assert served.orders(FIRST_SOURCE + 1) == ["theirs-1"]
    assert "theirs-1" not in served.orders(FIRST_SOURCE)


def test_nobody_comes_in_with_another_users_key(served: Served) -> None:
    async def nothing(sftp: asyncssh.SFTPClient) -> None:
        return None

    with pytest.raises(asyncssh.PermissionDenied):
        served.run(FIRST_DESTINATION, nothing, key=served.keys[OTHER])


def test_the_splitter_hands_nothing_on_without_its_permission(served: Served, name: str, recent: str) -> None:
    """The last test of this stack, for it takes the permission away."""
    iam = served.stack.endpoints.session.client("iam", endpoint_url=served.stack.endpoints.url)
    (role,) = (each["RoleName"] for each in iam.list_roles()["Roles"] if "SplitterRole" in each["RoleName"])
    iam.delete_role_policy(RoleName=role, PolicyName="take-from-inbox")

    async def renames(sftp: asyncssh.SFTPClient) -> None:
        await put(sftp, f"/inbox/{name}.tmp", rows(recent, "forbidden-1"))
        await sftp.rename(f"/inbox/{name}.tmp", f"/inbox/{name}")

    served.run(FIRST_DESTINATION, renames)

    assert wait_until(lambda: len(served.versions(f"uploads/main/{name}.tmp")) == 1, 20)
    assert not wait_until(lambda: len(served.versions(f"uploads/main/{name}")) > 1, 5)
    assert len(served.versions(f"inbox/main/{name}")) == 2


def test_a_server_on_this_machine_knows_its_user_and_workflows_after_a_restart(tmp_path: Path, recent: str) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    public = key.export_public_key().decode().strip()
    settings = json.dumps({"event_source_id": str(FIRST_SOURCE), "default_currency": "USD"})
    delivered = []
    for name in ("first.csv", "second.csv"):
        with served_on_this_machine(tmp_path, public, settings) as stack:
            here = Served(stack, {FIRST_DESTINATION: key})
            here.run(FIRST_DESTINATION, lambda sftp, name=name: put(sftp, f"/inbox/{name}", rows(recent, f"o-{name}")))
            delivered.append(here.report(f"uploads/main/{name}")["counts"]["delivered"])

    assert delivered == [1, 1]


def test_a_server_on_this_machine_says_how_to_log_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "key.pub"
    path.write_text(asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode())

    assert main(["--key", str(path), "--state", str(tmp_path / "state")], wait=lambda: None) == 0
    assert " main@127.0.0.1" in capsys.readouterr().out
    assert main(["--key", str(tmp_path / "absent")], wait=lambda: None) == 64
