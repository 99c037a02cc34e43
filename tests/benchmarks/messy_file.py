"""A file as people keep it, of any size, with the truth about every bad row.

National phone numbers of five countries under a country column (empty: the destination's country), US dates with a
12-hour clock, amounts with symbols and thousands marks, names in Windows-1252, line breaks inside quotes. One row in a
hundred is bad, in seven ways. The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import random
from datetime import timedelta
from pathlib import Path

from tests.benchmarks.generated_file import AS_OF, Truth

ENCODING = "windows-1252"

HEADER = (
    *("Event", "Order Date", "First Name", "Last Name", "Email", "Phone", "Country"),
    *("Order Total", "Currency", "Order ID", "Product Name", "Quantity"),
)

BAD_KINDS: dict[str, tuple[str, str]] = {
    "EMAIL_INVALID": ("Email", "none given"),
    "PHONE_INVALID": ("Phone", "555-01"),
    "EVENT_UNKNOWN": ("Event", "Walk-in"),
    "TIME_INVALID": ("Order Date", "13/45/2026 10:00:00 AM"),
    "TIME_TOO_OLD": ("Order Date", "01/05/2026 10:00:00 AM"),
    "VALUE_INVALID": ("Order Total", "call us"),
    "VALUE_NEGATIVE": ("Order Total", "($5.00)"),
}
"""Code -> the column that is spoilt and what it holds. A spoilt identifier leaves no other identifier in the row."""

_NAMES = (("José", "Muñoz"), ("Zoë", "Müller"), ("Pat", "Doe"), ("Ann", "O'Neil"), ("Renée", "Dupré"))


def write_messy_file(path: Path, rows: int, seed: int = 11) -> Truth:
    """Write ``rows`` rows in Windows-1252; what is true about them."""
    source, truth = random.Random(seed), Truth(rows)
    line = 2
    with path.open("w", newline="", encoding=ENCODING) as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADER)
        for row in range(1, rows + 1):
            cells = _good_row(source, row)
            if source.random() < 0.01:
                code = list(BAD_KINDS)[row % len(BAD_KINDS)]
                _spoil(cells, code)
                truth.bad[row] = (line, code)
            if source.random() < 0.0005:
                cells["Product Name"] = "Mug,\r\nlarge"
                line += 1
            writer.writerow([cells[name] for name in HEADER])
            line += 1
    return truth


def _good_row(source: random.Random, row: int) -> dict[str, str]:
    number = source.randrange(10**7)
    moment = AS_OF - timedelta(seconds=source.randrange(3600, 27 * 86400))
    first, last = source.choice(_NAMES)
    phone, country = _phone(source, number % 10_000)
    value = number % 500_000 / 100 + 1
    return {
        "Event": "Purchase",
        "Order Date": moment.strftime("%m/%d/%Y %I:%M:%S %p"),
        "First Name": first,
        "Last Name": last,
        "Email": f" Buyer{number}@Example.com " if number % 4 == 0 else f"buyer{number}@example.com",
        "Phone": phone,
        "Country": country,
        "Order Total": f"${value:,.2f}" if number % 3 else f"{value:,.2f}",
        "Currency": "USD",
        "Order ID": f"{1_000_000 + row}",
        "Product Name": f"Café au lait {number % 500}" if number % 5 == 0 else f"Article {number % 500}",
        "Quantity": str(number % 4 + 1),
    }


def _phone(source: random.Random, end: int) -> tuple[str, str]:
    area = source.randrange(201, 990)
    if area % 111 == 0:
        area += 1
    return source.choice(
        (
            (f"({area}) 555-{end:04d}", ""),
            (f"{area}-555-{end:04d}", "US"),
            (f"{area}.555.{end:04d}", "United States"),
            (f"020 7946 {end % 1000:04d}", "GB"),
            (f"0151 2345{end:04d}", "DE"),
            (f"06 12 34 {end // 100:02d} {end % 100:02d}", "FR"),
            (f"612 34 {end // 100:02d} {end % 100:02d}", "ES"),
        )
    )


def _spoil(cells: dict[str, str], code: str) -> None:
    column, text = BAD_KINDS[code]
    if column in ("Email", "Phone"):
        cells["Email"] = cells["Phone"] = ""
    cells[column] = text
