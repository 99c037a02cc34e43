"""SFTP users of a stack in Transfer Family: one for each destination, called like it.

The server's workflows hand a file to the destination that its sender is called like, and the folders and the session
policy below follow the name, too: so a user feeds and reads its own destination and no other. The template makes
the first user by the same rules (a test compares them).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from conversion_delivery.aws.faults import answered
from conversion_delivery.domain.uploads import INBOX, REPORTS

LEAST_NAME = 3
"""Letters that a user's name needs (API reference of CreateUser)."""

_FILES = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]


class SftpUser(NamedTuple):
    """A user as Transfer Family lists it."""

    name: str
    keys: int


def session_policy(bucket: str, user: str) -> str:
    """What a user may do in the bucket, whatever its role allows. ``bucket``: the bucket's ARN."""
    folders = [f"{INBOX}{user}", f"{REPORTS}{user}"]
    statements = [
        {"Effect": "Allow", "Action": _FILES, "Resource": f"{bucket}/{INBOX}{user}/*"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket}/{REPORTS}{user}/*"},
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": bucket,
            "Condition": {"StringLike": {"s3:prefix": [part for each in folders for part in (each, f"{each}/*")]}},
        },
        {"Effect": "Allow", "Action": "s3:GetBucketLocation", "Resource": bucket},
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def folders(bucket: str, user: str) -> list[dict[str, str]]:
    """What a user sees. "/" cannot be one of several entries (user guide, rules for using logical directories)."""
    return [
        {"Entry": "/inbox", "Target": f"/{bucket}/{INBOX}{user}"},
        {"Entry": "/reports", "Target": f"/{bucket}/{REPORTS}{user}"},
    ]


class SftpUsers:
    """Users of one server. ``client``: a client of ``transfer``; ``role``: ARN of the role of all users."""

    def __init__(self, client: Any, *, server: str, role: str, bucket: str) -> None:
        self._client = client
        self._server = server
        self._role = role
        self._bucket = bucket

    def names(self) -> list[SftpUser]:
        """Every user, by name. Raises ``SourceUnavailable``."""
        with answered("ListUsers"):
            pages = self._client.get_paginator("list_users").paginate(ServerId=self._server)
            users = [SftpUser(each["UserName"], each["SshPublicKeyCount"]) for page in pages for each in page["Users"]]
        return sorted(users)

    def add(self, name: str, public_key: str) -> None:
        """Make the user, or give one more key to one that is there. Raises ``SourceUnavailable``."""
        if name in {user.name for user in self.names()}:
            with answered("ImportSshPublicKey"):
                self._client.import_ssh_public_key(ServerId=self._server, UserName=name, SshPublicKeyBody=public_key)
            return
        bucket_arn = f"arn:{self._role.split(':')[1]}:s3:::{self._bucket}"
        with answered("CreateUser"):
            self._client.create_user(
                ServerId=self._server,
                UserName=name,
                Role=self._role,
                SshPublicKeyBody=public_key,
                HomeDirectoryType="LOGICAL",
                HomeDirectory="/inbox",
                HomeDirectoryMappings=folders(self._bucket, name),
                Policy=session_policy(bucket_arn, name),
            )

    def remove(self, name: str) -> None:
        """Take the user away with all its keys; its files stay. Raises ``SourceUnavailable``."""
        with answered("DeleteUser"):
            self._client.delete_user(ServerId=self._server, UserName=name)
