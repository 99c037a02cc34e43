"""Delivering a batch: what is sent, what is remembered, and when the message goes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pytest

from conversion_delivery.domain.batches import BatchMessage, Position
from conversion_delivery.domain.errors import ContractBroken, UploadRejected
from conversion_delivery.domain.outcomes import Claim, Outcome, outcome_of
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import Rows
from conversion_delivery.workflows.assembly import assemble_sender
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.events_api_ports import UNLISTED_CODE, Answer, AnswerKind
from conversion_delivery.workflows.ports import ClaimAnswer
from tests.workflows.delivery_world import NOW, SETTINGS, DeliveryWorld, file_of, row

HOUR = 3600.0

ACCEPTED = Answer(AnswerKind.ACCEPTED, code=0, http_status=200, request_id="R1")
LOST = Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")
THROTTLED = Answer(AnswerKind.THROTTLED, code=40100)
BAD_TOKEN = Answer(AnswerKind.BAD_CREDENTIALS, code=40105)


def refused(*indices: int) -> Answer:
    return Answer(
        AnswerKind.REFUSED,
        code=40002,
        http_status=200,
        request_id="R",
        refused_indices=indices or None,
        field="user.email",
    )


def single_batch(world: DeliveryWorld, *rows: str) -> BatchMessage:
    world.drop(file_of(*(rows or (row(1), row(2), row(3)))))
    (message,) = world.pending()
    return message


def test_every_accepted_row_is_sent_once_and_reported_delivered() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1), row(2), row(3)))
    world.deliver_all()
    assert world.sent_order_ids() == ["T-1", "T-2", "T-3"]
    counts = world.summary(upload)["counts"]
    assert (counts["rows_read"], counts["accepted"], counts["delivered"], counts["open"]) == (3, 3, 3, 0)
    assert {result["outcome"] for result in world.report(upload, "results.csv")} == {"delivered"}


def test_the_request_carries_the_source_and_hashed_identifiers_only() -> None:
    world = DeliveryWorld()
    single_batch(world)
    world.deliver_all()
    (body,) = world.sent_bodies()
    assert (body["event_source"], body["event_source_id"]) == ("offline", "7654321098765432109")
    assert "buyer1@example.com" not in json.dumps(body)
    assert len(body["data"][0]["user"]["email"]) == 64


def test_the_same_rows_in_another_file_are_duplicates_and_nothing_is_sent() -> None:
    world = DeliveryWorld()
    world.drop(file_of(row(1), row(2)))
    world.deliver_all()
    again = world.drop(file_of(row(1), row(2)), "uploads/shop/again.csv")
    world.deliver_all()
    assert len(world.api.requests) == 1
    counts = world.summary(again)["counts"]
    assert (counts["accepted"], counts["duplicates"], counts["delivered"]) == (0, 2, 0)
    assert world.summary(again)["outcomes"] == {"ALREADY_DELIVERED": 2}


def test_an_overlapping_file_sends_only_its_new_rows() -> None:
    world = DeliveryWorld()
    world.drop(file_of(row(1), row(2)))
    world.deliver_all()
    world.drop(file_of(row(2), row(3)), "uploads/shop/next.csv")
    world.deliver_all()
    assert world.sent_order_ids() == ["T-1", "T-2", "T-3"]


def test_delivered_content_that_changed_is_not_sent_again_and_said_so() -> None:
    world = DeliveryWorld()
    world.drop(file_of(row(1, value="10.00")))
    world.deliver_all()
    changed = world.drop(file_of(row(1, value="99.00")), "uploads/shop/changed.csv")
    world.deliver_all()
    assert len(world.api.requests) == 1
    assert world.summary(changed)["outcomes"] == {"CHANGED_AFTER_DELIVERY": 1}


def test_copies_inside_a_batch_are_sent_once() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1), row(2), row(1), row(2, value="77.00")))
    world.deliver_all()
    assert world.sent_order_ids() == ["T-1", "T-2"]
    assert world.summary(upload)["outcomes"] == {"CHANGED_COPY_IN_BATCH": 1, "COPY_IN_BATCH": 1}
    assert [result["outcome"] for result in world.report(upload, "results.csv")] == [
        "delivered", "delivered", "duplicate", "duplicate",
    ]  # fmt: skip


def test_a_named_refusal_costs_only_its_own_row() -> None:
    world = DeliveryWorld(answers=[refused(1)])
    upload = world.drop(file_of(row(1), row(2), row(3)))
    world.deliver_all()
    assert world.sent_order_ids() == ["T-1", "T-2", "T-3", "T-1", "T-3"]
    results = world.report(upload, "results.csv")
    assert [result["outcome"] for result in results] == ["delivered", "refused", "delivered"]
    assert results[1]["code"] == "TIKTOK_REFUSED:40002:user.email"
    (returned,) = world.report(upload, "rejected.csv")
    assert (returned["order_id"], returned["_line"]) == ("T-2", "3")
    assert "40002" in returned["_messages"]


def test_a_refusal_without_a_name_is_found_by_halving() -> None:
    bad = "T-5"
    world = DeliveryWorld()

    class PickyApi:
        requests = world.api.requests

        def track(self, token: str, body: bytes) -> Answer:
            world.api.track(token, body)
            orders = [event["properties"]["order_id"] for event in json.loads(body)["data"]]
            return refused() if bad in orders else ACCEPTED

    world.send._post._api = PickyApi()
    upload = world.drop(file_of(*(row(number) for number in range(1, 33))))
    world.deliver_all()
    results = world.report(upload, "results.csv")
    assert [result["order_id"] for result in results if result["outcome"] == "refused"] == [bad]
    assert world.summary(upload)["counts"]["delivered"] == 31
    assert len(world.api.requests) <= 1 + 2 * 5


def test_an_answer_that_never_comes_is_tried_again_with_the_same_event_ids() -> None:
    world = DeliveryWorld(answers=[LOST])
    message = single_batch(world)
    first = world.deliver(message)
    assert first is not None
    assert first.code == "OUTAGE"
    assert world.deliver(message) is None
    first_ids, second_ids = ([event["event_id"] for event in body["data"]] for body in world.sent_bodies())
    assert first_ids == second_ids


def test_after_47_hours_without_an_answer_the_rows_are_held_for_review_and_not_sent() -> None:
    world = DeliveryWorld(answers=[LOST])
    upload = world.drop(file_of(row(1), row(2)))
    (message,) = world.pending()
    world.deliver(message)
    world.time += 47 * HOUR
    assert world.deliver(message) is None
    assert len(world.api.requests) == 1
    counts = world.summary(upload)["counts"]
    assert (counts["delivered"], counts["review"], counts["open"]) == (0, 2, 0)
    assert world.summary(upload)["state"] == "PARTIAL"


def test_with_no_dedup_window_an_unknown_outcome_goes_to_review_at_once() -> None:
    world = DeliveryWorld(answers=[LOST], limits=DeliveryLimits(dedup_window=0))
    upload = world.drop(file_of(row(1)))
    (message,) = world.pending()
    world.deliver(message)
    assert world.deliver(message) is None
    assert len(world.api.requests) == 1
    assert world.summary(upload)["counts"]["review"] == 1


def test_a_refusal_after_a_lost_answer_is_review_because_the_first_may_have_counted() -> None:
    world = DeliveryWorld(answers=[LOST, refused(0)])
    upload = world.drop(file_of(row(1), row(2)))
    (message,) = world.pending()
    world.deliver(message)
    assert world.deliver(message) is None
    assert [result["outcome"] for result in world.report(upload, "results.csv")] == ["review", "delivered"]


def test_a_row_in_review_is_never_sent_by_another_file() -> None:
    world = DeliveryWorld(answers=[LOST, refused(0)])
    world.drop(file_of(row(1)))
    (message,) = world.pending()
    world.deliver(message)
    world.deliver(message)
    world.queue.batches.clear()
    other = world.drop(file_of(row(1)), "uploads/shop/other.csv")
    world.deliver_all()
    assert len(world.api.requests) == 2
    assert world.summary(other)["outcomes"] == {"FIRST_COPY_IN_REVIEW": 1}


def test_a_throttled_request_decides_nothing_and_leaves_no_doubt() -> None:
    world = DeliveryWorld(answers=[THROTTLED])
    message = single_batch(world)
    later = world.deliver(message)
    assert later is not None
    assert later.code == "THROTTLED"
    record = world.progress.batch(message.batch_id)
    assert record is not None
    assert record.maybe_sent_at is None
    world.time += 60
    assert world.deliver(message) is None


def test_a_refused_token_is_read_once_more_before_the_gate_shuts() -> None:
    world = DeliveryWorld(answers=[BAD_TOKEN])
    message = single_batch(world)
    assert world.tokens.token("shop") == "token-1"
    world.tokens.tokens["shop"] = "token-2"
    assert world.deliver(message) is None
    assert [request.token for request in world.api.requests] == ["token-1", "token-2"]


def test_a_refused_token_shuts_the_gate_rejects_no_row_and_drains_after_renewal() -> None:
    world = DeliveryWorld(answers=[BAD_TOKEN])
    upload = world.drop(file_of(row(1), row(2)))
    (message,) = world.pending()
    later = world.deliver(message)
    assert later is not None
    assert later.code == "TOKEN_REFUSED"
    assert world.telemetry.counts["TokenRefused"] == 1
    shut = world.deliver(message)
    assert shut is not None
    assert shut.code == "GATE_SHUT"
    assert len(world.api.requests) == 1
    world.tokens.tokens["shop"] = "token-2"
    world.time += 24 * HOUR
    assert world.deliver(message) is None
    assert world.summary(upload)["counts"]["delivered"] == 2
    assert world.progress.gate("shop") is None


def test_a_missing_secret_makes_batches_wait_and_rings() -> None:
    world = DeliveryWorld()
    del world.tokens.tokens["shop"]
    message = single_batch(world)
    later = world.deliver(message)
    assert later is not None
    assert later.code == "SECRET_MISSING"
    assert world.telemetry.counts["TokenRefused"] == 1
    assert world.api.requests == []


def test_a_wrong_event_set_makes_batches_wait_instead_of_refusing_rows() -> None:
    world = DeliveryWorld(answers=[Answer(AnswerKind.MISCONFIGURED, code=40002, field="event_source_id")])
    message = single_batch(world)
    later = world.deliver(message)
    assert later is not None
    assert later.code == "MISCONFIGURED"
    record = world.progress.batch(message.batch_id)
    assert record is not None
    assert not record.refused


def test_a_partial_answer_is_read_per_event() -> None:
    partial = Answer(AnswerKind.PARTIAL, code=20001, http_status=200, request_id="P", refused_indices=(0,))
    world = DeliveryWorld(answers=[partial])
    upload = world.drop(file_of(row(1), row(2)))
    world.deliver_all()
    assert [result["outcome"] for result in world.report(upload, "results.csv")] == ["refused", "delivered"]


def test_a_partial_answer_that_names_nobody_is_no_answer() -> None:
    world = DeliveryWorld(answers=[Answer(AnswerKind.PARTIAL, code=20001, http_status=200)])
    message = single_batch(world)
    assert world.deliver(message) is not None
    record = world.progress.batch(message.batch_id)
    assert record is not None
    assert record.maybe_sent_at == NOW
    assert not record.accepted


def test_nothing_is_sent_while_a_claim_has_no_answer() -> None:
    world = DeliveryWorld()
    message = single_batch(world)
    answer_all = world.ledger.claim

    class HalfDeafLedger:
        owners = staticmethod(world.ledger.owners)
        take_over = staticmethod(world.ledger.take_over)

        def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
            return [*answer_all(claims)[:-1], ClaimAnswer.UNANSWERED]

    world.send._claim._ledger = HalfDeafLedger()
    later = world.deliver(message)
    assert later is not None
    assert later.code == "CLAIM_UNANSWERED"
    assert world.api.requests == []


def test_a_batch_that_somebody_else_leases_is_handed_back() -> None:
    world = DeliveryWorld()
    message = single_batch(world)
    world.progress.lease(message.batch_id, "somebody", NOW, NOW + 100)
    later = world.deliver(message)
    assert later is not None
    assert later.code == "LEASED_ELSEWHERE"
    assert world.api.requests == []


def test_a_delivered_batch_that_comes_again_sends_nothing() -> None:
    world = DeliveryWorld()
    message = single_batch(world)
    assert world.deliver(message) is None
    assert world.deliver(message) is None
    assert len(world.api.requests) == 1


def test_a_corrected_row_takes_the_event_over_after_a_certain_refusal() -> None:
    world = DeliveryWorld(answers=[refused(0)])
    world.drop(file_of(row(1, value="1.00")))
    world.deliver_all()
    corrected = world.drop(file_of(row(1, value="2.00")), "uploads/shop/corrected.csv")
    world.deliver_all()
    assert world.summary(corrected)["counts"]["delivered"] == 1
    assert len(world.api.requests) == 2


def test_the_same_content_that_tiktok_refused_is_not_sent_again() -> None:
    world = DeliveryWorld(answers=[refused(0)])
    world.drop(file_of(row(1)))
    world.deliver_all()
    same = world.drop(file_of(row(1)), "uploads/shop/same.csv")
    world.deliver_all()
    assert world.summary(same)["counts"]["refused"] == 1
    assert len(world.api.requests) == 1


def test_a_row_waits_for_an_undecided_first_copy_then_gives_up_without_sending() -> None:
    world = DeliveryWorld(answers=[LOST])
    world.drop(file_of(row(1)))
    (first,) = world.pending()
    world.deliver(first)
    world.queue.batches.clear()
    second = world.drop(file_of(row(1), row(2)), "uploads/shop/second.csv")
    (message,) = world.pending()
    later = world.deliver(message)
    assert later is not None
    assert later.code == "FIRST_COPY_PENDING"
    assert world.sent_order_ids() == ["T-1", "T-2"]
    world.time += HOUR
    assert world.deliver(message) is None
    assert world.sent_order_ids() == ["T-1", "T-2"]
    assert world.summary(second)["outcomes"] == {"FIRST_COPY_UNDECIDED": 1}


def test_a_row_that_waited_is_told_the_outcome_of_its_first_copy_when_that_is_known() -> None:
    world = DeliveryWorld(answers=[LOST])
    world.drop(file_of(row(1)))
    (first,) = world.pending()
    world.deliver(first)
    world.queue.batches.clear()
    second = world.drop(file_of(row(1), row(2)), "uploads/shop/second.csv")
    (message,) = world.pending()
    world.deliver(message)
    assert world.deliver(first) is None
    assert world.deliver(message) is None
    assert world.summary(second)["outcomes"] == {"ALREADY_DELIVERED": 1}


def test_a_vanished_source_closes_the_batch_and_frees_its_events() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1), row(2)))
    world.uploads.delete(upload)
    world.deliver_all()
    counts = world.summary(upload)["counts"]
    assert (counts["not_sent"], counts["delivered"], counts["open"]) == (2, 0, 0)
    again = world.drop(file_of(row(1), row(2)), "uploads/shop/again.csv")
    world.deliver_all()
    assert world.summary(again)["counts"]["delivered"] == 2


def test_no_post_begins_when_the_function_is_nearly_out_of_time() -> None:
    world = DeliveryWorld()
    message = single_batch(world)
    world.remaining = 30.0
    later = world.deliver(message)
    assert later is not None
    assert later.code == "ATTEMPT_SPENT"
    assert world.api.requests == []


def test_a_message_for_a_file_nobody_knows_breaks_the_contract() -> None:
    world = DeliveryWorld()
    message = single_batch(world)
    world.progress.files.clear()
    with pytest.raises(ContractBroken) as broken:
        world.deliver(message)
    assert broken.value.code == "FILE_UNKNOWN"


def test_events_above_the_body_limit_go_out_in_several_requests_each_with_its_own_settle() -> None:
    world = DeliveryWorld(limits=DeliveryLimits(body_bytes=1500))
    upload = world.drop(file_of(*(row(number) for number in range(1, 10))))
    world.deliver_all()
    assert len(world.api.requests) > 1
    assert all(len(request.body) <= 1500 for request in world.api.requests)
    assert world.summary(upload)["counts"]["delivered"] == 9


def test_the_ledger_says_delivered_only_for_rows_that_tiktok_accepted() -> None:
    world = DeliveryWorld(answers=[refused(0)])
    single_batch(world)
    world.deliver_all()
    outcomes = {
        key.rpartition("#")[2]: outcome_of(world.progress.batch(message_id), owner.row).outcome
        for key, owner in world.ledger.claims.items()
        for message_id in world.progress.records
    }
    assert sorted(outcomes.values()) == [Outcome.DELIVERED, Outcome.DELIVERED, Outcome.REFUSED]


def test_a_file_that_was_tried_with_a_test_event_code_is_still_delivered_afterwards() -> None:
    world = DeliveryWorld(settings={"test_event_code": "TEST123"})
    world.drop(file_of(row(1)))
    world.deliver_all()
    assert world.sent_bodies()[0]["test_event_code"] == "TEST123"
    world.destinations.documents["shop"] = json.dumps(SETTINGS)
    real = world.drop(file_of(row(1)), "uploads/shop/real.csv")
    world.deliver_all()
    assert world.summary(real)["counts"]["delivered"] == 1


def test_a_partial_answer_that_names_an_event_we_did_not_send_is_no_answer() -> None:
    strange = Answer(AnswerKind.PARTIAL, code=20001, http_status=200, refused_indices=(7,))
    world = DeliveryWorld(answers=[strange])
    message = single_batch(world)
    assert world.deliver(message) is not None
    record = world.progress.batch(message.batch_id)
    assert record is not None
    assert not record.accepted


def test_an_event_that_is_too_large_is_review_while_an_earlier_post_has_no_answer() -> None:
    world = DeliveryWorld(answers=[LOST])
    upload = world.drop(file_of(row(1)))
    (message,) = world.pending()
    world.deliver(message)
    world.send._post._limits = DeliveryLimits(body_bytes=10)
    assert world.deliver(message) is None
    assert world.summary(upload)["counts"]["review"] == 1


def test_a_code_that_nobody_lists_is_no_answer_and_rings() -> None:
    world = DeliveryWorld(answers=[Answer(AnswerKind.UNKNOWN, code=49999, http_status=200, cause=UNLISTED_CODE)])
    message = single_batch(world)
    assert world.deliver(message) is not None
    assert world.telemetry.counts["UnlistedCodes"] == 1
    assert world.deliver(message) is None


def test_a_batch_that_tiktok_refuses_row_by_row_rings() -> None:
    world = DeliveryWorld(answers=[refused(0), refused(0)])
    world.drop(file_of(row(1), row(2)))
    world.deliver_all()
    assert world.telemetry.counts["BatchesRefusedWhole"] == 1


def test_events_held_for_review_ring() -> None:
    world = DeliveryWorld(answers=[LOST], limits=DeliveryLimits(dedup_window=0))
    message = single_batch(world)
    world.deliver(message)
    world.deliver(message)
    assert world.telemetry.counts["EventsHeldForReview"] == 3


class StricterReading(Reading):
    """Today's rules: reading stops before the last row, as it does at an order that is now too long to be held."""

    def rows(self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position) -> Rows:
        return _Stopped(super().rows(plan, blocks, start))


class _Stopped:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def position(self) -> Position:
        return self._rows.position()

    def is_border(self) -> bool:
        return self._rows.is_border()

    def __iter__(self) -> Iterator[JudgedRow]:
        yield from list(self._rows)[:-1]
        raise UploadRejected("ORDER_ENDLESS", line=4, rows=20_001)


def with_stricter_rules(world: DeliveryWorld) -> None:
    world.send = assemble_sender(replace(world.sender_ports, reading=StricterReading()), DeliveryLimits())


def test_a_row_that_todays_rules_do_not_come_to_is_not_sent_and_its_batch_closes() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1), row(2), row(3)))
    with_stricter_rules(world)
    world.deliver_all()
    assert world.sent_order_ids() == ["T-1", "T-2"]
    summary = world.summary(upload)
    assert (summary["counts"]["delivered"], summary["counts"]["not_sent"], summary["counts"]["open"]) == (2, 1, 0)
    assert summary["outcomes"] == {"NO_LONGER_VALID": 1}
    assert world.telemetry.counts["ReconciliationMismatch"] == 1


def test_such_a_row_is_held_for_review_while_an_earlier_post_has_no_answer() -> None:
    world = DeliveryWorld(answers=[LOST, ACCEPTED])
    upload = world.drop(file_of(row(1), row(2), row(3)))
    (message,) = world.pending()
    assert world.deliver(message) is not None
    with_stricter_rules(world)
    world.deliver_all()
    counts = world.summary(upload)["counts"]
    assert (counts["delivered"], counts["review"], counts["not_sent"], counts["open"]) == (2, 1, 0, 0)
