"""Files that were made for other advertising platforms, and are reused for TikTok."""

from __future__ import annotations

from conversion_delivery.domain.layouts.layout import Layout, feeds, unused

META_OFFLINE = Layout(
    name="meta_offline_events",
    title="Meta, offline events file",
    source="facebookarchive/offline-conversion-file-uploader: readme and example files read (archived 2021; the "
    "columns still circulate). Headers repeat and stand in square brackets too.",
    columns=feeds("""
        email -> email
        phone -> phone
        country -> country
        event_name -> event
        event_time -> event_time
        value -> value
        currency -> currency
        order_id -> order_id
        item_number -> contents[].content_id
        store_id -> shop_id
        data_processing_options -> limited_data_use
    """)
    + unused("madid; fn; ln; zip; ct; st; dob; doby; dobm; dobd; gen; age; uid; lead_id; extern_id")
    + unused("data_processing_options_country; data_processing_options_state"),
    markers=("event_name", "event_time"),
    one_of=("email", "phone"),
    short_names=("meta", "meta_offline", "facebook"),
    event_source="offline",
    delimiters=",\t;|",
)

META_CAPI_UPLOADER = Layout(
    name="meta_capi_uploader",
    title="Meta, Conversions API uploader",
    source="facebookarchive/offline-conversion-file-uploader, sse_uploader: readme read.",
    columns=feeds("""
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
        custom.value -> value
        custom.currency -> currency
        custom.order_id -> order_id
        custom.content_name -> contents[].content_name
        custom.content_category -> contents[].content_category
        data_processing_options -> limited_data_use
    """)
    + unused("user.fbc; user.fbp; data_processing_options_country; data_processing_options_state"),
    markers=("event_name", "event_time"),
    one_of=("user.email", "user.phone", "user.external_id", "user.client_ip_address"),
    short_names=("meta_capi",),
    time_notes="Unix seconds.",
)

_GOOGLE_UNUSED = "Google Click ID; GBRAID; WBRAID; Adjustment Type; Attributed Credit; External Attribution Credit"
_GOOGLE_UNUSED += "; External Attribution Model; Session Attributes"

GOOGLE_CLICK_CONVERSIONS = Layout(
    name="google_ads_click_conversions",
    title="Google Ads, click conversions",
    source="support.google.com/google-ads, answer 7014069, and ten public exporters: headers seen.",
    columns=unused(_GOOGLE_UNUSED)
    + feeds("""
        Conversion Name -> event
        Conversion Time -> event_time
        Conversion Value -> value
        Conversion Currency -> currency
        Order ID -> order_id
        Transaction ID -> order_id
        Ad User Data -> consent
        Ad Personalization -> consent
    """),
    markers=("Conversion Name", "Conversion Time"),
    one_of=("Google Click ID", "GBRAID", "WBRAID"),
    short_names=("google_clicks",),
    unjoinable="TikTok cannot use Google's click ids. Export the e-mail address or the phone number of each conversion "
    "too, as for enhanced conversions for leads.",
)

GOOGLE_ENHANCED_CONVERSIONS = Layout(
    name="google_ads_enhanced_conversions_for_leads",
    title="Google Ads, enhanced conversions for leads",
    source="support.google.com/google-ads, answers 7014069 and 14184381, and public exporters: headers seen, their "
    "order varies. An optional line Parameters:TimeZone=... stands before the header.",
    columns=feeds("""
        Email -> email
        Phone Number -> phone
        Conversion Name -> event
        Conversion Time -> event_time
        Conversion Value -> value
        Conversion Currency -> currency
        Order ID -> order_id
        Transaction ID -> order_id
        Ad User Data -> consent
        Ad Personalization -> consent
        Country -> country
        Country Code -> country
    """)
    + unused("First Name; Last Name; Zip; Street Address; City; State; Postal Code")
    + unused(_GOOGLE_UNUSED),
    markers=("Conversion Name", "Conversion Time"),
    one_of=("Email", "Phone Number"),
    short_names=("google", "google_leads", "google_enhanced_conversions"),
    date_order="MDY",
)

SNAP = Layout(
    name="snap_offline_csv",
    title="Snap, offline conversions",
    source="docs.amperity.com, Snapchat events, and developers.snap.com: the columns of a query read, Snap's own "
    "template not found. price is the value of the order there.",
    columns=feeds("""
        email -> email
        timestamp -> event_time
        event_type -> event
        number_items -> contents[].quantity
        price -> value
        transaction_id -> order_id
        quantity -> contents[].quantity
        currency -> currency
        phone -> phone
    """),
    markers=("event_type", "timestamp"),
    one_of=("number_items", "transaction_id"),
    without=("value", "order_id", "lead_id"),
    short_names=("snap", "snapchat"),
    event_source="offline",
)

PINTEREST = Layout(
    name="pinterest_conversions_csv",
    title="Pinterest, conversions",
    source="help.pinterest.com, upload conversions with Ads Manager: identifier and event columns read, the later "
    "columns were cut off. Checkout is Pinterest's word for a purchase, and stands where no event is given.",
    columns=feeds("""
        email -> email
        email_1 -> email
        email_2 -> email
        email_3 -> email
        email_4 -> email
        event_time -> event_time
        event_type -> event
        source_type -> event_channel
        value -> value
        currency -> currency
        order_id -> order_id
    """)
    + unused("madid"),
    markers=("event_time",),
    one_of=("madid", "source_type"),
    without=("event_name",),
    short_names=("pinterest",),
    events={"Checkout": "Purchase", "Signup": "CompleteRegistration"},
    default_event="Purchase",
    date_order="MDY",
)

AD_PLATFORMS = (
    META_OFFLINE,
    META_CAPI_UPLOADER,
    GOOGLE_ENHANCED_CONVERSIONS,
    GOOGLE_CLICK_CONVERSIONS,
    SNAP,
    PINTEREST,
)
