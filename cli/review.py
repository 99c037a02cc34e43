"""``conversions review``: events whose outcome nobody knows, and what a person found out about them at TikTok.

``mark-delivered``: TikTok counted them. ``release``: TikTok never counted them; the next upload that holds them, such
as ``conversions resend``, sends them. Neither can be taken back.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from cli.operated_stack import OperatedStack
from cli.operation import (
    DONE,
    NOTHING,
    WrongUsage,
    add_common_arguments,
    checked_file_id,
    is_confirmed,
    operate,
    print_json,
    print_table,
    shown_time,
)
from cli.upload_search import latest_uploads
from conversion_delivery.domain.batches import RowSet
from conversion_delivery.domain.errors import ContractBroken, NotPossible
from conversion_delivery.domain.explanations import explain_outcome
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reviews import Verdict

FILES_LOOKED_AT = 50
MOST_ROWS = 1_000_000

VERDICTS = {"mark-delivered": Verdict.DELIVERED, "release": Verdict.RELEASED}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-verbs and their options."""
    verbs = parser.add_subparsers(dest="review_verb", required=True, metavar="list|mark-delivered|release")
    listing = verbs.add_parser("list", help="show rows in review")
    listing.add_argument("--file-id", metavar="ID", help=f"one file; default: the {FILES_LOOKED_AT} latest")
    add_common_arguments(listing, shows=True)
    for name, summary in (
        ("mark-delivered", "TikTok counted these events"),
        ("release", "TikTok never counted these events; the next upload may send them"),
    ):
        deciding = verbs.add_parser(name, help=summary, description=summary)
        deciding.add_argument("--file-id", metavar="ID", required=True)
        which = deciding.add_mutually_exclusive_group(required=True)
        which.add_argument("--rows", metavar="1-5,9", help="rows, as `review list` shows them")
        which.add_argument("--all", action="store_true", help="every row of the file that is in review")
        add_common_arguments(deciding, changes=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    work = _list if args.review_verb == "list" else _decide
    return operate(f"review {args.review_verb}", args, lambda stack: work(stack, args))


def _list(stack: OperatedStack, args: argparse.Namespace) -> int:
    found = [entry for file in _files(stack, args) for entry in _entries(stack, file)]
    if args.json:
        print_json(found)
    elif found:
        header = ("file id", "file", "batch", "rows", "since", "why")
        names = ("file_id", "name", "batch", "rows", "since", "code")
        print_table(header, [[str(entry[name] or "") for name in names] for entry in found])
        for code in sorted({entry["code"] for entry in found}):
            print(f"\n{code}: {explain_outcome(code)}")
    else:
        print("No row is in review.")
    return DONE if found else NOTHING


def _files(stack: OperatedStack, args: argparse.Namespace) -> Iterator[FileRecord]:
    if args.file_id:
        record = stack.progress.file(checked_file_id(args.file_id))
        if record is None:
            raise NotPossible("FILE_UNKNOWN")
        yield record
        return
    uploads, complete = latest_uploads(stack, FILES_LOOKED_AT)
    if len(uploads) == FILES_LOOKED_AT or not complete:
        print(f"Only the {FILES_LOOKED_AT} latest uploads are looked at; --file-id names another.", file=sys.stderr)
    for upload, _ in uploads:
        record = stack.progress.file(upload.file_id)
        if record is not None and record.checkpoint.batches:
            yield record


def _entries(stack: OperatedStack, file: FileRecord) -> Iterator[dict[str, Any]]:
    for found in stack.review.rows(file.file_id):
        for code, rows in found.rows.items():
            requests = [
                request
                for request, sent in found.batch.request_ids.items()
                if any(row in rows for row in RowSet.parse(sent))
            ]
            yield {
                "file_id": file.file_id,
                "name": file.upload.name,
                "batch": found.batch.batch_id.number,
                "rows": str(rows),
                "events": len(rows),
                "code": code,
                "since": shown_time(found.batch.maybe_sent_at) or None,
                "request_ids": requests,
                "open": not found.batch.is_closed,
            }


def _decide(stack: OperatedStack, args: argparse.Namespace) -> int:
    verdict = VERDICTS[args.review_verb]
    file_id, wanted = checked_file_id(args.file_id), None if args.all else _rows(args.rows)
    found = list(stack.review.rows(file_id, wanted))
    if not found:
        raise NotPossible("NOTHING_IN_REVIEW")
    for batch in found:
        print(f"batch {batch.batch.batch_id.number}: rows {batch.numbers} ({len(batch.numbers)} events)")
    number = sum(len(batch.numbers) for batch in found)
    meaning = (
        "They count as delivered and are never sent again."
        if verdict is Verdict.DELIVERED
        else "They may be sent by the next upload; whatever TikTok counted after all is then counted twice."
    )
    if not is_confirmed(args, f"{number} events: {args.review_verb}? {meaning} This cannot be taken back."):
        return DONE
    decided = stack.review.decide(file_id, wanted, verdict, stack.operator)
    print(f"{decided.rows} events: {verdict.value}. The report of a finished file is written anew.")
    if verdict is Verdict.RELEASED:
        print(f"`conversions resend --file-id {file_id}` sends them.")
    if not decided.values_known:
        print("The file could not be read again, so the report's value totals lack these events.", file=sys.stderr)
    return DONE


def _rows(text: str) -> RowSet:
    """Raises ``WrongUsage``."""
    try:
        rows = RowSet.parse(text.replace(" ", ""))
        number = len(rows)
    except (ContractBroken, ValueError, OverflowError):
        raise WrongUsage("--rows takes row numbers and ranges such as 1-5,9.") from None
    if not 0 < number <= MOST_ROWS:
        raise WrongUsage(f"--rows takes 1 to {MOST_ROWS:,} rows.")
    return RowSet(rows)
