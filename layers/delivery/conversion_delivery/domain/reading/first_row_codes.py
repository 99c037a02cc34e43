"""Codes about a file as a whole that its first rows show: the stop before anything is sent, and the hints.

Facts of hints are counts, shares and names of settings, never values of the file.
"""

from __future__ import annotations

from conversion_delivery.domain.codes import Code, Level

FIRST_ROW_CODES = {
    "MAPPING_SUSPECT": Code(
        Level.FILE,
        "{failing} of the first {rows} rows fail for one reason (line {line} is the first), so the file was stopped"
        " before anything was sent: {why}",
        "Correct that and drop the file again. If the rows are as they should be, set suspect_share of the destination"
        " to 1: then the failing rows come back and the others are sent.",
    ),
    "PHONE_REPEATED": Code(
        Level.FILE_NOTE,
        "One phone number stands in {rows} of the first {of} rows with a number.",
        "If it is the store's, or stands for a missing one, leave the cell empty.",
    ),
    "EMAIL_REPEATED": Code(
        Level.FILE_NOTE,
        "One e-mail address stands in {rows} of the first {of} rows with an address.",
        "If it is the store's, or stands for a missing one, leave the cell empty.",
    ),
    "VALUES_EQUAL": Code(
        Level.FILE_NOTE,
        "All of the first {rows} amounts are the same.",
        "Check that the column of the amount holds the totals of the orders.",
    ),
    "TIMES_EQUAL": Code(
        Level.FILE_NOTE,
        "All of the first {rows} events have the same time.",
        "Check that the column of the time says when each event happened, not when the file was made.",
    ),
    "TIMES_SHIFTED": Code(
        Level.FILE_NOTE,
        "{rows} of the first {of} rows lie up to {hours} hours after the receipt of the file: their clocks seem to run"
        " {hours} hours or more ahead of their zone. Times without a zone were read in {zone}.",
        "Set default_timezone of the destination to the zone in which the times are written; where the times name a"
        " zone themselves, correct the export.",
    ),
    "EVENTS_OLD": Code(
        Level.FILE_NOTE,
        "{rows} of the first {of} events are older than two days.",
        "Send files daily: TikTok tells copies of an event (from its pixel, or sent again) for 48 hours only, and"
        " credits a sale to an advertisement for a limited time.",
    ),
    "FEW_IDENTIFIERS": Code(
        Level.FILE_NOTE,
        "{rows} of the first {of} rows have no identifier that could be used.",
        "Export e-mail address and phone number of the customer with every row.",
    ),
    "COUNTRY_MISSING": Code(
        Level.FILE_NOTE,
        "{rows} of the first {of} phone numbers were left out, because they have no country code.",
        "Set default_country of the destination, or add a column with the country of the row.",
    ),
    "PHONE_DIGESTS": Code(
        Level.FILE_NOTE,
        "{rows} of the first {of} phone numbers are digests; how they were made cannot be seen.",
        "TikTok matches SHA-256 of the number with plus sign and country code (+14155550123); digests of digits"
        " without the plus sign match nobody.",
    ),
    "ORDER_LINES_SUSPECT": Code(
        Level.FILE_NOTE,
        "{rows} of the first {of} rows share their order number with a row of another product: they look like the"
        " lines of one order, and only one of them counts.",
        "Set order_rows of the destination to order, so that the rows of an order become one event.",
    ),
}
