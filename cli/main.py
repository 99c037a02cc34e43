"""The command line ``conversions``: one verb per module of this folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from cli import (
    bucket,
    check,
    close_batch,
    cost,
    destination,
    gate,
    redrive,
    resend,
    review,
    run,
    sftp,
    simulator,
    status,
)

USAGE_ERROR = 64
"""Exit code for wrong usage (EX_USAGE of sysexits.h)."""

VERBS = {
    "check": (check, "read a file as the functions would and say what each row turns into; sends nothing"),
    "cost": (cost, "what a file will cost and how long it will take; asks nobody"),
    "run": (run, "deliver files on this machine: emulated AWS, real template"),
    "simulator": (simulator, "a strict stand-in for TikTok's Events API on this machine"),
    "status": (status, "what happened to a file, an order or an event"),
    "destination": (destination, "list, add, check and remove destinations and their tokens"),
    "gate": (gate, "whether deliveries to a destination are held back, and let them try at once"),
    "review": (review, "events whose outcome nobody knows: list them, mark them delivered, or release them"),
    "redrive": (redrive, "send dead letters back to their queue"),
    "resend": (resend, "process a stored upload once more; what was delivered is not sent again"),
    "sftp": (sftp, "users of the SFTP server, one for each destination"),
    "bucket": (bucket, "make a bucket that exists already announce its uploads to the stack"),
    "close-batch": (close_batch, "end a batch that will never run again, so that its file can be finished"),
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser with every verb."""
    parser = _Parser(
        prog="conversions", description="Conversion files to TikTok, each conversion counted exactly once."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)
    for name, (module, summary) in VERBS.items():
        module.add_arguments(verbs.add_parser(name, help=summary, description=summary))
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit code."""
    parsed = build_parser().parse_args(arguments)
    module, _ = VERBS[parsed.verb]
    try:
        return int(module.run(parsed))
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 141


if __name__ == "__main__":
    sys.exit(main())
