"""What the operator's verbs share: opening the stack, asking before something changes, and saying why not.

Exit 0 done, 1 nothing found or not possible, 64 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

from cli.operated_stack import OperatedStack, StackUnavailable, add_stack_arguments, operated_stack
from conversion_delivery.domain.errors import DeliveryError, NotPossible, SourceUnavailable, UploadRejected
from conversion_delivery.domain.explanations import sentence_for
from conversion_delivery.domain.reports.summaries import iso_time
from local.aws.emulator import EmulatorFailed

DONE, NOTHING, USAGE_ERROR = 0, 1, 64

FILE_ID = re.compile(r"[0-9a-f]{32}")

REFUSALS = {
    "FILE_UNKNOWN": "No file has this id. `conversions status FILE` shows the ids of a file.",
    "BATCH_UNKNOWN": "The file has no batch {batch}; its batches are 1 to {batches}.",
    "BATCH_CLOSED": "Batch {batch} is closed already.",
    "BATCH_OPEN": "Batch {batch} is not closed yet, so its sender may still decide these rows.",
    "BATCH_BUSY": "Batch {batch} is being delivered at this moment; its lease ends in {seconds} s at the latest.",
    "ROWS_UNKNOWN": (
        "The uploaded file is gone, so the rows of batch {batch} are known to its message only. `conversions redrive"
        " batches` brings a dead letter back, and the sender then closes the batch by itself."
    ),
    "RULES_CHANGED": (
        "Today's rules cut the file in other places than when it was split, so nobody can say which rows batch {batch}"
        " holds. Run this command with the version of the software that read the file."
    ),
    "ROWS_NOT_IN_REVIEW": "Not all of these rows are in review; `conversions review list` shows those that are.",
    "NOTHING_IN_REVIEW": "None of these rows is in review.",
    "REVIEW_LOST": "Somebody else decided about batch {batch} at the same moment. Look again before you repeat this.",
    "FILE_ID_INVALID": "A file id has 32 hexadecimal digits; `conversions status FILE` shows it.",
}
"""Code of a ``NotPossible`` -> what to tell the operator."""


class WrongUsage(Exception):
    """The arguments do not make sense together; the text says what to change."""


def add_common_arguments(parser: argparse.ArgumentParser, *, changes: bool = False, shows: bool = False) -> None:
    """Declare the stack; ``--dry-run`` and ``--yes`` where something changes, ``--json`` where something is shown."""
    add_stack_arguments(parser)
    if changes:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")
    if shows:
        parser.add_argument("--json", action="store_true", help="write JSON to standard output")


def operate(verb: str, args: argparse.Namespace, work: Callable[[OperatedStack], int]) -> int:
    """Do the work on the stack that the arguments name; its exit code, whatever goes wrong."""
    try:
        with operated_stack(args) as stack:
            return work(stack)
    except WrongUsage as problem:
        return _say(verb, str(problem), USAGE_ERROR)
    except (StackUnavailable, EmulatorFailed) as problem:
        return _say(verb, str(problem), NOTHING)
    except DeliveryError as problem:
        return _say(verb, reason_of(problem), NOTHING)


def reason_of(problem: DeliveryError) -> str:
    """A sentence about an error, made of its code and facts."""
    if isinstance(problem, NotPossible) and problem.code in REFUSALS:
        return REFUSALS[problem.code].format(**problem.facts)
    if isinstance(problem, UploadRejected):
        return sentence_for(problem.code, problem.facts).replace(" Nothing was sent.", "")
    if isinstance(problem, SourceUnavailable):
        return f"AWS answered {problem.facts.get('error', '')} to {problem.facts.get('operation', '')}."
    return f"It ended with {problem}."


def _say(verb: str, sentence: str, code: int) -> int:
    print(f"conversions {verb}: {sentence}", file=sys.stderr)
    return code


def is_confirmed(args: argparse.Namespace, question: str) -> bool:
    """Whether to go on. Raises ``WrongUsage`` where nobody can be asked."""
    if args.dry_run:
        print("Dry run: nothing was changed.")
        return False
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise WrongUsage("nobody can be asked here; add --yes to go on, or --dry-run to look.")
    answer = input(f"{question} [y/N] ").strip().lower()
    if answer in ("y", "yes"):
        return True
    print("Nothing was changed.")
    return False


def checked_file_id(text: str) -> str:
    """Raises ``NotPossible`` (``FILE_ID_INVALID``)."""
    if not FILE_ID.fullmatch(text):
        raise NotPossible("FILE_ID_INVALID")
    return text


def print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need to be."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for line in (header, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def shown_time(seconds: float | None) -> str:
    return iso_time(seconds) if seconds is not None else ""
