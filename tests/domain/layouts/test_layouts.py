"""Layouts: data that holds together, and recognition by header."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.conversions import FIELDS
from conversion_delivery.domain.destinations import DestinationSettings, EventSource
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.layouts.columns import map_columns
from conversion_delivery.domain.layouts.header_names import header_name
from conversion_delivery.domain.layouts.layout import feeds
from conversion_delivery.domain.layouts.layouts import (
    BY_ALIASES,
    JSON_BY_ALIASES,
    LAYOUTS,
    NOT_USED,
    Layout,
    layout_named,
    recognised,
    recognised_shape,
)
from tests.domain.layouts.known_columns import EXPECTED

SQUARE_COLUMNS = (
    "Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Gift Card Sales,Tax,Tip,Partial Refunds,"
    "Total Collected,Source,Card,Card Entry Methods,Cash,Square Gift Card,Other Tender,Other Tender Type,Tender Note,"
    "Fees,Net Total,Transaction ID,Payment ID,Card Brand,PAN Suffix,Device Name,Staff Name,Staff ID,Details,"
    "Description,Event Type,Location,Dining Option,Customer ID,Customer Name,Customer Reference ID,Device Nickname,"
    "Third Party Fees,Deposit ID,Deposit Date,Deposit Details,Fee Percentage Rate,Fee Fixed Rate,Refund Reason,"
    "Discount Name,Transaction Status,Cash App,Order Reference ID,Fulfillment Note,Free Processing Applied,Channel,"
    "Unattributed Tips,Table Info,International Fee"
)
SHOPIFY_COLUMNS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,"
    "Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References"
)

MINIMAL = {
    "liveramp_tiktok": "transaction_timestamp,phone_1,transaction_category,transaction_amount",
    "datahash_offline_events": "event_time,event_name,Email_hashed",
    "amperity_tiktok_query": "event,timestamp,emails,event_set_id",
    "tealium_tiktok_offline": "Event Name,Timestamp,Email (apply SHA256 hash)",
    "hightouch_tiktok": "event name,timestamp,email",
    "tiktok_offline_template": "event_type,timestamp,email",
    "tiktok_crm_events": "Event_type,Timestamp,lead_id",
    "tiktok_customer_file": "Email_SHA256,MAID",
    "meta_offline_events": "[email],[event_name],[event_time]",
    "meta_capi_uploader": "event_name,event_time,user.email",
    "google_ads_enhanced_conversions_for_leads": "Conversion Name,Conversion Time,Email",
    "google_ads_click_conversions": "Google Click ID,Conversion Name,Conversion Time",
    "snap_offline_csv": "email,timestamp,event_type,transaction_id,price",
    "pinterest_conversions_csv": "email,event_time,event_type,source_type",
    "shopify_orders": "Name,Email,Financial Status,Created at,Currency,Total",
    "square_transactions": "Date,Time,Time Zone,Total Collected,Transaction ID,Event Type",
    "woocommerce_orders": "order_id,order_date,status,order_total,billing_email",
    "hubspot_deals": "Record ID,Deal Stage,Close Date",
    "hubspot_contacts": "Record ID,Email,Lifecycle Stage,Create Date",
    "salesforce_lead": "Email,Status,CreatedDate,LeadSource",
    "salesforce_lead_report": "Email,Lead Status,Create Date",
    "salesforce_opportunity": "Id,StageName,CloseDate",
    "salesforce_opportunity_report": "Opportunity Name,Stage,Close Date,Amount",
    "segment_track_jsonl": "type,event,messageId,timestamp,properties.email",
    "rudderstack_track_jsonl": "type,event,messageId,originalTimestamp,rudderId,context.traits.email",
    "amplitude_export_jsonl": "event_type,event_time,$insert_id,user_properties.email",
    "mixpanel_export_jsonl": "event,properties.time,properties.$email",
    "mparticle_event": "event.name,user_identities.email,timestamp_unixtime_ms",
    "mparticle_batches": "events[].event_type,events[].data.event_name,user_identities.email",
    "commandersact_event": "id,context.event_timestamp,user.email,value",
}


def names(header: str) -> list[str]:
    return [header_name(cell) for cell in header.split(",")]


def layout_of(headers: Iterable[str], form: str, source: EventSource) -> Layout:
    if form == "jsonl":
        return recognised_shape(list(headers), source)
    return recognised([header_name(header) for header in headers], source)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_maps_to_fields_that_exist_and_is_recognised_by_columns_it_has(layout: Layout) -> None:
    assert {field for _, field in layout.columns} <= FIELDS.keys() | {NOT_USED}
    assert len({(header_name(header), field) for header, field in layout.columns}) == len(layout.columns)
    assert {header_name(marker) for marker in (*layout.markers, *layout.one_of)} <= layout.uses.keys()
    assert layout.uses.keys().isdisjoint(map(header_name, layout.without))
    assert {header_name(header) for header, _, _ in layout.only} <= layout.uses.keys()
    assert layout.markers or layout.one_of
    assert layout.title
    assert layout.source
    assert layout.choices <= {"email", "phone"}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_speaks_codes_that_are_explained(layout: Layout) -> None:
    left_out = {*layout.left_out.values(), *(code for _, _, code in layout.only)}

    assert {CODES[code].level for code in left_out} <= {Level.IGNORED}
    assert {CODES[code].level for code in layout.notes} <= {Level.FILE_NOTE}


@pytest.mark.parametrize("source", ["offline", "web", "crm"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_recognises_its_own_columns_in_any_order_and_case(layout: Layout, source: EventSource) -> None:
    headers = list(dict.fromkeys(header.upper() for header, _ in layout.columns))
    random.Random(7).shuffle(headers)

    assert layout_of(headers, layout.format, source) is layout


@pytest.mark.parametrize("source", ["offline", "web", "crm"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_is_recognised_by_its_least_columns(layout: Layout, source: EventSource) -> None:
    assert layout_of(MINIMAL[layout.name].split(","), layout.format, source) is layout


@pytest.mark.parametrize("name", EXPECTED)
def test_a_layout_is_recognised_by_the_columns_that_its_maker_describes(name: str) -> None:
    layout = layout_named(name)
    headers = list(dict.fromkeys(header for header, _ in feeds(EXPECTED[name])))

    assert layout_of(headers, layout.format, "offline") is layout


@pytest.mark.parametrize(
    ("name", "header", "columns"), [("square", SQUARE_COLUMNS, 55), ("shopify", SHOPIFY_COLUMNS, 79)]
)
def test_whole_exports_of_a_till_and_a_shop_are_read_without_a_remark(name: str, header: str, columns: int) -> None:
    layout, cells = layout_named(name), header.split(",")
    settings = DestinationSettings.model_validate({"event_source_id": "1"})

    assert len(cells) == columns
    assert recognised(names(header), "offline") is layout
    assert {use.note for use in map_columns(cells, settings, layout)} == {""}
    assert all(header_name(cell) in layout.uses for cell in cells)


def test_names_of_layouts_are_told_apart() -> None:
    spelled = [
        name for layout in (BY_ALIASES, JSON_BY_ALIASES, *LAYOUTS) for name in (layout.name, *layout.short_names)
    ]
    assert len(spelled) == len(set(spelled))
    assert all(layout_named(name) is layout for layout in LAYOUTS for name in (layout.name, *layout.short_names))
    assert layout_named("columns") is BY_ALIASES
    assert layout_named("json_lines") is JSON_BY_ALIASES
    assert layout_named(" LiveRamp-TikTok ").name == "liveramp_tiktok"


def test_liveramp_has_one_row_per_item_in_utc_with_the_month_first() -> None:
    layout = layout_named("liveramp_tiktok")
    assert (layout.item_level, layout.utc_times, layout.date_order, len(layout.columns)) == (True, True, "MDY", 24)


def test_liveramp_is_recognised_without_its_optional_columns() -> None:
    header = "transaction_timestamp,phone_1,transaction_category,transaction_amount,store"
    assert recognised(names(header), "offline").name == "liveramp_tiktok"


def test_one_marker_missing_is_another_file() -> None:
    assert recognised(names("transaction_timestamp,phone_1,transaction_category"), "offline") is BY_ALIASES
    assert recognised(names("transaction_timestamp,transaction_category,transaction_amount"), "offline") is BY_ALIASES


def test_a_file_of_mostly_other_columns_is_no_file_of_the_layout() -> None:
    assert recognised(names("event_type,timestamp,email,a,b,c"), "offline").name == "tiktok_offline_template"
    assert recognised(names("event_type,timestamp,email,a,b,c,d"), "offline") is BY_ALIASES


def test_a_lead_id_makes_it_a_crm_file() -> None:
    assert recognised(names("Event_type,Timestamp,lead_id,Email,Phone"), "offline").name == "tiktok_crm_events"
    assert recognised(names("Event_type,Timestamp,Email,Phone"), "crm").name == "tiktok_offline_template"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("liveramp_tiktokk", "is not the name of a layout; did you mean liveramp_tiktok?"),
        ("#", "is not the name of a layout; known are auto, columns, "),
    ],
)
def test_an_unknown_layout_is_refused_with_the_near_name(name: str, problem: str) -> None:
    with pytest.raises(UploadRejected) as refused:
        layout_named(name)
    assert refused.value.code == "SETTINGS_INVALID"
    assert refused.value.facts["key"] == "layout"
    assert str(refused.value.facts["problem"]).startswith(problem)


def test_no_header_is_no_layout() -> None:
    assert recognised([], "offline") is BY_ALIASES
    assert recognised_shape([], "offline") is JSON_BY_ALIASES


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("liveramp", "liveramp_tiktok"),
        ("datahash", "datahash_offline_events"),
        ("amperity", "amperity_tiktok_query"),
        ("meta", "meta_offline_events"),
        ("google", "google_ads_enhanced_conversions_for_leads"),
        ("pinterest", "pinterest_conversions_csv"),
        ("snap", "snap_offline_csv"),
        ("shopify", "shopify_orders"),
        ("woocommerce", "woocommerce_orders"),
        ("square", "square_transactions"),
        ("hubspot", "hubspot_deals"),
        ("salesforce", "salesforce_lead"),
        ("segment", "segment_track_jsonl"),
        ("rudderstack", "rudderstack_track_jsonl"),
        ("mixpanel", "mixpanel_export_jsonl"),
        ("amplitude", "amplitude_export_jsonl"),
        ("mparticle", "mparticle_event"),
    ],
)
def test_the_short_names_of_makers_are_understood(spelled: str, name: str) -> None:
    assert layout_named(spelled).name == name


def test_cells_and_objects_are_never_taken_for_each_other() -> None:
    assert recognised(names("event,properties.time,properties.$email"), "offline") is BY_ALIASES
    assert recognised_shape(["Name", "Email", "Financial Status", "Created at"], "offline") is JSON_BY_ALIASES


def test_segments_archive_is_told_from_rudderstacks_by_what_its_server_adds() -> None:
    shared = ["type", "event", "messageId", "timestamp", "originalTimestamp", "receivedAt", "context.traits.email"]

    assert recognised_shape([*shared, "traits.email", "writeKey"], "offline").name == "segment_track_jsonl"
    assert recognised_shape([*shared, "request_ip"], "offline").name == "rudderstack_track_jsonl"


def test_an_archive_is_recognised_among_any_number_of_other_properties() -> None:
    paths = ["event", "properties.time", *(f"properties.own_{number}" for number in range(200))]

    assert recognised_shape(paths, "offline").name == "mixpanel_export_jsonl"


def test_a_conversion_file_with_digests_is_no_audience_list() -> None:
    assert recognised(names("event_type,timestamp,Email_SHA256,Phone_SHA256"), "offline") is BY_ALIASES
    assert recognised(names("Email,Phone"), "offline").name == "tiktok_customer_file"


def test_a_column_that_feeds_two_fields_is_there_twice() -> None:
    settings = DestinationSettings.model_validate({"event_source_id": "1"})
    columns = map_columns(["id"], settings, layout_named("commandersact"))

    assert [(use.index, use.field) for use in columns] == [(0, "event_id"), (0, "order_id")]
