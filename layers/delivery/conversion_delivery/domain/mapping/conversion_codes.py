"""Codes about what a row turns into, with their sentences and remedies: part of the table in ``codes``.

Ids that identify a person (``LEAD_ID_...``, ``EXTERNAL_ID_...``, ``IP_INVALID``) cost the row only when no other
identifier is left.
"""

from __future__ import annotations

from conversion_delivery.domain.codes import Code, Level

_AS_TEXT = "Export the file again with the column as text."

CONVERSION_CODES = {
    "VALUE_WITHOUT_CURRENCY": Code(
        Level.WARNING,
        "The amount in {column} was left out, because its currency is not known.",
        "Add a currency column, or set default_currency of the destination.",
    ),
    "QUANTITY_FRACTION": Code(
        Level.WARNING,
        "The quantity in {column} was left out: TikTok takes whole numbers of units only.",
        "Nothing needs to be done: the amount of the order is sent as it is.",
    ),
    "CONTENT_TYPE_UNKNOWN": Code(
        Level.WARNING,
        "The content type in {column} was left out: TikTok knows product and product_group.",
        "Write product where the ids are those of articles, product_group where they are those of item groups.",
    ),
    "TEXT_PERSONAL": Code(
        Level.WARNING,
        "The text in {column} was left out: it holds an e-mail address or a phone number, and would be sent unhashed.",
        "Keep data about persons in the columns of e-mail and phone.",
    ),
    "ORDER_ID_PERSONAL": Code(
        Level.WARNING,
        "The order number in {column} was left out: it is an e-mail address or a phone number.",
        "Use order numbers that say nothing about the person; copies of this row are told by its whole content.",
    ),
    "ORDER_ID_TOO_LONG": Code(
        Level.WARNING,
        "The order number in {column} was left out: it has {shown}; 256 are the most.",
        "Use shorter order numbers; copies of this row are told by its whole content.",
    ),
    "EVENT_ID_SCIENTIFIC": Code(
        Level.WARNING, "A spreadsheet shortened the event id in {column}; another one was made from the row.", _AS_TEXT
    ),
    "EVENT_ID_TOO_LONG": Code(
        Level.ROW, "The event id in {column} has {shown}; 256 are the most.", "Use shorter event ids."
    ),
    "LEAD_ID_PERSONAL": Code(
        Level.ROW, "The lead id in {column} is an e-mail address or a phone number.", "Fill in TikTok's lead id."
    ),
    "LEAD_ID_TOO_LONG": Code(
        Level.ROW, "The lead id in {column} has {shown}; 256 are the most.", "Fill in TikTok's lead id."
    ),
    "EXTERNAL_ID_SCIENTIFIC": Code(
        Level.ROW, "A spreadsheet shortened the customer id in {column}; its digits are lost.", _AS_TEXT
    ),
    "EXTERNAL_ID_TOO_LONG": Code(
        Level.ROW, "The customer id in {column} has {shown}; 256 are the most.", "Use shorter customer ids."
    ),
    "IP_INVALID": Code(
        Level.ROW,
        "The text in {column} is no IP address.",
        "Write one address such as 192.0.2.1, or leave the cell empty.",
    ),
    "URL_INVALID": Code(
        Level.ROW,
        "The text in {column} is no address of a page that could be sent.",
        "Write whole addresses such as https://shop.example.com/checkout.",
    ),
    "URL_PERSONAL": Code(
        Level.WARNING,
        "The address in {column} was cut at its question mark: an e-mail address stands behind it.",
        "Keep addresses of persons out of page addresses.",
    ),
    "LIMITED_DATA_USE_INVALID": Code(
        Level.ROW, "The flag in {column} is neither true nor false.", "Write true or false, or leave the cell empty."
    ),
    "CONSENT_UNCLEAR": Code(
        Level.ROW,
        '"{shown}" in {column} says neither that consent is given nor that it is denied.',
        'Write granted or denied, or map the column to "-" in the columns setting if it is no consent.',
    ),
}
