"""Pictures of a report as inline SVG: they hold shapes only, and stretch to any width; words stand beside them in HTML.

Each has a title and a description, which name the figures for those who cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conversion_delivery.domain.reports.report_markup import Html, joined, tag
from conversion_delivery.domain.reports.report_totals import Part

WIDTH = 1000.0
"""Units of the drawing across."""
LEAST = 4.0
"""The narrowest part of a bar: a few rows among millions stay visible."""
COLUMNS_HEIGHT = 120.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart over time."""

    label: str
    number: int


def stacked_bar(parts: Sequence[Part], title: str) -> Html:
    """One bar, its parts beside one another."""
    whole = sum(part.number for part in parts)
    widths = _widths([part.number / whole for part in parts]) if whole else []
    shapes, x = [], 0.0
    for part, width in zip(parts, widths, strict=False):
        shapes.append(tag("rect", x=x, y=0, width=max(width - 1.5, 1.0), height=28, class_=f"fill-{part.name}"))
        x += width
    words = ", ".join(f"{part.number:,} {part.label}" for part in parts)
    return _picture("stack", 28, title, words, *shapes)


def key(kind: str) -> Html:
    """The small square that names a colour; the words beside it say the same."""
    shape = tag("rect", x=0, y=0, width=10, height=10, class_=f"fill-{kind}")
    return tag("svg", shape, class_="key", viewBox="0 0 10 10", aria_hidden="true")


def _widths(shares: Sequence[float]) -> list[float]:
    """Widths that fill the drawing, each at least ``LEAST``."""
    raised = [max(share * WIDTH, LEAST) for share in shares]
    factor = WIDTH / sum(raised)
    return [width * factor for width in raised]


def bar(share: float, kind: str, title: str, words: str) -> Html:
    """A single bar on its track; ``share`` from 0 to 1."""
    filled = 0.0 if share <= 0 else max(min(share, 1.0) * WIDTH, LEAST)
    track = tag("rect", x=0, y=0, width=WIDTH, height=10, class_="track")
    shape = tag("rect", x=0, y=0, width=filled, height=10, class_=f"fill-{kind}") if filled else None
    return _picture("bar", 10, title, words, track, shape)


def columns(entries: Sequence[Column], title: str) -> Html:
    """Columns side by side, the highest over the whole height."""
    highest = max((entry.number for entry in entries), default=0) or 1
    step = WIDTH / max(len(entries), 1)
    gap = min(step * 0.25, 12.0)
    shapes = []
    for at, entry in enumerate(entries):
        height = max(entry.number / highest * COLUMNS_HEIGHT, 1.5) if entry.number else 0.0
        width = min(step - gap, 120.0)
        x = at * step + (step - width) / 2
        text = tag("title", f"{entry.label}: {entry.number:,}")
        shape = tag("rect", x=x, y=COLUMNS_HEIGHT - height, width=width, height=height, class_="fill-delivered")
        shapes.append(tag("g", text, shape) if height else None)
    ground = tag("rect", x=0, y=COLUMNS_HEIGHT - 1, width=WIDTH, height=1, class_="ground")
    words = ", ".join(f"{entry.label}: {entry.number:,}" for entry in entries)
    return _picture("columns", int(COLUMNS_HEIGHT), title, words, ground, *shapes)


def _picture(kind: str, height: int, title: str, words: str, *shapes: Html | None) -> Html:
    return tag(
        "svg",
        tag("title", title),
        tag("desc", words),
        joined(*shapes),
        role="img",
        aria_label=f"{title}: {words}",
        class_=f"picture {kind}",
        viewBox=f"0 0 {WIDTH:.0f} {height}",
        preserveAspectRatio="none",
    )
