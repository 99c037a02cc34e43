"""TikTok's own files: the template for offline events, the file of CRM events, and the audience list.

An audience list holds people, no events. It is known so that it can be refused in words.
"""

from __future__ import annotations

from conversion_delivery.domain.layouts.layout import Layout, feeds, unused

OFFLINE_TEMPLATE = Layout(
    name="tiktok_offline_template",
    title="TikTok, offline events file",
    source="ads.tiktok.com help, Events API for offline (2024 and 2025). event_type and email are read there; "
    "the names of the other columns are inferred.",
    columns=feeds("""
        event_type -> event
        email -> email
        phone -> phone
        timestamp -> event_time
        order_id -> order_id
        value -> value
        currency -> currency
        content_id -> contents[].content_id
        content_name -> contents[].content_name
        content_category -> contents[].content_category
        content_type -> content_type
        quantity -> contents[].quantity
        price -> contents[].price
        shop_id -> shop_id
        event_channel -> event_channel
    """),
    markers=("event_type", "timestamp"),
    one_of=("email", "phone"),
    short_names=("tiktok_offline", "tiktok"),
    event_source="offline",
)

CRM_EVENTS = Layout(
    name="tiktok_crm_events",
    title="TikTok, CRM events file",
    source="ads.tiktok.com help, postback of signals through CSV (2025): read but for its end.",
    columns=feeds("""
        Event_type -> event
        Timestamp -> event_time
        lead_id -> lead_id
        Email -> email
        Phone -> phone
        click_id -> ttclid
    """),
    markers=("Event_type", "Timestamp"),
    one_of=("lead_id", "click_id"),
    short_names=("tiktok_crm",),
    event_source="crm",
)

CUSTOMER_FILE = Layout(
    name="tiktok_customer_file",
    title="TikTok, customer file for audiences",
    source="ads.tiktok.com help, customer file audiences: headers read there (one is printed with a blank).",
    columns=feeds("""
        Email -> email
        Email_SHA256 -> email
        Phone -> phone
        Phone_SHA256 -> phone
    """)
    + unused("MAID; Email_SHA 256; Phone_SHA 256"),
    one_of=("Email", "Email_SHA256", "Email_SHA 256", "Phone", "Phone_SHA256", "Phone_SHA 256", "MAID"),
    least_share=1.0,
    short_names=("tiktok_audience",),
    refusal="It lists people and holds no events. Upload it as an audience in TikTok Ads Manager, or add columns for "
    "the event and its time.",
)

TIKTOK_FILES = (OFFLINE_TEMPLATE, CRM_EVENTS, CUSTOMER_FILE)
