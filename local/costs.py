"""What a run costs: counted AWS calls and seconds in, dollars out, by a dated price table.

The table holds list prices of us-east-1 as they were known in January 2025 (DynamoDB on demand after its price cut of
November 2024). **They were not checked live**: look at AWS's price pages before you rely on a figure. Free tiers,
taxes, data transfer and support are left out. So is what does not grow with the events: alarms, metrics, the secret
(0.40 a month each), and the empty receives of Lambda's pollers (five pollers per queue that ask every 20 seconds).

DynamoDB's units are worked out from the requests by its documented rules: a write unit per started kibibyte, a read
unit per started 4 KiB of a consistent read and half of one otherwise, twice for transactions. A write that is refused
by its condition is billed like one that happens, and so is a read that finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from conversion_delivery.aws.file_items import COUNTERS

PRICES_KNOWN_IN = "2025-01"
PRICES_REGION = "us-east-1"

MILLION = 1_000_000
GIB = 1 << 30

MEMORY_GIB = 1769 / 1024
"""Memory of both functions in template.yaml."""

CPU_FACTOR = 1.5
"""How much longer a Lambda processor is assumed to take than the one that measured."""

LOG_BYTES_PER_INVOCATION = 3_000
"""Assumed: start, end and report lines, metrics, a few notes."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What is billed. Units as AWS counts them; all of them add up."""

    write_units: float = 0.0
    read_units: float = 0.0
    s3_writes: float = 0.0
    """PUT, COPY, POST, LIST."""
    s3_reads: float = 0.0
    sqs_requests: float = 0.0
    secret_reads: float = 0.0
    invocations: float = 0.0
    gib_seconds: float = 0.0
    log_bytes: float = 0.0
    traces: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(**{name: value + getattr(other, name) for name, value in asdict(self).items()})


PRICES = Usage(
    write_units=0.625 / MILLION,
    read_units=0.125 / MILLION,
    s3_writes=0.005 / 1_000,
    s3_reads=0.0004 / 1_000,
    sqs_requests=0.40 / MILLION,
    secret_reads=0.05 / 10_000,
    invocations=0.20 / MILLION,
    gib_seconds=0.0000133334,  # arm64, first tier
    log_bytes=0.50 / GIB,
    traces=5.0 / MILLION,
)
"""Dollars per unit."""

STORAGE_PER_GIB_MONTH = 0.25 + 0.20
"""DynamoDB's storage and its continuous backups, dollars; the first 25 GiB of storage are free."""

SERVICE_OF = {
    "write_units": "DynamoDB writes",
    "read_units": "DynamoDB reads",
    "s3_writes": "S3",
    "s3_reads": "S3",
    "sqs_requests": "SQS",
    "secret_reads": "Secrets Manager",
    "invocations": "Lambda",
    "gib_seconds": "Lambda",
    "log_bytes": "CloudWatch Logs",
    "traces": "X-Ray",
}


class Cost(NamedTuple):
    """Dollars, in all and by service."""

    total: float
    by_service: Mapping[str, float]

    def lines(self) -> list[str]:
        """A table for a person: largest first."""
        shares = sorted(self.by_service.items(), key=lambda share: -share[1])
        return [f"{service:<16} {dollars:8.4f}" for service, dollars in [*shares, ("total", self.total)]]


def cost_of(usage: Usage, prices: Usage = PRICES) -> Cost:
    """Dollars of ``usage``."""
    by_service: dict[str, float] = {}
    for each in fields(Usage):
        dollars = getattr(usage, each.name) * getattr(prices, each.name)
        by_service[SERVICE_OF[each.name]] = by_service.get(SERVICE_OF[each.name], 0.0) + dollars
    return Cost(sum(by_service.values()), by_service)


def per_million(usage: Usage, events: int, prices: Usage = PRICES) -> Cost:
    """Dollars per million events, where ``usage`` is what ``events`` of them took."""
    cost = cost_of(usage, prices)
    factor = MILLION / events
    return Cost(cost.total * factor, {service: dollars * factor for service, dollars in cost.by_service.items()})


class AwsCall(NamedTuple):
    """One call of an operation, with its parameters as boto3 takes them."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


class _Rule(NamedTuple):
    usage: Callable[[Mapping[str, Any], Mapping[str, int]], Usage]
    milliseconds: float
    """How long the call is assumed to take inside AWS, seen from a function."""


def usage_of(calls: Iterable[AwsCall], item_bytes: Mapping[str, int]) -> Usage:
    """What the calls themselves are billed.

    ``item_bytes``: size of the items of FileProgress by the first part of their sort key (``FILE``, ``BATCH``,
    ``COUNT``, ``GATE``), of all batches of a file together (``QUERY``), and of an item of the event ledger (``EVENT``).
    Raises ``KeyError`` for an operation without a rule.
    """
    total = Usage()
    for call in calls:
        total += _RULES[call.service, call.operation].usage(call.parameters, item_bytes)
    return total


def waiting_seconds(calls: Iterable[AwsCall], posts: int = 0) -> float:
    """Time that a function spends on its calls, one after the other, and on its requests to TikTok."""
    return sum(_RULES[call.service, call.operation].milliseconds for call in calls) / 1000 + posts * POST_SECONDS


POST_SECONDS = 0.6
"""Assumed duration of one request of 1,000 events."""


def function_usage(invocations: int, cpu_seconds: float, waited_seconds: float) -> Usage:
    """What the functions themselves are billed, with the queue requests of Lambda's pollers for each message."""
    return Usage(
        invocations=invocations,
        gib_seconds=(cpu_seconds * CPU_FACTOR + waited_seconds) * MEMORY_GIB,
        sqs_requests=2 * invocations,  # one receive, one delete
        log_bytes=LOG_BYTES_PER_INVOCATION * invocations,
        traces=invocations,
    )


def storage_dollars(events: int, bytes_per_event: int, months: float) -> float:
    """What keeping ledger items costs until they expire; not part of the dollars per call."""
    return events * bytes_per_event / GIB * months * STORAGE_PER_GIB_MONTH


def attribute_bytes(item: Mapping[str, Any]) -> int:
    """Size of an item as DynamoDB counts it: names and values; maps and lists with their overhead."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return len(str(content).strip("-").replace(".", "")) // 2 + 2
    if kind == "B":
        return len(content)
    if kind == "M":
        return 3 + len(content) + attribute_bytes(content)
    if kind == "L":
        return 3 + sum(1 + _value_bytes(each) for each in content)
    return 1


def _started(size: int, unit: int) -> int:
    return max(1, -(-size // unit))


def _writes(size: int) -> int:
    return _started(size, 1024)


def _reads(size: int, consistent: bool) -> float:
    return _started(size, 4096) * (1.0 if consistent else 0.5)


def _item(parameters: Mapping[str, Any], sizes: Mapping[str, int]) -> int:
    key = parameters["Key"]
    return sizes[key["sk"]["S"].partition("#")[0] if "sk" in key else "EVENT"]


def _statements(parameters: Mapping[str, Any], sizes: Mapping[str, int]) -> Usage:
    return Usage(write_units=len(parameters["Statements"]) * _writes(sizes["EVENT"]))


def _batch_get(parameters: Mapping[str, Any], sizes: Mapping[str, int]) -> Usage:
    tables = parameters["RequestItems"].values()
    units = (len(table["Keys"]) * _reads(sizes["EVENT"], table.get("ConsistentRead", False)) for table in tables)
    return Usage(read_units=sum(units))


def _get(parameters: Mapping[str, Any], sizes: Mapping[str, int]) -> Usage:
    return Usage(read_units=_reads(_item(parameters, sizes), parameters.get("ConsistentRead", False)))


def _query(parameters: Mapping[str, Any], sizes: Mapping[str, int]) -> Usage:
    """A file with its counters, the counters alone, or the batches of a file.

    How many there are is in no request, so ``sizes`` has to say it (``QUERY`` for batches).
    """
    first, *last = (each["S"] for name, each in parameters["ExpressionAttributeValues"].items() if name != ":file")
    size = sizes["QUERY"]
    if first.startswith("COUNT#"):
        size = COUNTERS * sizes.get("COUNT", 0) + (sizes["FILE"] if "FILE" in last else 0)
    return Usage(read_units=_reads(size, parameters.get("ConsistentRead", False)))


def _put_item(parameters: Mapping[str, Any], sizes: Mapping[str, int]) -> Usage:
    return Usage(write_units=_writes(attribute_bytes(parameters["Item"])))


def _write(parameters: Mapping[str, Any], sizes: Mapping[str, int]) -> Usage:
    return Usage(write_units=_writes(_item(parameters, sizes)))


def _transaction(parameters: Mapping[str, Any], sizes: Mapping[str, int]) -> Usage:
    updates = (action["Update"] for action in parameters["TransactItems"])
    return Usage(write_units=2 * sum(_writes(_item(update, sizes)) for update in updates))


def _flat(**usage: float) -> Callable[[Mapping[str, Any], Mapping[str, int]], Usage]:
    one = Usage(**usage)
    return lambda parameters, sizes: one


_RULES: dict[tuple[str, str], _Rule] = {
    ("dynamodb", "BatchExecuteStatement"): _Rule(_statements, 15),
    ("dynamodb", "BatchGetItem"): _Rule(_batch_get, 12),
    ("dynamodb", "GetItem"): _Rule(_get, 4),
    ("dynamodb", "Query"): _Rule(_query, 8),
    ("dynamodb", "PutItem"): _Rule(_put_item, 6),
    ("dynamodb", "UpdateItem"): _Rule(_write, 6),
    ("dynamodb", "DeleteItem"): _Rule(_write, 6),
    ("dynamodb", "TransactWriteItems"): _Rule(_transaction, 15),
    ("s3", "GetObject"): _Rule(_flat(s3_reads=1), 30),
    ("s3", "HeadObject"): _Rule(_flat(s3_reads=1), 20),
    ("s3", "PutObject"): _Rule(_flat(s3_writes=1), 40),
    ("s3", "CreateMultipartUpload"): _Rule(_flat(s3_writes=1), 30),
    ("s3", "UploadPart"): _Rule(_flat(s3_writes=1), 150),
    ("s3", "CompleteMultipartUpload"): _Rule(_flat(s3_writes=1), 60),
    ("s3", "AbortMultipartUpload"): _Rule(_flat(), 30),
    ("sqs", "SendMessage"): _Rule(_flat(sqs_requests=1), 10),
    ("sqs", "SendMessageBatch"): _Rule(_flat(sqs_requests=1), 12),  # ten pointers stay below one request's 64 KB
    ("sqs", "ChangeMessageVisibility"): _Rule(_flat(sqs_requests=1), 8),
    ("ssm", "GetParameter"): _Rule(_flat(), 15),  # standard parameters at standard throughput cost nothing
    ("secretsmanager", "GetSecretValue"): _Rule(_flat(secret_reads=1), 20),
}
"""What the functions call -> how it is billed, and how long it is assumed to take."""
