"""Archives of raw events as customer data platforms and analytics tools export them: one JSON object per line."""

from __future__ import annotations

import json
import re
from typing import Any

Event = dict[str, Any]

_NUMBER = re.compile(r'"(<-?\d+h unix(?:ms)?>)"')


def lines(*events: Event | str) -> str:
    """One line each; a text stands as it is, and moments in Unix time are numbers."""
    texts = (event if isinstance(event, str) else json.dumps(event, separators=(",", ":")) for event in events)
    return "".join(_NUMBER.sub(r"\1", text) + "\n" for text in texts)


_MUG = {"product_id": "p1", "name": "Mug", "category": "Kitchen", "brand": "Acme", "price": 12.5, "quantity": 2}
_LAMP = {"product_id": "p2", "name": "Desk Lamp", "category": "Home", "brand": "Lumen", "price": 30.0, "quantity": 1}


def _segment(number: int, age: int, event: str, traits: Event | None = None, **properties: Any) -> Event:
    context = {
        "traits": traits or {},
        "library": {"name": "analytics.js"},
        "page": {"url": "https://shop.example.com/"},
    }
    ids = {"messageId": f"ajs-{number}", "anonymousId": f"a{number}", "userId": f"u{number}"}
    return {"type": "track", "event": event, **ids, "timestamp": f"<{age}h millis>", "context": context} | {
        "properties": properties
    }


_FIRST_ORDER = _segment(
    1,
    4,
    "Order Completed",
    {"email": "USER1@example.com"},
    email="user1@example.com",
    phone="+14155550109",
    order_id="S-1",
    revenue=55.0,
    total=62.9,
    currency="USD",
    shop_id="NYC",
    products=[_MUG, _LAMP],
)

SEGMENT = lines(
    _FIRST_ORDER,
    _segment(2, 9, "Order Completed", {"email": "user2@example.com"}, order_id="S-2", value=20, currency="EUR"),
    _segment(3, 15, "Product Added", {"phone": "+14155550103"}, **_MUG),
    {"type": "identify", "messageId": "ajs-4", "timestamp": "<18h millis>", "traits": {"email": "user4@example.com"}},
    {"type": "page", "messageId": "ajs-5", "timestamp": "<19h millis>", "name": "Home", "context": {"traits": {}}},
    _segment(6, 22, "Button Clicked", {"email": "user6@example.com"}, label="more"),
    _segment(7, 26, "Signed Up", {"email": "user7@example.com"}),
    _segment(8, 29, "Order Refunded", {"email": "user8@example.com"}, order_id="S-0", revenue=19.0, currency="USD"),
    _segment(9, 33, "Order Completed", order_id="S-9", revenue=18.0, currency="USD"),
    _segment(10, 37, "Order Completed", {"email": "user10@example.com"}, order_id="S-10", total=30, currency="USD"),
    _FIRST_ORDER,
    '{"type":"track","event":"Order Completed","messageId":"ajs-12","timestamp":"2026-11-',
    _segment(13, 43, "Form Submitted", {"email": "user13@example.com", "phone": "(415) 555-0113"}),
    _segment(14, 47, "Order Completed", {"email": "user14@example.com"}, order_id="S-14", revenue=8.0, currency="USD")
    | {"timestamp": None},
)


def _rudder(number: int, age: int, event: str, traits: Event, **properties: Any) -> Event:
    ids = {"type": "track", "event": event, "messageId": f"m{number}", "channel": "server"}
    return ids | {
        "timestamp": f"<{age}h millis>",
        "context": {"traits": traits},
        "properties": {"eventSetId": "7654321098765432112", **properties},
    }


RUDDERSTACK = lines(
    _rudder(
        1,
        3,
        "order completed",
        {"email": "rs1@example.com", "phone": "+14155550121"},
        eventId="e1",
        order_id="R-1",
        value=42.5,
        currency="USD",
        products=[{"product_id": 1, "price": 12.5, "quantity": 1}, {"productId": 2, "price": 30, "quantity": 1}],
    ),
    _rudder(
        2,
        8,
        "Order Completed",
        {"email": ["rs2@example.com", "rs2@example.org"]},
        orderId="R-2",
        value=17,
        currency="USD",
        shopId="NYC",
    ),
    _rudder(3, 14, "product added", {"phone": "+14155550123"}, products=[{"product_id": 3, "quantity": 1}]),
    _rudder(4, 20, "checkout started", {"email": "rs4@example.com"}, value=60, currency="USD"),
    {
        "type": "identify",
        "messageId": "m5",
        "timestamp": "<24h millis>",
        "context": {"traits": {"email": "x@example.com"}},
    },
    _rudder(6, 27, "video played", {"email": "rs6@example.com"}),
    _rudder(7, 32, "order completed", {}, order_id="R-7", value=5, currency="USD"),
    _rudder(8, 36, "order completed", {"email": "rs8@example.com"}, order_id="R-8", value="n/a", currency="USD"),
    _rudder(9, 41, "order completed", {"email": "rs9@example.com"}, order_id="R-9", value=-5, currency="USD"),
)


def _mixpanel(number: int, event: str, time: str | float, **properties: Any) -> Event:
    ids = {"time": time, "$insert_id": f"ins{number:05}", "distinct_id": f"d{number}"}
    return {"event": event, "properties": ids | properties}


MIXPANEL = lines(
    _mixpanel(
        1,
        "Purchase",
        "<5h unix>",
        **{"$email": "mx1@example.com", "phone": "+13125550161", "amount": 30.5, "currency": "USD", "order_id": "M-1"},
        store="CHI-01",
    ),
    _mixpanel(
        2, "Purchase", "<11h unixms>", **{"$email": "mx2@example.com"}, amount=12, currency="USD", order_id="M-2"
    ),
    _mixpanel(3, "App Open", "<16h unix>", **{"$email": "mx3@example.com"}),
    _mixpanel(4, "Purchase", "<21h unix>", phone="+13125550164", amount="18.00", currency="USD", order_id="M-4"),
    _mixpanel(
        5, "Purchase", "<25h unix>", **{"$email": "mx5 at example.com"}, amount=9, currency="USD", order_id="M-5"
    ),
    _mixpanel(6, "Sign Up Started", "<30h unix>", **{"$email": "mx6@example.com"}),
    _mixpanel(7, "Purchase", "<900h unix>", **{"$email": "mx7@example.com"}, amount=9, currency="USD", order_id="M-7"),
    _mixpanel(8, "Purchase", "<36h unix>", **{"$email": "mx8@example.com"}, amount=9, currency="BAM", order_id="M-8"),
)


def _amplitude(number: int, age: int, event: str, user: Event, **properties: Any) -> Event:
    ids = {"event_type": event, "event_time": f"<{age}h micros>", "$insert_id": f"ins{number}", "user_id": f"u{number}"}
    return (
        ids
        | {"uuid": f"00000000-0000-0000-0000-00000000000{number}", "user_properties": user}
        | {
            "event_properties": properties,
            "ip_address": "192.0.2.1",
        }
    )


AMPLITUDE = lines(
    _amplitude(
        1,
        6,
        "Order Completed",
        {"email": "am1@example.com", "phone": "+14155550131"},
        order_id="A-1",
        revenue=59.9,
        currency="USD",
    ),
    _amplitude(2, 10, "Order Completed", {"email": "am2@example.com"}, order_id="A-2", revenue=15, currency="USD"),
    _amplitude(3, 17, "session_start", {"email": "am3@example.com"}),
    _amplitude(
        4, 23, "Order Completed", {"contact_mail": "am4@example.com"}, order_id="A-4", revenue=7, currency="USD"
    ),
    _amplitude(5, 28, "Order Completed", {"plan": "free"}, order_id="A-5", revenue=7, currency="USD"),
    _amplitude(6, 34, "Signed Up", {"email": "am6@example.com"}),
    _amplitude(2, 10, "Order Completed", {"email": "am2@example.com"}, order_id="A-2", revenue=15, currency="USD"),
    "[]",
)

AMPLITUDE_HOURS = {
    "187520_2026-11-20_6#0.json.gz": lines(
        _amplitude(1, 6, "Order Completed", {"email": "ah1@example.com"}, order_id="H-1", revenue=24.5, currency="USD"),
        _amplitude(2, 6, "session_start", {"email": "ah2@example.com"}),
    ),
    "187520_2026-11-20_7#0.json.gz": lines(
        _amplitude(3, 5, "Order Completed", {"phone": "+14155550133"}, order_id="H-3", revenue=8, currency="EUR"),
        _amplitude(4, 5, "Order Completed", {"email": "ah4@example.com"}, order_id="H-4", revenue="free"),
        _amplitude(5, 5, "Signed Up", {"email": "ah5@example.com"}),
    ),
}
"""An export of two hours: Amplitude packs a compressed file per hour into one archive."""


def _mparticle(age: int, name: str, identities: Event, **attributes: Any) -> Event:
    event = {"name": name, "custom_attributes": attributes}
    return {"event": event, "user_identities": identities, "timestamp_unixtime_ms": f"<{age}h unixms>"}


MPARTICLE = lines(
    _mparticle(
        5, "Purchase", {"email": "mp1@example.com", "mobile_number": "+14155550141", "customer_id": "u1"}, total=20
    ),
    _mparticle(12, "Purchase", {"mobile_number": "+14155550142"}, total=35.5, currency="EUR"),
    _mparticle(19, "Contact", {"email": "mp3@example.com"}),
    _mparticle(24, "Screen View", {"email": "mp4@example.com"}),
    _mparticle(31, "Purchase", {"customer_id": "u5"}, total=12),
    _mparticle(38, "Purchase", {"email": "mp6@example.com"}),
)


def _batch(person: Event, *events: tuple[int, str]) -> Event:
    data = [{"event_name": name, "timestamp_unixtime_ms": f"<{age}h unixms>"} for age, name in events]
    return {"events": [{"event_type": "custom_event", "data": each} for each in data], "user_identities": person}


MPARTICLE_BATCHES = lines(
    _batch({"email": "mb1@example.com"}, (6, "Purchase"), (5, "Contact")),
    _batch({"email": "mb2@example.com", "customer_id": "u2"}, (14, "Purchase")),
)


def _commanders_act(number: int, age: int, user: Event, value: Any, *items: Event) -> Event:
    return {
        "id": str(number),
        "context": {"event_timestamp": f"<{age}h unixms>"},
        "user": user,
        "shop_id": "PAR-01",
        "items": list(items),
        "currency": "EUR",
        "value": value,
        "type": "in_store",
    }


def _product(number: int, name: str, price: float, quantity: int) -> Event:
    product = {"name": name, "price": price, "category_1": "Home", "category_2": "Kitchen"}
    return {"id": f"P-{number}", "quantity": quantity, "type": "product", "product": product}


COMMANDERS_ACT = lines(
    _commanders_act(
        10001,
        4,
        {"email": "ca1@example.com", "phone": "+33199001201"},
        59.9,
        _product(10, "Mug", 12.5, 2),
        _product(11, "Bowl", 34.9, 1),
    ),
    _commanders_act(10002, 10, {"email": "ca2@example.com"}, 12.5, _product(10, "Mug", 12.5, 1)),
    _commanders_act(10003, 18, {"phone": "01 99 00 12 03"}, "25,00", _product(10, "Mug", 12.5, 2)),
    _commanders_act(10004, 25, {}, 12.5, _product(10, "Mug", 12.5, 1)),
    _commanders_act(10005, 32, {"email": "ca5@example.com"}, None, _product(10, "Mug", 12.5, 1)),
    _commanders_act(10002, 10, {"email": "ca2@example.com"}, 12.5, _product(10, "Mug", 12.5, 1)),
)

FILES = {
    "segment.jsonl": SEGMENT,
    "rudderstack.jsonl": RUDDERSTACK,
    "mixpanel.jsonl": MIXPANEL,
    "amplitude.jsonl": AMPLITUDE,
    "mparticle.jsonl": MPARTICLE,
    "mparticle_batches.jsonl": MPARTICLE_BATCHES,
    "commanders_act.jsonl": COMMANDERS_ACT,
}
