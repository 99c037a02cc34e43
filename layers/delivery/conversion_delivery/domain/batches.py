"""Batches: a slice of a file with up to 1,000 valid conversions, and the message that points to it.

In: positions of rows. Out: messages without personal data, and compact sets of row numbers.
Owns ``MESSAGE_INVALID``: a message that this version did not write.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from conversion_delivery.domain.errors import ContractBroken

EVENTS_PER_BATCH = 1_000
"""TikTok takes at most 1,000 events a request (portal reference of ``/event/track/``)."""

SCHEMA = 1
"""Version of the messages' shape. A message of another version is parked, never guessed at."""

Message = TypeVar("Message", bound=BaseModel)


class Position(NamedTuple):
    """A place between two rows of a file: everything before it has been read."""

    offset: int
    """Bytes from the start of the file."""
    row: int
    """Data rows before this place."""
    line: int
    """Physical lines before this place."""


START = Position(0, 0, 0)


class BatchId(NamedTuple):
    """One batch of one file. Its text form is what an event's ledger item names."""

    file_id: str
    number: int

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number:010d}"

    @classmethod
    def parse(cls, text: str) -> BatchId:
        """Raises ``ContractBroken`` (``BATCH_ID_INVALID``)."""
        file_id, slash, number = text.partition("/")
        if not slash or not number.isdigit():
            raise ContractBroken("BATCH_ID_INVALID")
        return cls(file_id, int(number))


class BatchMessage(BaseModel):
    """A pointer to a slice (claim check): no cell of the file in it, so it may lie in a queue for weeks.

    Usually under 1 KB; a slice in which every second row is bad names its 1,000 good rows in up to 20 KB.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    schema_version: int = Field(SCHEMA, alias="schema")
    file_id: str
    batch: int = Field(ge=1)
    destination: str
    bucket: str
    key: str
    version_id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    rows_before: int = Field(ge=0)
    lines_before: int = Field(ge=0)
    rows: str = Field(min_length=1, description="Row numbers of the slice's valid conversions, as a RowSet.")

    @property
    def batch_id(self) -> BatchId:
        return BatchId(self.file_id, self.batch)

    @property
    def position(self) -> Position:
        """Where the slice begins."""
        return Position(self.start, self.rows_before, self.lines_before)

    @property
    def valid_rows(self) -> RowSet:
        """The rows that the splitter accepted: exactly these are this batch's to account for."""
        return RowSet.parse(self.rows)

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True)


class ContinuationMessage(BaseModel):
    """Tells the splitter to go on with a file from its stored checkpoint."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    schema_version: int = Field(SCHEMA, alias="schema")
    continue_file_id: str
    rested: int = Field(0, ge=0, description="Seconds for which it was put off because too many batches were open.")
    closed: int = Field(0, ge=0, description="How many batches of the file were closed then.")
    sent: int = Field(0, ge=0, description="Batches 1 to this one were in the queue before this message was.")

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True)


def parse_batch_message(body: str) -> BatchMessage:
    """Raises ``ContractBroken`` (``MESSAGE_INVALID``)."""
    return _parse(BatchMessage, body)


def parse_continuation(body: str) -> ContinuationMessage:
    """Raises ``ContractBroken`` (``MESSAGE_INVALID``)."""
    return _parse(ContinuationMessage, body)


def _parse(model: type[Message], body: str) -> Message:
    try:
        document = json.loads(body)
        if not isinstance(document, dict) or document.get("schema") != SCHEMA:
            raise ContractBroken("MESSAGE_INVALID")
        return model.model_validate(document)
    except (ValueError, ValidationError):
        raise ContractBroken("MESSAGE_INVALID") from None


class RowSet:
    """A set of row numbers kept as ranges: ``"1-500,503"``. 1,000 scattered rows stay under 5 KB as text."""

    __slots__ = ("_ranges", "_starts")

    def __init__(self, rows: Iterable[int] = ()) -> None:
        self._set_ranges(_ranges_of(sorted(set(rows))))

    @classmethod
    def parse(cls, text: str) -> RowSet:
        """Read the text form. Raises ``ContractBroken`` (``ROW_SET_INVALID``)."""
        rows = cls()
        try:
            pairs = [part.partition("-") for part in text.split(",") if part]
            rows._set_ranges([(int(first), int(last or first)) for first, _, last in pairs])
        except ValueError:
            raise ContractBroken("ROW_SET_INVALID") from None
        return rows

    def _set_ranges(self, ranges: list[tuple[int, int]]) -> None:
        self._ranges = ranges
        self._starts = [first for first, _ in ranges]

    def __contains__(self, row: int) -> bool:
        at = bisect_right(self._starts, row) - 1
        return at >= 0 and row <= self._ranges[at][1]

    def __iter__(self) -> Iterator[int]:
        for first, last in self._ranges:
            yield from range(first, last + 1)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self._ranges)

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowSet) and self._ranges == other._ranges

    def __hash__(self) -> int:
        return hash(tuple(self._ranges))

    def __or__(self, other: Iterable[int]) -> RowSet:
        return RowSet([*self, *other])

    def __sub__(self, other: Iterable[int]) -> RowSet:
        gone = set(other)
        return RowSet(row for row in self if row not in gone)

    def __str__(self) -> str:
        return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in self._ranges)

    def __repr__(self) -> str:
        return f"RowSet({str(self)!r})"


def _ranges_of(rows: list[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    return ranges
