"""Sample files with invented people, dated relative to a moment so that no event is too old when somebody tries them.

In: a moment. Out: three files, the same for the same moment. Addresses end in example.com and phone numbers lie in
555-0100 to 555-0199, which belong to nobody. The committed files are of 2026-11-20 12:00 UTC; for them use
``conversions check --as-of 2026-11-20T12:00:00Z``.

    python samples/make_samples.py [--as-of 2026-11-20T12:00:00Z] [--folder samples]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

COMMITTED = datetime(2026, 11, 20, 12, tzinfo=UTC)

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

OFFLINE_COLUMNS = (
    "event_type,email,phone,timestamp,order_id,value,currency,content_id,content_name,quantity,price,shop_id"
)
OFFLINE_EVENTS = """\
Purchase,ava.lopez@example.com,+14155550101,3 h,TT-1001,59.90,USD,P-10,Mug,1,59.90,SFO-014
Complete Payment,ben.ito@example.com,,9 h,TT-1002,89.90,USD,P-21,Trail Shoe,1,89.90,SFO-014
Purchase,,+14155550103,15 h,TT-1003,34.95,GBP,P-47,Desk Lamp,1,34.95,SFO-014
Contact,cora.lind@example.com,+14155550104,22 h,TT-1004,,,,,,,SFO-014
Subscribe,dan.moss@example.com,+14155550105,28 h,TT-1005,9.99,EUR,S-01,Club,1,9.99,SFO-014
Lead,eve.park@example.com,+14155550106,33 h,TT-1006,,,,,,,SFO-014
Kauf,finn.roth@example.com,+14155550107,50 h,TT-1007,129.00,EUR,P-33,Jacke,1,129.00,SFO-014
Add to Cart,gia.bloom@example.com,,71 h,TT-1008,25.00,USD,P-10,Mug,2,12.50,SFO-014
Purchase,hal.wood(at)example.com,,80 h,TT-1009,12.50,USD,P-10,Mug,1,12.50,SFO-014
Purchase,ida.frost@example.com,,90 h,TT-1010,12.50,XXX,P-10,Mug,1,12.50,SFO-014
Refund,jon.hale@example.com,,95 h,TT-1011,12.50,USD,P-10,Mug,1,12.50,SFO-014
"""

CRM_COLUMNS = "Event_type,Timestamp,lead_id,Email,Phone,click_id"
CRM_EVENTS = """\
Submit Form,2 h,7412345678901234501,ava.pike@example.com,+14155550131,E.C.P.CsIBexample01
Submit Form,6 h,7412345678901234502,,+14155550132,
Qualified,30 h,7412345678901234503,cleo.hart@example.com,,
Demo booked,54 h,7412345678901234504,dov.king@example.com,+14155550134,
Deal won,80 h,7412345678901234505,,,
Deal won,120 h,,elia.rose@example.com,+14155550136,
Submit Form,200 h,7.41235E+18,fay.moon@example.com,,
Lost,210 h,7412345678901234508,gus.lane@example.com,,
Submit Form,220 h,,,,
"""

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


def sample_files(as_of: datetime) -> dict[str, bytes]:
    """Every sample by file name, with events of the days before ``as_of``."""
    return {
        "liveramp_store_purchases.csv": liveramp_store_purchases(as_of),
        "tiktok_offline_template.csv": tiktok_offline_template(as_of),
        "tiktok_crm_events.csv": tiktok_crm_events(as_of),
    }


# --- LiveRamp: purchases in stores


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


# --- TikTok's own files


def tiktok_offline_template(as_of: datetime) -> bytes:
    """TikTok's columns for offline events, with the labels that its page prints."""
    return _file([OFFLINE_COLUMNS, *_dated(as_of, OFFLINE_EVENTS)])


def tiktok_crm_events(as_of: datetime) -> bytes:
    """TikTok's columns for leads from a CRM; the settings map the sales team's own stages."""
    return _file([CRM_COLUMNS, *_dated(as_of, CRM_EVENTS)])


def _dated(as_of: datetime, events: str) -> list[str]:
    """The rows with times in place of ages such as ``3 h``."""

    def moment(age: re.Match[str]) -> str:
        return (as_of - timedelta(hours=int(age[1]), minutes=int(age[1]))).strftime("%Y-%m-%dT%H:%M:%SZ")

    return [re.sub(r"(?<=,)([0-9]+) h(?=,)", moment, row) for row in events.splitlines()]


# --- writing


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


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample files.")
    parser.add_argument("--as-of", type=datetime.fromisoformat, default=COMMITTED, help="ISO 8601 with offset or Z")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    arguments = parser.parse_args()
    moment = arguments.as_of if arguments.as_of.tzinfo else arguments.as_of.replace(tzinfo=UTC)
    for name, content in sample_files(moment.astimezone(UTC)).items():
        (arguments.folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
