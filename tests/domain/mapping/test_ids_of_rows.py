"""Every form of an id and an event name of the format paper (section 4.5), with the verdict on its row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.mapping.cell_verdicts import outcome

CRM: dict[str, Any] = {"event_source": "crm"}


@pytest.mark.parametrize("cell", ["000123", "#1001", "40007700000000", "4e13", "1E5-7"])
def test_order_ids_are_kept_as_text(cell: str) -> None:
    found = outcome({"order_id": cell})

    assert found.verdict == "ok"
    assert found.conversion is not None
    assert found.conversion.order_id == cell


@pytest.mark.parametrize("cell", ["4.00077E+13", "4,00077E+13", "4.00077e13"])
def test_a_rounded_order_id_is_no_order_id(cell: str) -> None:
    found = outcome({"order_id": cell})

    assert (found.verdict, found.codes) == ("warn", ("ORDER_ID_SCIENTIFIC",))
    assert found.conversion is not None
    assert found.conversion.order_id == ""


def test_a_rounded_lead_id_is_left_out() -> None:
    found = outcome({"lead_id": "7.41235E+18"}, require_lead_id=False, **CRM)

    assert (found.verdict, found.codes) == ("drop", ("LEAD_ID_SCIENTIFIC",))
    assert found.conversion is not None
    assert found.conversion.lead_id == ""


@pytest.mark.parametrize(
    ("cell", "event"), [("Complete Payment", "Purchase"), ("complete_payment", "Purchase"), ("PURCHASE", "Purchase")]
)
def test_event_names_are_known_in_any_spelling(cell: str, event: str) -> None:
    found = outcome({"event": cell})

    assert found.verdict == "ok"
    assert found.conversion is not None
    assert found.conversion.event == event


def test_an_unknown_event_is_rejected_offline() -> None:
    assert outcome({"event": "Walk-in"})[:2] == ("reject", ("EVENT_UNKNOWN",))


@pytest.mark.parametrize(("cell", "flag"), [("true", True), ("false", False), ("1", True), ("0", False), ("", None)])
def test_flags_of_json_are_read_as_they_are_written(cell: str, flag: bool | None) -> None:
    page = {"url": "https://shop.example.com/checkout"}
    found = outcome(page | {"limited_data_use": cell}, event_source="web")

    assert found.verdict == "ok"
    assert found.conversion is not None
    assert found.conversion.limited_data_use is flag


@pytest.mark.parametrize("cell", ["1001", "1001.0"])
def test_numbers_of_json_are_ids_as_they_are_written(cell: str) -> None:
    found = outcome({"order_id": cell}, plan={"format": "jsonl"})

    assert found.conversion is not None
    assert found.conversion.order_id == cell
