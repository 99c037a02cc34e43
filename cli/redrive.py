"""``conversions redrive``: send dead letters back to their queue, once the cause is mended. Safe at any time."""

from __future__ import annotations

import argparse

from cli.operated_stack import OperatedStack
from cli.operation import DONE, NOTHING, WrongUsage, add_common_arguments, is_confirmed, operate, print_table
from conversion_delivery.workflows.redrive_messages import RedriveMessages

QUEUES = ("uploads", "batches")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("queue", nargs="?", choices=QUEUES, help="default: both")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many messages of each queue")
    parser.add_argument(
        "--include-parked",
        action="store_true",
        help="also messages that were parked because this software cannot read them; after an update that can",
    )
    add_common_arguments(parser, changes=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    return operate("redrive", args, lambda stack: _redrive(stack, args))


def _redrive(stack: OperatedStack, args: argparse.Namespace) -> int:
    if args.limit is not None and args.limit < 1:
        raise WrongUsage("--limit takes a number above 0.")
    queues = {queue: stack.dead_letters(queue) for queue in ([args.queue] if args.queue else QUEUES)}
    depths = {queue: letters.depth() for queue, letters in queues.items()}
    print_table(
        ("queue", "dead letters", "being looked at"),
        [(queue, str(depth.waiting), str(depth.held)) for queue, depth in depths.items()],
    )
    if not any(sum(depth) for depth in depths.values()):
        print("There is nothing to send back.")
        return NOTHING
    if not is_confirmed(args, "Send them back?"):
        return DONE
    for queue, letters in queues.items():
        done = RedriveMessages(letters).run(limit=args.limit, include_parked=args.include_parked)
        sent = "SQS moves all of them by itself" if done.by_service else f"{done.sent_back} sent back"
        kept = "".join(f", {number} parked ({code}) left" for code, number in sorted(done.skipped.items()))
        print(f"{queue}: {sent}{kept}")
    return DONE
