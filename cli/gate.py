"""``conversions gate``: whether deliveries to a destination are held back, why, and until when.

A gate opens by itself. Opening it by hand only makes the next batches try earlier; it shuts again if they fail.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from cli.operated_stack import OperatedStack
from cli.operation import (
    DONE,
    NOTHING,
    add_common_arguments,
    is_confirmed,
    operate,
    print_json,
    print_table,
    shown_time,
)
from conversion_delivery.workflows.ports import Gate

REASONS = {
    "TOKEN_REFUSED": "TikTok refuses the token",
    "SECRET_MISSING": "the secret does not exist",
    "SECRET_UNUSABLE": "the secret holds no token",
    "THROTTLED": "TikTok asks for fewer requests",
    "OUTAGE": "TikTok does not answer as it should",
    "MISCONFIGURED": "TikTok does not take the settings; `conversions destination check` says more",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-verbs and their options."""
    verbs = parser.add_subparsers(dest="gate_verb", required=True, metavar="show|open")
    showing = verbs.add_parser("show", help="show the gates")
    opening = verbs.add_parser("open", help="let deliveries try at once")
    for each in (showing, opening):
        each.add_argument("destination", nargs="?", metavar="DESTINATION", help="default: all")
    add_common_arguments(showing, shows=True)
    add_common_arguments(opening, changes=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    work = _show if args.gate_verb == "show" else _open
    return operate(f"gate {args.gate_verb}", args, lambda stack: work(stack, args))


def _gates(stack: OperatedStack, destination: str | None) -> Mapping[str, Gate | None]:
    names = [destination] if destination else sorted(stack.registry.documents())
    return {name: stack.progress.gate(name) for name in names}


def _show(stack: OperatedStack, args: argparse.Namespace) -> int:
    gates = _gates(stack, args.destination)
    now = stack.now()
    if args.json:
        print_json(
            [
                {
                    "destination": name,
                    "shut": gate is not None and gate.shut_until > now,
                    "reason": gate.reason if gate else None,
                    "shut_until": shown_time(gate.shut_until) if gate else None,
                    "failures": gate.failures if gate else 0,
                }
                for name, gate in gates.items()
            ]
        )
    else:
        print_table(("destination", "gate"), [(name, described(gate, now)) for name, gate in gates.items()])
    return DONE if gates else NOTHING


def described(gate: Gate | None, now: float) -> str:
    """A gate in words."""
    if gate is None:
        return "open"
    why = f"{REASONS.get(gate.reason, gate.reason)}, {gate.failures} in a row"
    if gate.shut_until <= now:
        return f"open, next delivery is a trial ({why})"
    return f"shut until {shown_time(gate.shut_until)} ({why})"


def _open(stack: OperatedStack, args: argparse.Namespace) -> int:
    shut = {name: gate for name, gate in _gates(stack, args.destination).items() if gate is not None}
    if not shut:
        print("No gate is shut.")
        return NOTHING
    now = stack.now()
    print_table(("destination", "gate"), [(name, described(gate, now)) for name, gate in shut.items()])
    if is_confirmed(args, "Open?"):
        for name in shut:
            stack.progress.open_gate(name)
        print("Open. Batches that wait already come back when their own wait is over, 20 minutes at most.")
    return DONE
