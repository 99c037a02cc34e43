"""``conversions run``: deliver files on this machine, with emulated AWS and the real template.

Starts the emulated AWS and, unless ``--events-api`` names another, the Events API simulator; deploys; uploads; waits
for the reports; stops what it started. What was delivered is remembered in the state folder, one per Events API, so
that a trial with the simulator never keeps a row from TikTok.

Exit 0 everything delivered or delivered before, 1 some rows rejected, 2 something undelivered, 64 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.run_output import Progress, print_result, progress_line, shown_path
from conversion_delivery.domain.destinations import parse_settings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.uploads import Upload
from local.aws.build import BuildFailed, ensure_build
from local.aws.emulator import Emulator, EmulatorFailed
from local.aws.local_stack import FIRST_DESTINATION, LocalStack, wait_until
from local.aws.stack import DeploymentFailed
from local.events_api import EventsApiSimulator

ALL_DELIVERED, ROWS_REJECTED, UNDELIVERED, USAGE_ERROR = 0, 1, 2, 64

TIKTOK = "https://business-api.tiktok.com"
_LOOPBACK_API = re.compile(r"http://(127\.0\.0\.1|localhost):\d{1,5}")

SIMULATED_SETTINGS = {
    "event_source": "offline",
    "event_source_id": "7000000000000000001",
    "default_currency": "USD",
    "default_country": "US",
}
"""For the simulator when no settings document is given. Against TikTok there is no default event source."""


class WrongUsage(Exception):
    """The command cannot be carried out as given; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, checked."""

    files: tuple[Path, ...]
    settings: str
    events_api: str | None
    """None: the simulator that this command starts."""
    token: str
    state: Path
    reports: Path
    timeout: float

    @property
    def log(self) -> Path:
        """What the emulated AWS and the functions wrote during the last run."""
        return self.state / "logs" / "aws.log"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="file of conversions")
    parser.add_argument(
        "--settings", type=Path, help="settings document (JSON); default: offline, USD, US, simulator only"
    )
    parser.add_argument("--events-api", metavar="URL", help=f"{TIKTOK} for real delivery; default: a simulator")
    parser.add_argument(
        "--token-env", metavar="NAME", default="TIKTOK_ACCESS_TOKEN", help="variable that holds the token"
    )
    parser.add_argument(
        "--reports", type=Path, metavar="DIR", help="where reports are put (default: in the state folder)"
    )
    parser.add_argument("--state", type=Path, metavar="DIR", default=Path(".local"), help="what is kept between runs")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the list of summary.json documents here")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", default=900, help="longest wait for all reports")


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    try:
        order = _order(args)
    except WrongUsage as problem:
        print(f"conversions run: {problem}", file=sys.stderr)
        return USAGE_ERROR
    try:
        with _stack(order) as stack:
            summaries, complete = _deliver(order, stack)
    except (BuildFailed, EmulatorFailed, DeploymentFailed) as problem:
        print(f"conversions run: {problem}", file=sys.stderr)
        return UNDELIVERED
    if args.json:
        args.json.write_text(json.dumps(summaries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return _exit_code(summaries) if complete else UNDELIVERED


def _order(args: argparse.Namespace) -> Order:
    """Raises ``WrongUsage``."""
    for path in args.files:
        if not path.is_file():
            raise WrongUsage(f"{path} is not a file.")
        if path.name.startswith((".", "_")):
            raise WrongUsage(f"{path.name}: files whose names begin with a dot or an underscore are ignored.")
    api = args.events_api.rstrip("/") if args.events_api else None
    if api is not None and api != TIKTOK and not _LOOPBACK_API.fullmatch(api):
        raise WrongUsage(f"--events-api must be {TIKTOK} or a simulator on this machine (http://127.0.0.1:PORT).")
    token = os.environ.get(args.token_env, "")
    if api == TIKTOK and not token:
        raise WrongUsage(f"the environment variable {args.token_env} must hold the Events API access token.")
    state = args.state.resolve() / _state_name(api)
    return Order(
        files=tuple(args.files),
        settings=_settings(args.settings, api),
        events_api=api,
        token=token or secrets.token_hex(16),
        state=state,
        reports=args.reports or state / "reports",
        timeout=args.timeout,
    )


def _state_name(api: str | None) -> str:
    """One folder per Events API: what one has got, another has not."""
    if api is None:
        return "simulator"
    return "tiktok" if api == TIKTOK else re.sub(r"[^A-Za-z0-9.]+", "-", api.removeprefix("http://"))


def _settings(path: Path | None, api: str | None) -> str:
    """Raises ``WrongUsage``."""
    if path is None:
        if api == TIKTOK:
            raise WrongUsage("--settings is needed to send to TikTok: it says which event source the events belong to.")
        return json.dumps(SIMULATED_SETTINGS)
    try:
        document = path.read_text(encoding="utf-8")
        parse_settings(document)
    except (OSError, UnicodeDecodeError):
        raise WrongUsage(f"the settings document {path} cannot be read.") from None
    except UploadRejected as problem:
        raise WrongUsage(f'{path}: "{problem.facts["key"]}" {problem.facts["problem"]}.') from None
    return document


@contextlib.contextmanager
def _stack(order: Order) -> Iterator[LocalStack]:
    """The deployed stack with a configured destination; everything that was started ends with the block."""
    build = ensure_build()
    with contextlib.ExitStack() as running:
        emulator = running.enter_context(Emulator(order.state))
        if emulator.was_killed:
            print(
                "The last run here was cut off before it could save what it had delivered. Rows it sent may be sent"
                " again; TikTok counts a repeated event once for 48 hours.",
                file=sys.stderr,
            )
        api = order.events_api
        if api is None:
            memory = order.state / "events_api.jsonl"
            api = running.enter_context(EventsApiSimulator(token=order.token, state=memory)).url
        stack = LocalStack.deployed(emulator.endpoints, build, events_api=api, settings=order.settings)
        stack.configure(FIRST_DESTINATION, settings=order.settings, token=order.token)
        yield stack


def _deliver(order: Order, stack: LocalStack) -> tuple[list[dict[str, Any]], bool]:
    """Upload, wait, fetch the reports; the summaries, and whether every file has one."""
    uploads: list[tuple[Path, Upload]] = []
    for path in order.files:
        with path.open("rb") as content:
            uploads.append((path, stack.upload(path.name, content)))
    progress = Progress()
    open_files = {upload.file_id: upload for _, upload in uploads}

    def all_finished() -> bool:
        for upload in list(open_files.values()):
            if stack.is_finished(upload):
                del open_files[upload.file_id]
        progress.show([stack.record(upload) for _, upload in uploads])
        return not open_files

    wait_until(all_finished, order.timeout)
    progress.finish()
    summaries = []
    for path, upload in uploads:
        if upload.file_id in open_files:
            _print_open(path, stack, upload, order)
            continue
        folder = _fetch(stack, upload, order.reports)
        summary = json.loads((folder / "summary.json").read_bytes())
        summaries.append(summary)
        print_result(path.name, summary, folder)
    return summaries, not open_files


def _fetch(stack: LocalStack, upload: Upload, reports: Path) -> Path:
    """Put a report's files below the folder of reports, as in the bucket."""
    name, file_id = upload.report_folder.rstrip("/").rsplit("/", 2)[-2:]
    folder = reports / name / file_id
    folder.mkdir(parents=True, exist_ok=True)
    for part, content in stack.report(upload).items():
        (folder / part).write_bytes(content)
    return folder


def _print_open(path: Path, stack: LocalStack, upload: Upload, order: Order) -> None:
    record = stack.record(upload)
    reached = progress_line([record]) if record else "not read yet"
    depths = stack.queue_depths()
    print(f"\n{path.name}: not finished after {order.timeout:g} s ({reached}).")
    for queue in ("UploadsQueue", "BatchesQueue", "UploadsDeadLetters", "BatchesDeadLetters"):
        if sum(depths[queue]):
            print(f"  {queue}: {depths[queue].waiting} waiting, {depths[queue].held} in work or put off")
    print(f"  Nothing is lost: the next run with this state folder goes on. Log: {shown_path(order.log)}")


def _exit_code(summaries: list[dict[str, Any]]) -> int:
    worst = ALL_DELIVERED
    for summary in summaries:
        counts = summary["counts"]
        if summary["state"] == "REJECTED" or counts["not_sent"] or counts["review"] or counts["open"]:
            return UNDELIVERED
        if counts["rejected"] or counts["refused"]:
            worst = ROWS_REJECTED
    return worst
