"""Causes of a report: every code with its number of rows, first lines, sentence and remedy, the most frequent first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.explanations import CODES

Summary = Mapping[str, Any]

_PLAIN = frozenset({"ALREADY_DELIVERED", "COPY_IN_BATCH", "FIRST_COPY_IN_REVIEW", "FIRST_COPY_UNDECIDED"})
"""Outcome codes of rows for which nobody has to do anything."""


_PROPER = (
    ("Tiktok", "TikTok"),
    (" id ", " ID "),
    ("Url ", "URL "),
    ("Json ", "JSON "),
    ("Ip ", "IP "),
    ("Email", "E-mail"),
)


@dataclass(frozen=True, slots=True)
class Cause:
    """One code and what it did to the file."""

    code: str
    rows: int
    lines: tuple[int, ...]
    sentence: str
    remedy: str

    @property
    def title(self) -> str:
        """``TIME_TOO_OLD`` in words."""
        name, _, rest = self.code.partition(":")
        words = name.replace("_", " ").capitalize()
        for plain, proper in _PROPER:
            words = words.replace(plain, proper)
        return f"{words} ({rest.strip(':').replace(':', ', ')})" if rest else words

    @property
    def lines_text(self) -> str:
        """``2, 7, 19 …``; empty where the lines are not known."""
        shown = ", ".join(f"{line:,}" for line in self.lines)
        return shown + (" …" if shown and self.rows > len(self.lines) else "")


def causes_title(summary: Summary) -> str:
    """What ``reject_causes`` explain."""
    return "Why rows would not be sent" if summary["state"] == "VALIDATED" else "Why rows did not reach TikTok"


def reject_causes(summary: Summary) -> list[Cause]:
    """Why rows did not reach TikTok: rejected by us, refused by TikTok, not sent, or in review."""
    reasons = {code: rows for code, rows in summary["reasons"].items() if _level(code) is not Level.IGNORED}
    outcomes = {code: rows for code, rows in summary["outcomes"].items() if code.partition(":")[0] not in _PLAIN}
    return _causes(summary, {**reasons, **outcomes})


def ignored_causes(summary: Summary) -> list[Cause]:
    """Why rows were left out without being wrong."""
    ignored = {code: rows for code, rows in summary["reasons"].items() if _level(code) is Level.IGNORED}
    copies = {code: rows for code, rows in summary["outcomes"].items() if code.partition(":")[0] in _PLAIN}
    return _causes(summary, {**ignored, **copies})


def warning_causes(summary: Summary) -> list[Cause]:
    """What was repaired or left out in rows that were sent."""
    return _causes(summary, summary["warnings"])


def _level(code: str) -> Level | None:
    entry = CODES.get(code)
    return entry.level if entry else None


def _causes(summary: Summary, numbers: Mapping[str, int]) -> list[Cause]:
    sentences, remedies = summary.get("sentences", {}), summary.get("remedies", {})
    lines = summary.get("first_lines", {})
    return [
        Cause(code, rows, tuple(lines.get(code, ())), sentences.get(code, code), remedies.get(code, ""))
        for code, rows in sorted(numbers.items(), key=lambda entry: (-entry[1], entry[0]))
        if rows > 0
    ]
