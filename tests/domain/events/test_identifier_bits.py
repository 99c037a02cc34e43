"""Which identifiers an event carries, as the report counts them."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.domain.conversions import Conversion
from conversion_delivery.domain.events.tiktok_events import KEY_BITS, EventEncoder
from tests.domain.reports.built_summaries import reading_plan

EVERYTHING = {
    "external_id": "c-1",
    "lead_id": "9876543210123456789",
    "ttclid": "E.C.P.1",
    "ttp": "94e2a4j9-h3ss-k5h5-98cc-c84n745mk900",
    "ip": "198.51.100.7",
    "url": "https://shop.example.com/",
}


def names_of(bits: int) -> set[str]:
    return {name for name, bit in KEY_BITS.items() if bits & bit}


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("offline", {"email", "phone"}),
        ("web", {"email", "phone", "external_id", "ttclid", "ttp", "ip"}),
        ("crm", {"email", "phone", "external_id", "lead_id"}),
    ],
)
def test_the_bits_name_what_is_sent_to_this_source(source: str, sent: set[str]) -> None:
    fields: dict[str, Any] = {**EVERYTHING, "emails": ("a@example.com",), "phones": ("+14155550123",)}
    encoder = EventEncoder(reading_plan(event_source=source))
    conversion = Conversion("Purchase", 1_795_000_000, **fields)

    assert names_of(encoder.encode(conversion).keys) == sent
    element = encoder.event_dict(conversion)
    in_the_body = {name for name in KEY_BITS if name in element["user"] or name in element.get("lead", {})}
    assert in_the_body == sent


def test_an_event_without_identifiers_has_no_bit() -> None:
    assert EventEncoder(reading_plan()).encode(Conversion("Purchase", 1_795_000_000)).keys == 0
