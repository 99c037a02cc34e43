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
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cli.opened_file import PASSPHRASE_VARIABLE
from cli.run_order import TIKTOK, Delivery, Order, WrongUsage, checked_order
from cli.run_output import Progress, print_result, progress_line, shown_path
from conversion_delivery.domain.uploads import Upload
from local.aws.build import BuildFailed, ensure_build
from local.aws.emulator import Emulator, EmulatorFailed
from local.aws.local_stack import LocalStack, wait_until
from local.aws.stack import DeploymentFailed
from local.events_api import EventsApiSimulator

ALL_DELIVERED, ROWS_REJECTED, UNDELIVERED, USAGE_ERROR = 0, 1, 2, 64

CUT_OFF = (
    "The last run here was cut off before it could save what it had delivered. Rows it sent may be sent again;"
    " TikTok counts a repeated event once for 48 hours."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="file of conversions")
    parser.add_argument(
        "--settings",
        type=Path,
        metavar="S.json",
        help="settings document, or a folder with one NAME.json for each file NAME; default, with a simulator only: "
        "offline events in USD, phone numbers of the US",
    )
    parser.add_argument("--events-api", metavar="URL", help=f"{TIKTOK} for real delivery; default: a simulator")
    parser.add_argument(
        "--token-env", metavar="NAME", default="TIKTOK_ACCESS_TOKEN", help="variable that holds the token"
    )
    parser.add_argument(
        "--pgp-key",
        type=Path,
        action="append",
        default=[],
        metavar="KEYFILE",
        help="private key for encrypted files, armoured (repeat for several); its passphrase is read from the variable "
        f"{PASSPHRASE_VARIABLE}; kept in the state folder, as the tokens are",
    )
    parser.add_argument("--reports", type=Path, metavar="DIR", help="where reports are put; default: the state folder")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", default=Path(".local"), help="what is kept between runs; default: .local"
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the list of summary.json documents here")
    parser.add_argument(
        "--timeout", type=float, metavar="SECONDS", default=900, help="longest wait for all reports; default: 900"
    )


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    try:
        order = checked_order(args, os.environ)
    except WrongUsage as problem:
        print(f"conversions run: {problem}", file=sys.stderr)
        return USAGE_ERROR
    try:
        with _stack(order) as stack:
            summaries = _deliver(order, stack)
    except (BuildFailed, EmulatorFailed, DeploymentFailed) as problem:
        print(f"conversions run: {problem}", file=sys.stderr)
        return UNDELIVERED
    if args.json:
        args.json.write_text(json.dumps(summaries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return exit_code(summaries) if len(summaries) == len(order.deliveries) else UNDELIVERED


@contextlib.contextmanager
def _stack(order: Order) -> Iterator[LocalStack]:
    """The deployed stack with its destinations; everything that was started ends with the block."""
    build = ensure_build()
    with contextlib.ExitStack() as running:
        emulator = running.enter_context(Emulator(order.state))
        if emulator.was_killed:
            print(CUT_OFF, file=sys.stderr)
        api = order.events_api
        if api is None:
            api = running.enter_context(_simulator(order)).url
        first = order.deliveries[0].settings
        stack = LocalStack.deployed(emulator.endpoints, build, events_api=api, settings=first)
        for destination, settings in order.settings.items():
            stack.configure(destination, settings=settings, token=order.token)
        if order.pgp_keys:
            stack.give_keys(order.pgp_keys, order.passphrase)
        yield stack


def _simulator(order: Order) -> EventsApiSimulator:
    """A simulator that remembers, on the port of the last run where that is free: so the stack stays as it is."""
    memory, port_file = order.state / "events_api.jsonl", order.state / "events_api.port"
    try:
        simulator = EventsApiSimulator(int(port_file.read_text()), token=order.token, state=memory)
    except (OSError, ValueError):
        simulator = EventsApiSimulator(token=order.token, state=memory)
    port_file.write_text(str(simulator.port))
    return simulator


def _deliver(order: Order, stack: LocalStack) -> list[dict[str, Any]]:
    """Upload, wait, fetch the reports; the summaries of the files that were finished in time."""
    uploads = [(delivery, _upload(stack, delivery)) for delivery in order.deliveries]
    unfinished = {upload.file_id: upload for _, upload in uploads}
    progress = Progress()

    def all_finished() -> bool:
        for upload in list(unfinished.values()):
            if stack.is_finished(upload):
                del unfinished[upload.file_id]
        progress.show([stack.record(upload) for _, upload in uploads])
        return not unfinished

    wait_until(all_finished, order.timeout)
    progress.finish()
    summaries = []
    for delivery, upload in uploads:
        if upload.file_id in unfinished:
            _print_unfinished(stack, upload, order)
            continue
        folder = _fetch(stack, upload, order.reports)
        summaries.append(json.loads((folder / "summary.json").read_bytes()))
        print_result(delivery.path.name, summaries[-1], folder)
    return summaries


def _upload(stack: LocalStack, delivery: Delivery) -> Upload:
    with delivery.path.open("rb") as content:
        return stack.upload(delivery.path.name, content, delivery.destination)


def _fetch(stack: LocalStack, upload: Upload, reports: Path) -> Path:
    """Put a report's files below the folder of reports: a folder per file name, in it one per upload."""
    name, file_id = upload.report_folder.rstrip("/").rsplit("/", 2)[-2:]
    folder = reports / name / file_id
    folder.mkdir(parents=True, exist_ok=True)
    for part, content in stack.report(upload).items():
        (folder / part).write_bytes(content)
    return folder


def _print_unfinished(stack: LocalStack, upload: Upload, order: Order) -> None:
    record = stack.record(upload)
    reached = progress_line([record]) if record else "not read yet"
    print(f"\n{upload.name}: not finished after {order.timeout:g} s ({reached}).")
    for queue, depth in stack.queue_depths().items():
        if sum(depth):
            print(f"  {queue}: {depth.waiting} waiting, {depth.held} in work or put off")
    print(f"  Nothing is lost: the next run with this state folder goes on. Log: {shown_path(order.log)}")


def exit_code(summaries: list[dict[str, Any]]) -> int:
    """The exit code that these results deserve."""
    code = ALL_DELIVERED
    for summary in summaries:
        counts = summary["counts"]
        if summary["state"] == "REJECTED" or counts["not_sent"] or counts["review"] or counts["open"]:
            return UNDELIVERED
        if counts["rejected"] or counts["refused"]:
            code = ROWS_REJECTED
    return code
