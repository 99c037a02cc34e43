"""The deployed stack on this machine, as somebody who uploads files meets it.

In: endpoints and outputs of a stack. Out: uploads, reports, how far a file is, what is still queued. Owns the failure
``ReportMissing`` (no report in time).
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

from conversion_delivery.aws.file_progress import FileProgressTable
from conversion_delivery.aws.key_store import DEFAULT
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.uploads import UPLOADS, Upload
from local.aws.build import Build
from local.aws.endpoints import Endpoints
from local.aws.stack import STACK_NAME, deploy

FINISHED = ("_DONE", "_FAILED")
"""The last file of a report, one of the two."""

FIRST_DESTINATION = "main"


class ReportMissing(Exception):
    """A file has no report yet; the text says how far it is."""


class QueueDepth(NamedTuple):
    """Messages of one queue."""

    waiting: int
    """Visible now."""
    held: int
    """Being handled, or put off."""


@dataclass(frozen=True, slots=True)
class LocalStack:
    """A deployed stack."""

    endpoints: Endpoints
    outputs: dict[str, str]
    name: str = STACK_NAME

    @classmethod
    def deployed(
        cls, endpoints: Endpoints, build: Build, *, events_api: str, settings: str, **parameters: str
    ) -> LocalStack:
        """Deploy, or bring up to date. ``settings``: the settings document of the first destination.

        Raises ``DeploymentFailed``.
        """
        values = {
            "DestinationName": FIRST_DESTINATION,
            "EventSourceId": str(json.loads(settings)["event_source_id"]),
            "DestinationSettingsJson": settings,
            "EventsApiEndpoint": events_api,
            # Every concurrent invocation is a process here, and the machine has other things to do.
            "SplitterConcurrency": "2",
            "SenderConcurrency": "2",
            "Tracing": "PassThrough",
            **parameters,
        }
        return cls(endpoints, deploy(endpoints, build, values))

    def configure(self, destination: str, *, settings: str, token: str | None) -> None:
        """Give a destination its settings and its token, as an operator does; without a token it has no secret."""
        self.endpoints.ssm.put_parameter(
            Name=f"/{self.name}/destinations/{destination}", Value=settings, Type="String", Overwrite=True
        )
        if token is None:
            return
        self._keep_secret(f"{self.name}/destinations/{destination}", {"access_token": token})

    def give_keys(self, keys: Sequence[str], passphrase: str = "") -> None:
        """Private PGP keys (armoured) for the encrypted files of every destination without keys of its own."""
        self._keep_secret(f"{self.name}/pgp/{DEFAULT}", {"keys": list(keys), "passphrase": passphrase})

    def _keep_secret(self, name: str, document: dict[str, Any]) -> None:
        secrets, value = self.endpoints.secrets, json.dumps(document)
        try:
            secrets.put_secret_value(SecretId=name, SecretString=value)
        except secrets.exceptions.ResourceNotFoundException:
            secrets.create_secret(Name=name, SecretString=value)

    def upload(self, name: str, content: bytes | IO[bytes], destination: str = FIRST_DESTINATION) -> Upload:
        """Put a file into a destination's folder."""
        return self.upload_key(f"{UPLOADS}{destination}/{name}", content)

    def upload_key(self, key: str, content: bytes | IO[bytes]) -> Upload:
        """Put an object; its version is what makes it an upload."""
        bucket = self.outputs["Bucket"]
        answer = self.endpoints.s3.put_object(Bucket=bucket, Key=key, Body=content)
        return Upload(bucket, key, answer["VersionId"])

    def is_finished(self, upload: Upload) -> bool:
        """Whether the report's last file is there."""
        return any(name in FINISHED for name in self._report_names(upload))

    def report(self, upload: Upload) -> dict[str, bytes]:
        """The files of a report, by name."""
        s3, bucket = self.endpoints.s3, self.outputs["Bucket"]
        return {
            name: s3.get_object(Bucket=bucket, Key=upload.report_folder + name)["Body"].read()
            for name in self._report_names(upload)
        }

    def wait_for_report(self, upload: Upload, timeout: float = 60.0) -> dict[str, bytes]:
        """The files of a report, once it is complete.

        Raises ``ReportMissing``.
        """
        if not wait_until(lambda: self.is_finished(upload), timeout):
            raise ReportMissing(f"{upload.name}: no report after {timeout:g} s; queues {self.queue_depths()}")
        return self.report(upload)

    def record(self, upload: Upload) -> FileRecord | None:
        """How far the file is; None before the splitter has seen it."""
        table = FileProgressTable(self.endpoints.dynamodb, self.outputs["FileProgressTable"], retention_seconds=0)
        return table.file(upload.file_id)

    def queue_depths(self) -> dict[str, QueueDepth]:
        """Depth of each queue, by the name of the stack's output without ``Url``."""
        return {
            output.removesuffix("Url"): self._depth(url)
            for output, url in self.outputs.items()
            if output.endswith("Url")
        }

    def is_idle(self) -> bool:
        """Whether no message is left in the two working queues."""
        depths = self.queue_depths()
        return not any(sum(depths[queue]) for queue in ("UploadsQueue", "BatchesQueue"))

    def messages(self) -> str:
        """Every message of every queue as the emulator holds it (JSON), looked at without being received."""
        with urllib.request.urlopen(f"{self.endpoints.url}/_ministack/sqs/messages", timeout=10) as answer:  # noqa: S310 (loopback)
            return str(answer.read().decode())

    def _depth(self, url: str) -> QueueDepth:
        answer = self.endpoints.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        held = int(answer["ApproximateNumberOfMessagesNotVisible"]) + int(answer["ApproximateNumberOfMessagesDelayed"])
        return QueueDepth(int(answer["ApproximateNumberOfMessages"]), held)

    def _report_names(self, upload: Upload) -> list[str]:
        folder = upload.report_folder
        listing = self.endpoints.s3.list_objects_v2(Bucket=upload.bucket, Prefix=folder)
        return [entry["Key"].removeprefix(folder) for entry in listing.get("Contents", [])]


def wait_until(holds: Callable[[], bool], timeout: float, pause: float = 0.2) -> bool:
    """Whether the condition came true within ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
