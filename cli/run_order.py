"""What ``conversions run`` is asked to do, checked before anything starts.

In: parsed arguments and the environment. Out: an ``Order``. Owns the failure ``WrongUsage``.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.opened_file import PASSPHRASE_VARIABLE
from conversion_delivery.domain.destinations import parse_settings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.uploads import DESTINATION_NAME
from local.aws.local_stack import FIRST_DESTINATION

TIKTOK = "https://business-api.tiktok.com"
WRAPPERS = frozenset({".gz", ".bz2", ".zst", ".pgp", ".gpg", ".asc"})
"""Endings behind a file's own ending."""
_LOOPBACK_API = re.compile(r"http://(127\.0\.0\.1|localhost):\d{1,5}")

SIMULATED_SETTINGS = {
    "event_source": "offline",
    "event_source_id": "7000000000000000001",
    "default_currency": "USD",
    "default_country": "US",
}
"""For the simulator when no settings document is given. Against TikTok there is no default event source."""


class WrongUsage(Exception):
    """The command cannot be carried out as given; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file and where it goes."""

    path: Path
    destination: str
    settings: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, checked."""

    deliveries: tuple[Delivery, ...]
    events_api: str | None
    """None: the simulator that the command starts."""
    token: str
    state: Path
    reports: Path
    timeout: float
    pgp_keys: tuple[str, ...] = field(default=(), repr=False)
    """Private keys for encrypted files, armoured."""
    passphrase: str = field(default="", repr=False)

    @property
    def log(self) -> Path:
        """What the emulated AWS and the functions wrote during the last run."""
        return self.state / "logs" / "aws.log"

    @property
    def settings(self) -> dict[str, str]:
        """Settings document of each destination."""
        return {delivery.destination: delivery.settings for delivery in self.deliveries}


def checked_order(args: argparse.Namespace, environment: Mapping[str, str]) -> Order:
    """Raises ``WrongUsage``."""
    api = _events_api(args.events_api)
    token = environment.get(args.token_env, "")
    if api == TIKTOK and not token:
        raise WrongUsage(f"the environment variable {args.token_env} must hold the Events API access token.")
    state = args.state.resolve() / state_name(api)
    return Order(
        deliveries=tuple(_delivery(path, args.settings, api) for path in args.files),
        events_api=api,
        token=token or secrets.token_hex(16),
        state=state,
        reports=args.reports or state / "reports",
        timeout=args.timeout,
        pgp_keys=tuple(map(_private_key, args.pgp_key)),
        passphrase=environment.get(PASSPHRASE_VARIABLE, ""),
    )


def _events_api(given: str | None) -> str | None:
    if not given:
        return None
    url = given.rstrip("/")
    if url != TIKTOK and not _LOOPBACK_API.fullmatch(url):
        raise WrongUsage(f"--events-api must be {TIKTOK} or a simulator on this machine (http://127.0.0.1:PORT).")
    return url


def state_name(api: str | None) -> str:
    """One folder per Events API: what one has received, another has not."""
    if api is None:
        return "simulator"
    return "tiktok" if api == TIKTOK else re.sub(r"[^A-Za-z0-9.]+", "-", api.removeprefix("http://"))


def _delivery(path: Path, settings: Path | None, api: str | None) -> Delivery:
    if not path.is_file():
        raise WrongUsage(f"{path} is not a file.")
    if path.name.startswith((".", "_")):
        raise WrongUsage(f"{path.name}: files whose names begin with a dot or an underscore are ignored.")
    if settings is None:
        if api == TIKTOK:
            raise WrongUsage("--settings is needed to send to TikTok: it names the event source of the events.")
        return Delivery(path, FIRST_DESTINATION, json.dumps(SIMULATED_SETTINGS))
    if settings.is_dir():
        return Delivery(path, _destination(path), _document(settings / f"{_stem(path)}.json"))
    return Delivery(path, FIRST_DESTINATION, _document(settings))


def _destination(path: Path) -> str:
    if not DESTINATION_NAME.fullmatch(_stem(path)):
        raise WrongUsage(f"{path.name}: its name must be usable as a destination (letters, digits, dots, dashes).")
    return _stem(path)


def _stem(path: Path) -> str:
    """The name without its endings: ``sales`` of ``sales.csv`` and of ``sales.csv.gz``."""
    while path.suffix.lower() in WRAPPERS:
        path = path.with_suffix("")
    return path.stem


def _private_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise WrongUsage(f"the key {path} cannot be read; export it with armour (gpg --armor).") from None
    if "-----BEGIN PGP PRIVATE KEY BLOCK-----" not in key:
        raise WrongUsage(f"{path} holds no private PGP key; export one with gpg --armor --export-secret-keys.")
    return key


def _document(path: Path) -> str:
    try:
        document = path.read_text(encoding="utf-8")
        parse_settings(document)
    except (OSError, UnicodeDecodeError):
        raise WrongUsage(f"the settings document {path} cannot be read.") from None
    except UploadRejected as problem:
        raise WrongUsage(f'{path}: "{problem.facts["key"]}" {problem.facts["problem"]}.') from None
    return document
