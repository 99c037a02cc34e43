"""Codes about files that cannot be read, about the columns of those that can, and about rows without a shape."""

from __future__ import annotations

from conversion_delivery.domain.codes import Code, Level

READING_CODES = {
    "FILE_EMPTY": Code(
        Level.FILE, "The file has no content. Nothing was sent.", "Drop the file again when it is whole."
    ),
    "FILE_NO_ROWS": Code(
        Level.FILE,
        "The file has a header, but no rows below it. Nothing was sent.",
        "If there should be rows, export the file again and drop it.",
    ),
    "HEADER_MISSING": Code(
        Level.FILE,
        "Line {line} is not a header: cells {cells} look like values. Nothing was sent.",
        "The first line must name the columns, for example {example}.",
    ),
    "HEADER_TOO_LONG": Code(
        Level.FILE,
        "The first line does not end within {limit} bytes. Nothing was sent.",
        "Check that the file is a text with one row per line.",
    ),
    "COLUMN_REQUIRED": Code(
        Level.FILE,
        "No column for: {field}. Found: {found}.{hint} Nothing was sent.",
        "Rename the column, or name it in the `columns` setting, then drop the file again.",
    ),
    "ENCODING_UNKNOWN": Code(
        Level.FILE,
        "The file is not text in UTF-8; it looks like {encoding}. Nothing was sent.",
        'Save it as "CSV UTF-8" and drop that file.',
    ),
    "FORMAT_UNSUPPORTED": Code(Level.FILE, "This is {what}, not a text file with columns. Nothing was sent. {advice}"),
    "COLUMN_UNKNOWN": Code(
        Level.FILE_NOTE,
        'Column "{column}" was not used.{hint}',
        "If events need it, name it in the `columns` setting.",
    ),
    "COLUMN_CONFLICT": Code(
        Level.FILE_NOTE,
        'Column "{column}" was not used, because "{other}" fits the same field.',
        "Name the right one in the `columns` setting.",
    ),
    "COLUMN_DROPPED": Code(
        Level.FILE_NOTE, 'Column "{column}" was not used: TikTok takes no {other} from this kind of event source.'
    ),
    "SETTINGS_COLUMN_ABSENT": Code(
        Level.FILE_NOTE,
        "The `columns` setting names a column that this file does not have: {column}.",
        "Correct the name there, or take it out.",
    ),
    "DATE_ORDER_INFERRED": Code(
        Level.FILE_NOTE,
        "Dates such as 03/04/2026 were read in the order {order}, as seen.",
        "If that is wrong, set `date_order`.",
    ),
    "DATE_ORDER_MIXED": Code(
        Level.FILE_NOTE,
        "Some dates have the day first and some the month; dates such as 03/04/2026 cannot be read.",
        "Export the file with one form of date, or set `date_order`.",
    ),
    "ROW_SHAPE": Code(
        Level.ROW,
        "The row has {found} cells, the header has {expected}.",
        "A delimiter inside a value needs quotes around the value.",
    ),
    "QUOTE_UNCLOSED": Code(
        Level.ROW, "A quote opens in this line and is never closed.", "Close the quote, or double it if it is text."
    ),
    "LINE_TOO_LONG": Code(Level.ROW, "The line has {found} bytes; a row may have {expected} characters."),
    "ENCODING_INVALID": Code(
        Level.ROW, "The row holds bytes that are not UTF-8.", 'Save the file as "CSV UTF-8" and drop the row again.'
    ),
    "JSON_INVALID": Code(
        Level.ROW,
        "The line is not a JSON object.",
        "Write each event as one object on one line, as JSON allows it.",
    ),
    "JSON_NESTED": Code(
        Level.ROW,
        "{column} holds an object or a list where one value should stand.",
        "Name the path of the value itself in the `columns` setting.",
    ),
    "ENCODING_GUESSED": Code(
        Level.WARNING,
        "Read as Windows-1252, because the bytes are not UTF-8.",
        'Save the file as "CSV UTF-8" where letters with accents matter.',
    ),
    "ORDER_ROWS_SCATTERED": Code(
        Level.FILE_NOTE,
        "Rows of {orders} orders do not stand together; only rows in a row become one event.",
        "Sort the file by order, or the first rows of such an order count and the others are duplicates.",
    ),
    "ORDER_ENDLESS": Code(
        Level.FILE,
        "The rows from line {line} on all name one order, and there is no end to them. Rows read before are reported.",
        "Check which column is the order's number, and name it in the `columns` setting.",
    ),
    "ORDER_TOO_LONG": Code(
        Level.ROW,
        "The order has {rows} rows; {most} are the most.",
        "Check which column is the order's number, or set order_rows of the destination to row.",
    ),
    "ORDER_ROWS_DIFFER": Code(
        Level.ROW,
        "The rows of the order name different amounts or currencies in {column}.",
        "Write the order's total into its first row only, or set order_rows of the destination to row.",
    ),
    "ORDER_REJECTED": Code(
        Level.ROW,
        "The row belongs to the order of line {first}, which is not sent.",
        "Correct the order and drop all of its rows again.",
    ),
    "LINE_ITEM_MERGED": Code(Level.IGNORED, "The row is a further item of an order and went into its event."),
    "ROW_TRAILER": Code(Level.IGNORED, "The row is a trailer or a total."),
    "ROW_FOOTER": Code(Level.IGNORED, "The row is a line of text below the rows."),
    "TRAILER_COUNT_DIFFERS": Code(
        Level.IGNORED,
        "The trailer names {count} rows, but {rows} stand before it.",
        "Check that the file is whole.",
    ),
}
