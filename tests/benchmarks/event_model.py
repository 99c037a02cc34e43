"""The thing compared with JSON Lines: ``json.loads`` and one pydantic model per event; it checks less than we do."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError

from tests.benchmarks.model_per_row import _DAY, _EMAIL

_EVENTS = {"Order Completed": "Purchase"}


def _email(text: str) -> str:
    text = text.strip().lower()
    if not _EMAIL.fullmatch(text):
        raise ValueError("EMAIL_INVALID")
    return text


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


class Product(BaseModel):
    product_id: str = ""
    name: str = ""
    category: str = ""
    brand: str = ""
    price: Annotated[float, Field(ge=0)] | None = None
    quantity: Annotated[int, Field(ge=1)] | None = None


class Order(BaseModel):
    order_id: str = ""
    email: Annotated[str, AfterValidator(_email)] | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    revenue: Annotated[float, Field(ge=0)]
    products: list[Product] = []


class Traits(BaseModel):
    email: Annotated[str, AfterValidator(_email)] | None = None
    phone: str | None = None


class Context(BaseModel):
    traits: Traits = Traits()


class Event(BaseModel):
    """A track call with the rules that the splitter applies to it."""

    messageId: str
    timestamp: Annotated[int, BeforeValidator(_moment)]
    properties: Order
    context: Context


def validate_archive(path: Path, as_of: int) -> int:
    """Valid orders of the archive."""
    valid = 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                found = json.loads(line)
                if found.get("type") != "track" or found.get("event") not in _EVENTS:
                    continue
                event = Event.model_validate(found)
            except (ValidationError, json.JSONDecodeError):
                continue
            traits = event.context.traits
            is_identified = bool(event.properties.email or traits.email or traits.phone)
            valid += is_identified and as_of - 28 * _DAY <= event.timestamp <= as_of + 600
    return valid
