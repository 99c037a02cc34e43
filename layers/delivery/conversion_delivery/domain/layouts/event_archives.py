"""Archives of events as JSON Lines: one JSON object per line, headers are dotted paths.

Archives hold events of all sorts. Those that are conversions are mapped by the maker's presets; calls that report no
event and refunds are left out with a code each; all others are left out as not mapped (setting ``unknown_events``).
"""

from __future__ import annotations

from conversion_delivery.domain.layouts.layout import Layout, feeds, unused

ECOMMERCE_EVENTS = {
    "Order Completed": "Purchase",
    "Order Placed": "PlaceAnOrder",
    "Product Viewed": "ViewContent",
    "Product Clicked": "ClickButton",
    "Product Added": "AddToCart",
    "Product Added to Wishlist": "AddToWishlist",
    "Checkout Started": "InitiateCheckout",
    "Payment Info Entered": "AddPaymentInfo",
    "Products Searched": "Search",
    "Signed Up": "CompleteRegistration",
    "Form Submitted": "Lead",
    "Callback Started": "Contact",
    "Subscription Created": "Subscribe",
    "Download Link Clicked": "Download",
}
"""Segment's presets for TikTok, but for the page view (segmentio/action-destinations, TikTok offline conversions and
pixel, 2025; CompletePayment and SubmitForm by their names of today). Those that an event source does not take
(``PlaceAnOrder``, ``ClickButton`` offline) are not mapped there."""

_OTHER_SEGMENT_EVENTS = {
    "User Contacted Call Center": "Contact",
    "User Subscribed In Store": "Subscribe",
}
"""Names of the presets before 2025, which tracking plans still have."""

_RETURNS = dict.fromkeys(("Order Refunded", "Order Cancelled", "Order Returned", "Refund"), "EVENT_REFUND")
_CALLS = dict.fromkeys(("identify", "page", "screen", "group", "alias", "delete"), "CALL_NOT_TRACK")
_TRACK_OR_PAGE = (("type", frozenset({"track", "page"}), "CALL_NOT_TRACK"),)

_ONE_PERSON = frozenset({"email", "phone"})

_COMMON_TRACK_COLUMNS = """
    properties.lead_id -> lead_id
    properties.query -> search_string
    properties.limited_data_use -> limited_data_use
    properties.content_type -> content_type
    properties.ttclid -> ttclid
    properties.ttp -> ttp
    context.page.url -> url
    context.page.referrer -> referrer
    context.ip -> ip
    context.userAgent -> user_agent
    context.locale -> locale
    properties.products[].name -> contents[].content_name
    properties.products[].category -> contents[].content_category
    properties.products[].brand -> contents[].brand
    properties.products[].price -> contents[].price
    properties.products[].quantity -> contents[].quantity
"""

_SINGLE_PRODUCT = """
    properties.product_id -> contents[].content_id
    properties.name -> contents[].content_name
    properties.category -> contents[].content_category
    properties.brand -> contents[].brand
    properties.price -> contents[].price
    properties.quantity -> contents[].quantity
"""
"""Events about one product have its properties beside the others instead of in a list."""

_TRACK_UNUSED = """
    originalTimestamp; receivedAt; sentAt; writeKey; projectId; version; integrations; properties.subtotal;
    properties.tax; properties.shipping; properties.discount; properties.coupon; context.library.name;
    context.library.version
"""

_RUDDERSTACK_ONLY = ("rudderId", "request_ip", "context.channel", "properties.eventSetId")
"""What RudderStack's server writes into every event, or its TikTok connector asks for."""

SEGMENT = Layout(
    name="segment_track_jsonl",
    title="Segment, event archive",
    source="segmentio/action-destinations (TikTok destinations) and Segment's documentation (Amazon S3 destination, "
    "e-commerce events): read. The value is properties.value, else revenue (without shipping and tax), else total.",
    columns=feeds("""
        type -> status
        event -> event
        type -> event
        messageId -> event_id
        timestamp -> event_time
        properties.phone -> phone
        context.traits.phone -> phone
        properties.email -> email
        context.traits.email -> email
        userId -> external_id
        anonymousId -> external_id
        properties.order_id -> order_id
        properties.shop_id -> shop_id
        properties.value -> value
        properties.revenue -> value
        properties.total -> value
        properties.currency -> currency
        properties.products[].product_id -> contents[].content_id
    """)
    + feeds(_COMMON_TRACK_COLUMNS)
    + feeds(_SINGLE_PRODUCT)
    + unused(_TRACK_UNUSED),
    markers=("event", "messageId", "timestamp"),
    without=_RUDDERSTACK_ONLY,
    least_share=0,
    short_names=("segment",),
    format="jsonl",
    events=ECOMMERCE_EVENTS | _OTHER_SEGMENT_EVENTS | {"page": "PageView"},
    left_out=_RETURNS | _CALLS,
    unknown_events="ignore",
    only=_TRACK_OR_PAGE,
    choices=_ONE_PERSON,
)

RUDDERSTACK = Layout(
    name="rudderstack_track_jsonl",
    title="RudderStack, event archive",
    source="rudderlabs/rudder-transformer (TikTok Ads and TikTok offline events): read. There order completed becomes "
    "PlaceAnOrder and checkout step completed a payment; here the order is the purchase, and the step is not mapped, "
    "because one order can have several steps and would count twice.",
    columns=feeds("""
        type -> status
        event -> event
        type -> event
        properties.eventId -> event_id
        messageId -> event_id
        timestamp -> event_time
        originalTimestamp -> event_time
        traits.email -> email
        context.traits.email -> email
        properties.email -> email
        traits.phone -> phone
        context.traits.phone -> phone
        properties.phone -> phone
        userId -> external_id
        anonymousId -> external_id
        properties.eventSetId -> event_source_id
        properties.order_id -> order_id
        properties.orderId -> order_id
        properties.shop_id -> shop_id
        properties.shopId -> shop_id
        properties.currency -> currency
        properties.value -> value
        properties.revenue -> value
        properties.total -> value
        context.channel -> event_channel
        channel -> event_channel
        request_ip -> ip
        properties.products[].product_id -> contents[].content_id
        properties.products[].productId -> contents[].content_id
    """)
    + feeds(_COMMON_TRACK_COLUMNS)
    + feeds(_SINGLE_PRODUCT)
    + unused("receivedAt; sentAt; rudderId; integrations; properties.subtotal; properties.tax; properties.shipping"),
    markers=("event", "messageId"),
    one_of=_RUDDERSTACK_ONLY,
    least_share=0,
    short_names=("rudderstack",),
    format="jsonl",
    events=ECOMMERCE_EVENTS | {"page": "PageView"},
    left_out=_RETURNS | _CALLS,
    unknown_events="ignore",
    only=_TRACK_OR_PAGE,
    choices=_ONE_PERSON,
)

AMPLITUDE = Layout(
    name="amplitude_export_jsonl",
    title="Amplitude, event export",
    source="amplitude.com/docs, Export API, and two public schemas: field names read. Where e-mail address and phone "
    "number stand differs per customer: name them in the columns setting.",
    columns=feeds("""
        event_type -> event
        event_time -> event_time
        $insert_id -> event_id
        _insert_id -> event_id
        uuid -> event_id
        user_id -> external_id
        user_properties.email -> email
        user_properties.$email -> email
        user_properties.phone -> phone
        user_properties.$phone -> phone
        event_properties.email -> email
        event_properties.phone -> phone
        event_properties.order_id -> order_id
        event_properties.revenue -> value
        event_properties.$revenue -> value
        event_properties.value -> value
        event_properties.currency -> currency
        ip_address -> ip
    """)
    + unused("server_received_time; client_event_time; processed_time; amplitude_id; device_id; session_id; app"),
    markers=("event_type", "event_time"),
    one_of=("$insert_id", "_insert_id", "uuid", "amplitude_id", "device_id"),
    least_share=0,
    short_names=("amplitude", "amplitude_export"),
    format="jsonl",
    utc_times=True,
    events=ECOMMERCE_EVENTS,
    left_out=_RETURNS,
    unknown_events="ignore",
    time_notes="UTC without a mark: 2026-11-10 18:22:33.456000.",
)

MIXPANEL = Layout(
    name="mixpanel_export_jsonl",
    title="Mixpanel, raw event export",
    source="docs.mixpanel.com, raw event export: read. Names of amount, currency, order and phone are the customer's. "
    "Projects from before 2023 export seconds in the project's zone, which cannot be seen.",
    columns=feeds("""
        event -> event
        properties.time -> event_time
        properties.$insert_id -> event_id
        properties.distinct_id -> external_id
        properties.$email -> email
        properties.email -> email
        properties.phone -> phone
        properties.$phone -> phone
        properties.amount -> value
        properties.$amount -> value
        properties.value -> value
        properties.revenue -> value
        properties.currency -> currency
        properties.order_id -> order_id
        properties.ip -> ip
    """),
    markers=("event", "properties.time"),
    least_share=0,
    short_names=("mixpanel", "mixpanel_export"),
    format="jsonl",
    events=ECOMMERCE_EVENTS,
    left_out=_RETURNS,
    unknown_events="ignore",
    time_notes="Unix seconds or milliseconds.",
)

ARCHIVES = (SEGMENT, RUDDERSTACK, AMPLITUDE, MIXPANEL)
