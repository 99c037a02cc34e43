"""Every column of the files that people have, and the field it feeds, as their makers' pages describe it."""

from __future__ import annotations

from tests.domain.layouts.known_paths import PATHS

COLUMNS = {
    "tiktok_offline_template": """
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
    """,
    "tiktok_crm_events": """
        Event_type -> event
        Timestamp -> event_time
        lead_id -> lead_id
        Email -> email
        Phone -> phone
        click_id -> ttclid
    """,
    "tiktok_customer_file": """
        Email -> email
        Email_SHA256 -> email
        Phone -> phone
        Phone_SHA256 -> phone
        MAID -> -
    """,
    "liveramp_tiktok": """
        first_name -> -
        last_name -> -
        address_1 -> -
        address_2 -> -
        city -> -
        state -> -
        zip -> -
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
    """,
    "datahash_offline_events": """
        event_time -> event_time
        event_name -> event
        currency -> currency
        value -> value
        transaction_id -> order_id
        Email_hashed -> email
        Phone_hashed -> phone
    """,
    "amperity_tiktok_query": """
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
    """,
    "hightouch_tiktok": """
        event name -> event
        timestamp -> event_time
        email -> email
        phone_number -> phone
        external_id -> external_id
        properties.value -> value
        properties.currency -> currency
        properties.contents[].content_id -> contents[].content_id
    """,
    "tealium_tiktok_offline": """
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
    """,
    "meta_offline_events": """
        email -> email
        phone -> phone
        madid -> -
        fn -> -
        ln -> -
        zip -> -
        ct -> -
        st -> -
        country -> country
        dob -> -
        doby -> -
        gen -> -
        age -> -
        event_name -> event
        event_time -> event_time
        value -> value
        currency -> currency
        order_id -> order_id
        item_number -> contents[].content_id
        store_id -> shop_id
        data_processing_options -> limited_data_use
    """,
    "meta_capi_uploader": """
        event_name -> event
        event_time -> event_time
        event_id -> event_id
        event_source_url -> url
        action_source -> event_channel
        opt_out -> consent
        user.email -> email
        user.phone -> phone
        user.external_id -> external_id
        user.client_ip_address -> ip
        user.client_user_agent -> user_agent
        user.fbc -> -
        user.fbp -> -
        custom.value -> value
        custom.currency -> currency
        custom.order_id -> order_id
        custom.content_name -> contents[].content_name
        custom.content_category -> contents[].content_category
    """,
    "google_ads_click_conversions": """
        Google Click ID -> -
        Conversion Name -> event
        Conversion Time -> event_time
        Conversion Value -> value
        Conversion Currency -> currency
        Order ID -> order_id
    """,
    "google_ads_enhanced_conversions_for_leads": """
        Email -> email
        Phone Number -> phone
        First Name -> -
        Last Name -> -
        Conversion Name -> event
        Conversion Time -> event_time
        Conversion Value -> value
        Conversion Currency -> currency
        Order ID -> order_id
        Google Click ID -> -
        Ad User Data -> consent
        Ad Personalization -> consent
        GBRAID -> -
        WBRAID -> -
    """,
    "snap_offline_csv": """
        email -> email
        timestamp -> event_time
        event_type -> event
        number_items -> contents[].quantity
        price -> value
        transaction_id -> order_id
        quantity -> contents[].quantity
    """,
    "pinterest_conversions_csv": """
        email -> email
        madid -> -
        event_time -> event_time
        event_type -> event
        source_type -> event_channel
    """,
    "shopify_orders": """
        Name -> order_id
        Email -> email
        Financial Status -> status
        Paid at -> event_time
        Created at -> event_time
        Currency -> currency
        Subtotal -> -
        Shipping -> -
        Taxes -> -
        Total -> value
        Refunded Amount -> refunded_amount
        Lineitem quantity -> contents[].quantity
        Lineitem name -> contents[].content_name
        Lineitem price -> contents[].price
        Lineitem sku -> contents[].content_id
        Vendor -> contents[].brand
        Phone -> phone
        Billing Phone -> phone
        Shipping Phone -> phone
        Billing Country -> country
        Location -> shop_id
        Source -> event_channel
        Id -> event_id
        Cancelled at -> status
        Accepts Marketing -> -
    """,
    "square_transactions": """
        Date -> event_date
        Time -> event_clock
        Time Zone -> event_zone
        Gross Sales -> -
        Net Sales -> -
        Tip -> -
        Total Collected -> value
        Transaction ID -> order_id
        Payment ID -> event_id
        Event Type -> status
        Location -> shop_id
        Customer ID -> external_id
        Customer Name -> -
        Transaction Status -> status
        Description -> contents[].content_name
    """,
    "woocommerce_orders": """
        order_id -> order_id
        order_number -> order_id
        order_date -> event_time
        paid_date -> event_time
        status -> status
        order_total -> value
        order_subtotal -> -
        order_currency -> currency
        customer_email -> email
        billing_email -> email
        billing_phone -> phone
        billing_country -> country
        customer_ip_address -> ip
        customer_user_agent -> user_agent
        transaction_id -> event_id
        customer_id -> external_id
    """,
    "hubspot_deals": """
        Record ID -> order_id
        Deal Name -> -
        Deal Stage -> status
        Pipeline -> -
        Amount -> value
        Currency -> currency
        Close Date -> event_time
        Create Date -> event_time
        Deal owner -> -
        Associated Contact -> email
    """,
    "hubspot_contacts": """
        Record ID -> external_id
        First Name -> -
        Last Name -> -
        Email -> email
        Phone Number -> phone
        Lifecycle Stage -> event
        Create Date -> event_time
        Contact owner -> -
    """,
    "salesforce_lead": """
        Id -> external_id
        Email -> email
        Phone -> phone
        MobilePhone -> phone
        Status -> event
        LeadSource -> -
        CreatedDate -> event_time
        ConvertedDate -> event_time
        OwnerId -> -
    """,
    "salesforce_opportunity": """
        Id -> order_id
        Name -> -
        StageName -> status
        Amount -> value
        CurrencyIsoCode -> currency
        CloseDate -> event_time
        LastModifiedDate -> event_time
    """,
}

EXPECTED = COLUMNS | PATHS
