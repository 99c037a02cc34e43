"""Every path of the archives that people have, and the field it feeds, as their makers' pages describe it."""

from __future__ import annotations

PATHS = {
    "commandersact_event": """
        id -> event_id
        id -> order_id
        context.event_timestamp -> event_time
        user.phone -> phone
        user.email -> email
        shop_id -> shop_id
        items[].id -> contents[].content_id
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
    """,
    "mparticle_event": """
        event.name -> event
        user_identities.email -> email
        user_identities.mobile_number -> phone
        user_identities.customer_id -> external_id
        timestamp_unixtime_ms -> event_time
    """,
    "segment_track_jsonl": """
        type -> status
        event -> event
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
        properties.products[].name -> contents[].content_name
        properties.products[].category -> contents[].content_category
        properties.products[].brand -> contents[].brand
        properties.products[].price -> contents[].price
        properties.products[].quantity -> contents[].quantity
        properties.ttclid -> ttclid
        properties.ttp -> ttp
        properties.lead_id -> lead_id
        properties.query -> search_string
        properties.limited_data_use -> limited_data_use
        context.page.url -> url
        context.page.referrer -> referrer
        context.ip -> ip
        context.userAgent -> user_agent
        context.locale -> locale
    """,
    "rudderstack_track_jsonl": """
        event -> event
        messageId -> event_id
        properties.eventId -> event_id
        timestamp -> event_time
        traits.email -> email
        context.traits.email -> email
        traits.phone -> phone
        context.traits.phone -> phone
        properties.eventSetId -> event_source_id
        properties.order_id -> order_id
        properties.orderId -> order_id
        properties.shop_id -> shop_id
        properties.shopId -> shop_id
        properties.currency -> currency
        properties.value -> value
        context.channel -> event_channel
        properties.products[].product_id -> contents[].content_id
        properties.products[].productId -> contents[].content_id
    """,
    "amplitude_export_jsonl": """
        event_type -> event
        event_time -> event_time
        $insert_id -> event_id
        uuid -> event_id
        user_id -> external_id
        user_properties.email -> email
        user_properties.phone -> phone
        event_properties.order_id -> order_id
        event_properties.revenue -> value
        event_properties.currency -> currency
        ip_address -> ip
    """,
    "mixpanel_export_jsonl": """
        event -> event
        properties.time -> event_time
        properties.$insert_id -> event_id
        properties.distinct_id -> external_id
        properties.$email -> email
        properties.phone -> phone
        properties.amount -> value
        properties.currency -> currency
        properties.order_id -> order_id
    """,
}
