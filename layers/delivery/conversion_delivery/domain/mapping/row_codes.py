"""Codes about rows and cells, with their sentences and remedies: part of the table in ``codes``.

Levels are those of the cell taken alone. An e-mail address or phone number that cannot be used (``EMAIL_...``,
``PHONE_...`` of level ROW) costs the row only when no other identifier is left; else the row mapper reports it as a
warning. Texts may use ``{column}`` and ``{shown}``.
"""

from __future__ import annotations

from conversion_delivery.domain.codes import Code, Level

_TIME_FORMS = "Accepted forms are 2026-11-10T14:05:00Z, 2026-11-10 14:05:00 and seconds since 1970."
_AS_TEXT = "Export the file again with the column as text."

TIME_CODES = {
    "TIME_MISSING": Code(
        Level.ROW,
        "The event time in {column} is empty.",
        "Fill in when it happened; the time of the upload is never taken instead.",
    ),
    "TIME_INVALID": Code(Level.ROW, '"{shown}" in {column} is not a date with a time.', _TIME_FORMS),
    "TIME_AMBIGUOUS": Code(
        Level.ROW,
        '"{shown}" in {column} can be read as day/month or as month/day.',
        "Set date_order of the destination to DMY or MDY, or write dates as 2026-11-10.",
    ),
    "TIME_FUTURE": Code(
        Level.ROW,
        "The event time in {column} lies {shown} after the receipt of the file.",
        "Check the time zone and the order of day and month.",
    ),
    "TIME_TOO_OLD": Code(
        Level.ROW,
        "The event in {column} is {shown}.",
        "Send events sooner, or raise max_event_age_days of the destination.",
    ),
    "TIME_SERIAL": Code(
        Level.ROW,
        '"{shown}" in {column} looks like the day number of a spreadsheet.',
        "Format the column as date and time before exporting, or set spreadsheet_dates of the destination.",
    ),
    "TIME_SERIAL_READ": Code(
        Level.WARNING,
        '"{shown}" in {column} was read as the day number of a spreadsheet, in the destination\'s time zone.',
        "Format the column as date and time before exporting.",
    ),
    "TIME_ZONE_UNKNOWN": Code(
        Level.ROW,
        "The time zone in {column} is not known ({shown}).",
        "Use an IANA name such as America/New_York or an offset such as -05:00.",
    ),
    "TIME_NO_CLOCK": Code(
        Level.WARNING,
        '"{shown}" in {column} has no time of day; midnight in the time zone of the file or the destination was taken.',
        "Export the time of day as well: TikTok compares it with the time of the advertisement.",
    ),
    "TIME_ZONE_CONTRADICTORY": Code(
        Level.WARNING,
        '"{shown}" in {column} names UTC (Z) and another offset; LiveRamp files are read as UTC, others by the offset.',
        "Write either Z or the offset.",
    ),
    "TIME_FLOAT": Code(
        Level.WARNING,
        "The event time in {column} is a decimal number; whole seconds were taken.",
        "Export the column as whole numbers or as text.",
    ),
    "TIME_COLON_FRACTION": Code(
        Level.WARNING,
        '"{shown}" in {column} has a colon before its milliseconds; it was read as a point.',
        "Write 19:11:01.152.",
    ),
    "TIME_COMPACT": Code(
        Level.WARNING,
        "The digits in {column} were read as year, month and day, without marks between them.",
        "Write 2026-11-10 14:05:00.",
    ),
    "TIME_SHORT_YEAR": Code(
        Level.WARNING,
        '"{shown}" in {column} has a year of two digits; 20yy was taken.',
        "Write years with four digits.",
    ),
    "TIME_CLOCK_CHANGE": Code(
        Level.WARNING,
        '"{shown}" in {column} falls into the hour of a clock change; the time before the change was taken.',
        "Write times with their offset.",
    ),
}

VALUE_CODES = {
    "VALUE_MISSING": Code(
        Level.ROW,
        "A purchase needs an amount, and {column} is empty.",
        "Fill in the amount, or set require_value_for_purchase to false.",
    ),
    "VALUE_INVALID": Code(
        Level.ROW,
        '"{shown}" in {column} is not an amount.',
        "Write amounts as 1234.50. If a spreadsheet turned it into 1.2E+03, export the column as a plain number.",
    ),
    "VALUE_AMBIGUOUS": Code(
        Level.ROW,
        '"{shown}" in {column} can be read as two amounts, or does not fit the decimal mark of the destination.',
        "Set decimal_mark of the destination to . or , and write all amounts that way.",
    ),
    "VALUE_NEGATIVE": Code(
        Level.ROW, '"{shown}" in {column} is a negative amount.', "Refunds are not sent to TikTok; leave such rows out."
    ),
    "VALUE_ZERO": Code(
        Level.WARNING,
        "The amount in {column} is zero.",
        "If such rows are no purchases, leave them out, or set zero_value of the destination to reject.",
    ),
    "VALUE_ZERO_REFUSED": Code(
        Level.ROW,
        "The amount of the purchase in {column} is zero.",
        "Leave such rows out, or set zero_value of the destination to warn.",
    ),
    "VALUE_ROUNDED": Code(
        Level.WARNING,
        "The amount in {column} has more decimals than a number carries; it was rounded behind its 15th digit.",
        "Round amounts to the decimals of their currency.",
    ),
    "VALUE_NET": Code(
        Level.WARNING,
        "What was refunded ({column}) was taken off the order's amount.",
        "Set partial_refunds of the destination to gross or ignore if that is not wanted.",
    ),
    "REFUND_INVALID": Code(
        Level.ROW,
        "The order was refunded in part, and {column} does not say how much.",
        "Write what was refunded as 1234.50, or set partial_refunds of the destination to gross.",
    ),
    "ORDER_REFUNDED": Code(
        Level.IGNORED, "What was refunded ({column}) leaves nothing of the order; it was not counted."
    ),
    "VALUE_SYMBOL": Code(
        Level.WARNING,
        'The currency was taken out of the amount "{shown}" in {column}.',
        "Write amounts as plain numbers, and the currency in a column of its own.",
    ),
    "CURRENCY_MISSING": Code(
        Level.ROW,
        "The amount has no currency.",
        "Add a currency column, or set default_currency of the destination.",
    ),
    "CURRENCY_INVALID": Code(
        Level.ROW, '"{shown}" in {column} is not a currency code.', "Use ISO codes of three letters such as USD."
    ),
    "CURRENCY_CONFLICT": Code(
        Level.ROW,
        'The amount "{shown}" in {column} names another currency than the row.',
        "Correct the amount or the currency column.",
    ),
    "CURRENCY_UNSUPPORTED": Code(
        Level.ROW,
        "TikTok does not list the currency {shown}; what it would do with the amount is not known.",
        "Convert the amount into a listed currency.",
    ),
    "CURRENCY_WORD": Code(
        Level.WARNING,
        '"{shown}" in {column} was read as the destination\'s default currency.',
        "Use ISO codes of three letters such as USD.",
    ),
    "QUANTITY_INVALID": Code(
        Level.ROW, '"{shown}" in {column} is not a quantity.', "Write quantities as whole numbers from 1."
    ),
    "PRICE_INVALID": Code(
        Level.ROW, '"{shown}" in {column} is not a price.', "Write prices as 1234.50, without a minus sign."
    ),
}

EMAIL_CODES = {
    "EMAIL_INVALID": Code(
        Level.ROW, '"{shown}" in {column} is not an e-mail address.', "Write one address such as name@shop.com."
    ),
    "EMAIL_PLACEHOLDER": Code(
        Level.ROW, '"{shown}" in {column} stands for a missing address.', "Leave the cell empty where there is none."
    ),
    "EMAIL_DIGEST_TYPE": Code(
        Level.ROW,
        "The digest in {column} is no SHA-256 in hexadecimal digits (MD5 and SHA-1 are shorter).",
        "Send plain addresses or SHA-256 digests.",
    ),
    "EMAIL_DIGEST_DAMAGED": Code(
        Level.ROW,
        "The digest in {column} is damaged: SHA-256 has exactly 64 hexadecimal digits.",
        "Export the digests again.",
    ),
    "EMAIL_SEVERAL": Code(
        Level.WARNING,
        "{column} holds several e-mail addresses; all usable ones are sent, or the first, as several_values says.",
        "Nothing needs to be done; one address per column (email_1, email_2) is read without this remark.",
    ),
    "EMAIL_REPAIRED": Code(
        Level.WARNING, "The address {shown} was taken out of the text around it in {column}.", "Write addresses alone."
    ),
    "EMAIL_NON_ASCII": Code(
        Level.WARNING,
        "The address {shown} in {column} has letters outside ASCII; it is sent, and will seldom match.",
        "Check the encoding of the file.",
    ),
}

PHONE_CODES = {
    "PHONE_INVALID": Code(
        Level.ROW,
        "{shown} in {column} is not a phone number: too short, too long, or no number of its country.",
        "Write numbers as +14155550123.",
    ),
    "PHONE_NO_COUNTRY": Code(
        Level.ROW,
        "The phone number {shown} in {column} has no country code, and no default country is set.",
        "Write numbers as +14155550123, or set default_country of the destination.",
    ),
    "PHONE_SCIENTIFIC": Code(
        Level.ROW,
        "A spreadsheet turned the phone number in {column} into a number such as 1.6E+10; its digits are lost.",
        _AS_TEXT,
    ),
    "PHONE_PLACEHOLDER": Code(
        Level.ROW, "{shown} in {column} stands for a missing number.", "Leave the cell empty where there is none."
    ),
    "PHONE_DIGEST_TYPE": Code(
        Level.ROW,
        "The digest in {column} is no SHA-256 in hexadecimal digits (MD5 and SHA-1 are shorter).",
        "Send plain numbers or SHA-256 digests of numbers with a plus sign.",
    ),
    "PHONE_DIGEST_DAMAGED": Code(
        Level.ROW,
        "The digest in {column} is damaged: SHA-256 has exactly 64 hexadecimal digits.",
        "Export the digests again.",
    ),
    "PHONE_SEVERAL": Code(
        Level.WARNING,
        "{column} holds several phone numbers; all usable ones are sent, or the first, as several_values says.",
        "Nothing needs to be done; one number per column (phone_1, phone_2) is read without this remark.",
    ),
    "PHONE_REPAIRED": Code(
        Level.WARNING, "The phone number {shown} was taken out of what stood around it in {column}.", _AS_TEXT
    ),
    "PHONE_PLUS_ADDED": Code(
        Level.WARNING,
        "The phone number {shown} in {column} was read with its first digits as country code.",
        "Write numbers with a plus sign, or set default_country of the destination.",
    ),
}

IDENTITY_CODES = {
    "IDENTIFIER_MISSING": Code(
        Level.ROW,
        "The row has no usable e-mail address and no usable phone number.",
        "Add one of them; click ids, mobile ad ids and names alone cannot be matched.",
    ),
    "LEAD_ID_MISSING": Code(
        Level.ROW,
        "CRM events need TikTok's lead id, and {column} is empty.",
        "Export the lead id with the row, or set require_lead_id to false if your event set takes leads without it.",
    ),
    "LEAD_ID_SCIENTIFIC": Code(
        Level.ROW, "A spreadsheet shortened the lead id in {column}; its digits are lost.", _AS_TEXT
    ),
    "ORDER_ID_SCIENTIFIC": Code(
        Level.WARNING,
        "A spreadsheet shortened the order number in {column}; it is not used to recognise copies of this event.",
        _AS_TEXT,
    ),
    "EVENT_ID_PERSONAL": Code(
        Level.ROW,
        "The event id in {column} looks like an e-mail address or a phone number.",
        "Use an id of your own that says nothing about the person.",
    ),
    "URL_MISSING": Code(
        Level.ROW,
        "Web events need the address of the page, and {column} is empty.",
        "Export the address of the page with every event.",
    ),
    "TEXT_TOO_LONG": Code(
        Level.WARNING, "The text in {column} was left out: it is too long to be sent.", "Shorten it."
    ),
}

EVENT_CODES = {
    "EVENT_MISSING": Code(
        Level.ROW, "The event name in {column} is empty.", "Fill it in, or set default_event of the destination."
    ),
    "EVENT_UNKNOWN": Code(
        Level.ROW,
        "The event name in {column} is not one of TikTok's: {shown}.",
        "Add it to event_map of the destination.",
    ),
    "STATUS_NOT_COUNTED": Code(
        Level.IGNORED,
        "The status in {column} says that this does not count (yet).",
        "Set countable_status of the destination if it should.",
    ),
    "CONSENT_DENIED": Code(Level.IGNORED, "Consent is denied in {column}; the row was not sent."),
}

SHAPE_CODES = {
    "ROW_BLANK": Code(Level.IGNORED, "The row is blank."),
    "HEADER_REPEATED": Code(Level.IGNORED, "The row repeats the header."),
    "ROW_DUPLICATE": Code(Level.IGNORED, "The row is the same event as line {shown}; it is sent once."),
    "ROW_SHAPE": Code(
        Level.ROW,
        "The row has another number of cells than the header {shown}.",
        "A delimiter inside a value needs quotes around the value.",
    ),
    "QUOTE_UNCLOSED": Code(
        Level.ROW,
        "A quoted value begins in this row and is never closed.",
        "Close the quotes, or double those that belong to the value.",
    ),
    "LINE_TOO_LONG": Code(
        Level.ROW, "The row is longer than a row may be.", "Check the quotes and line ends around it."
    ),
    "ENCODING_INVALID": Code(
        Level.ROW, "The row has bytes that are no text in the file's encoding.", "Save the file as UTF-8."
    ),
}

ROW_CODES: dict[str, Code] = {
    **TIME_CODES,
    **VALUE_CODES,
    **EMAIL_CODES,
    **PHONE_CODES,
    **IDENTITY_CODES,
    **EVENT_CODES,
    **SHAPE_CODES,
}
