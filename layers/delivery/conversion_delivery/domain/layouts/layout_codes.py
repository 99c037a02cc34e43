"""Codes about whole files of a known layout, and about rows that such files hold beside conversions."""

from __future__ import annotations

from conversion_delivery.domain.codes import Code, Level

LAYOUT_CODES = {
    "FORMAT_UNJOINABLE": Code(
        Level.FILE,
        'This looks like "{layout}". It has no e-mail address and no phone number, so TikTok cannot tell whose sales'
        " these are. {advice} Nothing was sent.",
    ),
    "FORMAT_REFUSED": Code(Level.FILE, 'This looks like "{layout}". {reason} Nothing was sent.'),
    "PREAMBLE_TIMEZONE": Code(
        Level.FILE,
        "Line {line} names a time zone that is not known. Nothing was sent.",
        "Write Parameters:TimeZone=America/New_York (an IANA name) or an offset of whole hours such as -0500, or remove"
        " the line to have default_timezone used.",
    ),
    "PHONE_DIGEST_WITHOUT_PLUS": Code(
        Level.FILE_NOTE,
        "Phone digests of this maker are made of digits without a plus sign. TikTok documents digests of numbers with"
        " one, so these will probably not match.",
        "Rely on the e-mail addresses, or send plain phone numbers.",
    ),
    "CALL_NOT_TRACK": Code(
        Level.IGNORED,
        "The call reports no event (it says {shown}): only track calls are conversions, on the web page views too.",
    ),
    "EVENT_REFUND": Code(Level.IGNORED, "The event takes an order back ({shown}); refunds are not sent to TikTok."),
    "EVENT_NOT_MAPPED": Code(
        Level.IGNORED,
        "The event in {column} is mapped to none of TikTok's: {shown}.",
        "Add it to event_map of the destination if it should count.",
    ),
    "NOT_A_PAYMENT": Code(Level.IGNORED, "The row is no payment; {column} says {shown}."),
    "ORDER_CANCELLED": Code(Level.IGNORED, "The order was cancelled; {column} is filled."),
}
