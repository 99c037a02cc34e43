"""``python -m tests.benchmarks.json_lines``: Segment's event archive, split and encoded; CPU time per line of one core.

The archive is JSON Lines as Segment's S3 destination writes them: orders with one to three products, product views,
calls that are no events, and events that nobody maps. One line in a hundred is bad, in seven ways. The same seed gives
the same bytes. Compared with ``json.loads`` and a pydantic model per event, which applies the main rules only.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from conversion_delivery.runtime.collection import collect_rarely
from tests.benchmarks.event_model import validate_archive
from tests.benchmarks.generated_file import AS_OF, Truth
from tests.benchmarks.measuring import medians, peak_megabytes, report
from tests.benchmarks.work import data_blocks, differences, encode, plan_of, slices, split

MODEL = "json.loads and a pydantic model per event"
SPLIT = "split: lines, verdicts, slices"

_AGENT = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
)
_EVENT_KINDS = ("Order Completed",) * 16 + ("page", "identify", "Product List Viewed", "Order Refunded")
"""Of twenty lines sixteen are orders; the others are calls and events that a destination of orders leaves out."""

BAD_KINDS: dict[str, tuple[str, Any]] = {
    "EMAIL_INVALID": ("email", "nobody"),
    "TIME_INVALID": ("timestamp", "2026-13-45T10:00:00Z"),
    "TIME_TOO_OLD": ("timestamp", "2026-01-05T10:00:00.000Z"),
    "VALUE_INVALID": ("revenue", "abc"),
    "VALUE_NEGATIVE": ("revenue", -5),
    "JSON_NESTED": ("order_id", {"number": 1}),
    "JSON_INVALID": ("", ""),
}
"""Code -> the key that is spoilt and what it holds. A spoilt address leaves no other identifier in the line."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.json_lines", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    collect_rarely()
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder) / "segment.jsonl", arguments.rows, arguments.rounds)
    print(f"peak memory {peak_megabytes():.0f} MB")


def _measure(path: Path, rows: int, rounds: int) -> None:
    truth = write_archive(path, rows)
    plan = plan_of(path)
    wrong = differences(plan, data_blocks(path, plan), truth)
    print(f"{plan.layout}: {rows:,} lines, {path.stat().st_size:,} bytes, {len(truth.bad):,} bad;", end=" ")
    print(f"wrong verdicts {wrong[0]}, wrong lines or codes {wrong[1]}")
    places = slices(path, plan)
    events = split(plan, data_blocks(path, plan))
    taken = medians(
        {
            "json.loads alone (floor)": lambda: _load(path),
            SPLIT: lambda: split(plan, data_blocks(path, plan)),
            MODEL: lambda: validate_archive(path, int(AS_OF.timestamp())),
            "send: re-read, normalise, hash, encode": lambda: encode(path, plan, places),
        },
        rounds,
    )
    for name, seconds in taken.items():
        report(name, seconds, events if name.startswith("send") else rows, "row")
    print(f"split is {taken[MODEL] / taken[SPLIT]:.1f} times as fast as a pydantic model per event")


def _load(path: Path) -> int:
    with path.open(encoding="utf-8", errors="replace") as file:
        return sum(1 for line in file if not line.startswith('{"broken') and json.loads(line))


def write_archive(path: Path, rows: int, seed: int = 17) -> Truth:
    """Write ``rows`` lines; what is true about them."""
    source, truth, kinds = random.Random(seed), Truth(rows), list(BAD_KINDS)
    with path.open("w", encoding="utf-8") as file:
        for row in range(1, rows + 1):
            is_bad = source.random() < 0.01
            kind = "Order Completed" if is_bad else source.choice(_EVENT_KINDS)
            event = _event(source, row, kind)
            if is_bad:
                code = kinds[len(truth.bad) % len(kinds)]
                _spoil(event, code)
                truth.bad[row] = (row, code)
            is_broken = is_bad and code == "JSON_INVALID"
            file.write('{"broken":\n' if is_broken else json.dumps(event, separators=(",", ":")) + "\n")
    return truth


def _event(source: random.Random, row: int, kind: str) -> dict[str, Any]:
    number = source.randrange(10**7)
    moment = AS_OF - timedelta(seconds=source.randrange(3600, 27 * 86400), milliseconds=source.randrange(1000))
    call = kind if kind in ("page", "identify") else "track"
    event = {
        "anonymousId": f"{number:08x}-5e57-4a2b-9c1d-{row:012x}",
        "channel": "client",
        "context": _context(number, call),
        "integrations": {},
        "messageId": f"ajs-next-{int(moment.timestamp() * 1000)}-{number:08x}",
        "originalTimestamp": _stamp(moment),
        "projectId": "rM2gzbyGJ5hHpQ8VTUnJ4V",
        "properties": _order(source, number, row) if kind == "Order Completed" else {"name": "Home", "path": "/"},
        "receivedAt": _stamp(moment),
        "sentAt": _stamp(moment),
        "timestamp": _stamp(moment),
        "type": call,
        "userId": f"user-{number}",
        "version": 2,
    }
    return event | ({"event": kind} if call == "track" else {})


def _context(number: int, call: str) -> dict[str, Any]:
    traits = {"email": f"buyer{number}@example.com", "phone": f"+1303555{number % 10000:04d}"} if number % 2 else {}
    return {
        "ip": f"203.0.113.{number % 256}",
        "library": {"name": "analytics.js", "version": "npm:next-1.70.0"},
        "locale": "en-US",
        "page": {
            "path": "/checkout/thanks",
            "referrer": "https://shop.example.com/checkout",
            "search": "",
            "title": "Thank you",
            "url": "https://shop.example.com/checkout/thanks",
        },
        "timezone": "America/Denver",
        "traits": traits,
        "userAgent": _AGENT,
    }


def _order(source: random.Random, number: int, row: int) -> dict[str, Any]:
    products = [_product(number + at) for at in range(source.randint(1, 3))]
    total = sum(product["price"] * product["quantity"] for product in products)
    return {
        "order_id": f"{1_000_000 + row}",
        "email": f"buyer{number}@example.com",
        "currency": "USD",
        "revenue": round(total, 2),
        "shipping": 4.9,
        "tax": round(total * 0.08, 2),
        "total": round(total * 1.08 + 4.9, 2),
        "products": products,
    }


def _product(number: int) -> dict[str, Any]:
    return {
        "product_id": f"P-{number % 500}",
        "sku": f"SKU-{number % 500}",
        "name": f"Article {number % 500}",
        "category": "Kitchen",
        "brand": "Acme",
        "price": (number % 5000 + 100) / 100,
        "quantity": number % 4 + 1,
    }


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _spoil(event: dict[str, Any], code: str) -> None:
    key, value = BAD_KINDS[code]
    if key == "email":
        event["context"]["traits"] = {}
    holder = event if key == "timestamp" else event["properties"]
    holder[key] = value


if __name__ == "__main__":
    main()
