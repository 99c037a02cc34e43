"""``conversions destination``: where files go. List, add, check and remove.

``check`` proves the token as far as TikTok allows without sending an event, and stores what it found as the
destination's status (``active`` or ``refused``).
"""

from __future__ import annotations

import argparse
from typing import Any

from cli import destination_findings
from cli.destination_settings import (
    add_settings_arguments,
    add_token_arguments,
    checked_name,
    read_token,
    settings_document,
)
from cli.gate import described
from cli.operated_stack import OperatedStack
from cli.operation import (
    DONE,
    NOTHING,
    WrongUsage,
    add_common_arguments,
    is_confirmed,
    operate,
    print_json,
    print_table,
    reason_of,
    shown_time,
)
from conversion_delivery.domain.destinations import parse_settings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.workflows.check_destination import ACTIVE
from conversion_delivery.workflows.delivery_gate import CREDENTIAL_REASONS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-verbs and their options."""
    verbs = parser.add_subparsers(dest="destination_verb", required=True, metavar="list|add|check|remove")
    listing = verbs.add_parser("list", help="show the destinations")
    add_common_arguments(listing, shows=True)
    adding = verbs.add_parser("add", help="add a destination, or change one")
    adding.add_argument("destination", metavar="NAME", help="folder below uploads/ whose files go there")
    adding.add_argument(
        "--replace",
        action="store_true",
        help="change one that exists: what no flag names stays, the token is asked for",
    )
    add_settings_arguments(adding)
    add_token_arguments(adding)
    add_common_arguments(adding, changes=True)
    checking = verbs.add_parser("check", help="prove the token without sending an event")
    checking.add_argument("destination", metavar="NAME")
    add_common_arguments(checking, shows=True)
    removing = verbs.add_parser("remove", help="remove settings and token")
    removing.add_argument("destination", metavar="NAME")
    add_common_arguments(removing, changes=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    work = {"list": _list, "add": _add, "check": _check, "remove": _remove}[args.destination_verb]
    return operate(f"destination {args.destination_verb}", args, lambda stack: work(stack, args))


def _list(stack: OperatedStack, args: argparse.Namespace) -> int:
    entries = [_entry(stack, name, document) for name, document in sorted(stack.registry.documents().items())]
    if args.json:
        print_json(entries)
    elif entries:
        header = ("destination", "event source", "id", "secret", "status", "checked", "gate")
        names = ("destination", "event_source", "event_source_id", "secret", "status", "checked_at", "gate")
        print_table(header, [[str(entry[name] or "-") for name in names] for entry in entries])
    else:
        print("There is no destination.")
    return DONE if entries else NOTHING


def _entry(stack: OperatedStack, name: str, document: str) -> dict[str, Any]:
    state, gate = stack.registry.state(name), stack.progress.gate(name)
    entry: dict[str, Any] = {
        "destination": name,
        "event_source": None,
        "event_source_id": None,
        "problem": None,
        "secret": "yes" if stack.registry.has_secret(name) else "missing",
        "status": state.status if state else "never checked",
        "checked_at": shown_time(state.checked_at) if state else None,
        "gate": described(gate, stack.now()),
    }
    try:
        settings = parse_settings(document)
    except UploadRejected as problem:
        return {**entry, "problem": reason_of(problem), "event_source": "settings invalid"}
    return {**entry, "event_source": settings.event_source, "event_source_id": settings.event_source_id}


def _add(stack: OperatedStack, args: argparse.Namespace) -> int:
    name = checked_name(args.destination)
    stored = stack.registry.documents().get(name)
    if stored is not None and not args.replace:
        raise WrongUsage(f"{name} exists; --replace changes it.")
    document = settings_document(args, stored)
    token = None if args.dry_run else read_token(args)
    settings = parse_settings(document)
    print(f"{name}: {settings.event_source} events to {settings.event_source_id}")
    print(f"  settings: /{stack.name}/destinations/{name} (SSM parameter)")
    print(f"  token:    {stack.name}/destinations/{name} (secret){'' if token else ', left as it is'}")
    if not is_confirmed(args, "Store it?"):
        return DONE
    if token is not None:
        stack.registry.put_token(name, token)
    stack.registry.put(name, document)
    print(f"Stored. Files below uploads/{name}/ go there. `conversions destination check {name}` proves the token.")
    return DONE


def _check(stack: OperatedStack, args: argparse.Namespace) -> int:
    name = checked_name(args.destination)
    check = stack.check.run(name)
    gate = stack.progress.gate(name)
    shown = destination_findings.lines(check)
    if check.status == ACTIVE and gate is not None and gate.reason in CREDENTIAL_REASONS:
        shown.append(f"Its batches wait for a token; `conversions gate open {name}` lets them try at once.")
    if args.json:
        answer = check.answer
        print_json(
            {
                "destination": name,
                "finding": check.finding.value,
                "status": check.status,
                "code": answer.code if answer else None,
                "field": answer.field or None if answer else None,
                "request_id": answer.request_id or None if answer else None,
                "explanation": shown,
            }
        )
    else:
        print("\n".join([f"{name}: {check.status or 'status unchanged'}", *(f"  {line}" for line in shown)]))
    return DONE if check.status == ACTIVE else NOTHING


def _remove(stack: OperatedStack, args: argparse.Namespace) -> int:
    name = checked_name(args.destination)
    if stack.outputs.get("DestinationSettingsName") == f"/{stack.name}/destinations/{name}":
        raise WrongUsage(f"{name} belongs to the template: change its parameters and deploy, or delete the stack.")
    if name not in stack.registry.documents() and not stack.registry.has_secret(name):
        print(f"There is no destination {name}.")
        return NOTHING
    print(
        f"Files below uploads/{name}/ are refused from now on; batches that wait for it find no token and keep waiting."
    )
    if is_confirmed(args, f"Remove {name}?"):
        stack.registry.remove(name)
        print("Removed. AWS can restore the secret for 7 days.")
    return DONE
