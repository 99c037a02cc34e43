"""``conversions cost``: what a file will cost and how long it will take, before it is dropped.

Calls are counted, CPU is measured, prices are a dated list: see ``local.costs`` and ``local.scale``. It is an estimate,
never compared with a real bill.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from local.costs import PRICES_KNOWN_IN, PRICES_REGION, Cost
from local.scale.estimate import Estimate, estimate
from local.scale.stages import Limits

MOST_ROWS = 2_000_000_000
USAGE_ERROR = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; the defaults are those of the template."""
    limits = Limits()
    parser.add_argument("--rows", type=_rows, required=True, metavar="N", help="rows of the file (also 2.5M, 500k)")
    parser.add_argument("--duplicates", type=_percent, default=0.0, metavar="P", help="per cent delivered before")
    parser.add_argument("--senders", type=int, default=limits.senders, help="SenderConcurrency of the stack")
    parser.add_argument("--table-writes", type=float, default=limits.table_writes, help="write units a second")
    parser.add_argument("--tiktok-requests", type=float, default=limits.tiktok_requests, help="requests a second")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the estimate; exit code 0, 64 for limits that make no sense."""
    if min(arguments.senders, arguments.table_writes, arguments.tiktok_requests) <= 0:
        print("conversions cost: limits must be above 0", file=sys.stderr)
        return USAGE_ERROR
    limits = replace(
        Limits(),
        senders=arguments.senders,
        table_writes=arguments.table_writes,
        tiktok_requests=arguments.tiktok_requests,
    )
    found = estimate(arguments.rows, arguments.duplicates, limits=limits)
    print(json.dumps(document(found), indent=2) if arguments.json else "\n".join(lines(found)))
    return 0


def document(found: Estimate) -> dict[str, object]:
    """The estimate as JSON: dollars, seconds, shares between 0 and 1."""
    return {
        "rows": found.rows,
        "duplicates": found.duplicates,
        "dollars": round(found.cost.total, 6),
        "dollars_by_service": {service: round(dollars, 6) for service, dollars in found.cost.by_service.items()},
        "dollars_per_million": round(found.per_million.total, 6),
        "seconds": round(found.seconds, 1),
        "bottleneck": found.outcome.bottleneck,
        "busy": {name: round(share, 3) for name, share in found.outcome.busy.items()},
        "prices": {"known_in": PRICES_KNOWN_IN, "region": PRICES_REGION},
    }


def lines(found: Estimate) -> list[str]:
    """The estimate for a person."""
    share = f", {found.duplicates:.0%} of them delivered before" if found.duplicates else ""
    busy = ", ".join(f"{name} {part:.0%}" for name, part in sorted(found.outcome.busy.items(), key=lambda one: -one[1]))
    return [
        f"{found.rows:,} rows{share}",
        f"  cost   ${found.cost.total:,.4f}   (${found.per_million.total:.3f} per million events)",
        *(f"         {line}" for line in _shares(found.cost)),
        f"  time   {duration(found.seconds)}   held up by: {found.outcome.bottleneck}",
        f"         at work: {busy}",
        f"  Prices of {PRICES_KNOWN_IN}, {PRICES_REGION}, from a list and not checked live; free tiers are left out.",
        "  Times are those of an idle stack; requests to AWS and TikTok are assumed, not measured there.",
    ]


def _shares(cost: Cost) -> list[str]:
    largest_first = sorted(cost.by_service.items(), key=lambda one: -one[1])
    return [
        f"{service:<16} ${dollars:>12,.4f} {dollars / (cost.total or 1):>6.1%}" for service, dollars in largest_first
    ]


def duration(seconds: float) -> str:
    """``2 h 05 min``, ``3 min 20 s``, ``1.4 s``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60:,} h {minutes % 60:02} min"


def _rows(text: str) -> int:
    factor = {"k": 1_000, "m": 1_000_000}.get(text[-1:].lower(), 1)
    try:
        rows = int(float(text.rstrip("kKmM").replace(",", "").replace("_", "")) * factor)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError("not a number of rows such as 12000, 500k or 2.5M") from None
    if not 0 < rows <= MOST_ROWS:
        raise argparse.ArgumentTypeError(f"must be between 1 and {MOST_ROWS:,}")
    return rows


def _percent(text: str) -> float:
    try:
        share = float(text.rstrip("%")) / 100
    except ValueError:
        raise argparse.ArgumentTypeError("not a percentage such as 20") from None
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("must be between 0 and 100")
    return share
