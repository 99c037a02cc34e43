"""The event ledger in DynamoDB: claims 25 at a time through PartiQL, owners 100 at a time.

``BatchExecuteStatement`` gives each INSERT a verdict of its own, and HTTP 200 can carry throttling for some of them;
botocore repeats whole calls only, so this module repeats statements. A repeated INSERT can meet its own first success
and be told *taken*: harmless, because the owner that is read next is then the very batch that asks.

An item past its ``expires_at`` that DynamoDB has not yet deleted counts as there, for claims and for owners alike:
INSERT cannot look at it anyway, and believing an old decision a little longer can only withhold an event (reported as
a duplicate), while disbelieving it could send one twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from conversion_delivery.aws.attributes import Item, number, read_int, read_text, text
from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.conditional_writes import ConditionalTable, Update
from conversion_delivery.aws.dynamodb_requests import BatchCalls
from conversion_delivery.aws.faults import PASSING_CODES, REFUSED, UNAVAILABLE, answered, unavailable_code
from conversion_delivery.domain.errors import ContractBroken, SourceUnavailable
from conversion_delivery.domain.outcomes import Claim, Owner
from conversion_delivery.workflows.ports import ClaimAnswer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STATEMENTS_PER_CALL = 25
"""BatchExecuteStatement takes 25 statements a call."""

KEYS_PER_READ = 100
"""BatchGetItem takes 100 keys a call."""

Value = TypeVar("Value")

_OWNER = {"#key": "event_key", "#batch": "batch", "#row": "row", "#fingerprint": "fingerprint"}


class CallMap(Protocol):
    """How the calls of one ``claim`` are made: ``map`` (one by one) or the ``map`` of a small thread pool."""

    def __call__(self, call: Any, chunks: Iterable[Sequence[Claim]], /) -> Iterable[list[ClaimAnswer]]: ...


class EventLedgerTable:
    """Fulfils the port ``EventLedger``."""

    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        *,
        batches: BatchCalls | None = None,
        backoff: Backoff | None = None,
        call_map: CallMap = map,
    ) -> None:
        """``batches`` makes the calls that carry many events (``DynamoDbRequests``); without it ``client`` does."""
        self._batches: BatchCalls = batches or client
        self._table = table
        self._backoff = backoff or Backoff()
        self._items = ConditionalTable(client, table, self._backoff)
        self._call_map = call_map
        self._statement = insert_statement(table)

    def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
        """As the port says. Raises ``SourceUnavailable`` (``AWS_REFUSED``) where no repetition can help.

        Throttled statements are repeated; the rests add up to 1.5 seconds at most, for all claims together. A whole
        call that fails although botocore repeated it ends the work: what has no answer yet gets none.
        """
        if len({claim.event_key for claim in claims}) != len(claims):
            raise ValueError("event keys of one call must be distinct")
        answers = {claim.event_key: ClaimAnswer.UNANSWERED for claim in claims}
        pending = list(claims)
        for _ in self._backoff.tries():
            if not self._ask(pending, answers):
                break
            pending = [claim for claim in pending if answers[claim.event_key] is ClaimAnswer.UNANSWERED]
            if not pending:
                break
        return [answers[claim.event_key] for claim in claims]

    def owners(self, event_keys: Sequence[str]) -> dict[str, Owner]:
        found: dict[str, Owner] = {}
        for keys in _chunks(list(dict.fromkeys(event_keys)), KEYS_PER_READ):
            for item in self._read([{"event_key": text(key)} for key in keys]):
                found[read_text(item, "event_key")] = _owner(item)
        return found

    def take_over(self, claim: Claim, expected: Owner) -> bool:
        update = Update(
            {"event_key": text(claim.event_key)},
            "SET #batch = :batch, #row = :row, #fingerprint = :fingerprint,"
            " #event_time = :event_time, #expires_at = :expires_at",
            "#batch = :their_batch AND #row = :their_row",
            {
                ":batch": text(claim.batch),
                ":row": number(claim.row),
                ":fingerprint": {"B": claim.fingerprint},
                ":event_time": number(claim.event_time),
                ":expires_at": number(claim.expires_at),
                ":their_batch": text(expected.batch),
                ":their_row": number(expected.row),
            },
        )
        write = self._items.update(update)
        # Repeated by the SDK after a lost answer, the write meets itself: what was wanted is the case.
        return write.done or (bool(write.item) and _owner(write.item) == _wanted(claim))

    def _ask(self, claims: Sequence[Claim], answers: dict[str, ClaimAnswer]) -> bool:
        """Fill in ``answers``; False when a whole call got none, so that asking on is useless."""
        chunks = list(_chunks(claims, STATEMENTS_PER_CALL))
        try:
            for chunk, verdicts in zip(chunks, self._call_map(self._insert, chunks), strict=True):
                answers.update(zip((claim.event_key for claim in chunk), verdicts, strict=True))
        except SourceUnavailable as problem:
            if problem.code == REFUSED:
                raise
            return False
        return True

    def _insert(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
        statements: Any = [{"Statement": self._statement, "Parameters": _parameters(claim)} for claim in claims]
        with answered("BatchExecuteStatement"):
            responses = self._batches.batch_execute_statement(Statements=statements)["Responses"]
        if len(responses) != len(claims):
            return [ClaimAnswer.UNANSWERED] * len(claims)
        return [_verdict(response.get("Error", {}).get("Code")) for response in responses]

    def _read(self, keys: list[Item]) -> Iterator[Item]:
        request: Any = {
            "Keys": keys,
            "ConsistentRead": True,
            "ProjectionExpression": ", ".join(_OWNER),
            "ExpressionAttributeNames": _OWNER,
        }
        for _ in self._backoff.tries():
            with answered("BatchGetItem"):
                answer = self._batches.batch_get_item(RequestItems={self._table: request})
            yield from answer["Responses"].get(self._table, [])
            request = answer.get("UnprocessedKeys", {}).get(self._table)
            if not request:
                return
        raise SourceUnavailable(UNAVAILABLE, operation="BatchGetItem", error="UnprocessedKeys")


def insert_statement(table: str) -> str:
    """All names are quoted: ``row`` and ``batch`` stand in DynamoDB's list of reserved words.

    No spaces but those that PartiQL needs: the text travels once per event.
    """
    names = ("event_key", "batch", "row", "fingerprint", "event_time", "expires_at")
    pairs = ",".join(f"'{name}':?" for name in names)
    return f'INSERT INTO "{table}" VALUE {{{pairs}}}'


def _parameters(claim: Claim) -> list[Item]:
    """In the order of ``insert_statement``."""
    return [
        {"S": claim.event_key},
        {"S": claim.batch},
        {"N": str(claim.row)},
        {"B": claim.fingerprint},
        {"N": str(claim.event_time)},
        {"N": str(claim.expires_at)},
    ]


def _verdict(code: str | None) -> ClaimAnswer:
    """Codes: BatchStatementErrorCodeEnum of the DynamoDB API model."""
    if code is None:
        return ClaimAnswer.CLAIMED
    if code == "DuplicateItem":
        return ClaimAnswer.TAKEN
    if code in PASSING_CODES:
        return ClaimAnswer.UNANSWERED
    raise unavailable_code(code, "BatchExecuteStatement")


def _owner(item: Item) -> Owner:
    fingerprint = item.get("fingerprint", {}).get("B")
    if not isinstance(fingerprint, bytes):
        raise ContractBroken("ITEM_INVALID", attribute="fingerprint")
    return Owner(read_text(item, "batch"), read_int(item, "row"), fingerprint)


def _wanted(claim: Claim) -> Owner:
    return Owner(claim.batch, claim.row, claim.fingerprint)


def _chunks(values: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
