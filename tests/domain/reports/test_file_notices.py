"""The notice of a finished file, and the digest of many."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conversion_delivery.domain.reports.digests import FILES_NAMED, digest_of, distinct
from conversion_delivery.domain.reports.file_notices import notice_of, rejected_percent
from tests.workflows.delivery_world import DeliveryWorld, file_of, row

ROOT = Path(__file__).parents[3]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "notice.schema.json").read_text())


def mismatches(value: Any, schema: Any, at: str = "$") -> list[str]:
    """Where a value is not what the schema says: the few keywords that the schema uses."""
    if schema is False:
        return [f"{at} is not described"]
    found = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{at} is not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at} is none of {schema['enum']}")
    kinds: dict[str, type] = {"object": dict, "string": str, "integer": int}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return [*found, f"{at} is no {schema['type']}"]
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at} does not look right")
    if "minimum" in schema and value < schema["minimum"]:
        found.append(f"{at} is too small")
    if "minLength" in schema and len(value) < schema["minLength"]:
        found.append(f"{at} is too short")
    if isinstance(value, dict):
        found += [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
        known = schema.get("properties", {})
        for name, each in value.items():
            rest = schema.get("additionalProperties", {"const": "a property that the page names"})
            found += mismatches(each, known.get(name, rest), f"{at}.{name}")
    return found


def finished(body: bytes, key: str = "uploads/shop/sales.csv") -> dict[str, Any]:
    world = DeliveryWorld()
    upload = world.drop(body, key)
    world.deliver_all()
    return world.summary(upload)


FILES = {
    "good": file_of(row(1), row(2)),
    "with rejects": file_of(row(1), row(2, email="nobody")),
    "empty": b"",
    "no table": b"\x00\x01\x02 nothing that could be read",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_notice_is_what_the_schema_says(kind: str) -> None:
    assert mismatches(notice_of(finished(FILES[kind])), SCHEMA) == []


@pytest.mark.parametrize("key", ["validate/shop/sales.csv", "uploads/nobody/sales.csv", "uploads/sales.csv"])
def test_a_notice_of_any_folder_is_what_the_schema_says(key: str) -> None:
    assert mismatches(notice_of(finished(FILES["good"], key)), SCHEMA) == []


def test_the_page_shows_a_notice_as_the_schema_says() -> None:
    examples = re.findall(r"(?s)```json\n(.*?)```", (ROOT / "docs" / "notices.md").read_text())

    assert mismatches(json.loads(examples[1]), SCHEMA) == []


def test_the_schema_would_refuse_what_it_does_not_describe() -> None:
    notice = notice_of(finished(FILES["good"]))

    assert mismatches({**notice, "header": ["email"]}, SCHEMA)
    assert mismatches({**notice, "counts": {}}, SCHEMA)
    assert mismatches({**notice, "state": "PERHAPS"}, SCHEMA)


def test_a_notice_names_counts_and_places() -> None:
    notice = notice_of(finished(FILES["with rejects"]))

    assert notice["state"] == "DONE_WITH_REJECTS"
    assert (notice["counts"]["rows_read"], notice["counts"]["delivered"], notice["counts"]["rejected"]) == (2, 1, 1)
    assert notice["reports"]["rejected"].startswith(notice["reports"]["folder"])


def test_a_notice_stays_short_however_many_pieces_a_report_has() -> None:
    summary = finished(FILES["good"])
    pieces = {f"rejected-{number}": f"key-{number}" for number in range(2, 1_000)}
    notice = notice_of({**summary, "reports": {**summary["reports"], **pieces}})

    assert mismatches(notice, SCHEMA) == []
    assert len(json.dumps(notice)) < 5_000


def test_a_notice_holds_neither_values_nor_headers() -> None:
    body = b"Customer Mail,event_type,email,timestamp,order_id,value,currency\nx@example.org," + row(1).encode() + b"\n"
    text = json.dumps(notice_of(finished(body)))

    assert not [word for word in ("Customer Mail", "example", "T-1", "timestamp") if word in text]


@pytest.mark.parametrize(
    ("state", "rows", "ignored", "rejected", "percent"),
    [
        ("DONE", 100, 0, 0, 0.0),
        ("DONE_WITH_REJECTS", 110, 10, 25, 25.0),
        ("DONE_WITH_REJECTS", 19, 0, 19, None),
        ("DONE_WITH_REJECTS", 20, 1, 19, None),
        ("REJECTED", 0, 0, 0, 100.0),
        ("VALIDATED", 100, 0, 100, None),
    ],
)
def test_the_share_of_rejected_rows(state: str, rows: int, ignored: int, rejected: int, percent: float | None) -> None:
    summary = {"state": state, "counts": {"rows_read": rows, "ignored": ignored, "rejected": rejected}}

    assert rejected_percent(summary) == percent


# --- digest


def notice(number: int, state: str = "DONE", destination: str = "shop", kind: str = "file") -> dict[str, Any]:
    counts = dict.fromkeys(("rows_read", "delivered"), 10) | dict.fromkeys(
        ("rejected", "duplicates", "refused", "not_sent", "review"), 0
    )
    return {
        "file_id": f"f{number}",
        "kind": kind,
        "state": state,
        "destination": destination,
        "name": f"file{number}.csv",
        "counts": counts,
        "upload": {"bucket": "b"},
        "reports": {"html": f"reports/{number}.html"},
    }


def test_a_digest_adds_up_per_destination_and_names_what_somebody_should_look_at() -> None:
    subject, text = digest_of([notice(1), notice(2, "PARTIAL"), notice(3, destination="crm")], "sales")

    assert subject == "sales: 3 files finished, 1 to look at"
    assert text.splitlines() == [
        "3 files finished.",
        "",
        "crm: 1 DONE; 10 rows read, 10 delivered, 0 rejected, 0 duplicates, 0 refused, 0 not sent, 0 review",
        "shop: 1 DONE, 1 PARTIAL; 20 rows read, 20 delivered, 0 rejected, 0 duplicates, 0 refused, 0 not sent, "
        "0 review",
        "",
        "To look at:",
        "PARTIAL file2.csv: s3://b/reports/2.html",
    ]


def test_a_digest_leaves_archives_out_because_their_files_are_in_it() -> None:
    assert digest_of([notice(1), notice(2, kind="archive")], "sales")[0].startswith("sales: 1 file finished")


def test_a_digest_of_many_files_stays_short_and_says_so() -> None:
    many = [notice(number, "REJECTED", f"d{number}") for number in range(5_000)]
    _, text = digest_of(many, "sales", more=True)

    assert len(text.encode()) < 200_000  # SNS takes 262,144
    assert f"... and {5_000 - FILES_NAMED:,} more" in text
    assert "the next one" in text


def test_a_file_that_was_told_twice_counts_once() -> None:
    assert [each["file_id"] for each in distinct([notice(1), notice(2), notice(1)])] == ["f1", "f2"]
