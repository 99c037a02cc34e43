"""What files call events, and what TikTok calls them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.mapping.event_names import (
    LIMIT,
    STANDARD_EVENTS,
    EventNames,
    nearest_names,
    shown_label,
)
from tests.domain.rows_to_read import settings


def name_for(cell: str, default: str | None = None, **given: Any) -> str | CellFinding:
    return EventNames(settings(**given), default)[cell]


def code_for(cell: str, default: str | None = None, **given: Any) -> str:
    finding = name_for(cell, default, **given)
    assert isinstance(finding, CellFinding)
    return finding.code


@pytest.mark.parametrize("name", STANDARD_EVENTS)
@pytest.mark.parametrize("source", ["offline", "web", "crm"])
def test_a_standard_name_is_taken_by_every_source(name: str, source: str) -> None:
    assert name_for(name, event_source=source) == name


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Complete Payment", "Purchase"),
        ("complete_payment", "Purchase"),
        ("CompletePayment", "Purchase"),
        ("PURCHASE", "Purchase"),
        (" purchase ", "Purchase"),
        ("Purchase (in-store or console)", "Purchase"),
        ("Submit Form", "Lead"),
        ("add-to-cart", "AddToCart"),
        ("Add\u00a0Payment Info", "AddPaymentInfo"),
        ("Kauf", "Purchase"),
        ("Kontakt", "Contact"),
        ("abonnieren", "Subscribe"),
        ("Registrierung abschließen", "CompleteRegistration"),
        ("Zahlungsangaben hinzufügen", "AddPaymentInfo"),
    ],
)
def test_labels_and_old_names_become_the_name_of_today(cell: str, name: str) -> None:
    assert name_for(cell) == name


@pytest.mark.parametrize("cell", ["In Store", "Offline", "Walk-in", "Other", "x" * 5_000])
def test_an_offline_event_needs_a_standard_name(cell: str) -> None:
    assert code_for(cell, allow_custom_events=True) == "EVENT_UNKNOWN"


@pytest.mark.parametrize("cell", ["In Store", "in_store", "IN-STORE", " In store "])
def test_the_event_map_is_read_without_regard_to_case_blanks_and_dashes(cell: str) -> None:
    assert name_for(cell, event_map={"In Store": "complete payment"}) == "Purchase"


def test_an_exact_entry_of_the_event_map_comes_before_a_similar_one() -> None:
    event_map = {"in store": "Contact", "IN STORE": "Purchase"}

    assert name_for("IN STORE", event_map=event_map) == "Purchase"
    assert name_for("in store", event_map=event_map) == "Contact"
    assert name_for("In Store", event_map=event_map) == "Contact"


def test_the_event_map_comes_before_tiktoks_own_names() -> None:
    assert name_for("Lead", event_map={"lead": "Contact"}) == "Contact"


def test_the_event_map_cannot_make_a_name_that_the_source_does_not_take() -> None:
    assert code_for("Till", event_map={"Till": "TillSale"}) == "EVENT_UNKNOWN"


@pytest.mark.parametrize("cell", ["", "  ", "N/A", "null"])
def test_an_empty_cell_is_the_default_event_or_missing(cell: str) -> None:
    assert code_for(cell) == "EVENT_MISSING"
    assert name_for(cell, "complete payment") == "Purchase"
    assert code_for(cell, "Till") == "EVENT_UNKNOWN"


def test_the_default_event_does_not_stand_in_for_an_unknown_one() -> None:
    assert code_for("Walk-in", "Purchase") == "EVENT_UNKNOWN"


@pytest.mark.parametrize("name", ["Qualified", "Stage_2", "closed-won", "A" * 50])
def test_custom_names_are_taken_for_crm_and_where_the_web_allows_them(name: str) -> None:
    assert name_for(name, event_source="crm") == name
    assert name_for(name, event_source="web", allow_custom_events=True) == name
    assert code_for(name, event_source="web") == "EVENT_UNKNOWN"


@pytest.mark.parametrize("name", ["Closed Won", "2nd", "A" * 51, "_x", "Größe", "a.b"])
def test_a_custom_name_has_the_form_that_tiktok_documents(name: str) -> None:
    assert code_for(name, event_source="crm") == "EVENT_UNKNOWN"


@pytest.mark.parametrize("name", ["ClickButton", "PlaceAnOrder"])
def test_a_soft_deprecated_name_is_no_offline_event(name: str) -> None:
    assert name_for(name, event_source="web") == name
    assert name_for(name, event_source="crm") == name
    assert code_for(name) == "EVENT_UNKNOWN"


def test_an_unknown_name_is_shown_with_the_nearest_ones() -> None:
    finding = name_for("Purchas")

    assert finding == CellFinding("EVENT_UNKNOWN", "Purchas (near: Purchase)")
    assert name_for("Offline") == CellFinding("EVENT_UNKNOWN", "Offline")
    assert nearest_names("add cart")[0] == "AddToCart"


@pytest.mark.parametrize("cell", ["ava.lopez@example.com", "+14155550101", "4155550101"])
def test_a_label_that_looks_personal_is_masked(cell: str) -> None:
    finding = name_for(cell)

    assert isinstance(finding, CellFinding)
    assert cell not in finding.shown
    assert "lopez" not in finding.shown
    assert "5550" not in finding.shown


def test_a_label_is_shown_up_to_a_bound() -> None:
    assert len(shown_label("y" * 10_000)) == 100


def test_a_column_of_ever_new_labels_does_not_fill_the_memory() -> None:
    names = EventNames(settings(), None)
    for number in range(LIMIT + 10):
        assert names[f"label {number}"] is not None

    assert len(names) <= LIMIT


@given(st.text(max_size=60))
def test_any_label_gives_a_known_name_or_a_finding(cell: str) -> None:
    name = name_for(cell)

    assert isinstance(name, CellFinding) or name in STANDARD_EVENTS
