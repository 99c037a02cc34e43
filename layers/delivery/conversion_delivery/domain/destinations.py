"""The settings document of a destination: how its files are read and where its events go.

In: JSON (the SSM parameter, or ``--settings`` on the command line). Out: a frozen model.
Unknown keys are refused by name, so a typing error never becomes a silent default.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.events.event_ids import ID_FIELDS
from conversion_delivery.domain.mapping.event_names import refuse_unknown_events
from conversion_delivery.domain.values.currencies import CURRENCIES

EventSource = Literal["offline", "web", "crm"]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not an IANA time zone such as Europe/Berlin") from None
    return name


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("is not a currency that TikTok lists")
    return code


class DestinationSettings(BaseModel):
    """One destination's settings; only ``event_source_id`` has no default."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    event_source: EventSource = Field("offline", description="Which Events API source the events belong to.")
    event_source_id: str = Field(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Offline or CRM event set id, or pixel code (web), as Events Manager shows it.",
    )
    test_event_code: str | None = Field(
        None, max_length=64, description="Routes events to the Test Events tab; they are not counted."
    )
    layout: str = Field("auto", description="A layout name, or `auto` to recognise it from the header.")
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Header of the file (JSON Lines: dotted path) -> field, over layout and aliases.",
    )
    default_event: str | None = Field(None, description="Event for rows without an event column or value.")
    event_map: dict[str, str] = Field(default_factory=dict, description="Your event name -> TikTok's event name.")
    unknown_events: Literal["auto", "reject", "ignore"] = Field(
        "auto", description="Rows with an unknown event name; `auto`: ignored in event archives, else rejected."
    )
    allow_custom_events: bool = Field(False, description="Send event names that TikTok does not list (web and CRM).")
    default_timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC", description="IANA zone of times that carry none."
    )
    default_country: str | None = Field(
        None, pattern=r"^[A-Z]{2}$", description="ISO country of phone numbers without a country code."
    )
    default_currency: Annotated[str, AfterValidator(_known_currency)] | None = Field(
        None, description="Currency of amounts that carry none."
    )
    order_rows: Literal["auto", "order", "row"] = Field(
        "auto", description="`order`: rows in a row with one order id are one event; `auto`: as the layout says."
    )
    several_values: Literal["all", "first"] = Field(
        "all", description="Which of several e-mail addresses or phone numbers in one cell are sent."
    )
    spreadsheet_dates: bool = Field(False, description="Read 45321.75 as the day number of a spreadsheet.")
    zero_value: Literal["warn", "reject"] = Field("warn", description="What becomes of a Purchase of 0.")
    partial_refunds: Literal["ignore", "gross", "net"] = Field(
        "ignore", description="Partly refunded orders: not counted, counted whole, or less what was refunded."
    )
    suspect_share: float = Field(
        0.9,
        ge=0,
        le=1,
        description="A file is stopped when more than this share of its first rows fails for one cause; 1: never.",
    )
    wait_for_marker: str | None = Field(
        None,
        pattern=r"^\.[A-Za-z0-9._-]{1,20}$",
        description="A file is read once a file of its name with this ending (`.done`) is there too.",
    )
    return_rows: bool = Field(True, description="Give failed rows back in rejected.csv.")
    decimal_mark: Literal[".", ",", "auto"] = Field("auto", description="Decimal mark of amounts.")
    date_order: Literal["MDY", "DMY", "none"] = Field(
        "none", description="Order of 03/04/2026; `none` infers it per file and refuses what stays ambiguous."
    )
    max_event_age_days: int = Field(28, ge=1, le=3650, description="Older events are rejected.")
    require_value_for_purchase: bool = Field(True, description="Reject a Purchase without an amount and a currency.")
    require_lead_id: bool = Field(
        True,
        description="CRM: reject rows without TikTok's lead id. TikTok's API reference asks for it; its page for CRM"
        " files takes e-mail or phone in its place.",
    )
    countable_status: tuple[str, ...] | None = Field(
        None, description="Status words that count (default: paid, completed and the like)."
    )
    event_id_from: tuple[str, ...] = Field(
        (), description="Fields the event id is made from, where the file has no event id of its own."
    )

    @field_validator("event_id_from")
    @classmethod
    def _fields_of_an_event(cls, fields: tuple[str, ...]) -> tuple[str, ...]:
        if not ID_FIELDS.issuperset(fields):
            raise ValueError("names something that is no field of an event")
        return fields


def parse_settings(document: str | bytes) -> DestinationSettings:
    """Read a settings document.

    Raises ``UploadRejected`` (``SETTINGS_INVALID``) naming the first key that is wrong; of values, only event names.
    """
    try:
        settings = DestinationSettings.model_validate(json.loads(document))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise UploadRejected("SETTINGS_INVALID", key="(document)", problem="is not valid JSON") from None
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_context=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "(document)"
        raise UploadRejected("SETTINGS_INVALID", key=key, problem=_plain(first["type"], first["msg"])) from None
    refuse_unknown_events(settings)
    return settings


def _plain(kind: str, message: str) -> str:
    """Pydantic's sentence in the words of somebody who edits JSON."""
    if kind == "extra_forbidden":
        return "is not a setting"
    if kind == "missing":
        return "is missing"
    return message.removeprefix("Value error, ")
