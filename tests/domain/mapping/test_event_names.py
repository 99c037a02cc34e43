"""What files call events, and what TikTok calls them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.destinations import parse_settings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.layouts import LAYOUTS, Layout, layout_named
from conversion_delivery.domain.mapping.event_names import (
    LIMIT,
    STANDARD_EVENTS,
    EventNames,
    nearest_names,
    preset_events,
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


# --- presets of layouts, and archives of all sorts of events ---------------------------------------------------------

SEGMENT_PRESETS = {
    "Order Completed": "Purchase",
    "Callback Started": "Contact",
    "Subscription Created": "Subscribe",
    "Form Submitted": "Lead",
    "page": "PageView",
    "Product Viewed": "ViewContent",
    "Product Clicked": "ClickButton",
    "Products Searched": "Search",
    "Product Added to Wishlist": "AddToWishlist",
    "Product Added": "AddToCart",
    "Checkout Started": "InitiateCheckout",
    "Payment Info Entered": "AddPaymentInfo",
    "Order Placed": "PlaceAnOrder",
    "Download Link Clicked": "Download",
    "Signed Up": "CompleteRegistration",
}
ONLY_WEB = {"PageView", "ClickButton", "PlaceAnOrder"}


def of_layout(layout: str, cell: str, **given: Any) -> str | CellFinding:
    return EventNames(settings(**given), None, layout_named(layout))[cell]


def code_of(layout: str, cell: str, **given: Any) -> str:
    found = of_layout(layout, cell, **given)
    assert isinstance(found, CellFinding)
    return found.code


@pytest.mark.parametrize(("label", "name"), SEGMENT_PRESETS.items())
def test_segments_fifteen_presets_are_mapped_where_the_source_takes_their_target(label: str, name: str) -> None:
    assert of_layout("segment", label, event_source="web") == name
    expected = name if name not in ONLY_WEB else None
    found = of_layout("segment", label)
    assert found == expected or (isinstance(found, CellFinding) and expected is None)


def test_presets_are_listed_for_the_report_by_the_names_that_are_sent() -> None:
    assert preset_events(layout_named("segment"), "web").items() >= SEGMENT_PRESETS.items()
    assert ONLY_WEB.isdisjoint(preset_events(layout_named("segment"), "offline").values())
    assert preset_events(layout_named("rudderstack"), "offline")["Order Completed"] == "Purchase"
    assert preset_events(layout_named("liveramp"), "offline") == {}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_preset_leads_to_a_name_that_the_web_takes(layout: Layout) -> None:
    assert preset_events(layout, "web").keys() == layout.events.keys()


def test_rudderstacks_order_is_the_purchase_and_its_checkout_steps_are_not() -> None:
    assert of_layout("rudderstack", "order completed") == "Purchase"
    assert code_of("rudderstack", "checkout step completed") == "EVENT_NOT_MAPPED"
    assert (
        of_layout("rudderstack", "order completed", event_map={"Order Completed": "PlaceAnOrder"}, event_source="web")
        == "PlaceAnOrder"
    )


def test_the_event_map_comes_before_a_preset() -> None:
    assert of_layout("segment", "Order Completed", event_map={"order_completed": "Subscribe"}) == "Subscribe"
    assert of_layout("segment", "Order Refunded", event_map={"Order Refunded": "Contact"}) == "Contact"


@pytest.mark.parametrize("call", ["identify", "screen", "group", "alias"])
def test_calls_that_report_no_event_are_left_out_with_their_own_code(call: str) -> None:
    assert code_of("segment", call, event_source="web") == "CALL_NOT_TRACK"
    assert code_of("rudderstack", call, event_source="crm") == "CALL_NOT_TRACK"


def test_a_page_view_is_an_event_of_the_web_only() -> None:
    assert of_layout("segment", "page", event_source="web") == "PageView"
    assert code_of("segment", "page") == "CALL_NOT_TRACK"
    assert code_of("segment", "page", event_source="crm") == "CALL_NOT_TRACK"
    assert name_for("Page View", event_source="web") == "PageView"
    assert code_for("Page View") == "EVENT_UNKNOWN"


def test_refunds_are_left_out_with_their_own_code() -> None:
    assert code_of("segment", "Order Refunded") == "EVENT_REFUND"
    assert code_of("mparticle", "refund") == "EVENT_REFUND"


@pytest.mark.parametrize("layout", ["segment", "rudderstack", "mixpanel", "amplitude", "mparticle"])
@pytest.mark.parametrize("source", ["offline", "web", "crm"])
def test_foreign_events_of_an_archive_are_left_out_whatever_the_source(layout: str, source: str) -> None:
    assert code_of(layout, "Song_Played", event_source=source) == "EVENT_NOT_MAPPED"


def test_unknown_events_are_rejected_or_ignored_as_the_setting_says() -> None:
    assert code_of("segment", "Song Played", unknown_events="reject") == "EVENT_UNKNOWN"
    assert code_for("Walk-in", unknown_events="ignore") == "EVENT_NOT_MAPPED"
    assert code_of("segment", "identify", unknown_events="reject") == "CALL_NOT_TRACK"


def test_own_names_of_an_archive_are_sent_where_somebody_asks_for_them() -> None:
    assert of_layout("segment", "Qualified", event_source="crm", event_map={"Qualified": "Qualified"}) == "Qualified"
    assert of_layout("segment", "Qualified", event_source="crm", allow_custom_events=True) == "Qualified"
    assert of_layout("segment", "Qualified", event_source="web", allow_custom_events=True) == "Qualified"
    assert code_of("segment", "Qualified", allow_custom_events=True) == "EVENT_NOT_MAPPED"


def test_a_wrong_target_of_the_event_map_is_not_passed_over_in_silence() -> None:
    assert code_of("segment", "Till", event_map={"Till": "TillSale"}) == "EVENT_UNKNOWN"


def test_what_leaves_a_row_out_is_told_from_what_is_wrong_with_it() -> None:
    names = EventNames(settings(), None, layout_named("segment"))

    assert names.can_leave_out
    assert names.leaves_out("Order Completed") is None
    assert names.leaves_out("") is None
    assert names.leaves_out("Song Played") == CellFinding("EVENT_NOT_MAPPED", "Song Played")
    assert not EventNames(settings(), None, layout_named("liveramp")).can_leave_out


# --- the settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "key", "problem"),
    [
        (
            {"event_map": {"Till": "Purchas"}},
            "event_map.Till",
            "source offline takes: Purchas; the nearest is Purchase",
        ),
        ({"event_map": {"Till": "TillSale"}}, "event_map.Till", "source offline takes: TillSale"),
        ({"event_map": {"Order": "PlaceAnOrder"}}, "event_map.Order", "source offline takes: PlaceAnOrder"),
        ({"default_event": "Kauff"}, "default_event", "source offline takes: Kauff"),
        ({"default_event": ""}, "default_event", "source offline takes: "),
        ({"event_source": "web", "default_event": "Sale"}, "default_event", "source web takes: Sale"),
        ({"event_source": "crm", "default_event": "Closed Won"}, "default_event", "source crm takes: Closed Won"),
    ],
)
def test_settings_that_name_an_event_that_the_source_does_not_take_are_refused(
    given: dict[str, Any], key: str, problem: str
) -> None:
    with pytest.raises(UploadRejected) as refused:
        parse_settings(json.dumps({"event_source_id": "1", **given}))

    assert (refused.value.code, refused.value.facts["key"]) == ("SETTINGS_INVALID", key)
    assert problem in str(refused.value.facts["problem"])


@pytest.mark.parametrize(
    "given",
    [
        {"event_map": {"Till": "complete payment"}, "default_event": "Kauf"},
        {"event_source": "web", "event_map": {"Order": "PlaceAnOrder", "page": "PageView"}},
        {"event_source": "web", "allow_custom_events": True, "default_event": "Sale"},
        {"event_source": "crm", "event_map": {"Won": "Deal_Won"}},
    ],
)
def test_settings_with_events_that_the_source_takes_are_read(given: dict[str, Any]) -> None:
    assert parse_settings(json.dumps({"event_source_id": "1", **given})).event_map == given.get("event_map", {})
