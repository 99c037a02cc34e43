"""``conversions status``: what happened to a file, an order or an event, with times and TikTok's request ids.

Exit 0 found, 1 nothing found, 64 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import Any

from cli import file_states
from cli.operated_stack import OperatedStack
from cli.operation import (
    DONE,
    NOTHING,
    add_common_arguments,
    checked_file_id,
    operate,
    print_json,
    print_table,
    shown_time,
)
from cli.upload_search import find_uploads, latest_uploads
from conversion_delivery.domain.destinations import DestinationSettings, parse_settings
from conversion_delivery.domain.errors import NotPossible, UploadRejected
from conversion_delivery.domain.explanations import explain_outcome
from conversion_delivery.domain.outcomes import Outcome
from conversion_delivery.workflows.find_outcomes import (
    FoundEvent,
    can_be_found_by_order,
    event_names_of,
    keys_of_event_id,
    keys_of_order,
)

LATEST = 20

OUTCOMES = {
    Outcome.DELIVERED: "delivered",
    Outcome.REFUSED: "refused by TikTok",
    Outcome.NOT_SENT: "not sent, and free for the next upload",
    Outcome.REVIEW: "may have been counted; a person has to look (conversions review)",
    Outcome.UNDECIDED: "not decided yet",
}

NOT_FOUND_BY_ORDER = (
    "Not everything can be found by its order id: rows with an event id of their own (use --event-id), files with one"
    " row per item (add --content-id), events under a name of your own (add --event), and files that were delivered"
    " under another event set (add --source-id). results.csv of a file lists the event id of each row."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("file", nargs="?", metavar="FILE", help="a key or the name of an uploaded file; default: latest")
    what.add_argument("--file-id", metavar="ID", help="one upload; its reports name it")
    what.add_argument("--order-id", metavar="ID", help="events made from an order id")
    what.add_argument("--event-id", metavar="ID", help="an event id, as results.csv lists it")
    parser.add_argument(
        "--content-id", metavar="ID", default="", help="with --order-id: the item, for files with one row per item"
    )
    parser.add_argument("--event", metavar="NAME", help="only this event name; default: every known one")
    parser.add_argument("--destination", metavar="NAME", help="only this destination; default: all")
    parser.add_argument("--source-id", metavar="ID", help="an event set id that the settings do not name any more")
    add_common_arguments(parser, shows=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    return operate("status", args, lambda stack: _status(stack, args))


def _status(stack: OperatedStack, args: argparse.Namespace) -> int:
    if args.order_id or args.event_id:
        return _events(stack, args)
    if args.file_id:
        record = stack.progress.file(checked_file_id(args.file_id))
        if record is None:
            raise NotPossible("FILE_UNKNOWN")
        return _show_files(args, [file_states.detailed(stack, record.upload, record)])
    if args.file:
        found = find_uploads(stack, args.file, args.destination)
        documents = [
            {
                **file_states.detailed(stack, upload, stack.progress.file(upload.file_id)),
                "stored_at": shown_time(at) or None,
            }
            for upload, at in found
        ]
        return _show_files(args, documents)
    return _latest(stack, args)


def _latest(stack: OperatedStack, args: argparse.Namespace) -> int:
    found, complete = latest_uploads(stack, LATEST, args.destination)
    documents = [file_states.brief(upload, stack.progress.file(upload.file_id), at) for upload, at in found]
    if args.json:
        print_json(documents)
    elif documents:
        header = ("stored", "state", "batches", "file id", "key")
        print_table(
            header,
            [
                (
                    document["stored_at"],
                    document["state"],
                    f"{document.get('closed_batches', 0)}/{document.get('batches', 0)}",
                    document["file_id"],
                    document["key"],
                )
                for document in documents
            ],
        )
    else:
        print("No upload is stored.")
    if not complete:
        print("There are too many uploads to look at them all; name a file or a --destination.", file=sys.stderr)
    return DONE if documents else NOTHING


def _show_files(args: argparse.Namespace, documents: list[dict[str, Any]]) -> int:
    if args.json:
        print_json(documents)
    elif not documents:
        print("No such file is stored or reported. A file in a subfolder is found by its whole key.")
    for document in documents if not args.json else ():
        print("\n".join(file_states.lines(document)))
    return DONE if documents else NOTHING


def _events(stack: OperatedStack, args: argparse.Namespace) -> int:
    keys: dict[str, None] = {}
    hidden = []
    for name, settings in _settings(stack, args):
        events = [args.event] if args.event else event_names_of(settings)
        if args.event_id:
            keys |= dict.fromkeys(keys_of_event_id(settings, args.event_id.strip(), events))
        else:
            keys |= dict.fromkeys(keys_of_order(settings, args.order_id.strip(), events, args.content_id.strip()))
            hidden += [] if can_be_found_by_order(settings) else [name]
    found = stack.find.events(list(keys))
    if args.json:
        print_json([event_document(event) for event in found])
    else:
        print("\n\n".join("\n".join(event_lines(event)) for event in found) or "The ledger knows no such event.")
    if args.order_id and (hidden or not found):
        print(NOT_FOUND_BY_ORDER, file=sys.stderr)
    if hidden:
        print(f"event_id_from asks for more than the order at: {', '.join(hidden)}.", file=sys.stderr)
    return DONE if found else NOTHING


def _settings(stack: OperatedStack, args: argparse.Namespace) -> Iterable[tuple[str, DestinationSettings]]:
    """The destinations in question; one whose settings cannot be read is named and left out."""
    for name, document in sorted(stack.registry.documents().items()):
        if args.destination not in (None, name):
            continue
        try:
            settings = parse_settings(document)
        except UploadRejected:
            print(f"The settings of {name} cannot be used, so it is left out.", file=sys.stderr)
            continue
        yield name, settings.model_copy(update={"event_source_id": args.source_id}) if args.source_id else settings


def event_document(found: FoundEvent) -> dict[str, Any]:
    """One event for ``--json``."""
    batch, file = found.batch, found.file
    return {
        "event": found.event,
        "event_id": found.event_id,
        "outcome": found.outcome.value,
        "code": found.decision.code or None,
        "file_id": found.batch_id.file_id,
        "key": file.upload.key if file else None,
        "received_at": shown_time(file.received_at) if file else None,
        "batch": found.batch_id.number,
        "row": found.row,
        "closed_at": shown_time(batch.closed_at) or None if batch else None,
        "request_id": found.request_id or None,
    }


def event_lines(found: FoundEvent) -> list[str]:
    """One event for a person."""
    document = event_document(found)
    shown = [f"{found.event} {found.event_id}: {OUTCOMES[found.outcome]}"]
    if found.decision.code:
        shown.append(f"  {explain_outcome(found.decision.code)}")
    file = document["key"] or "(its file's record has expired)"
    shown.append(f"  row {found.row} of {file} (batch {found.batch_id.number}, file id {found.batch_id.file_id})")
    for label, name in (("received", "received_at"), ("decided", "closed_at"), ("TikTok's request", "request_id")):
        if document[name]:
            shown.append(f"  {label}: {document[name]}")
    return shown
