"""When a file is stopped before anything is sent, and what its first rows are worth saying about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from conversion_delivery.domain.conversions import Conversion, Ignored, Item, Problem, Rejection, Verdict
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.explanations import CODES, sentence_for
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.first_row_codes import FIRST_ROW_CODES
from conversion_delivery.domain.reading.first_rows import FEWEST_ROWS, FEWEST_SUSPECTS, findings
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from tests.domain.rows_to_read import AS_OF, CLEAN, plan_of

PLAN = plan_of([(field, field) for field in CLEAN])
DAY, HOUR = 86_400, 3_600
DIGEST = "9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd"


def event(at: int = 0, **changes: Any) -> Conversion:
    """A conversion unlike those of other numbers."""
    usual: dict[str, Any] = {
        "event": "Purchase",
        "event_time": AS_OF - HOUR - 60 * at,
        "emails": (f"customer{at}@example.com",),
        "phones": (f"+1415555{at:04d}",),
        "value": 10 + at,
        "currency": "USD",
        "order_id": f"TT-{at}",
    }
    return Conversion(**(usual | changes))


def failed(code: str = "TIME_INVALID", column: str = "Paid at", field: str = "event_time", **more: Any) -> Rejection:
    return Rejection((Problem(code, field, column, **more),))


def judged(verdicts: Iterable[Verdict]) -> list[JudgedRow]:
    return [JudgedRow(row, row + 2, [], verdict) for row, verdict in enumerate(verdicts)]


def hints(verdicts: Iterable[Verdict], **given: Any) -> dict[str, dict[str, str | int | float]]:
    plan = PLAN.model_copy(update=given)
    return {hint.code: hint.facts for hint in findings(plan, judged(verdicts))}


def refusal(verdicts: Sequence[Verdict], **given: Any) -> UploadRejected:
    plan = plan_of([(field, field) for field in CLEAN], **given)
    with pytest.raises(UploadRejected) as caught:
        findings(plan, judged(verdicts))
    return caught.value


def test_a_plain_file_has_no_hints() -> None:
    assert hints(event(at) for at in range(100)) == {}


def test_so_has_a_file_of_few_rows_whatever_they_are() -> None:
    same = [event(0, event_time=AS_OF - 5 * DAY, order_id="") for _ in range(FEWEST_ROWS - 1)]

    assert hints(same) == {}
    assert hints([failed() for _ in range(FEWEST_SUSPECTS - 1)]) == {}
    assert hints([]) == {}


# The stop


def test_a_file_whose_rows_fail_for_one_cause_is_stopped_with_that_cause() -> None:
    error = refusal([event(0), *[failed(shown="31/31/2026") for _ in range(99)]])

    assert error.code == "MAPPING_SUSPECT"
    assert (error.facts["failing"], error.facts["rows"], error.facts["line"]) == (99, 100, 3)
    sentence = sentence_for(error.code, error.facts)
    assert "99 of the first 100 rows" in sentence
    assert CODES["TIME_INVALID"].remedy in sentence
    assert "Paid at" in sentence
    assert "31/31/2026" not in str(error)


def test_exactly_the_share_of_the_settings_does_not_stop_a_file() -> None:
    ten_good: list[Verdict] = [event(at) for at in range(10)]

    assert hints([*ten_good, *[failed() for _ in range(90)]]) == {}
    refusal([*ten_good, *[failed() for _ in range(91)]])


def test_a_share_of_one_never_stops_a_file() -> None:
    plan = plan_of([(field, field) for field in CLEAN], suspect_share=1)

    assert findings(plan, judged(failed() for _ in range(50))) == ()


def test_a_lower_share_stops_a_file_sooner() -> None:
    rows: list[Verdict] = [*[event(at) for at in range(10)], *[failed() for _ in range(10)]]

    assert refusal(rows, suspect_share=0.4).facts["failing"] == 10


def test_different_causes_and_columns_do_not_add_up() -> None:
    assert hints([failed("TIME_INVALID" if at % 2 else "EVENT_UNKNOWN") for at in range(100)]) == {}
    assert hints([failed(column="Paid at" if at % 2 else "Created at") for at in range(100)]) == {}


def test_a_cause_counts_wherever_it_stands_among_the_problems_of_a_row() -> None:
    time = Problem("TIME_INVALID", "event_time", "Paid at")
    address = Problem("EMAIL_INVALID", "email", "Email")
    rows = [Rejection((address, time)) if at % 2 else Rejection((time, time)) for at in range(30)]

    assert refusal(rows).facts["failing"] == 30


def test_rows_that_are_ignored_do_not_count_on_either_side() -> None:
    ignored: list[Verdict] = [Ignored(Problem("CONSENT_DENIED", "consent")) for _ in range(500)]

    assert hints([*ignored, *[failed() for _ in range(FEWEST_SUSPECTS - 1)]]) == {}
    assert refusal([*ignored, *[failed() for _ in range(FEWEST_SUSPECTS)]]).facts["rows"] == FEWEST_SUSPECTS


def test_the_further_rows_of_a_rejected_order_do_not_count() -> None:
    rest = [failed("ORDER_REJECTED", "") for _ in range(100)]

    assert hints([*rest, *[event(at) for at in range(30)]]) == {}


# Hints


@pytest.mark.parametrize(("field", "code"), [("phones", "PHONE_REPEATED"), ("emails", "EMAIL_REPEATED")])
def test_one_identifier_on_many_orders_is_said(field: str, code: str) -> None:
    rows = [event(at, **({field: ("+14155559999",)} if at % 10 == 0 else {})) for at in range(100)]

    assert hints(rows) == {code: {"rows": 10, "of": 100}}


@pytest.mark.parametrize("times", [4, 5])
def test_a_regular_customer_is_not_suspected(times: int) -> None:
    assert hints([event(at, **({"phones": ("+14155559999",)} if at < times else {})) for at in range(100)]) == {}


def test_the_lines_of_one_order_are_one() -> None:
    assert hints([event(at, phones=("+14155559999",), order_id=f"TT-{at // 30}") for at in range(90)]) == {}


def test_equal_amounts_are_said() -> None:
    assert hints(event(at, value=10) for at in range(20)) == {"VALUES_EQUAL": {"rows": 20}}
    assert hints(event(at, value=10 if at else 11) for at in range(20)) == {}
    assert hints(event(at, value=None) for at in range(20)) == {}


def test_equal_times_are_said_but_not_of_days_without_a_clock() -> None:
    at_once = AS_OF - HOUR
    day_only = (Problem("TIME_NO_CLOCK", "event_time"),)

    assert hints(event(at, event_time=at_once) for at in range(20)) == {"TIMES_EQUAL": {"rows": 20}}
    assert hints(event(at, event_time=at_once, warnings=day_only) for at in range(20)) == {}


def ahead(seconds: int) -> Rejection:
    return failed("TIME_FUTURE", facts=(("seconds_ahead", seconds),))


def test_rows_a_few_hours_in_the_future_look_like_another_zone() -> None:
    good = [event(at) for at in range(50)]
    found = hints([*good, *[ahead(7 * HOUR + 60 * at) for at in range(10)]], timezone="Asia/Tokyo")

    assert found == {"TIMES_SHIFTED": {"rows": 10, "of": 60, "hours": 8, "zone": "Asia/Tokyo"}}


def test_rows_days_in_the_future_do_not() -> None:
    good = [event(at) for at in range(50)]

    assert hints([*good, *[ahead(5 * DAY) for _ in range(10)], *[ahead(HOUR) for _ in range(5)]]) == {}
    assert hints([*good, ahead(HOUR), ahead(HOUR)]) == {}


def test_the_distance_of_a_future_row_comes_from_its_reader() -> None:
    reader = ConversionReader(PLAN)
    future = [reader.read([*list((CLEAN | {"event_time": str(AS_OF + 2 * HOUR)}).values())]) for _ in range(3)]

    assert hints([*[event(at) for at in range(10)], *future])["TIMES_SHIFTED"]["hours"] == 2


def test_old_events_are_said_where_most_are() -> None:
    old = [event(at, event_time=AS_OF - 3 * DAY - at) for at in range(20)]

    assert hints(old) == {"EVENTS_OLD": {"rows": 20, "of": 20}}
    assert hints([*old[:10], *[event(at) for at in range(20, 30)]]) == {}


def test_a_lack_of_identifiers_is_said() -> None:
    without: list[Verdict] = [failed("IDENTIFIER_MISSING", "", "") for _ in range(12)]
    bad: list[Verdict] = [failed("EMAIL_INVALID", "Email", "email") for _ in range(3)]

    assert hints([*without, *bad, *[event(at) for at in range(10)]]) == {"FEW_IDENTIFIERS": {"rows": 15, "of": 25}}
    assert hints([*without, *[event(at) for at in range(12)]]) == {}


def test_phones_without_country_are_said_though_their_rows_are_sent() -> None:
    dropped = (Problem("PHONE_NO_COUNTRY", "phone", "Phone"),)
    rows = [event(at, phones=(), warnings=dropped) for at in range(20)]

    assert hints(rows) == {"COUNTRY_MISSING": {"rows": 20, "of": 20}}
    assert hints([*rows[:10], *[event(at) for at in range(20, 40)]]) == {}


def test_digests_in_place_of_phones_are_said() -> None:
    rows = [event(at, phones=(f"{at:02d}{DIGEST[2:]}",)) for at in range(20)]

    assert hints(rows) == {"PHONE_DIGESTS": {"rows": 20, "of": 20}}


def lines_of_orders() -> list[Conversion]:
    return [event(at, order_id=f"TT-{at // 2}", items=(Item(f"SKU-{at}"),)) for at in range(20)]


def test_rows_that_share_an_order_but_no_product_look_like_its_lines() -> None:
    assert hints(lines_of_orders()) == {"ORDER_LINES_SUSPECT": {"rows": 20, "of": 20}}


def test_they_are_nothing_to_speak_of_where_that_is_known_or_decided() -> None:
    rows = judged(lines_of_orders())
    decided = plan_of([(field, field) for field in CLEAN], order_rows="row")

    assert findings(PLAN.model_copy(update={"order_rows": "order"}), rows) == ()
    assert findings(decided, rows) == ()
    assert hints(event._replace(given_event_id=f"e-{at}") for at, event in enumerate(lines_of_orders())) == {}
    assert hints(event._replace(items=(Item("SKU-1"),)) for event in lines_of_orders()) == {}


def test_every_code_has_a_sentence_a_remedy_and_no_values() -> None:
    assert all(code in CODES and entry.remedy for code, entry in FIRST_ROW_CODES.items())


@pytest.mark.parametrize(
    "rows",
    [
        lines_of_orders(),
        [event(0, order_id=f"T-{at}") for at in range(20)],
        [*[event(at) for at in range(50)], *[ahead(HOUR) for _ in range(9)]],
    ],
)
def test_the_facts_of_a_hint_fill_its_sentence(rows: list[Verdict]) -> None:
    found = findings(PLAN, judged(rows))

    assert found
    assert all("?" not in sentence_for(hint.code, hint.facts) for hint in found)
    assert all(isinstance(fact, int) for hint in found for name, fact in hint.facts.items() if name != "zone")
