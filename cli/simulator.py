"""``conversions simulator``: the Events API simulator in the foreground, until it is told to stop."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import get_args

from local.events_api import EventsApiSimulator, FaultPlan, FaultPlanInvalid, SimulatorSettings, parse_plan
from local.events_api.settings import ErrorStatus, MessageStyle
from local.events_api.state_file import StateFileUnreadable

DEFAULT_PORT = 8787
EXIT_OK = 0
EXIT_NOT_STARTED = 2
EXIT_USAGE = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of ``conversions simulator``."""
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--token", action="append", default=[], help="a valid token for every source (repeatable)")
    parser.add_argument(
        "--source-token",
        action="append",
        default=[],
        metavar="SOURCE_ID=TOKEN",
        help="a token that is valid for one source only (repeatable); without any token, every token is valid",
    )
    parser.add_argument("--faults", type=Path, metavar="FILE", help="fault plan (JSON)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep the memory of de-duplication between runs")
    parser.add_argument("--log", type=Path, metavar="FILE", help="append a JSON line for each request and answer")
    parser.add_argument("--error-status", choices=get_args(ErrorStatus), default="always200", help="HTTP status style")
    parser.add_argument("--message-style", choices=get_args(MessageStyle), default="spaced", help="spelling of errors")
    parser.add_argument("--rate-limit", type=int, metavar="N", help="requests per second before code 40100")
    parser.add_argument("--keep-events", type=int, default=200_000, metavar="N", help="whole events kept to look at")
    parser.add_argument("--lenient", action="store_true", help="let unknown fields and empty text pass")
    parser.add_argument("--any-source-id", action="store_true", help="let offline event set ids be any text")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Exit 0 stopped, 2 could not start, 64 wrong usage."""
    try:
        simulator = EventsApiSimulator(
            args.port, settings=_settings(args), faults=_plan(args.faults), state=args.state, log=args.log
        )
    except (FaultPlanInvalid, _Usage) as wrong:
        print(f"conversions simulator: {wrong}", file=sys.stderr)
        return EXIT_USAGE
    except StateFileUnreadable:
        print("conversions simulator: --state: not a state file of the simulator; remove it", file=sys.stderr)
        return EXIT_USAGE
    except OSError as fault:
        print(f"conversions simulator: cannot start: {fault.strerror or type(fault).__name__}", file=sys.stderr)
        return EXIT_NOT_STARTED
    with _told_to_stop() as stop, simulator:
        print(f"Events API simulator listening on {simulator.url}", flush=True)
        stop.wait()
    print("Events API simulator stopped", flush=True)
    return EXIT_OK


class _Usage(Exception):
    """A flag's value that cannot be used."""


def _settings(args: argparse.Namespace) -> SimulatorSettings:
    tokens: dict[str, frozenset[str] | None] = dict.fromkeys(args.token)
    for pair in args.source_token:
        source_id, equals, token = pair.partition("=")
        if not (source_id and equals and token):
            raise _Usage("--source-token takes SOURCE_ID=TOKEN")
        tokens[token] = frozenset({source_id}) | (tokens.get(token) or frozenset())
    return SimulatorSettings(
        tokens=tokens,
        error_status=args.error_status,
        message_style=args.message_style,
        strict=not args.lenient,
        check_source_ids=not args.any_source_id,
        rate_limit=args.rate_limit,
        kept_events=args.keep_events,
    )


def _plan(path: Path | None) -> FaultPlan | None:
    if path is None:
        return None
    try:
        return parse_plan(path.read_bytes())
    except OSError as fault:
        raise _Usage(f"--faults: cannot read the file: {fault.strerror}") from None


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; the former handlers come back at the end."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    former = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
