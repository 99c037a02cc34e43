"""From an order or an event id to what became of it."""

from __future__ import annotations

from typing import Any

from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.outcomes import Decision, Outcome
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.find_outcomes import (
    can_be_found_by_order,
    event_names_of,
    keys_of_event_id,
    keys_of_order,
)
from tests.workflows.delivery_world import SETTINGS, file_of, row
from tests.workflows.operator_world import OperatedWorld


def settings(**changes: Any) -> DestinationSettings:
    return DestinationSettings.model_validate({**SETTINGS, **changes})


def test_an_order_is_found_with_its_row_batch_and_request() -> None:
    world = OperatedWorld()
    upload = world.drop(file_of(row(1), row(2), row(3)))
    world.deliver_all()
    (found,) = world.find.events(keys_of_order(settings(), "T-3", event_names_of(settings())))
    assert (found.event, found.row, found.batch_id.number) == ("Purchase", 3, 2)
    assert found.decision == Decision(Outcome.DELIVERED)
    assert found.request_id == "request-2"
    assert found.file is not None
    assert found.file.upload.key == upload.key


def test_an_event_id_of_the_files_own_is_found_under_every_event_name() -> None:
    world = OperatedWorld()
    header = "event_type,email,timestamp,order_id,value,currency,event_id"
    world.drop(file_of(row(1) + ",EV-1", row(2, event="Contact") + ",EV-2", header=header))
    world.deliver_all()
    for event_id, event in (("EV-1", "Purchase"), ("EV-2", "Contact")):
        (found,) = world.find.events(keys_of_event_id(settings(), event_id, event_names_of(settings())))
        assert (found.event, found.event_id) == (event, event_id)


def test_an_order_id_that_serves_as_event_id_is_found_by_order_too() -> None:
    world = OperatedWorld()
    header = "event_type,email,timestamp,order_id,value,currency,event_id"
    world.drop(file_of(row(7) + ",T-7", header=header))
    world.deliver_all()
    assert len(world.find.events(keys_of_order(settings(), "T-7", ["Purchase"]))) == 1


def test_an_order_of_a_file_with_a_row_per_item_needs_the_product() -> None:
    world = OperatedWorld()
    header = (
        "transaction_category,transaction_timestamp,transaction_amount,currency,email_1,order_id,product_id,phone_1"
    )
    line = "Purchase,2026-11-19T10:00:00Z,10.00,USD,a@example.com,T-9,P-1,"
    world.drop(file_of(line, header=header))
    world.deliver_all()
    assert world.find.events(keys_of_order(settings(), "T-9", ["Purchase"])) == []
    assert len(world.find.events(keys_of_order(settings(), "T-9", ["Purchase"], "P-1"))) == 1


def test_an_event_that_nobody_sent_is_not_found_and_an_open_one_is_undecided() -> None:
    world = OperatedWorld()
    assert world.find.events(keys_of_order(settings(), "T-404", ["Purchase"])) == []
    world.drop(file_of(row(1)))
    world.tokens.tokens.clear()
    assert world.deliver(world.pending()[0]) is not None
    (found,) = world.find.events(keys_of_order(settings(), "T-1", ["Purchase"]))
    assert (found.decision.outcome, found.request_id) == (Outcome.UNDECIDED, "")


def test_the_setting_event_id_from_is_followed_where_the_order_is_enough() -> None:
    assert can_be_found_by_order(settings(event_id_from=["order_id", "contents[].content_id"]))
    assert not can_be_found_by_order(settings(event_id_from=["order_id", "email"]))
    plain = keys_of_order(settings(), "T-1", ["Purchase"])
    chosen = keys_of_order(settings(event_id_from=["order_id", "event"]), "T-1", ["Purchase"])
    assert set(plain) < set(chosen)


def test_event_names_hold_the_destinations_own_ones() -> None:
    names = event_names_of(settings(event_map={"Sale": "MyEvent"}, default_event="Lead"))
    assert {"MyEvent", "Purchase", "Lead"} <= set(names)
    assert len(names) == len(set(names))


def test_a_row_that_was_never_sent_is_told_apart_from_one_that_tiktok_refused() -> None:
    world = OperatedWorld(answers=(Answer(AnswerKind.REFUSED, code=40002, refused_indices=(0,)),))
    upload = world.drop(file_of(row(1), row(2), row(3)))
    assert world.deliver(world.pending()[0]) is None
    world.abandon.run(world.abandon.look(upload.file_id, 2))
    outcomes = {
        order: world.find.events(keys_of_order(settings(), order, ["Purchase"])) for order in ("T-1", "T-2", "T-3")
    }
    assert [found[0].outcome for found in (outcomes["T-1"], outcomes["T-2"])] == [Outcome.REFUSED, Outcome.DELIVERED]
    assert outcomes["T-3"] == []  # a batch that never ran claims nothing


def test_a_claimed_event_of_a_closed_batch_was_not_sent() -> None:
    world = OperatedWorld()
    upload = world.drop(file_of(row(1)))
    world.tokens.tokens.clear()
    assert world.deliver(world.pending()[0]) is not None
    world.abandon.run(world.abandon.look(upload.file_id, 1))
    (found,) = world.find.events(keys_of_order(settings(), "T-1", ["Purchase"]))
    assert (found.outcome, found.decision.code) == (Outcome.NOT_SENT, "CLOSED_BY_OPERATOR")
