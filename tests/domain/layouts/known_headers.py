"""Headers that people write, whatever the layout, and headers that only look right."""

from __future__ import annotations

ALIASES = {
    "event": """
        event_type; event; event_name; eventname; transaction_category; conversion_name; conversion_event;
        conversion_type; lifecycle_event; event type; type of event
    """,
    "event_time": """
        timestamp; event_time; event_timestamp; transaction_timestamp; conversion_time; conversion_date_time;
        conversion_date; order_date; paid_at; paid_date; date_paid; created_at; createddate; purchase_date;
        purchase_time; transaction_date; close_date; closedate; datetime; date_time; timestamp_utc; occurred_at
    """,
    "email": """
        email; email_1; emails; email_address; e_mail; mail; customer_email; billing_email; user_email;
        contact_email; match_keys.email; user.email; email_hashed; hashed_email; email_sha256; sha256_email; em
    """,
    "email (further)": """
        email_2; email_3; email_4; alternate_email; secondary_email
    """,
    "phone": """
        phone; phone_1; phones; phone_number; phone_numbers; mobile; mobile_phone; mobilephone; mobile_number; cell;
        telephone; tel; customer_phone; billing_phone; user.phone; match_keys.phone; phone_hashed; hashed_phone;
        phone_sha256; sha256_phone; ph
    """,
    "phone (further)": """
        phone_2; home_phone; work_phone; other_phone
    """,
    "value": """
        value; transaction_amount; conversion_value; amount; order_total; order_value; total; total_price;
        total_amount; grand_total; revenue; total_collected; sale_amount; purchase_value; custom.value
    """,
    "currency": """
        currency; currency_code; conversion_currency; order_currency; value_currency; currencyisocode;
        custom.currency
    """,
    "order_id": """
        order_id; orderid; order_number; order_no; order #; transaction_id; transactionid; invoice; invoice_number;
        receipt_number; custom.order_id
    """,
    "event_id": """
        event_id; eventid; message_id; messageid; insert_id; $insert_id; dedup_id; conversion_id
    """,
    "shop_id": """
        shop_id; store_id; store_code; store; store_name; store_number; location; location_id; branch; filiale
    """,
    "event_channel": """
        event_channel; action_source; source_type; channel; sales_channel
    """,
    "lead_id": """
        lead_id; tiktok_lead_id; leadid
    """,
    "ttclid": """
        ttclid; tiktok_click_id; click_id; tt_click_id
    """,
    "ttp": """
        ttp; _ttp
    """,
    "external_id": """
        external_id; externalid; user_id; userid; customer_id; client_id; crm_id; member_id
    """,
    "contents[].content_id": """
        content_id; product_id; productid; sku; item_id; item_number; lineitem_sku; upc
    """,
    "contents[].content_name": """
        content_name; product_name; item_name; lineitem_name; description
    """,
    "contents[].content_category": """
        content_category; product_category; category
    """,
    "contents[].brand": """
        brand; product_brand; vendor
    """,
    "contents[].quantity": """
        quantity; qty; item_quantity; lineitem_quantity; number_items
    """,
    "contents[].price": """
        price; product_price; item_price; unit_price; lineitem_price
    """,
    "status": """
        status; financial_status; payment_status; order_status; deal_stage; stage; stagename; transaction_status
    """,
    "consent": """
        consent; ad_user_data; ad_user_data_consent; ad_personalization; opt_out; marketing_consent
    """,
    "country": """
        country; country_code; billing_country; mp_country_code
    """,
    "event_date": """
        date; sale_date
    """,
    "event_clock": """
        time; sale_time
    """,
    "event_zone": """
        time_zone; timezone; tz
    """,
}
"""Headers that people write, by field; further identifiers are named by themselves. Semicolons stand between them."""

NEVER = {
    "email": """
        owner_email; deal_owner; contact_owner; account_owner; staff_email; agent_email; sales_rep_email;
        store_email; employee_email; created_by
    """,
    "phone": """
        fax; store_phone; agent_phone; owner_phone
    """,
    "event_time": """
        birth_date; dob; date_of_birth; last_modified; lastmodifieddate; uploaded_at; received_at; sent_at;
        cancelled_at; refunded_at; fulfilled_at
    """,
    "value": """
        subtotal; tax; taxes; shipping; discount; tip; fees; refunded_amount; outstanding_balance; quantity;
        probability
    """,
    "order_id": """
        name; id
    """,
}
"""Headers that look right for the field and are something else."""
