"""What the first rows of a file say about the file as a whole, before anything of it is sent.

In: the plan and the first judged rows (up to 1,000). Out: hints with counts; or the refusal of the whole file where
nearly all of those rows fail for one cause, for then a column is mapped wrongly or the export is broken.

Rows that are ignored (status, consent, blank rows) say nothing about a mapping and are not counted; nor are the
further rows of a rejected order, which fail for the sake of their first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from conversion_delivery.domain.conversions import Conversion, Ignored, Problem, Rejection
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.explanations import explain
from conversion_delivery.domain.layouts.layouts import layout_named
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import FileHint, ReadingPlan

FEWEST_SUSPECTS = 20
"""Rows from which a common failure is no chance. Smaller files come back whole in rejected.csv and are soon read."""

FEWEST_ROWS = 10
"""Rows from which a hint is worth a line: a test file of three rows is not nagged."""

FEWEST_REPEATS = 5
REPEATED_SHARE = 0.05
"""One number on so many orders, and on more than this share of them, is hardly one customer's."""

FEWEST_SHIFTED = 3
WIDEST_OFFSET = 14 * 3_600
"""Seconds. No zone is further ahead of UTC; rows further in the future have another cause (day and month swapped)."""
SHIFTED_SHARE = 0.9
"""Of the rows in the future: so many must be explained by a zone."""

OLD_SECONDS = 2 * 86_400
"""TikTok tells copies of an event for 48 hours (help page "About event deduplication")."""
OLD_SHARE = 0.5

UNIDENTIFIED_SHARE = 0.5
NATIONAL_SHARE = 0.5
DIGEST_SHARE = 0.5
ORDER_LINES_SHARE = 0.1
"""Two receipts may share a number by accident; a tenth of the rows does not."""

_DIGEST_LENGTH = 64
_IDENTIFIERS = frozenset({"email", "phone", "external_id", "lead_id", "ttclid", "ttp", "ip"})
_NOT_COUNTED = frozenset({"ORDER_REJECTED"})
_CELL_NOT_SHOWN = "…"


def findings(plan: ReadingPlan, judged: Sequence[JudgedRow]) -> tuple[FileHint, ...]:
    """Hints about the file. Raises ``UploadRejected`` (``MAPPING_SUSPECT``)."""
    rows = _FirstRows(plan, [row for row in judged if _counts(row)])
    _refuse_suspect(rows)
    return tuple(hint for find in _HINTS if (hint := find(rows)) is not None)


def _counts(row: JudgedRow) -> bool:
    verdict = row.verdict
    if isinstance(verdict, Ignored):
        return False
    return isinstance(verdict, Conversion) or verdict.problems[0].code not in _NOT_COUNTED


@dataclass(frozen=True)
class _FirstRows:
    """The data rows among the first rows of a file."""

    plan: ReadingPlan
    judged: Sequence[JudgedRow]

    @cached_property
    def accepted(self) -> list[Conversion]:
        return [row.verdict for row in self.judged if isinstance(row.verdict, Conversion)]

    @cached_property
    def rejected(self) -> list[Rejection]:
        return [row.verdict for row in self.judged if isinstance(row.verdict, Rejection)]

    def noted(self, code: str) -> Iterator[Problem]:
        """The first problem or warning with a code, of every row that has one."""
        for row in self.judged:
            problems = _problems(row) + _warnings(row)
            yield from [problem for problem in problems if problem.code == code][:1]


def _problems(row: JudgedRow) -> tuple[Problem, ...]:
    return row.verdict.problems if isinstance(row.verdict, Rejection) else ()


def _warnings(row: JudgedRow) -> tuple[Problem, ...]:
    return () if isinstance(row.verdict, Ignored) else row.verdict.warnings


def _refuse_suspect(rows: _FirstRows) -> None:
    """Every cause of a row counts: a file without usable times may lack addresses here and there as well."""
    if len(rows.judged) < FEWEST_SUSPECTS:
        return
    causes: Counter[tuple[str, str]] = Counter()
    firsts: dict[tuple[str, str], tuple[int, Problem]] = {}
    for row in rows.judged:
        for cause, problem in {(problem.code, problem.column): problem for problem in _problems(row)}.items():
            causes[cause] += 1
            firsts.setdefault(cause, (row.line, problem))
    for cause, failing in causes.most_common(1):
        if failing > rows.plan.settings.suspect_share * len(rows.judged):
            line, problem = firsts[cause]
            why = explain(problem._replace(shown=_CELL_NOT_SHOWN))
            raise UploadRejected("MAPPING_SUSPECT", failing=failing, rows=len(rows.judged), line=line, why=why)


def _phone_repeated(rows: _FirstRows) -> FileHint | None:
    return _repeated("PHONE_REPEATED", ((event, event.phones) for event in rows.accepted))


def _email_repeated(rows: _FirstRows) -> FileHint | None:
    return _repeated("EMAIL_REPEATED", ((event, event.emails) for event in rows.accepted))


def _repeated(code: str, identified: Iterable[tuple[Conversion, tuple[str, ...]]]) -> FileHint | None:
    """The lines of one order repeat their customer, so orders are counted; a row without an order is one of its own."""
    orders: dict[str, set[object]] = defaultdict(set)
    everyone: set[object] = set()
    for at, (event, values) in enumerate(identified):
        if values:
            order: object = event.order_id or at
            everyone.add(order)
            for value in values:
                orders[value].add(order)
    most = max(map(len, orders.values()), default=0)
    if len(everyone) < FEWEST_ROWS or most < FEWEST_REPEATS or most <= REPEATED_SHARE * len(everyone):
        return None
    return FileHint(code=code, facts={"rows": most, "of": len(everyone)})


def _values_equal(rows: _FirstRows) -> FileHint | None:
    values = [event.value for event in rows.accepted if event.value is not None]
    return _all_equal("VALUES_EQUAL", values, len(_orders(rows.accepted)))


def _times_equal(rows: _FirstRows) -> FileHint | None:
    """Days without a clock are equal by nature; each of their rows says so itself."""
    timed = [event for event in rows.accepted if all(note.code != "TIME_NO_CLOCK" for note in event.warnings)]
    return _all_equal("TIMES_EQUAL", [event.event_time for event in timed], len(_orders(timed)))


def _all_equal(code: str, values: Sequence[object], orders: int) -> FileHint | None:
    if len(values) < FEWEST_ROWS or orders < FEWEST_ROWS or len(set(values)) > 1:
        return None
    return FileHint(code=code, facts={"rows": len(values)})


def _orders(events: Iterable[Conversion]) -> set[object]:
    return {event.order_id or at for at, event in enumerate(events)}


def _times_shifted(rows: _FirstRows) -> FileHint | None:
    ahead = [dict(problem.facts).get("seconds_ahead", 0) for problem in rows.noted("TIME_FUTURE")]
    explained = [seconds for seconds in ahead if seconds <= WIDEST_OFFSET]
    if len(explained) < FEWEST_SHIFTED or len(explained) < SHIFTED_SHARE * len(ahead):
        return None
    hours = -(-max(explained) // 3_600)
    zone = rows.plan.timezone or rows.plan.settings.default_timezone
    facts = {"rows": len(explained), "of": len(rows.judged), "hours": hours, "zone": zone}
    return FileHint(code="TIMES_SHIFTED", facts=facts)


def _events_old(rows: _FirstRows) -> FileHint | None:
    old = sum(event.event_time < rows.plan.as_of - OLD_SECONDS for event in rows.accepted)
    return _most_of("EVENTS_OLD", old, len(rows.accepted), OLD_SHARE)


def _few_identifiers(rows: _FirstRows) -> FileHint | None:
    without = sum(
        any(problem.code == "IDENTIFIER_MISSING" or problem.field in _IDENTIFIERS for problem in row.problems)
        for row in rows.rejected
    )
    return _most_of("FEW_IDENTIFIERS", without, len(rows.judged), UNIDENTIFIED_SHARE)


def _country_missing(rows: _FirstRows) -> FileHint | None:
    national = sum(1 for _ in rows.noted("PHONE_NO_COUNTRY"))
    return _most_of("COUNTRY_MISSING", national, national + _with_phones(rows), NATIONAL_SHARE)


def _phone_digests(rows: _FirstRows) -> FileHint | None:
    digests = sum(any(len(phone) == _DIGEST_LENGTH for phone in event.phones) for event in rows.accepted)
    return _most_of("PHONE_DIGESTS", digests, _with_phones(rows), DIGEST_SHARE)


def _with_phones(rows: _FirstRows) -> int:
    return sum(bool(event.phones) for event in rows.accepted)


def _most_of(code: str, found: int, of: int, share: float) -> FileHint | None:
    if of < FEWEST_ROWS or found <= share * of:
        return None
    return FileHint(code=code, facts={"rows": found, "of": of})


def _order_lines(rows: _FirstRows) -> FileHint | None:
    """Rows that would be one order if the file were read so; nobody is asked who has decided it in the settings."""
    plan = rows.plan
    if plan.order_rows == "order" or plan.settings.order_rows == "row" or layout_named(plan.layout).item_level:
        return None
    orders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for event in rows.accepted:
        if event.order_id and event.items and not event.given_event_id:
            orders[event.event, event.order_id].append(event.items[0].content_id or event.items[0].content_name)
    lines = sum(len(products) for products in orders.values() if len(set(products)) > 1)
    return _most_of("ORDER_LINES_SUSPECT", lines, len(rows.accepted), ORDER_LINES_SHARE)


_HINTS: tuple[Callable[[_FirstRows], FileHint | None], ...] = (
    _few_identifiers,
    _country_missing,
    _phone_digests,
    _phone_repeated,
    _email_repeated,
    _times_shifted,
    _times_equal,
    _events_old,
    _values_equal,
    _order_lines,
)
