"""Orders that take several rows, and archives of objects, on their whole way: cut, sent, given back."""

from __future__ import annotations

import json

from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from tests.workflows.delivery_world import DeliveryWorld, file_of, row

HEADER = "event_type,email,timestamp,order_id,value,currency,product_id,quantity,price"


def order(number: int, items: int = 3) -> list[str]:
    """The rows of one order; the further ones hold its id and an item."""
    first = f"{row(number)},P0,1,10.00"
    return [first, *(f",,,T-{number},,,P{item},1,10.00" for item in range(1, items))]


def refused(*indices: int) -> Answer:
    return Answer(
        AnswerKind.REFUSED, code=40002, http_status=200, request_id="R", refused_indices=indices, field="user.email"
    )


ACCEPTED = Answer(AnswerKind.ACCEPTED, code=0, http_status=200, request_id="R2")


def test_an_order_is_one_event_and_slices_close_between_orders() -> None:
    world = DeliveryWorld(settings={"order_rows": "order"}, rows_per_batch=2)
    upload = world.drop(file_of(*order(1), *order(2), *order(3), header=HEADER))
    assert [message.rows for message in world.pending()] == ["1,4", "7"]
    world.deliver_all()
    assert world.sent_order_ids() == ["T-1", "T-2", "T-3"]
    (first, *_) = world.sent_bodies()[0]["data"]
    assert len(first["properties"]["contents"]) == 3
    counts = world.summary(upload)["counts"]
    assert (counts["rows_read"], counts["accepted"], counts["ignored"], counts["delivered"]) == (9, 3, 6, 3)


def test_a_refused_order_goes_back_with_all_of_its_rows_in_order() -> None:
    world = DeliveryWorld(settings={"order_rows": "order"}, answers=[refused(0), ACCEPTED])
    upload = world.drop(file_of(*order(1), *order(2), header=HEADER))
    world.deliver_all()
    rows = world.report(upload, "rejected.csv")
    assert [(found["_line"], found["order_id"], found["product_id"]) for found in rows] == [
        ("2", "T-1", "P0"),
        ("3", "T-1", "P1"),
        ("4", "T-1", "P2"),
    ]
    assert {found["_codes"].partition(":")[0] for found in rows} == {"TIKTOK_REFUSED"}


def test_a_corrected_rejected_order_is_dropped_again_as_it_came_back() -> None:
    world = DeliveryWorld(settings={"order_rows": "order"})
    bad = [text.replace(",P2,1,", ",P2,many,") for text in order(1)]
    upload = world.drop(file_of(*bad, *order(2), header=HEADER))
    world.deliver_all()
    codes = [found["_codes"] for found in world.report(upload, "rejected.csv")]
    assert codes == ["ORDER_REJECTED", "ORDER_REJECTED", "QUANTITY_INVALID"]
    back = world.reports.get(f"{upload.report_folder}rejected.csv")
    world.drop(back.replace(b"many", b"1"), "uploads/shop/again.csv")
    world.deliver_all()
    assert sorted(world.sent_order_ids()) == ["T-1", "T-2"]


def test_objects_that_fail_go_back_as_objects() -> None:
    world = DeliveryWorld()
    found = {"event": "Purchase", "event_time": "2026-11-19T10:00:00Z", "email": "a@example.com", "value": 5}
    lines = [json.dumps(found), json.dumps({**found, "email": "nobody"}), "{broken"]
    upload = world.drop("\n".join(lines).encode(), "uploads/shop/events.jsonl")
    world.deliver_all()
    counts = world.summary(upload)["counts"]
    assert (counts["rows_read"], counts["accepted"], counts["rejected"], counts["delivered"]) == (3, 1, 2, 1)
    back = world.reports.get(f"{upload.report_folder}rejected.jsonl").splitlines()
    assert [json.loads(line)["_codes"] for line in back] == ["EMAIL_INVALID", "JSON_INVALID"]
