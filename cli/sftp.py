"""``conversions sftp``: users of the stack's SFTP server, one for each destination and called like it.

The template makes the first destination's user; the others are made here, with the same folders and the same bounds.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from cli.operated_stack import OperatedStack
from cli.operation import DONE, NOTHING, WrongUsage, add_common_arguments, is_confirmed, operate, print_table
from conversion_delivery.aws.sftp_users import LEAST_NAME, SftpUsers

_KEY = re.compile(r"(ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+( [^\r\n]*)?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-verbs and their options."""
    verbs = parser.add_subparsers(dest="sftp_verb", required=True, metavar="list|add|remove")
    add_common_arguments(verbs.add_parser("list", help="list the users"))
    adding = verbs.add_parser("add", help="make a destination's user, or give it one more key")
    adding.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="SSH public key, such as id_ed25519.pub"
    )
    removing = verbs.add_parser("remove", help="take a user away; its files stay")
    for each in (adding, removing):
        each.add_argument("destination", metavar="DESTINATION")
        add_common_arguments(each, changes=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    work = {"list": _list, "add": _add, "remove": _remove}[args.sftp_verb]
    return operate(f"sftp {args.sftp_verb}", args, lambda stack: work(stack, args))


def _users(stack: OperatedStack) -> SftpUsers:
    if "SftpServerId" not in stack.outputs:
        raise WrongUsage(f"the stack {stack.name} has no SFTP server; its parameter SftpEndpoint makes one.")
    return SftpUsers(
        stack.client("transfer"),
        server=stack.outputs["SftpServerId"],
        role=stack.outputs["SftpUserRoleArn"],
        bucket=stack.outputs["Bucket"],
    )


def _list(stack: OperatedStack, args: argparse.Namespace) -> int:
    users = _users(stack).names()
    print_table(("user", "keys"), [(user.name, str(user.keys)) for user in users])
    return DONE if users else NOTHING


def _add(stack: OperatedStack, args: argparse.Namespace) -> int:
    users, name, key = _users(stack), args.destination, _read_key(args.key)
    if len(name) < LEAST_NAME:
        raise WrongUsage(f"an SFTP user's name has {LEAST_NAME} letters at least, and is the destination's name.")
    if name not in stack.registry.documents():
        raise WrongUsage(f"there is no destination {name}; `conversions destination list` shows those that exist.")
    print(f"{name} may write to inbox/{name}/ and read reports/{name}/")
    if is_confirmed(args, "Let it in?"):
        users.add(name, key)
        print("Done. docs/sftp.md is for whoever holds the key.")
    return DONE


def _remove(stack: OperatedStack, args: argparse.Namespace) -> int:
    users = _users(stack)
    if args.destination not in {user.name for user in users.names()}:
        print(f"There is no user {args.destination}.")
        return NOTHING
    if is_confirmed(args, f"Take {args.destination} and all its keys away?"):
        users.remove(args.destination)
    return DONE


def _read_key(path: Path) -> str:
    """Raises ``WrongUsage``; a private key that was given by mistake is not repeated."""
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise WrongUsage(f"{path} cannot be read.") from None
    if not _KEY.fullmatch(key):
        raise WrongUsage(f"{path} holds no public key of one line (rsa, ed25519 or ecdsa).")
    return key
