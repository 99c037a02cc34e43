"""Files of a few rows, and a reading of them that costs next to nothing.

A line is ``<event id>,<amount>``; the amount says what becomes of the row. The same seam
(``domain.reading.file_reading.Reading``) takes real files, so the workflows cannot tell the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.conversions import Conversion, Ignored, Problem, Rejection, Verdict
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ColumnUse, ReadingPlan
from tests.faults.tiktok_model import BAD_VALUE
from tests.faults.virtual_time import BEGINNING, DAY

SOURCE_ID = "set-1"
STRICT_VALUE = 7
"""Amount that the rules refuse once they have changed."""
REJECTED_VALUE = 99
IGNORED_VALUE = 98
EVENT_TIME = int(BEGINNING - DAY)


class TinyRow(NamedTuple):
    event_id: str
    value: int

    @property
    def is_accepted(self) -> bool:
        """Whether the splitter takes it for a conversion."""
        return self.value not in (REJECTED_VALUE, IGNORED_VALUE)

    @property
    def is_bad(self) -> bool:
        """Whether TikTok refuses it."""
        return self.value == BAD_VALUE

    @property
    def key(self) -> str:
        return f"{SOURCE_ID}#Purchase#{self.event_id}"


def body_of(rows: Sequence[TinyRow]) -> bytes:
    return "".join(f"{row.event_id},{row.value}\n" for row in rows).encode()


class Rules:
    """The rules in force; ``strict`` is the change that a deployment makes between two attempts."""

    def __init__(self) -> None:
        self.strict = False


class TinyReading(Reading):
    """Reads tiny files by the rules of today."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def plan(self, head: bytes, *, size: int, name: str, settings: DestinationSettings, as_of: int) -> ReadingPlan:
        return _plan()

    def rows(self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position) -> TinyRows:
        return TinyRows(blocks, start, self._rules.strict)


class TinyRows:
    """Judged rows of a tiny file from a position on."""

    def __init__(self, blocks: Iterable[bytes], start: Position, strict: bool) -> None:
        self._blocks = blocks
        self._position = start
        self._strict = strict

    def __iter__(self) -> Iterator[JudgedRow]:
        for line in b"".join(self._blocks).splitlines(keepends=True):
            at = self._position
            self._position = Position(at.offset + len(line), at.row + 1, at.line + 1)
            event_id, value = line.decode().rstrip("\n").split(",")
            yield JudgedRow(at.row + 1, at.line + 1, [event_id, value], _verdict(event_id, int(value), self._strict))

    def position(self) -> Position:
        return self._position

    def is_border(self) -> bool:
        return True


def _verdict(event_id: str, value: int, strict: bool) -> Verdict:
    if value == REJECTED_VALUE or (strict and value == STRICT_VALUE):
        return _REJECTION
    if value == IGNORED_VALUE:
        return _IGNORED
    return Conversion("Purchase", EVENT_TIME, value=value, currency="EUR", given_event_id=event_id)


_REJECTION = Rejection((Problem("VALUE_INVALID", "value", "value"),))
_IGNORED = Ignored(Problem("ROW_BLANK", ""))


@lru_cache
def _plan() -> ReadingPlan:
    header = ("event_id", "value")
    return ReadingPlan(
        settings=DestinationSettings(event_source_id=SOURCE_ID),
        as_of=int(BEGINNING),
        layout="columns",
        header=header,
        columns=tuple(ColumnUse(index=index, header=name, field=name) for index, name in enumerate(header)),
        data_starts=Position(0, 0, 0),
    )
