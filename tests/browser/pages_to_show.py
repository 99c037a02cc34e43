"""Reports of all sorts for the browser: plain ones, crowded ones, and one whose file means harm."""

from __future__ import annotations

from typing import Any

from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reports.archive_summaries import archive_summary
from conversion_delivery.domain.uploads import Upload
from tests.domain.reports.built_summaries import EMAIL, PHONE, RECEIVED, delivered_event, reading_plan, summary

HOSTILE = '"><script>document.title="taken"</script><img src=x onerror="document.title=1">'


def all_good() -> dict[str, Any]:
    events = [delivered_event(19.99, days_ago=1 + at % 6, keys=EMAIL | (PHONE if at % 4 else 0)) for at in range(400)]
    return summary({"delivered": 400}, events=events)


def with_rejects() -> dict[str, Any]:
    events = [
        *(delivered_event(49.9 + at % 40, days_ago=1 + at % 14, keys=1 + at % 3) for at in range(900)),
        *(delivered_event(30.5, "EUR", days_ago=2 + at % 5) for at in range(250)),
        *(delivered_event(None, "", event="Contact", days_ago=3) for at in range(40)),
    ]
    return summary(
        {"delivered": 1190, "refused": 4, "duplicate": 61},
        codes={"ALREADY_DELIVERED": 58, "CHANGED_AFTER_DELIVERY": 3, "TIKTOK_REFUSED:40002:user.email": 4},
        rejected={"EMAIL_INVALID": 21, "TIME_TOO_OLD": 9, "VALUE_INVALID": 5, "PHONE_SCIENTIFIC": 2},
        ignored={"STATUS_NOT_COUNTED": 17, "ROW_BLANK": 2},
        warnings={"PHONE_PLUS_ADDED": 33, "VALUE_SYMBOL": 12},
        lines={"EMAIL_INVALID": (14, 92, 118, 240, 311), "TIME_TOO_OLD": (2, 3, 4, 5, 6), "PHONE_SCIENTIFIC": (77, 78)},
        events=events,
    )


def refused_file() -> dict[str, Any]:
    facts = {"field": "event_time", "found": "name, mail, total, Geburtsdatum", "hint": ""}
    return summary(refused=("COLUMN_REQUIRED", facts), key="uploads/shop/Umsätze Q3 – Österreich & 日本.csv")


def checked_only() -> dict[str, Any]:
    events = [delivered_event(12.5, days_ago=at % 3 + 1) for at in range(96)]
    return summary(
        rejected={"EMAIL_INVALID": 3, "CURRENCY_MISSING": 1},
        would_send=96,
        events=events,
        lines={"EMAIL_INVALID": (4, 9, 12), "CURRENCY_MISSING": (40,)},
        key="validate/shop/november_test.csv",
    )


def crowded() -> dict[str, Any]:
    """Forty causes, sixty days, huge numbers, many columns, a long name, and a person who is needed."""
    rows = [name for name, code in CODES.items() if code.level is Level.ROW][:40]
    events = [
        delivered_event(987_654_321.25 * (1 + at % 9), ("USD", "EUR", "JPY")[at % 3], days_ago=1 + at % 60, keys=at % 4)
        for at in range(1800)
    ]
    return summary(
        {"delivered": 4_800_000, "review": 1_000, "not_sent": 77, "refused": 12, "duplicate": 150_000},
        codes={
            "ALREADY_DELIVERED": 149_000,
            "COPY_IN_BATCH": 1_000,
            "OUTCOME_UNKNOWN": 1_000,
            "UPLOAD_AGAIN": 77,
            "TIKTOK_REFUSED:40002:properties.contents.content_id": 12,
        },
        rejected={code: 12_000 // (at + 1) for at, code in enumerate(rows)},
        ignored={"STATUS_NOT_COUNTED": 1_200_000, "ROW_BLANK": 3},
        warnings={"TIME_NO_CLOCK": 88_123, "VALUE_ZERO": 4},
        lines={code: (1_204_001, 1_204_907, 2_000_118, 3_111_222, 4_000_000) for code in rows},
        events=events,
        key="uploads/shop/" + "export_of_all_store_purchases_and_returns_" * 3 + "2026.csv",
        plan=reading_plan(*(f"extra_column_{at}" for at in range(60))),
    )


def hostile() -> dict[str, Any]:
    """Markup in the file's name, its headers and its event names."""
    plan = reading_plan(HOSTILE, "\u202eevil", event_map={HOSTILE: "Purchase"})
    return summary(
        {"delivered": 1}, events=[delivered_event()], key=f"uploads/shop/{HOSTILE.replace('/', '')}.csv", plan=plan
    )


def nothing_new() -> dict[str, Any]:
    return summary({"duplicate": 12_400}, codes={"ALREADY_DELIVERED": 12_400})


def archive() -> dict[str, Any]:
    """Three files of an archive, one of them refused, one with a hostile name."""
    names = ("berlin/north.csv", f"{HOSTILE}.csv", "paris.csv")
    upload = Upload("conversions-123456789012", "uploads/shop/three_shops.zip", "3HL4kqtJlcpXroDTDmJ", 2_411_902)
    record = FileRecord(upload, RECEIVED, members=names)
    return archive_summary(
        record,
        [with_rejects(), refused_file(), all_good()],
        RECEIVED + 240,
        {
            kind: f"{upload.report_folder}{name}"
            for kind, name in (("summary", "summary.json"), ("html", "report.html"), ("text", "report.txt"))
        },
    )


PAGES = {
    "all good": all_good,
    "with rejects": with_rejects,
    "refused file": refused_file,
    "checked only": checked_only,
    "crowded": crowded,
    "hostile": hostile,
    "nothing new": nothing_new,
    "archive": archive,
}
