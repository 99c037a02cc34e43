"""``conversions close-batch``: end a batch that will never run again, so that its file can be finished.

What it has not sent is reported as not sent and may be uploaded again; what it may have sent goes to review.
"""

from __future__ import annotations

import argparse

from cli.operated_stack import OperatedStack
from cli.operation import DONE, add_common_arguments, checked_file_id, is_confirmed, operate, shown_time
from conversion_delivery.workflows.close_abandoned_batch import AbandonedBatch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("file_id", metavar="FILE_ID")
    parser.add_argument("number", type=int, metavar="NUMBER", help="of the batch, as `conversions status` shows it")
    add_common_arguments(parser, changes=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    return operate("close-batch", args, lambda stack: _close(stack, args))


def _close(stack: OperatedStack, args: argparse.Namespace) -> int:
    found = stack.abandon.look(checked_file_id(args.file_id), args.number)
    print("\n".join(_lines(found)))
    if not is_confirmed(args, "Close it? Its message, if there still is one, then sends nothing."):
        return DONE
    closed = stack.abandon.run(found)
    outcomes = closed.tally.get("outcomes", {})
    print("Closed: " + ", ".join(f"{number} {outcome.replace('_', ' ')}" for outcome, number in outcomes.items()) + ".")
    file = stack.progress.file(args.file_id)
    if file is not None and file.finished_at is not None:
        print(f"The file is finished; its report is in {file.upload.report_folder}")
    return DONE


def _lines(found: AbandonedBatch) -> list[str]:
    record, rows = found.record, found.message.valid_rows
    shown = [f"Batch {found.message.batch} of {found.file.upload.key}: rows {rows} ({len(rows)} events)"]
    if record is None:
        return [*shown, "  No attempt has begun, so nothing of it was sent."]
    shown.append(f"  {record.attempts} attempts, {len(record.accepted)} events delivered")
    if record.maybe_sent_at is not None:
        shown.append(f"  A request sent at {shown_time(record.maybe_sent_at)} has no answer: its events go to review.")
    return shown
