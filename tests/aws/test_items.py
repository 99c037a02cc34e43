"""Records survive their way into DynamoDB's typed values and back, whatever they hold."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.aws.batch_items import batch_key, batch_record, closing_values
from conversion_delivery.aws.file_items import file_item, file_record
from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.workflows.ports import Closing, Settlement
from tests.contracts.records import NOW, a_checkpoint, a_closing, a_file, a_refused_file

EXPIRES_AT = 1_800_000_000

row_sets = st.sets(st.integers(1, 10**9), max_size=40).map(RowSet)
coded_rows = st.dictionaries(st.text(max_size=20), row_sets, max_size=4)
settlements = st.builds(
    Settlement, row_sets, coded_rows, coded_rows, st.dictionaries(st.text(max_size=10), st.text(max_size=10))
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
tallies = st.dictionaries(st.text(max_size=10), json_values, max_size=4)
times = st.floats(0, 10**11)


def flat_types(item: dict[str, Any]) -> set[str]:
    return {kind for value in item.values() for kind in value}


@given(settlements, coded_rows, tallies, times)
def test_a_closing_comes_back_as_it_was(
    settlement: Settlement, duplicates: dict[str, RowSet], tally: dict[str, object], now: float
) -> None:
    batch_id = BatchId("f" * 32, 42)
    values = closing_values(Closing(settlement, duplicates, tally, "SOURCE_GONE"), now)
    record = batch_record({**batch_key(batch_id), "attempts": {"N": "3"}, **values})
    assert (record.batch_id, record.attempts, record.closed_at) == (batch_id, 3, now)
    assert (record.accepted, record.refused, record.review) == (
        settlement.accepted,
        settlement.refused,
        settlement.review,
    )
    assert (record.duplicates, record.tally, record.request_ids) == (duplicates, tally, settlement.request_ids)


@pytest.mark.parametrize("record", [a_file(), a_file(a_checkpoint(done=True)), a_refused_file()])
def test_a_file_comes_back_as_it_was(record: Any) -> None:
    finished = replace(record, finished_at=NOW + 1, closed_batches=7)
    assert file_record(file_item(record, EXPIRES_AT)) == record
    assert file_record(file_item(finished, EXPIRES_AT), closed=7) == finished


def test_nothing_is_nested_so_counters_can_be_added_to() -> None:
    written_whole = {"outbox"}
    item = file_item(a_file(a_checkpoint()), EXPIRES_AT)
    assert flat_types({name: item[name] for name in item.keys() - written_whole}) == {"S", "N", "BOOL"}
    assert flat_types(closing_values(a_closing(), NOW)) == {"S", "N"}


def test_a_thousand_scattered_rows_stay_small() -> None:
    scattered = RowSet(range(1, 2_001, 2))
    settlement = Settlement(scattered, {}, {}, {})
    assert len(json.dumps(closing_values(Closing(settlement, {}, {}), NOW))) < 6_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan", {"S": '{"layout": "columns"}'}),
        ("counts", {"S": "[1]"}),
        ("counts", {"S": "{"}),
        ("batches", {"S": "3"}),
        ("received_at", {"N": "soon"}),
    ],
)
def test_an_item_of_another_version_is_a_broken_contract(name: str, value: dict[str, Any]) -> None:
    with pytest.raises(ContractBroken, match="ITEM_INVALID"):
        file_record({**file_item(a_file(), EXPIRES_AT), name: value})


def test_an_item_that_lacks_something_is_a_broken_contract() -> None:
    item = file_item(a_file(), EXPIRES_AT)
    del item["bucket"]
    with pytest.raises(ContractBroken) as broken:
        file_record(item)
    assert broken.value.facts == {"attribute": "bucket"}


def test_a_sort_key_that_names_no_batch_is_a_broken_contract() -> None:
    with pytest.raises(ContractBroken, match="ITEM_INVALID"):
        batch_record({"pk": {"S": "f"}, "sk": {"S": "BATCH#one"}, "attempts": {"N": "1"}})
