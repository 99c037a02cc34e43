"""Prints what a claim and the reading of its owner cost in processor time: plain boto3, and the ledger's short path.

Run as ``python -m tests.benchmarks.claims``. The service is a stub in another process, so that its time is not counted;
there is no TLS. The credentials carry a session token of the length that a function's role has.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from typing import Any

import boto3

from conversion_delivery.aws.clients import client_config
from conversion_delivery.aws.dynamodb_requests import DynamoDbRequests
from conversion_delivery.aws.event_ledger import EventLedgerTable
from conversion_delivery.domain.outcomes import Claim
from conversion_delivery.workflows.ports import ClaimAnswer
from tests.benchmarks.dynamodb_stub import dynamodb_stub
from tests.benchmarks.measuring import ROUNDS, medians, report

EVENTS = 1000
"""A full batch."""

TABLE = "conversion-delivery-event-ledger"
TOKEN_LENGTH = 1200
PLAIN, SHORT = "claims, plain boto3", "claims, short path"
PLAIN_OWNERS, SHORT_OWNERS = "owners, plain boto3", "owners, short path"


def batch_of(events: int) -> list[Claim]:
    """Claims as a batch has them."""
    return [
        Claim(
            f"7300000000000000001#CompletePayment#order-{row:09}",
            f"{'0123456789abcdef' * 2}/0000000042",
            row,
            hashlib.md5(str(row).encode(), usedforsecurity=False).digest(),
            1_795_000_000 + row,
            1_803_000_000 + row,
        )
        for row in range(1, events + 1)
    ]


def ledgers(url: str) -> tuple[EventLedgerTable, EventLedgerTable]:
    """The same table by plain boto3 and by the short path."""
    session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "s" * 40, "t" * TOKEN_LENGTH, region_name="eu-central-1")
    client: Any = session.client("dynamodb", endpoint_url=url, config=client_config(checks_parameters=False))
    batches = DynamoDbRequests(client, session.get_credentials())
    return EventLedgerTable(client, TABLE), EventLedgerTable(client, TABLE, batches=batches)


def contenders(url: str) -> dict[str, Callable[[], object]]:
    """Claims and reads of one batch; each is made once beforehand, so that nothing connects while it is timed."""
    plain, short = ledgers(url)
    claims = batch_of(EVENTS)
    keys = [claim.event_key for claim in claims]
    for ledger in (plain, short):
        assert ledger.claim(claims) == [ClaimAnswer.CLAIMED] * EVENTS
        assert set(ledger.owners(keys)) == set(keys)
    return {
        PLAIN: lambda: plain.claim(claims),
        SHORT: lambda: short.claim(claims),
        PLAIN_OWNERS: lambda: plain.owners(keys),
        SHORT_OWNERS: lambda: short.owners(keys),
    }


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """Median CPU seconds of this process per contender and batch."""
    with dynamodb_stub() as url:
        return medians(contenders(url), rounds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.claims", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    print(f"{EVENTS:,} events, CPU time of the client, median of {arguments.rounds} interleaved rounds\n")
    taken = measure(arguments.rounds)
    for name, seconds in taken.items():
        report(name, seconds, EVENTS, "event")
    print(f"\nclaims by the short path take {taken[SHORT] / taken[PLAIN]:.2f} of plain boto3's time,")
    print(f"owners {taken[SHORT_OWNERS] / taken[PLAIN_OWNERS]:.2f}")


if __name__ == "__main__":
    main()
