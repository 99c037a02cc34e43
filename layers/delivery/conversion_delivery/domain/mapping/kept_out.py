"""Rows that their labels alone keep out: calls that are no events, events that nobody maps, orders that are not paid.

An archive of events of all sorts may hold ten such rows for one conversion, and few different labels: what the careful
path says about a row with these labels is remembered. Where it looks at other cells too, nothing is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conversion_delivery.domain.conversions import Ignored, Rejection
from conversion_delivery.domain.reading.trailers import closing_row

LIMIT = 4_096
"""Different labels that are remembered before it starts anew."""

Labels = tuple[str, ...]


class KeptOut(dict[Labels, "Ignored | bool"]):
    """``kept_out[labels]`` is the verdict on a row with these labels, False where they say nothing against it, True
    where the careful path has to look.

    ``places``: where the labels stand in a row; ``verdict_on``: what keeps out a row of which only these cells are
    filled, with an empty cell behind its last.
    """

    def __init__(
        self,
        header: Sequence[str],
        places: Sequence[int],
        verdict_on: Callable[[list[str]], Ignored | Rejection | None],
    ) -> None:
        super().__init__()
        self._header = {name.strip() for name in header}
        self._width = len(header)
        self.places = places
        self._verdict_on = verdict_on

    def __missing__(self, labels: Labels) -> Ignored | bool:
        if len(self) >= LIMIT:
            self.clear()
        found = self[labels] = self._read(labels)
        return found

    def _read(self, labels: Labels) -> Ignored | bool:
        row = [""] * (self._width + 1)
        for place, label in zip(self.places, labels, strict=True):
            row[place] = label
        verdict = self._verdict_on(row)
        if verdict is None:
            return False
        if isinstance(verdict, Rejection) or not row[0].strip() or any(map(self._is_odd, labels)):
            return True
        return verdict

    def _is_odd(self, label: str) -> bool:
        """Whether a row that begins so may be a header or a closing line."""
        return label.strip() in self._header or closing_row([label, ""]) is not None
