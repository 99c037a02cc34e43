"""How one file is to be read: decided once from its first bytes, stored, and followed by every later reader.

The splitter and the sender follow the same plan, so the row that was accepted is the row that is sent, even if the
destination's settings change in between.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.destinations import DestinationSettings


class ColumnUse(BaseModel):
    """One column of the file and the canonical field it feeds (None: not used, and why nobody needs to worry)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    index: int
    header: str
    field: str | None = None
    note: str = ""
    """Empty, or the code of a remark: COLUMN_UNKNOWN, COLUMN_CONFLICT, COLUMN_DROPPED."""
    suggestion: str = ""


class FileHint(BaseModel):
    """A remark about the file as a whole: a code of level FILE_NOTE and the facts of its sentence, without values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    code: str
    facts: dict[str, str | int | float] = Field(default_factory=dict)


class ReadingPlan(BaseModel):
    """Everything that decides how bytes become conversions, except the bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    settings: DestinationSettings
    as_of: int = Field(description="Epoch seconds that event ages are judged against: the receipt of the file.")
    layout: str = Field(description="Name of the layout, or `columns` where aliases alone decided.")
    format: Literal["csv", "jsonl"] = Field("csv", description="Rows of cells, or one JSON object per line.")
    encoding: str = Field("utf-8", description="Of the file as it came: utf-8, utf-8-sig, utf-16-le, windows-1252 ...")
    fallback_encoding: str | None = Field(
        None, description="What lines are read as that are not UTF-8; None: they are rejected."
    )
    compression: str = Field("none", description="What was taken off, outermost first: `pgp+gzip`, `zip`, `none`.")
    delimiter: str = ","
    header: tuple[str, ...]
    columns: tuple[ColumnUse, ...]
    date_order: str | None = Field(None, description="MDY or DMY, from the settings or seen in the file's first rows.")
    timezone: str | None = Field(None, description="IANA zone that the file itself names; before the destination's.")
    decimal_mark: str | None = Field(None, description="`.` or `,`, seen in the file's first rows where none is set.")
    order_rows: Literal["row", "order"] = Field(
        "row", description="`order`: rows in a row with one order id are one conversion."
    )
    currency_hint: str | None = Field(None, description="Currency named by a header such as `Total (USD)`.")
    data_starts: Position = Field(description="Where the first data row begins.")
    warnings: tuple[str, ...] = Field((), description="Codes about the file as a whole.")
    hints: tuple[FileHint, ...] = Field((), description="What the first rows show about the file as a whole.")

    def columns_for(self, field: str) -> tuple[int, ...]:
        """Indices of the columns that feed a field, first choice first (`columns` is in order of precedence)."""
        return tuple(use.index for use in self.columns if use.field == field)

    def header_of(self, field: str) -> str:
        """The customer's name of the field's first column; empty where the file has none."""
        return next((use.header for use in self.columns if use.field == field), "")
