"""Exports that cannot be used alone, and files that hold no events."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.layouts.columns import map_columns, refuse_missing
from conversion_delivery.domain.layouts.layouts import layout_named, recognised_shape
from tests.domain.rows_to_read import settings


@pytest.mark.parametrize(
    "name",
    [
        "square",
        "hubspot_deals",
        "salesforce_opportunity",
        "salesforce_opportunity_report",
        "google_ads_click_conversions",
    ],
)
def test_an_export_without_people_is_refused_in_words_about_that_export(name: str) -> None:
    layout = layout_named(name)
    header = [header for header, field in layout.columns if field not in ("email", "phone")]
    with pytest.raises(UploadRejected) as refused:
        refuse_missing(map_columns(header, settings(), layout), settings(), layout)

    assert refused.value.code == "FORMAT_UNJOINABLE"
    assert refused.value.facts == {"layout": layout.title, "advice": layout.unjoinable}
    refuse_missing(
        map_columns([*header, "Email"], settings(default_event="Lead"), layout), settings(default_event="Lead"), layout
    )


def test_an_export_with_people_that_lacks_something_else_is_told_what() -> None:
    layout = layout_named("square")
    with pytest.raises(UploadRejected) as refused:
        refuse_missing(map_columns(["Total Collected", "Email"], settings(), layout), settings(), layout)

    assert (refused.value.code, refused.value.facts["field"]) == ("COLUMN_REQUIRED", "event_time")


@pytest.mark.parametrize("name", ["tiktok_customer_file", "mparticle_batches"])
def test_a_file_that_cannot_be_read_at_all_is_refused_with_a_reason(name: str) -> None:
    layout = layout_named(name)
    header = [header for header, _ in layout.columns]
    with pytest.raises(UploadRejected) as refused:
        refuse_missing(map_columns(header, settings(), layout), settings(), layout)

    assert (refused.value.code, refused.value.facts["reason"]) == ("FORMAT_REFUSED", layout.refusal)


def test_a_near_miss_of_a_path_is_seen_in_its_last_part() -> None:
    layout = layout_named("json_lines")
    columns = map_columns(["event", "order.evnt_time", "user.email"], settings(), layout)
    with pytest.raises(UploadRejected) as refused:
        refuse_missing(columns, settings(), layout)

    assert refused.value.facts["suggestion"] == "order.evnt_time"


def test_events_taken_out_of_their_batch_can_be_read() -> None:
    paths = ["event_type", "data.event_name", "data.timestamp_unixtime_ms", "user_identities.email"]
    layout = recognised_shape(paths, "offline")

    assert layout.name == "mparticle_event"
    refuse_missing(map_columns(paths, settings(), layout), settings(), layout)
