"""The headline of a report, and what a person has to do: the same words on the page, in the mail and on the screen.

In: a summary document. Out: sentences. Figures come from ``counts``; nothing here reads a cell of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Summary = Mapping[str, Any]

NOTHING_TO_DO = "Nothing to do."


class Tone(StrEnum):
    """How a report is coloured, and what its badge says."""

    GOOD = "good"
    ATTENTION = "attention"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Headline:
    """What happened, in a line, and what has to be done, most urgent first (nothing: nobody has to do anything)."""

    tone: Tone
    sentence: str
    todo: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """One line for a mail: what happened and whether something must be done."""
        return f"{self.sentence} {self.todo[0] if self.todo else NOTHING_TO_DO}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 row``, ``12,400 rows``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def amount(text: str) -> str:
    """An exact decimal with thousands marks, and two digits where it has one: ``1234.5`` -> ``1,234.50``."""
    whole, point, cents = text.partition(".")
    return f"{int(whole):,}{point}{cents + '0' if len(cents) == 1 else cents}" if whole.isdigit() else text


def headline(summary: Summary) -> Headline:
    """What happened to the file, and what to do about it."""
    if summary["state"] == "REJECTED":
        return _refused(summary)
    troubles = _troubles(summary)
    told = " ".join([*(trouble for trouble, _ in troubles[:2]), _result(summary, bare=bool(troubles))])
    remedies = tuple(dict.fromkeys(remedy for _, remedy in troubles))
    if summary["state"] == "VALIDATED":
        told = "Checked only, nothing was sent. " + told
        remedies = (*(remedy for _, remedy in _of_files(summary)), *_after_a_check(summary))
    return Headline(Tone.ATTENTION if troubles else Tone.GOOD, told, remedies)


def _after_a_check(summary: Summary) -> tuple[str, ...]:
    counts, listed = summary["counts"], returned_file(summary) or "this report"
    return (
        *((f"Correct the rows that {listed} lists, each with its reason.",) if counts["rejected"] else ()),
        *(
            ("To deliver the file, drop it into its destination's folder below uploads/.",)
            if counts.get("would_send")
            else ()
        ),
    )


def _refused(summary: Summary) -> Headline:
    error = summary["file"].get("error") or {"code": "", "message": ""}
    cause = error["message"].replace("Nothing was sent.", "").replace("  ", " ").strip()
    remedy = summary.get("remedies", {}).get(error["code"], "")
    todo = remedy or "Correct the file, then drop it again."
    return Headline(Tone.FAILURE, f"The file was refused and nothing was sent. {cause}".strip(), (todo,))


def _troubles(summary: Summary) -> list[tuple[str, str]]:
    """What needs a person, most urgent first: (what happened, what to do)."""
    counts = summary["counts"]
    found = _of_files(summary)
    found += [
        (told.format(events=counted(counts.get(name, 0), "event"), rows=_rows(counts.get(name, 0))), remedy(summary))
        for name, told, remedy in _BY_COUNT
        if counts.get(name, 0) > 0
    ]
    undelivered = summary["outcomes"].get("FIRST_COPY_NOT_DELIVERED", 0)
    if undelivered:
        found.append(
            (
                f"{_rows(undelivered)} waited for another file, whose copy was not delivered.",
                "Drop the file again: those rows are sent then, and nothing is sent twice.",
            )
        )
    return found


def _of_files(summary: Summary) -> list[tuple[str, str]]:
    """What is wrong with the file as a whole, or with whole files of an archive."""
    error, members = summary["file"].get("error"), summary.get("members", ())
    refused = sum(1 for member in members if member["state"] == "REJECTED")
    stopped = sum(1 for member in members if member["error_code"]) - refused
    found = [_stopped(summary, error)] if error else []
    if refused:
        told = f"{refused:,} of the archive's {len(members):,} files {'was' if refused == 1 else 'were'} refused."
        found.append(
            (told, "Open the report of each refused file, which says why; correct the file and drop it again.")
        )
    if stopped:
        told = f"Of {stopped:,} of the archive's {len(members):,} files only a part was read."
        found.append((told, "Open that file's own report, which says why."))
    return found


def _rows(number: int) -> str:
    return counted(number, "row")


def _correct(summary: Summary) -> str:
    """Also where the destination's settings say that rows are not given back."""
    if "members" in summary:
        return "Correct the rows that come back beside each file's own report; what was delivered is not sent twice."
    returned = returned_file(summary)
    if returned:
        return f"Correct the rows in {returned} and drop that file; what was delivered is not sent twice."
    return "Correct the rows in your file and drop it again; what was delivered is not sent twice."


def _drop_again(summary: Summary) -> str:
    whole = f"Drop {returned_file(summary) or 'the file again'} to have the unsent rows sent"
    return f"{whole}; they need no correction, and nothing is sent twice."


def returned_file(summary: Summary) -> str:
    """The name of the file with the rows that go back; empty where none do."""
    key: str = summary["reports"].get("rejected", "")
    return key.rpartition("/")[2]


_BY_COUNT = (
    (
        "review",
        "A person is needed: {events} may or may not have been counted.",
        lambda _: "Ask the operator to compare the events in review with Events Manager and to decide about them.",
    ),
    (
        "open",
        "{events} had no outcome when this report was written.",
        lambda _: "Ask the operator to look at the file's open batches.",
    ),
    (
        "not_sent",
        "{events} could not be sent.",
        _drop_again,
    ),
    (
        "refused",
        "TikTok refused {events}.",
        _correct,
    ),
    (
        "rejected",
        "{rows} must be corrected.",
        _correct,
    ),
)
"""Counter -> what it means when it is not zero, and what to do. Ordered by urgency."""


def _stopped(summary: Summary, error: Mapping[str, str]) -> tuple[str, str]:
    remedy = summary.get("remedies", {}).get(error["code"], "")
    return (f"Only a part of the file was read. {error['message']}", remedy or "Drop the file again.")


def _result(summary: Summary, *, bare: bool) -> str:
    """What reached TikTok, or would reach it; ``bare``: without the rows that need no action."""
    counts = summary["counts"]
    if counts["rows_read"] == 0:
        return "The file holds no rows."
    if summary["state"] == "VALIDATED":
        return _would_be(summary)
    if counts["delivered"]:
        return _delivered(summary, bare=bare)
    return _nothing_new(summary)


def _would_be(summary: Summary) -> str:
    counts = summary["counts"]
    would_send = counts.get("would_send", 0)
    if would_send == counts["rows_read"] and _of_files(summary):
        return f"{_rows(would_send)} would be sent."
    if would_send == counts["rows_read"]:
        return f"All {_rows(would_send)} would be sent." if would_send > 1 else "The only row would be sent."
    return f"{would_send:,} of {_rows(counts['rows_read'])} would be sent." if would_send else "No row would be sent."


def _delivered(summary: Summary, *, bare: bool) -> str:
    counts = summary["counts"]
    delivered = counts["delivered"]
    is_all = delivered == counts["rows_read"] and delivered > 1 and not _of_files(summary)
    events = ("All " if is_all else "") + counted(delivered, "event")
    is_one = delivered == 1
    if (summary.get("settings") or {}).get("test_event_code"):
        return f"{events} went to TikTok's Test Events, where nothing is counted."
    told = f"{events} {'is' if is_one else 'are'} with TikTok"
    asides = [
        f"{counts[name]:,} {words}"
        for name, words in (("duplicates", "sent before or repeated"), ("ignored", "left out on purpose"))
        if counts[name] and not bare
    ]
    return f"{told} ({', '.join(asides)})." if asides else f"{told}."


def _nothing_new(summary: Summary) -> str:
    counts, rows = summary["counts"], summary["counts"]["rows_read"]
    before = summary["outcomes"].get("ALREADY_DELIVERED", 0) + summary["outcomes"].get("CHANGED_AFTER_DELIVERY", 0)
    when = _delivered_before(summary)
    if before == rows:
        return f"Nothing new was sent: {'all ' if rows > 1 else ''}{_rows(rows)} had been delivered before{when}."
    if before:
        return f"Nothing new was sent: {before:,} of {_rows(rows)} had been delivered before{when}."
    if counts["ignored"] == rows:
        return f"Nothing was sent: {'all ' if rows > 1 else ''}{_rows(rows)} were left out on purpose."
    return "No event reached TikTok."


def _delivered_before(summary: Summary) -> str:
    """`` (19 November 2026)``; empty where the summary does not know."""
    dates = sorted({entry["date"] for entry in summary.get("delivered_before", ()) if entry.get("date")})
    if not dates:
        return ""
    return f" ({dates[0]})" if len(dates) == 1 else f" ({dates[0]} to {dates[-1]})"


def expectations(summary: Summary) -> tuple[str, ...]:
    """What to expect at TikTok; empty where nothing was delivered."""
    if not summary["counts"].get("delivered"):
        return ()
    return (
        "Events that TikTok has accepted appear in Events Manager within a day, not at once.",
        "Accepted does not mean matched: TikTok compares the identifiers with its users later.",
        "TikTok gives no match result per row, so neither can this report.",
    )
