"""The stack that an operator's verb works on: a deployed one, or the one of ``conversions run`` on this machine.

In: parsed arguments. Out: adapters and workflows over the stack's own tables, bucket and queues. Owns
``StackUnavailable``: no such stack, no credentials, no emulated AWS.

The local stack sleeps between two runs. ``--local`` wakes it as the last run left it, with the simulator on the
address that its functions know, and lets it go to sleep again when the verb is done.
"""

from __future__ import annotations

import argparse
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from cli.run_order import state_name
from conversion_delivery.aws.clients import client_config
from conversion_delivery.aws.dead_letters import SqsDeadLetters
from conversion_delivery.aws.destination_registry import AwsDestinationRegistry
from conversion_delivery.aws.destination_store import SsmDestinationStore
from conversion_delivery.aws.event_ledger import EventLedgerTable
from conversion_delivery.aws.faults import error_code
from conversion_delivery.aws.file_progress import FileProgressTable
from conversion_delivery.aws.report_store import S3ReportStore
from conversion_delivery.aws.token_store import SecretsTokenStore
from conversion_delivery.aws.upload_catalog import S3UploadCatalog
from conversion_delivery.aws.upload_store import S3UploadStore
from conversion_delivery.runtime.settings import BATCHES_OUTLIVE_EVENTS, DAY
from conversion_delivery.tiktok.client import EventsApiClient
from conversion_delivery.workflows.check_destination import CheckDestination
from conversion_delivery.workflows.close_abandoned_batch import CloseAbandonedBatch
from conversion_delivery.workflows.close_batch import CloseBatch
from conversion_delivery.workflows.find_outcomes import FindOutcomes
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.review_outcomes import ReviewOutcomes
from conversion_delivery.workflows.slices_again import SlicesAgain
from local.aws.emulator import Emulator
from local.aws.stack import STACK_NAME, wake
from local.events_api import EventsApiSimulator

DEFAULT_STACK = "conversions"
"""As samconfig.toml names it."""


class StackUnavailable(Exception):
    """The stack cannot be worked on; the text says why."""


class SilentTelemetry:
    """Counts nothing: what a person does at a terminal must not move the functions' metrics."""

    def count(self, metric: str, value: float = 1, **dimensions: str) -> None: ...

    def measure(self, metric: str, value: float, unit: str = "None", **dimensions: str) -> None: ...

    def note(self, message: str, **facts: int | float | str | None) -> None: ...

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        yield


class OperatedStack:
    """One stack with everything that the verbs need of it, made when it is first used."""

    def __init__(
        self, name: str, client: Callable[[str], Any], outputs: Mapping[str, str], parameters: Mapping[str, str]
    ) -> None:
        self.name = name
        self.client = client
        self.outputs = outputs
        self.parameters = parameters
        self.now = time.time
        self.wake: Callable[[], None] = _awake_already
        """Let the functions work. Those of a deployed stack always do; those on this machine sleep until told."""

    @cached_property
    def progress(self) -> FileProgressTable:
        retention = int(self.parameters.get("LedgerRetentionDays", "90")) * DAY + BATCHES_OUTLIVE_EVENTS
        return FileProgressTable(
            self.client("dynamodb"), self.outputs["FileProgressTable"], retention_seconds=retention
        )

    @cached_property
    def reports(self) -> S3ReportStore:
        return S3ReportStore(self.client("s3"), self.outputs["Bucket"])

    @cached_property
    def catalog(self) -> S3UploadCatalog:
        return S3UploadCatalog(self.client("s3"), self.outputs["Bucket"])

    @cached_property
    def registry(self) -> AwsDestinationRegistry:
        return AwsDestinationRegistry(self.client("ssm"), self.client("secretsmanager"), self.name)

    @cached_property
    def destinations(self) -> SsmDestinationStore:
        return SsmDestinationStore(self.client("ssm"), self.name)

    @cached_property
    def find(self) -> FindOutcomes:
        return FindOutcomes(EventLedgerTable(self.client("dynamodb"), self.outputs["EventLedgerTable"]), self.progress)

    @cached_property
    def review(self) -> ReviewOutcomes:
        return ReviewOutcomes(self.progress, self._slices, self._finish, self.now)

    @cached_property
    def abandon(self) -> CloseAbandonedBatch:
        return CloseAbandonedBatch(
            slices=self._slices,
            progress=self.progress,
            close=CloseBatch(self.progress, self.reports, SilentTelemetry(), self.now),
            finish=self._finish,
            now=self.now,
            new_id=lambda: f"operator-{secrets.token_hex(8)}",
        )

    @cached_property
    def check(self) -> CheckDestination:
        return CheckDestination(
            destinations=self.destinations,
            tokens=SecretsTokenStore(self.client("secretsmanager"), self.name),
            api=EventsApiClient(self.parameters.get("EventsApiEndpoint", "https://business-api.tiktok.com")),
            registry=self.registry,
            now=self.now,
        )

    @cached_property
    def operator(self) -> str:
        """Who works here, as AWS knows them; stands beside every verdict of a review."""
        return str(self.client("sts").get_caller_identity()["Arn"])

    def dead_letters(self, queue: str) -> SqsDeadLetters:
        """``uploads`` or ``batches``."""
        kind = queue.capitalize()
        return SqsDeadLetters(
            self.client("sqs"),
            url=self.outputs[f"{kind}DeadLettersUrl"],
            source_url=self.outputs[f"{kind}QueueUrl"],
        )

    @cached_property
    def _slices(self) -> SlicesAgain:
        return SlicesAgain(S3UploadStore(self.client("s3")))

    @cached_property
    def _finish(self) -> FinishFile:
        return FinishFile(self.progress, self.reports, SilentTelemetry(), self.now)


def _awake_already() -> None:
    """A deployed stack's functions never sleep."""


def add_stack_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which stack a verb works on."""
    parser.add_argument(
        "--stack", metavar="NAME", default=DEFAULT_STACK, help=f"name of the deployed stack; default: {DEFAULT_STACK}"
    )
    parser.add_argument("--region", help="AWS region; default: as the AWS credentials say")
    parser.add_argument("--local", action="store_true", help="the stack of `conversions run` on this machine")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", default=Path(".local"), help="with --local: its state; default: .local"
    )
    parser.add_argument(
        "--events-api", metavar="URL", help="with --local: the --events-api of the runs that is meant, if one was given"
    )


@contextmanager
def operated_stack(args: argparse.Namespace) -> Iterator[OperatedStack]:
    """The stack that the arguments name. Raises ``StackUnavailable``, ``EmulatorFailed``."""
    with ExitStack() as running:
        yield _local_stack(args, running) if args.local else _deployed_stack(args)


def _deployed_stack(args: argparse.Namespace) -> OperatedStack:
    try:
        session = boto3.Session(region_name=args.region)
        return described(args.stack, _clients(session.client))
    except BotoCoreError as problem:
        raise StackUnavailable(f"AWS cannot be used from here ({type(problem).__name__}).") from None


def _local_stack(args: argparse.Namespace, running: ExitStack) -> OperatedStack:
    kept = state_name(args.events_api.rstrip("/") if args.events_api else None)
    state = args.state.resolve() / kept
    if not state.is_dir():
        raise StackUnavailable("Nothing has been run with this state folder yet; `conversions run` makes the stack.")
    endpoints = running.enter_context(Emulator(state)).endpoints
    stack = described(STACK_NAME, _clients(endpoints.session.client, endpoint_url=endpoints.url))
    port = urlsplit(stack.parameters.get("EventsApiEndpoint", "")).port
    stack.wake = lambda: wake(endpoints)
    if args.events_api is None and port:
        try:
            running.enter_context(EventsApiSimulator(port, state=state / "events_api.jsonl"))
        except OSError:
            stack.wake = _port_taken
    return stack


def _port_taken() -> None:
    raise StackUnavailable(
        "Another program uses the port of the simulator, so nothing can be delivered now; `conversions run` finds"
        " another port."
    )


def _clients(make: Callable[..., Any], **address: str) -> Callable[[str], Any]:
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = make(service, config=client_config(), **address)
        return made[service]

    return client


def described(name: str, client: Callable[[str], Any]) -> OperatedStack:
    """The stack with its outputs and parameters. Raises ``StackUnavailable``."""
    try:
        stack = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as problem:
        code = error_code(problem)
        reason = (
            "does not exist in this region and account" if code == "ValidationError" else f"cannot be read ({code})"
        )
        raise StackUnavailable(f"The stack {name} {reason}.") from None
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    if "FileProgressTable" not in outputs:
        raise StackUnavailable(f"The stack {name} is {stack['StackStatus']} and has no outputs of this project.")
    parameters = {entry["ParameterKey"]: entry["ParameterValue"] for entry in stack.get("Parameters", [])}
    return OperatedStack(name, client, outputs, parameters)
