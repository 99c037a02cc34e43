"""A destination's settings and token as a person gives them: flags first, questions for the rest.

In: parsed arguments. Out: a settings document that the functions accept, and a token. A token is read from a prompt
that shows nothing, or from a variable of the environment; never from an argument, which the machine would list and
the shell remember. Owns ``WrongUsage``.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from cli.operation import WrongUsage
from conversion_delivery.domain.destinations import parse_settings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.uploads import DESTINATION_NAME

QUESTIONS = (
    ("event_source", "Kind of event set (offline, web, crm)", "offline"),
    ("event_source_id", "Event set id (offline, crm) or pixel code (web), as Events Manager shows it", ""),
    ("test_event_code", "Test event code (empty for real delivery)", ""),
    ("default_currency", "Currency of amounts that carry none, such as USD (empty: such rows are rejected)", ""),
    ("default_country", "Country of phone numbers that carry none, such as US (empty: such numbers are left out)", ""),
    ("default_timezone", "Time zone of times that carry none", "UTC"),
)
"""Setting, question, default."""

_USABLE_TOKEN = re.compile(r"[!-~]{1,4096}")
"""What fits into a header."""


def add_settings_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare a flag for each question."""
    parser.add_argument("--settings", type=Path, metavar="S.json", help="complete settings document, instead of flags")
    for name, question, _ in QUESTIONS:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="X", help=question)


def add_token_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the token comes from."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--token-env", metavar="NAME", help="variable that holds the token; default: it is asked for")
    source.add_argument("--no-token", action="store_true", help="put the token in later")


def checked_name(name: str) -> str:
    """Raises ``WrongUsage``."""
    if not DESTINATION_NAME.fullmatch(name):
        raise WrongUsage("a destination's name has up to 63 letters, digits, dots, dashes and underscores.")
    return name


def settings_document(args: argparse.Namespace, stored: str | None = None) -> str:
    """The checked document: what the flags say over what is ``stored``, or over the answers to the questions.

    Raises ``WrongUsage``.
    """
    if args.settings is not None:
        try:
            document = str(args.settings.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise WrongUsage(f"the settings document {args.settings} cannot be read.") from None
    else:
        document = json.dumps(_from_flags(args, stored))
    try:
        parse_settings(document)
    except UploadRejected as problem:
        raise WrongUsage(f'"{problem.facts["key"]}" {problem.facts["problem"]}.') from None
    return document


def _from_flags(args: argparse.Namespace, stored: str | None) -> dict[str, Any]:
    given = {name: getattr(args, name) for name, _, _ in QUESTIONS}
    if stored is not None:
        known = {name: value for name, value in given.items() if value is not None}
        return {**_document(stored), **{name: value or None for name, value in known.items()}}
    if given["event_source_id"] is None:
        if not sys.stdin.isatty():
            raise WrongUsage("--event-source-id or --settings is needed where nobody can be asked.")
        given |= {name: _asked(question, usual) for name, question, usual in QUESTIONS if given[name] is None}
    return {name: value for name, value in given.items() if value}


def _document(stored: str) -> dict[str, Any]:
    """Settings that cannot be read are replaced as a whole."""
    try:
        document = json.loads(stored)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _asked(question: str, usual: str) -> str:
    return input(f"{question}{f' [{usual}]' if usual else ''}: ").strip() or usual


def read_token(args: argparse.Namespace) -> str | None:
    """The token; None where it is to be put in later. Raises ``WrongUsage``."""
    if args.no_token:
        return None
    if args.token_env:
        token = os.environ.get(args.token_env, "").strip()
    elif sys.stdin.isatty():
        token = getpass.getpass("Events API access token (nothing is shown): ").strip()
    else:
        raise WrongUsage("--token-env or --no-token is needed where nobody can be asked.")
    if not _USABLE_TOKEN.fullmatch(token):
        raise WrongUsage("the token is empty or holds characters that no token has.")
    return token
