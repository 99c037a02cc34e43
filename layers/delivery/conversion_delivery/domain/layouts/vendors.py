"""Files of onboarding vendors and customer data platforms that are made for TikTok's offline events."""

from __future__ import annotations

from conversion_delivery.domain.layouts.layout import Layout, feeds, unused

LIVERAMP = Layout(
    name="liveramp_tiktok",
    title="LiveRamp, TikTok offline programme",
    source="docs.liveramp.com, the TikTok offline tracking program: read in full.",
    columns=unused("first_name; last_name; address_1; address_2; city; state; zip")
    + feeds("""
        email_1 -> email
        email_2 -> email
        email_3 -> email
        email_4 -> email
        transaction_category -> event
        transaction_timestamp -> event_time
        transaction_amount -> value
        phone_1 -> phone
        phone_2 -> phone
        order_id -> order_id
        store_code -> shop_id
        quantity -> contents[].quantity
        product_id -> contents[].content_id
        product_name -> contents[].content_name
        product_category -> contents[].content_category
        product_brand -> contents[].brand
        product_price -> contents[].price
    """),
    markers=("transaction_category", "transaction_timestamp", "transaction_amount"),
    one_of=("email_1", "phone_1"),
    short_names=("liveramp",),
    event_source="offline",
    item_level=True,
    utc_times=True,
    date_order="MDY",
    delimiters=",\t|",
    time_notes="Eight forms, all UTC: 2026-11-04, 2026-11-04T10:01:00Z-0000, 11/04/2026 10:01:00 AM, "
    "Nov 04, 2026 10:01:00, 11/04/2026 10:01:00, 2026-11-04 10:01:00, 2026-11-04T10:01:00, 2026-11-04 10:01:00Z.",
)

DATAHASH = Layout(
    name="datahash_offline_events",
    title="Datahash, offline events",
    source="support.datahash.com, TikTok Events API for offline events (S3 and FTP, 2025): mandatory columns read; "
    "the optional ones stand in a template that was not seen. Its phone digests are made of digits without a plus.",
    columns=feeds("""
        event_time -> event_time
        event_name -> event
        currency -> currency
        value -> value
        transaction_id -> order_id
        Email_hashed -> email
        Phone_hashed -> phone
    """),
    markers=("event_time", "event_name"),
    one_of=("Email_hashed", "Phone_hashed"),
    short_names=("datahash",),
    event_source="offline",
    time_notes="Unix seconds.",
    notes=("PHONE_DIGEST_WITHOUT_PLUS",),
)

AMPERITY = Layout(
    name="amperity_tiktok_query",
    title="Amperity, TikTok query result",
    source="docs.amperity.com, TikTok Ads Manager events: both query texts read. The older one has emails (upper-case "
    "digests) and event_set_id, the newer one email (plain) and event_source_id. value is that of one unit.",
    columns=feeds("""
        brand -> contents[].brand
        content_category -> contents[].content_category
        content_id -> contents[].content_id
        content_name -> contents[].content_name
        content_type -> content_type
        currency -> currency
        emails -> email
        email -> email
        event -> event
        event_channel -> event_channel
        event_id -> event_id
        event_set_id -> event_source_id
        event_source_id -> event_source_id
        order_id -> order_id
        phone -> phone
        price -> contents[].price
        quantity -> contents[].quantity
        shop_id -> shop_id
        timestamp -> event_time
        value -> value
    """),
    markers=("event", "timestamp"),
    one_of=("event_set_id", "event_source_id"),
    short_names=("amperity",),
    event_source="offline",
    orders="sum",
)

HIGHTOUCH = Layout(
    name="hightouch_tiktok",
    title="Hightouch or Census, TikTok model",
    source="hightouch.com/docs, TikTok destination: field groups read, no list for offline events; model columns are "
    "free. For Census nothing was found; its models look alike.",
    columns=feeds("""
        event name -> event
        timestamp -> event_time
        email -> email
        phone_number -> phone
        external_id -> external_id
        properties.value -> value
        properties.currency -> currency
        properties.order_id -> order_id
        properties.shop_id -> shop_id
        properties.content_type -> content_type
        properties.contents[].content_id -> contents[].content_id
        properties.contents[].content_name -> contents[].content_name
        properties.contents[].content_category -> contents[].content_category
        properties.contents[].brand -> contents[].brand
        properties.contents[].quantity -> contents[].quantity
        properties.contents[].price -> contents[].price
    """),
    markers=("event name", "timestamp"),
    one_of=("email", "phone_number", "external_id"),
    short_names=("hightouch", "census"),
)

TEALIUM = Layout(
    name="tealium_tiktok_offline",
    title="Tealium, TikTok offline connector",
    source="docs.tealium.com, TikTok offline events connector: parameters read up to the order id, the item "
    "parameters from the rules on the same page.",
    columns=feeds("""
        Event Name -> event
        Custom Event Name -> event
        Event Set ID -> event_source_id
        Event ID -> event_id
        Timestamp -> event_time
        Email (already SHA256 hashed) -> email
        Email (apply SHA256 hash) -> email
        Phone Number (already SHA256 hashed) -> phone
        Phone Number (apply SHA256 hash) -> phone
        Order ID -> order_id
        Content Name -> contents[].content_name
        Content Type -> content_type
        Content Category -> contents[].content_category
        Content ID -> contents[].content_id
        Quantity -> contents[].quantity
        Price -> contents[].price
    """),
    markers=("Event Name",),
    one_of=(
        "Email (already SHA256 hashed)",
        "Email (apply SHA256 hash)",
        "Phone Number (already SHA256 hashed)",
        "Phone Number (apply SHA256 hash)",
    ),
    short_names=("tealium",),
    event_source="offline",
    time_notes="2019-06-12T19:11:01:152Z, with a colon before the milliseconds. An empty time is not filled in.",
)

VENDORS = (LIVERAMP, DATAHASH, AMPERITY, TEALIUM, HIGHTOUCH)
