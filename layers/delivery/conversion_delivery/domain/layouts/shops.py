"""Exports of shops and tills."""

from __future__ import annotations

from conversion_delivery.domain.layouts.layout import Layout, feeds, unused

SHOPIFY = Layout(
    name="shopify_orders",
    title="Shopify, orders export",
    source="Header rows of 79 columns in public repositories, the same in independent ones. One row per line item; the "
    "cells of the order stand in its first row.",
    columns=feeds("""
        Name -> order_id
        Email -> email
        Financial Status -> status
        Cancelled at -> status
        Paid at -> event_time
        Created at -> event_time
        Currency -> currency
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
    """)
    + unused("""
        Fulfillment Status; Fulfilled at; Fulfillment Date; Accepts Marketing; Subtotal; Shipping; Taxes; Discount Code;
        Discount Amount; Shipping Method; Lineitem compare at price; Lineitem requires shipping; Lineitem taxable;
        Lineitem fulfillment status; Lineitem discount;
        Billing Name; Billing Street; Billing Address1; Billing Address2; Billing Company; Billing City; Billing Zip;
        Billing Province; Billing Province Name;
        Shipping Name; Shipping Street; Shipping Address1; Shipping Address2; Shipping Company; Shipping City;
        Shipping Zip; Shipping Province; Shipping Province Name; Shipping Country;
        Notes; Note Attributes; Payment Method; Payment Reference; Payment References; Payment ID; Payment Terms Name;
        Next Payment Due At; Outstanding Balance; Employee; Device ID; Tags; Risk Level; Receipt Number; Duties;
        Tax 1 Name; Tax 1 Value; Tax 2 Name; Tax 2 Value; Tax 3 Name; Tax 3 Value; Tax 4 Name; Tax 4 Value; Tax 5 Name;
        Tax 5 Value
    """),
    markers=("Name", "Financial Status"),
    one_of=("Created at", "Paid at", "Lineitem name", "Lineitem quantity"),
    short_names=("shopify",),
    default_event="Purchase",
    only=(("Cancelled at", frozenset(), "ORDER_CANCELLED"),),
    orders="first",
    choices=frozenset({"phone"}),
    time_notes="2026-05-01 10:00:00 +0200: the time of payment, else that of the order.",
)

_SQUARE_UNUSED = """
    Gross Sales; Discounts; Service Charges; Net Sales; Gift Card Sales; Tax; Tip; Partial Refunds; Source; Card;
    Card Entry Methods; Cash; Square Gift Card; Other Tender; Other Tender Type; Other Tender Note; Tender Note; Fees;
    Net Total; Card Brand; PAN Suffix; Device Name; Staff Name; Staff ID; Details; Dining Option; Customer Name;
    Customer Reference ID; Device Nickname; Third Party Fees; Deposit ID; Deposit Date; Deposit Details;
    Fee Percentage Rate; Fee Fixed Rate; Refund Reason; Discount Name; Cash App; Order Reference ID; Fulfillment Note;
    Free Processing Applied; Channel; Unattributed Tips; Table Info; International Fee; First Name; Last Name
"""

SQUARE = Layout(
    name="square_transactions",
    title="Square, transactions export",
    source="Header rows of up to 55 columns in public repositories. The export has no e-mail and no phone: the columns "
    "Email Address and Phone Number are those of Square's customer export, joined by Customer ID.",
    columns=feeds("""
        Date -> event_date
        Time -> event_clock
        Time Zone -> event_zone
        Total Collected -> value
        Transaction ID -> order_id
        Payment ID -> event_id
        Event Type -> status
        Transaction Status -> status
        Location -> shop_id
        Customer ID -> external_id
        Description -> contents[].content_name
        Email Address -> email
        Customer Email -> email
        Email -> email
        Phone Number -> phone
        Customer Phone -> phone
        Phone -> phone
    """)
    + unused(_SQUARE_UNUSED),
    markers=("Date", "Time", "Time Zone", "Total Collected"),
    one_of=("Transaction ID", "Event Type", "Gross Sales"),
    short_names=("square", "square_transactions_with_customers"),
    event_source="offline",
    default_event="Purchase",
    only=(("Event Type", frozenset({"payment"}), "NOT_A_PAYMENT"),),
    orders="first",
    unjoinable="Join it with Square's customer export by Customer ID, so that each row has the columns Email Address "
    "and Phone Number.",
    date_order="MDY",
    time_notes="Date, time and zone stand in three columns: 10/05/2026, 2:30:00 PM, Pacific Time (US & Canada).",
)

WOOCOMMERCE = Layout(
    name="woocommerce_orders",
    title="WooCommerce, orders export",
    source="woocommerce.com, Import and Export of WooCommerce Orders: read up to the billing columns; other plug-ins "
    "differ. Dates have the month first and no zone.",
    columns=feeds("""
        order_id -> order_id
        order_number -> order_id
        paid_date -> event_time
        order_date -> event_time
        date -> event_time
        status -> status
        order_total -> value
        order_currency -> currency
        customer_email -> email
        billing_email -> email
        billing_phone -> phone
        billing_country -> country
        customer_ip_address -> ip
        customer_user_agent -> user_agent
        transaction_id -> event_id
        customer_id -> external_id
    """)
    + unused("""
        order_subtotal; shipping_total; shipping_tax_total; fee_total; fee_tax_total; tax_total; cart_discount;
        order_discount; discount_total; refunded_total; order_key; payment_method; payment_method_title;
        shipping_method; customer_user; customer_note; order_notes; download_permissions; wt_import_key;
        billing_first_name; billing_last_name; billing_company; billing_address_1; billing_address_2;
        billing_postcode; billing_city; billing_state;
        shipping_first_name; shipping_last_name; shipping_company; shipping_address_1; shipping_address_2;
        shipping_postcode; shipping_city; shipping_state; shipping_country; shipping_phone;
        tax_items; shipping_items; fee_items; coupon_items; refund_items; line_items
    """),
    markers=("order_id", "order_total"),
    one_of=("billing_email", "customer_email", "billing_phone"),
    least_share=0.3,
    short_names=("woocommerce", "woo"),
    default_event="Purchase",
    date_order="MDY",
)

SHOPS = (SHOPIFY, SQUARE, WOOCOMMERCE)
