"""Plain forms, one column at a time: never wider than the reader that they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.mapping.cell_columns import FormColumn, PlainForm
from conversion_delivery.domain.mapping.clean_forms import forms_of
from conversion_delivery.domain.mapping.time_columns import HOURS_KEPT, TimeColumn
from conversion_delivery.domain.values.amounts import AmountReader
from conversion_delivery.domain.values.emails import EmailReader
from conversion_delivery.domain.values.event_times import TimeReader
from conversion_delivery.domain.values.phones import PhoneReader
from conversion_delivery.domain.values.texts import read_id
from tests.domain.rows_to_read import AS_OF

NEAR_MISSES = {
    "email": r"[NnTa-z0-9ä.+_-]{1,8}@{0,2}([a-z0-9-]{1,5}\.){0,3}[a-z]{0,4}|none@none\.com|[0-9a-fA-F]{63,65}",
    "phone": r"\+{0,2}(1|33|44|49|61|91)?[0-9]{3,13}|\(?[2-9][0-9]{2}\)? ?[0-9]{3}-[0-9]{4}|[0-9a-f]{64}",
    "value": r"[$-]?[0-9]{0,13}[.,]?[0-9]{0,3}|0{1,3}[.,]0{1,3}|[0-9]{1,3},[0-9]{3}\.[0-9]{2}",
    "price": r"-?[0-9]{0,4}[.,]?[0-9]{0,3}|N/A",
    "id": r"[#A-Za-z .@+-]{0,8}[0-9]{0,12}([Ee]\+?[0-9]{1,2})?",
}


def readers(country: str | None, mark: Any) -> dict[str, Callable[[str], Any]]:
    amounts = AmountReader(mark, "USD")
    phones = PhoneReader(country)
    return {
        "email": EmailReader().read,
        "phone": phones.read,
        "value": amounts.read,
        "price": amounts.read,
        "id": read_id,
    }


def column(field: str, country: str | None = "US", mark: Any = ".") -> FormColumn[Any]:
    read = readers(country, mark)
    forms = forms_of(
        read_email=read["email"],
        read_phone=read["phone"],
        read_amount=read["value"],
        decimal_mark=mark,
        default_country=country,
    )
    found: FormColumn[Any] = getattr(forms, field)
    return found


@pytest.mark.parametrize("field", NEAR_MISSES)
@given(data=st.data(), country=st.sampled_from([None, "US", "DE", "IT"]), mark=st.sampled_from([".", ",", "auto"]))
def test_a_cell_is_plain_only_if_its_reader_has_nothing_to_say(
    field: str, data: st.DataObject, country: str | None, mark: Any
) -> None:
    cells = data.draw(st.lists(st.from_regex(NEAR_MISSES[field], fullmatch=True), min_size=1, max_size=8))
    reads, doubtful = column(field, country, mark), set[int]()
    values = reads.values(cells, reads.look(cells, doubtful), doubtful)
    read = readers(country, mark)[field]
    for at, cell in enumerate(cells):
        found = read(cell)
        assert at in doubtful or values[at] == found
        assert at in doubtful or type(values[at]) is type(found)
        assert not (isinstance(found, CellFinding) and at not in doubtful)


@given(st.lists(st.sampled_from(["1", "22", "x", "", "3y"]), min_size=1))
def test_the_cells_of_another_form_are_named_and_no_others(cells: list[str]) -> None:
    assert list(PlainForm("[0-9]+").others(cells)) == [at for at, cell in enumerate(cells) if not cell.isdigit()]


TIMES = (
    r"2026-(10|11)-(0[1-9]|1[0-9]|2[0-9])[T ]([01][0-9]|2[0-4]):[0-6][0-9]:[0-6][0-9](Z|\.250Z|:30|\+01:00|Z-0000)?"
    r"|(10|11)/[0-3]?[0-9]/2026 1?[0-9]:[0-5][0-9]:[0-5][0-9]( [AP]M)?|17947[0-9]{5}([0-9]{3})?"
    r"|2026-11-01 0[0-3]:[0-5][0-9]:[0-5][0-9]|[0-9]{1,2}:[0-9]{2}:[0-9]{2}(:[0-9]{2}){0,3}"
)


@given(
    st.lists(st.from_regex(TIMES, fullmatch=True), min_size=1, max_size=8),
    st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]),
    st.booleans(),
)
def test_a_column_of_times_is_read_like_its_cells(cells: list[str], zone: str, ignored: bool) -> None:
    def fresh() -> TimeReader:
        return TimeReader(zone, "MDY", AS_OF, 28, ignored)

    times, doubtful = TimeColumn(fresh().read), set[int]()
    for _ in range(2):
        values = times.values(times.look(cells, doubtful))
        for at, cell in enumerate(cells):
            found = fresh().read(cell)
            assert (at in doubtful) == isinstance(found, CellFinding)
            assert at in doubtful or values[at] == found


def test_a_cell_that_looks_like_a_shortened_one_is_no_time() -> None:
    times, doubtful = TimeColumn(TimeReader("UTC", None, AS_OF, 28).read), set[int]()
    seen = times.look(["2026-11-14T10:01:00Z", "2026-11-14T10\0Z", "2026-11-14T10:59:59Z"], doubtful)

    assert doubtful == {1}
    assert [times.values(seen)[at] for at in (0, 2)] == [1_794_650_460, 1_794_653_999]


def test_the_hours_of_a_file_are_forgotten_when_they_are_too_many() -> None:
    hour = 1_000_000
    times = TimeColumn(lambda cell: hour + int(cell[-5:-3]) * 60 + int(cell[-2:]))
    for start in range(0, HOURS_KEPT + 2_000, 1_000):
        times.look([f"{head}:00:07" for head in range(start, start + 1_000)], set())

    assert times.hours_known <= HOURS_KEPT + 1_000
