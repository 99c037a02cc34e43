"""``conversions resend``: process a stored upload once more. What was delivered is not sent again.

A copy of the object onto itself makes a new version, so S3 announces it like any upload and it goes through as a file
of its own: with today's settings, its own report, and every event checked against the ledger. Nothing about the first
upload is touched. Sending its old batches again would be no alternative: a closed batch never sends.
"""

from __future__ import annotations

import argparse
import sys
import time

from cli import file_states
from cli.operated_stack import OperatedStack
from cli.operation import DONE, NOTHING, WrongUsage, add_common_arguments, checked_file_id, is_confirmed, operate
from cli.upload_search import find_uploads
from conversion_delivery.domain.errors import NotPossible, SourceGone
from conversion_delivery.domain.uploads import Upload

LOCAL_WAIT = 120.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("file", nargs="?", metavar="FILE", help="key or name; of several versions the newest")
    which.add_argument("--file-id", metavar="ID", help="one upload; its reports name it")
    parser.add_argument(
        "--wait",
        type=float,
        metavar="SECONDS",
        help=f"wait so long for the new report; default: 0, with --local {LOCAL_WAIT:g}, because work stops with it",
    )
    add_common_arguments(parser, changes=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    return operate("resend", args, lambda stack: _resend(stack, args))


def _resend(stack: OperatedStack, args: argparse.Namespace) -> int:
    upload = _upload(stack, args)
    record = stack.progress.file(upload.file_id)
    print(f"{upload.key}, file id {upload.file_id}: {file_states.state_of(record)}")
    if upload.destination is None:
        raise WrongUsage("this file lies in no destination's folder.")
    if not is_confirmed(args, "Process it once more? Events that were delivered are not sent again."):
        return DONE
    stack.wake()
    try:
        made = stack.catalog.store_again(upload)
    except SourceGone:
        print("The stored file is gone; it has to be uploaded again.", file=sys.stderr)
        return NOTHING
    print(f"It is processed as a new file, file id {made.file_id}.")
    seconds = args.wait if args.wait is not None else (LOCAL_WAIT if args.local else 0.0)
    return _wait(stack, made, seconds) if seconds else DONE


def _upload(stack: OperatedStack, args: argparse.Namespace) -> Upload:
    if args.file_id:
        record = stack.progress.file(checked_file_id(args.file_id))
        if record is None:
            raise NotPossible("FILE_UNKNOWN")
        return record.upload.whole
    stored = [found for found in find_uploads(stack, args.file) if found.stored_at is not None]
    keys = {found.upload.key for found in stored}
    if not stored:
        raise WrongUsage("no such file is stored; name it by its whole key or by --file-id.")
    if len(keys) > 1:
        raise WrongUsage(f"several files go by this name: {', '.join(sorted(keys))}. Name one by its whole key.")
    return max(stored, key=lambda found: found.stored_at or 0.0).upload


def _wait(stack: OperatedStack, upload: Upload, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        record = stack.progress.file(upload.file_id)
        if record is not None and record.finished_at is not None:
            print("\n".join(file_states.lines(file_states.detailed(stack, upload, record))))
            return DONE
        time.sleep(0.5)
    print(
        f"It is not finished after {seconds:g} s; `conversions status --file-id {upload.file_id}` shows how far it is."
    )
    return DONE
