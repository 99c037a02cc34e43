"""``conversions sftp``: users of the server, one for each destination."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conversion_delivery.aws.sftp_users import folders
from local.aws.local_stack import wait_until
from tests.cli.operator.conftest import Workplace, small_template

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEn+bVJwYb8TnQIlBkE9BDtq1a5xRrN9n0Cq2y9G8XgP partner"


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "partner.pub"
    path.write_text(KEY + "\n")
    return str(path)


@pytest.fixture
def server(place: Workplace) -> str:
    """A server whose id stands in the stack's outputs, as the template writes it."""
    server: str = place.client("transfer").create_server(Protocols=["SFTP"])["ServerId"]
    template = small_template()
    template["Outputs"]["SftpServerId"] = {"Value": server}
    template["Outputs"]["SftpUserRoleArn"] = {"Value": "arn:aws:iam::000000000000:role/users"}
    cloudformation = place.client("cloudformation")
    parameter = {"ParameterKey": "EventsApiEndpoint", "UsePreviousValue": True}
    cloudformation.update_stack(StackName=place.name, TemplateBody=json.dumps(template), Parameters=[parameter])

    def status() -> str:
        return str(cloudformation.describe_stacks(StackName=place.name)["Stacks"][0]["StackStatus"])

    assert wait_until(lambda: status() == "UPDATE_COMPLETE", 30)
    place.configure("shop")
    return server


def described(place: Workplace, server: str) -> dict[str, Any]:
    found: dict[str, Any] = place.client("transfer").describe_user(ServerId=server, UserName="shop")["User"]
    return found


def test_a_destination_gets_a_user_with_folders_of_its_own(
    place: Workplace, server: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run("sftp", "list") == 1
    assert place.run("sftp", "add", "shop", "--key", key, "--yes") == 0
    user = described(place, server)

    assert user["HomeDirectoryMappings"] == folders(place.stack.outputs["Bucket"], "shop")
    assert user["Role"] == "arn:aws:iam::000000000000:role/users"
    assert place.run("sftp", "list") == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["shop", "1"]


def test_a_second_key_is_added_to_the_same_user(place: Workplace, server: str, key: str, tmp_path: Path) -> None:
    other = tmp_path / "other.pub"
    other.write_text(KEY.replace("EEn", "EEm"))
    place.run("sftp", "add", "shop", "--key", key, "--yes")

    assert place.run("sftp", "add", "shop", "--key", str(other), "--yes") == 0
    assert len(described(place, server)["SshPublicKeys"]) == 2


def test_a_user_is_taken_away(place: Workplace, server: str, key: str) -> None:
    place.run("sftp", "add", "shop", "--key", key, "--yes")

    assert place.run("sftp", "remove", "shop", "--dry-run") == 0
    assert place.run("sftp", "list") == 0
    assert place.run("sftp", "remove", "shop", "--yes") == 0
    assert place.run("sftp", "remove", "shop", "--yes") == 1
    assert place.run("sftp", "list") == 1


@pytest.mark.parametrize("destination", ["nowhere", "ab"])
def test_nobody_is_let_in_who_could_feed_no_destination(
    place: Workplace, server: str, key: str, destination: str
) -> None:
    assert place.run("sftp", "add", destination, "--key", key, "--yes") == 64
    assert place.run("sftp", "list") == 1


@pytest.mark.parametrize("content", ["-----BEGIN OPENSSH PRIVATE KEY-----\nsecret", "ssh-dss AAAA", f"{KEY}\n{KEY}"])
def test_what_is_no_public_key_is_refused_and_not_shown(
    place: Workplace, server: str, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "given"
    path.write_text(content)

    assert place.run("sftp", "add", "shop", "--key", str(path), "--yes") == 64
    assert place.run("sftp", "add", "shop", "--key", str(tmp_path / "absent"), "--yes") == 64
    shown = capsys.readouterr()
    assert "secret" not in shown.out + shown.err
    assert "AAAA" not in shown.out + shown.err


def test_a_stack_without_a_server_says_which_parameter_makes_one(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run("sftp", "list") == 64
    assert "SftpEndpoint" in capsys.readouterr().err
