"""The thing compared: the main rules on the same file, as one pydantic model per row; it checks less than we do."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError, model_validator

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+[1-9]\d{7,14}|[2-9]\d{2}[2-9]\d{6}")
_EVENTS = frozenset({"Purchase", "CompletePayment", "Contact", "Subscribe", "Lead"})
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M:%S", "%b %d, %Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")
_DAY = 86_400


def _email(text: str) -> str:
    text = text.strip().lower()
    if text and not _EMAIL.fullmatch(text):
        raise ValueError("EMAIL_INVALID")
    return text


def _phone(text: str) -> str:
    text = text.strip()
    if not text:
        return text
    if not _PHONE.fullmatch(text):
        raise ValueError("PHONE_INVALID")
    return text if text.startswith("+") else f"+1{text}"


def _event(text: str) -> str:
    if text not in _EVENTS:
        raise ValueError("EVENT_UNKNOWN")
    return "Purchase" if text == "CompletePayment" else text


def _moment(text: str) -> int:
    if text.isdigit():
        return int(text) // (1000 if len(text) == 13 else 1)
    text = text.removesuffix("-0000")
    try:
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except ValueError:
        for form in _FORMS:
            try:
                return int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp())
            except ValueError:
                continue
    raise ValueError("TIME_INVALID")


def _amount(text: str) -> float:
    value = float(text)
    if value < 0:
        raise ValueError("VALUE_NEGATIVE")
    return value


class Row(BaseModel):
    """One row of the layout with the rules that the splitter applies to it."""

    email_1: Annotated[str, AfterValidator(_email)]
    email_2: Annotated[str, AfterValidator(_email)]
    phone_1: Annotated[str, AfterValidator(_phone)]
    phone_2: Annotated[str, AfterValidator(_phone)]
    transaction_category: Annotated[str, AfterValidator(_event)]
    transaction_timestamp: Annotated[int, BeforeValidator(_moment)]
    transaction_amount: Annotated[float, BeforeValidator(_amount)]
    order_id: str
    store_code: str
    quantity: int
    product_id: str
    product_name: str
    product_category: str
    product_brand: str
    product_price: Annotated[float, BeforeValidator(_amount)]

    @model_validator(mode="after")
    def _identified(self) -> Row:
        if not (self.email_1 or self.email_2 or self.phone_1 or self.phone_2):
            raise ValueError("IDENTIFIER_MISSING")
        return self


def validate_file(path: Path, as_of: int) -> int:
    """Valid rows of the file."""
    valid = 0
    with path.open(newline="", encoding="utf-8") as file:
        for cells in csv.DictReader(file):
            try:
                row = Row.model_validate(cells)
            except ValidationError:
                continue
            valid += as_of - 28 * _DAY <= row.transaction_timestamp <= as_of + 600
    return valid
