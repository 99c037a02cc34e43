"""A LiveRamp-layout file of any size with the truth about every bad row.

One row in a hundred is bad, in fourteen ways; one in two thousand has a line break inside quotes; times come in twelve
forms, seven of ten of them ISO with Z. The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)

HEADER = (
    *("first_name", "last_name", "city", "state", "zip", "email_1", "email_2", "transaction_category"),
    *("transaction_timestamp", "transaction_amount", "phone_1", "phone_2", "order_id", "store_code", "quantity"),
    *("product_id", "product_name", "product_category", "product_brand", "product_price"),
)

TIME_FORMS = (
    *("%Y-%m-%dT%H:%M:%SZ",) * 14,
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M:%S", "%b %d, %Y %H:%M:%S", "epoch", "epoch_ms"),
)
"""Besides these twenty parts, ``other_form`` gives five rarer ones."""

BAD_KINDS: dict[str, tuple[str, str]] = {
    "EMAIL_INVALID": ("email_1", "nobody"),
    "EMAIL_DIGEST_TYPE": ("email_1", "d41d8cd98f00b204e9800998ecf8427f"),
    "PHONE_INVALID": ("phone_1", "12345"),
    "PHONE_SCIENTIFIC": ("phone_1", "1.61755E+10"),
    "IDENTIFIER_MISSING": ("email_1", ""),
    "EVENT_UNKNOWN": ("transaction_category", "Walk-in"),
    "EVENT_MISSING": ("transaction_category", ""),
    "TIME_MISSING": ("transaction_timestamp", ""),
    "TIME_INVALID": ("transaction_timestamp", "2026-13-45T10:00:00Z"),
    "TIME_TOO_OLD": ("transaction_timestamp", "2026-01-05T10:00:00Z"),
    "TIME_FUTURE": ("transaction_timestamp", "2026-12-24T10:00:00Z"),
    "VALUE_INVALID": ("transaction_amount", "abc"),
    "VALUE_NEGATIVE": ("transaction_amount", "-5.00"),
    "VALUE_MISSING": ("transaction_amount", ""),
}
"""Code -> the column that is spoilt and what it holds. A spoilt identifier leaves no other identifier in the row."""


@dataclass(slots=True)
class Truth:
    """What a reader must find."""

    rows: int = 0
    bad: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Row -> (physical line, code)."""


def write_file(path: Path, rows: int, seed: int = 7) -> Truth:
    """Write ``rows`` rows; what is true about them."""
    truth = Truth(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        for text in lines(rows, truth, seed):
            file.write(text)
    return truth


def lines(rows: int, truth: Truth, seed: int = 7) -> Iterator[str]:
    """The file's text in pieces, filling ``truth`` on the way."""
    source = random.Random(seed)
    kinds = list(BAD_KINDS)
    line = 2
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    for row in range(1, rows + 1):
        cells = _good_row(source, row)
        if source.random() < 0.01:
            code = kinds[row % len(kinds)]
            _spoil(cells, code)
            truth.bad[row] = (line, code)
        broken = source.random() < 0.0005
        if broken:
            cells["product_name"] = "Mug,\nlarge"
        writer.writerow([cells[name] for name in HEADER])
        line += 2 if broken else 1
        if row % 1000 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _good_row(source: random.Random, row: int) -> dict[str, str]:
    number = source.randrange(10**7)
    has_second = number % 3 == 0
    return {
        "first_name": "Pat",
        "last_name": "Doe",
        "city": "Denver",
        "state": "CO",
        "zip": f"{number % 100000:05d}",
        "email_1": f"buyer{number}@example.com",
        "email_2": f"b{number}@example.org" if has_second else "",
        "transaction_category": "Purchase",
        "transaction_timestamp": _time(source),
        "transaction_amount": f"{number % 50000 / 100 + 1:.2f}",
        "phone_1": f"+1303555{number % 10000:04d}" if number % 2 else f"303555{number % 10000:04d}",
        "phone_2": "",
        "order_id": f"{1_000_000 + row}",
        "store_code": f"DEN-{number % 40:02d}",
        "quantity": str(number % 4 + 1),
        "product_id": f"P-{number % 500}",
        "product_name": f"Article {number % 500}",
        "product_category": "Kitchen",
        "product_brand": "Acme",
        "product_price": f"{number % 5000 / 100 + 1:.2f}",
    }


def _time(source: random.Random) -> str:
    moment = AS_OF - timedelta(seconds=source.randrange(3600, 27 * 86400))
    form = source.choice(TIME_FORMS)
    if form == "epoch":
        return str(int(moment.timestamp()))
    if form == "epoch_ms":
        return str(int(moment.timestamp() * 1000))
    if form.startswith("%b") and source.random() < 0.5:
        return source.choice(
            (
                moment.strftime("%Y-%m-%dT%H:%M:%S.250Z"),
                moment.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
                moment.strftime("%Y-%m-%d %H:%M:%SZ"),
                moment.strftime("%Y-%m-%dT%H:%M:%SZ-0000"),
                moment.strftime("%m/%d/%Y %I:%M:%S %p"),
            )
        )
    return moment.strftime(form)


def _spoil(cells: dict[str, str], code: str) -> None:
    column, text = BAD_KINDS[code]
    if column in ("email_1", "phone_1"):
        for name in ("email_1", "email_2", "phone_1", "phone_2"):
            cells[name] = ""
    cells[column] = text
