"""The digest: many notices in, one message for a person out, of bounded length however many files there were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple


class WaitingNotice(NamedTuple):
    """A notice that is in no digest yet."""

    notice: Mapping[str, Any]
    receipt: str
    """What it is forgotten by."""


FILES_NAMED = 50
"""Files that the message names, those that a person should look at first."""

DESTINATIONS_NAMED = 100

_ATTENTION = ("REJECTED", "PARTIAL", "DONE_WITH_REJECTS")
_COUNTED = ("rows_read", "delivered", "rejected", "duplicates", "refused", "not_sent", "review")


def distinct(notices: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each file once: a notice comes at least once."""
    return list({str(notice["file_id"]): notice for notice in notices}.values())


def digest_of(notices: Sequence[Mapping[str, Any]], stack: str, *, more: bool = False) -> tuple[str, str]:
    """Subject (up to 100 characters) and text. An archive's numbers are those of its files, so it is left out."""
    files = [notice for notice in notices if notice["kind"] == "file"]
    urgent = [notice for state in _ATTENTION for notice in files if notice["state"] == state]
    subject = f"{stack}: {_files(len(files))} finished, {len(urgent)} to look at"[:100]
    lines = [f"{_files(len(files))} finished.", ""]
    by_destination: dict[str, list[Mapping[str, Any]]] = {}
    for notice in files:
        by_destination.setdefault(notice["destination"] or "(no destination)", []).append(notice)
    for name in sorted(by_destination)[:DESTINATIONS_NAMED]:
        lines.append(f"{name}: {_sums(by_destination[name])}")
    if urgent:
        lines += ["", "To look at:"]
    for notice in urgent[:FILES_NAMED]:
        lines.append(f"{notice['state']} {notice['name']}: s3://{notice['upload']['bucket']}/{_page(notice)}")
    if len(urgent) > FILES_NAMED:
        lines.append(f"... and {len(urgent) - FILES_NAMED:,} more")
    if more:
        lines += ["", "There were more files than one digest holds; the others are in the next one."]
    return subject, "\n".join(lines) + "\n"


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"


def _sums(notices: Sequence[Mapping[str, Any]]) -> str:
    states = Counter(str(notice["state"]) for notice in notices)
    sums: Counter[str] = Counter()
    for notice in notices:
        sums.update({name: notice["counts"][name] for name in _COUNTED})
    told = [f"{number:,} {state}" for state, number in sorted(states.items())]
    counted = [f"{sums[name]:,} {name.replace('_', ' ')}" for name in _COUNTED]
    return f"{', '.join(told)}; {', '.join(counted)}"


def _page(notice: Mapping[str, Any]) -> str:
    return str(notice["reports"].get("html") or notice["reports"]["summary"])
