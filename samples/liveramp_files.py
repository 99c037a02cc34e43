"""LiveRamp's file for TikTok's offline programme: purchases in stores of 24 columns."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

LIVERAMP_ISO = "%Y-%m-%dT%H:%M:%SZ-0000"
LIVERAMP_TIMES = (
    "%Y-%m-%d",
    "%m/%d/%Y %I:%M:%S %p",
    "%b %d, %Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%SZ",
)
"""The forms besides LIVERAMP_ISO that LiveRamp lists."""

LIVERAMP_COLUMNS = (
    "first_name,last_name,address_1,address_2,city,state,zip,email_1,email_2,email_3,email_4,transaction_category,"
    "transaction_timestamp,transaction_amount,phone_1,phone_2,order_id,store_code,quantity,product_id,product_name,"
    "product_category,product_brand,product_price"
)
LIVERAMP_HEADER = LIVERAMP_COLUMNS.split(",")

PEOPLE = (
    ("Pat", "Doe", "12 Elm St", "Denver", "CO", "80202", "303"),
    ("Amy", "Bell", "4 Oak Ave", "Boulder", "CO", "80301", "303"),
    ("Luis", "Marsh", "77 Pine Rd", "Austin", "TX", "78701", "512"),
    ("Nora", "Quinn", "9 Lake Dr", "Chicago", "IL", "60601", "312"),
    ("Ivo", "Stone", "230 Hill Ct", "Seattle", "WA", "98101", "206"),
    ("Ruth", "Fields", "61 Bay Blvd", "Miami", "FL", "33101", "305"),
    ("Omar", "Reed", "18 Mill Ln", "Boston", "MA", "02108", "617"),
    ("Zoë", "Grant", "5 Rue Park", "New York", "NY", "10001", "212"),
    ("Kim", "Vale", "40 Fox Run", "Phoenix", "AZ", "85001", "602"),
)
PRODUCTS = (
    ("P-10", "Mug", "Kitchen", "Acme", "12.50"),
    ("P-21", "Trail Shoe, wide", "Shoes", "Northpath", "89.90"),
    ("P-33", "Rain Jacket", "Outdoor", "Northpath", "129.00"),
    ("P-47", "Desk Lamp", "Home", "Lumen", "34.95"),
)
STORES = ("DEN-01", "AUS-02", "CHI-03", "SEA-01", "NYC-14")

CLEAN_PURCHASES = 26

Row = dict[str, str]


def liveramp_store_purchases(as_of: datetime) -> bytes:
    """LiveRamp's 24 columns: clean rows, the forms that exports really have, bad rows of several kinds, copies."""
    clean = [_purchase(as_of, number) for number in range(CLEAN_PURCHASES)]
    for place, form in enumerate(LIVERAMP_TIMES):
        clean[3 + 3 * place]["transaction_timestamp"] = (as_of - timedelta(hours=60 + 7 * place)).strftime(form)
    lines = [LIVERAMP_COLUMNS, *map(_liveramp_line, clean)]
    lines.append(_liveramp_line(clean[4]))  # exported twice
    lines.append(_liveramp_line(clean[7] | {"transaction_amount": "1.00"}))  # same order, other content
    lines += map(_liveramp_line, _unusual_purchases(as_of))
    lines.append(_with_a_bare_quote(_purchase(as_of, 42)))
    lines += map(_liveramp_line, _bad_purchases(as_of))
    lines.append(_liveramp_line(_purchase(as_of, 60)) + ",extra,cells")
    return _file(lines)


def _purchase(as_of: datetime, number: int) -> Row:
    first, last, street, city, state, code, area = PEOPLE[number % len(PEOPLE)]
    product, name, category, brand, price = PRODUCTS[number % len(PRODUCTS)]
    quantity = 1 + number % 3
    row = dict.fromkeys(LIVERAMP_HEADER, "")
    row |= {"first_name": first, "last_name": last, "address_1": street, "city": city, "state": state, "zip": code}
    row |= {"email_1": _address(first, last, number), "phone_1": f"{area}55501{number:02d}"}
    row |= {"transaction_category": "CompletePayment", "transaction_amount": f"{quantity * float(price):.2f}"}
    row["transaction_timestamp"] = (as_of - timedelta(hours=5 + 11 * number, minutes=7 * number)).strftime(LIVERAMP_ISO)
    row |= {"order_id": str(100_450 + number), "store_code": STORES[number % len(STORES)], "quantity": str(quantity)}
    row |= {"product_id": product, "product_name": name, "product_category": category, "product_brand": brand}
    return row | {"product_price": price}


def _unusual_purchases(as_of: datetime) -> list[Row]:
    """Rows that are fine although they look odd."""
    broken_line = {"address_2": "Apt 4\nRear building", "product_name": 'Lamp "Nordic"'}
    digest = hashlib.sha256(b"ruth.fields41@example.com").hexdigest()
    return [
        _purchase(as_of, 30) | broken_line,
        _purchase(as_of, 31) | {"transaction_category": "Contact", "transaction_amount": "0.00"},
        _purchase(as_of, 32) | {"transaction_amount": "$1,204.50", "phone_1": "(305) 555-0132"},
        _purchase(as_of, 33) | {"email_1": digest, "phone_1": ""},
        _purchase(as_of, 34) | {"email_1": " OMAR.REED34@Example.com ", "phone_1": "N/A"},
    ]


def _with_a_bare_quote(row: Row) -> str:
    """A till that writes inches as quotes and quotes nothing."""
    return ",".join(row[name] for name in LIVERAMP_HEADER).replace(row["product_name"], '24" Jacket')


def _bad_purchases(as_of: datetime) -> list[Row]:
    """Rows that must be rejected, each for another reason."""
    too_old = (as_of - timedelta(days=45)).strftime(LIVERAMP_ISO)
    future = (as_of + timedelta(days=3)).strftime(LIVERAMP_ISO)
    return [
        _purchase(as_of, 50) | {"transaction_timestamp": too_old},
        _purchase(as_of, 51) | {"transaction_timestamp": future},
        _purchase(as_of, 52) | {"transaction_timestamp": "yesterday"},
        _purchase(as_of, 53) | {"email_1": "", "phone_1": ""},
        _purchase(as_of, 54) | {"transaction_category": "Loyalty"},
        _purchase(as_of, 55) | {"transaction_amount": "-20.00"},
        _purchase(as_of, 56) | {"transaction_amount": ""},
    ]


def _address(first: str, last: str, number: int) -> str:
    return f"{first}.{last}{number}@example.com".lower().replace("ë", "e")


def _liveramp_line(row: Row) -> str:
    return _line([row[name] for name in LIVERAMP_HEADER])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().removesuffix("\n")


def _file(lines: Iterable[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()
