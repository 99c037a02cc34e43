"""A bucket that the stack did not make: whether it is fit, and the notifications that it needs.

In: the bucket's name and the uploads queue. Out: findings, and a notification configuration with ours in it.
S3 keeps one document with all notifications of a bucket, so what others have set up there is read, kept and written
back; where one of theirs is in the way (S3 refuses two that overlap), nothing is written and the operator is told.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import answered, error_code
from conversion_delivery.domain.uploads import INBOX, PARTS, PREPARED, REPORTS, UPLOADS, VALIDATE

CREATED = "s3:ObjectCreated:*"
COPIED = "s3:ObjectCreated:Copy"

_KINDS = ("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations")
_KEPT = (*_KINDS, "EventBridgeConfiguration")
_ABSENT = frozenset(
    {"NoSuchLifecycleConfiguration", "NoSuchBucketPolicy", "ServerSideEncryptionConfigurationNotFoundError"}
    | {"NoSuchPublicAccessBlockConfiguration"}
)


class Finding(NamedTuple):
    """Something about the bucket."""

    text: str
    is_obstacle: bool = False
    """Whether files could not be delivered from the bucket as it is."""


def our_notifications(stack: str, queue_arn: str, *, sftp: bool) -> list[dict[str, Any]]:
    """What the bucket must announce: the same as a bucket that the template makes."""
    wanted = [("uploads", UPLOADS, CREATED), ("validate", VALIDATE, CREATED)]
    if sftp:
        wanted.append(("inbox", INBOX, COPIED))
    return [
        {
            "Id": f"{stack}-{name}",
            "QueueArn": queue_arn,
            "Events": [event],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}},
        }
        for name, prefix, event in wanted
    ]


def merged(present: dict[str, Any], ours: list[dict[str, Any]]) -> dict[str, Any]:
    """The configuration with ours in it and everybody else's as it was; of ours, older forms are replaced."""
    names = {each["Id"] for each in ours}
    kept = {kind: present[kind] for kind in _KEPT if kind in present}
    others = [each for each in kept.get("QueueConfigurations", []) if each.get("Id") not in names]
    return {**kept, "QueueConfigurations": [*others, *ours]}


def in_the_way(present: dict[str, Any], ours: list[dict[str, Any]]) -> list[str]:
    """Ids of other notifications that overlap with ours: the same objects, and an event in common."""
    names = {each["Id"] for each in ours}
    others = [each for kind in _KINDS for each in present.get(kind, []) if each.get("Id") not in names]
    return sorted({str(each.get("Id")) for each in others for our in ours if _overlap(each, our)})


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    (mine, theirs) = (_prefix(one), _prefix(other))
    same_place = mine.startswith(theirs) or theirs.startswith(mine)
    return same_place and any(_same_event(a, b) for a in one["Events"] for b in other["Events"])


def _prefix(configuration: dict[str, Any]) -> str:
    rules = configuration.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    return next((str(rule["Value"]) for rule in rules if rule["Name"].lower() == "prefix"), "")


def _same_event(one: str, other: str) -> bool:
    return one.removesuffix("*").startswith(other.removesuffix("*")) or other.removesuffix("*").startswith(
        one.removesuffix("*")
    )


class BucketConnection:
    """One bucket. ``client``: a client of ``s3``; ``stack``: its notifications are called by this name."""

    def __init__(self, client: Any, bucket: str, *, stack: str, queue_arn: str, sftp: bool, key_arn: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._ours = our_notifications(stack, queue_arn, sftp=sftp)
        self._key_arn = key_arn

    def findings(self) -> list[Finding]:
        """Everything that is not as it should be. Raises ``SourceUnavailable``."""
        obstacles = self.obstructing()
        return [
            *self._versioning(),
            *self._encryption(),
            *self._public_access(),
            *self._policy(),
            *self._lifecycle(),
            *(
                Finding(f"The notification {name} announces the same objects; S3 allows one only.", True)
                for name in obstacles
            ),
        ]

    def is_connected(self) -> bool:
        """Whether the bucket announces everything already. Raises ``SourceUnavailable``."""
        present = self._notifications().get("QueueConfigurations", [])
        return all(any(_is_same(each, our) for each in present) for our in self._ours)

    def obstructing(self) -> list[str]:
        return in_the_way(self._notifications(), self._ours)

    def connect(self) -> None:
        """Add our notifications. Raises ``SourceUnavailable``."""
        configuration = merged(self._notifications(), self._ours)
        with answered("PutBucketNotificationConfiguration"):
            self._client.put_bucket_notification_configuration(
                Bucket=self._bucket, NotificationConfiguration=configuration
            )

    def _notifications(self) -> dict[str, Any]:
        found = self._asked("get_bucket_notification_configuration") or {}
        return {name: value for name, value in found.items() if name in _KEPT}

    def _versioning(self) -> list[Finding]:
        answer = self._asked("get_bucket_versioning") or {}
        if answer.get("Status") == "Enabled":
            return []
        return [Finding("The bucket keeps no versions; every file would be refused (BUCKET_UNVERSIONED).", True)]

    def _encryption(self) -> list[Finding]:
        answer = self._asked("get_bucket_encryption")
        if answer is None:
            return [Finding("The bucket has no rule of encryption.")]
        default = answer["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]
        key = default.get("KMSMasterKeyID", "")
        if default["SSEAlgorithm"] == "AES256" or (key and key == self._key_arn):
            return []
        if not key:
            return [Finding("The bucket is encrypted by the key aws/s3; nothing has to be set for it.")]
        return [
            Finding("The bucket is encrypted by a KMS key that the parameter ExistingBucketKeyArn does not name.", True)
        ]

    def _public_access(self) -> list[Finding]:
        answer = self._asked("get_public_access_block") or {}
        blocks = answer.get("PublicAccessBlockConfiguration", {})
        return (
            [] if len(blocks) == 4 and all(blocks.values()) else [Finding("Public access is not blocked altogether.")]
        )

    def _policy(self) -> list[Finding]:
        answer = self._asked("get_bucket_policy") or {}
        if "aws:SecureTransport" in answer.get("Policy", ""):
            return []
        return [Finding("The bucket's policy does not refuse requests without TLS.")]

    def _lifecycle(self) -> list[Finding]:
        answer = self._asked("get_bucket_lifecycle_configuration") or {}
        rules = [rule for rule in answer.get("Rules", []) if rule["Status"] == "Enabled" and "Expiration" in rule]
        covered = [rule.get("Filter", {}).get("Prefix", rule.get("Prefix", "")) for rule in rules]
        missing = [
            folder
            for folder in (UPLOADS, VALIDATE, PREPARED, PARTS, REPORTS)
            if not any(folder.startswith(prefix) for prefix in covered)
        ]
        return [Finding(f"Nothing is ever deleted below {', '.join(missing)}.")] if missing else []

    def _asked(self, method: str) -> dict[str, Any] | None:
        """The answer; None where there is no such configuration. Raises ``SourceUnavailable``."""
        operation = "".join(word.capitalize() for word in method.split("_"))
        with answered(operation):
            try:
                found: dict[str, Any] = getattr(self._client, method)(Bucket=self._bucket)
            except ClientError as problem:
                if error_code(problem) in _ABSENT:
                    return None
                raise
        return found


def _is_same(one: dict[str, Any], our: dict[str, Any]) -> bool:
    same_place = one["QueueArn"] == our["QueueArn"] and _prefix(one) == _prefix(our)
    return same_place and set(one["Events"]) == set(our["Events"])
