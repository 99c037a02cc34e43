"""Events of customer data platforms as JSON Lines, one event per line: mParticle and Commanders Act."""

from __future__ import annotations

from conversion_delivery.domain.layouts.event_archives import ECOMMERCE_EVENTS
from conversion_delivery.domain.layouts.layout import Layout, feeds, unused

MPARTICLE = Layout(
    name="mparticle_event",
    title="mParticle, events",
    source="docs.mparticle.com, TikTok integration (identities read, attributes partly) and the public schema of its "
    "batches. Read is one event per line, with the identities of its batch: event.name, or event_type and data as "
    "they stand in a batch. A commerce event is named by its product action.",
    columns=feeds("""
        event.name -> event
        data.event_name -> event
        event_name -> event
        data.product_action.action -> event
        user_identities.email -> email
        user_identities.mobile_number -> phone
        user_identities.customer_id -> external_id
        event.timestamp_unixtime_ms -> event_time
        data.timestamp_unixtime_ms -> event_time
        timestamp_unixtime_ms -> event_time
        data.source_message_id -> event_id
        data.product_action.transaction_id -> order_id
        data.product_action.total_amount -> value
        data.currency_code -> currency
        data.product_action.products[].id -> contents[].content_id
        data.product_action.products[].name -> contents[].content_name
        data.product_action.products[].category -> contents[].content_category
        data.product_action.products[].brand -> contents[].brand
        data.product_action.products[].price -> contents[].price
        data.product_action.products[].quantity -> contents[].quantity
        ip -> ip
    """)
    + unused("event_type; mpid; mp_deviceid; batch_id; environment; schema_version; source_request_id"),
    one_of=("user_identities.email", "user_identities.mobile_number", "user_identities.customer_id"),
    without=("events[].event_type", "events[].data.event_name", "events[].data.timestamp_unixtime_ms"),
    least_share=0,
    short_names=("mparticle",),
    format="jsonl",
    events=ECOMMERCE_EVENTS | {"checkout": "InitiateCheckout", "view_detail": "ViewContent"},
    left_out={"refund": "EVENT_REFUND"},
    unknown_events="ignore",
    time_notes="Unix milliseconds.",
)

MPARTICLE_BATCHES = Layout(
    name="mparticle_batches",
    title="mParticle, batches of events",
    source="The public schema of mParticle's batches: one line is a person with any number of events.",
    columns=feeds("""
        events[].data.event_name -> event
        events[].data.timestamp_unixtime_ms -> event_time
        user_identities.email -> email
        user_identities.mobile_number -> phone
        user_identities.customer_id -> external_id
    """)
    + unused("events[].event_type"),
    one_of=("events[].event_type", "events[].data.event_name", "events[].data.timestamp_unixtime_ms"),
    least_share=0,
    format="jsonl",
    unknown_events="ignore",
    refusal="One line holds several events of one person. Write one event per line, each with the user_identities of "
    "its batch; the jq program `. as $batch | .events[] + {user_identities: $batch.user_identities}` does that.",
)

COMMANDERS_ACT = Layout(
    name="commandersact_event",
    title="Commanders Act, events",
    source="doc.commandersact.com, TikTok offline events: read. Categories of an item are joined there too.",
    columns=feeds("""
        event_name -> event
        id -> event_id
        id -> order_id
        context.event_timestamp -> event_time
        user.phone -> phone
        user.email -> email
        user.id -> external_id
        shop_id -> shop_id
        items[].id -> contents[].content_id
        items[].product.id -> contents[].content_id
        items[].product.name -> contents[].content_name
        items[].product.price -> contents[].price
        items[].quantity -> contents[].quantity
        items[].type -> content_type
        items[].product.category_1 -> contents[].content_category
        items[].product.category_2 -> contents[].content_category
        items[].product.category_3 -> contents[].content_category
        items[].product.category_4 -> contents[].content_category
        items[].product.category_5 -> contents[].content_category
        currency -> currency
        value -> value
        type -> event_channel
    """),
    markers=("context.event_timestamp",),
    one_of=("user.email", "user.phone"),
    least_share=0,
    short_names=("commandersact", "commanders_act"),
    format="jsonl",
    default_event="Purchase",
    joined=frozenset({"contents[].content_category"}),
    left_out={"refund": "EVENT_REFUND"},
    unknown_events="ignore",
    time_notes="Unix milliseconds.",
)

PLATFORM_EVENTS = (MPARTICLE, MPARTICLE_BATCHES, COMMANDERS_ACT)
