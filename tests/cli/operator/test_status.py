"""``conversions status``: a file, an order, an event."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from tests.cli.operator.conftest import Workplace
from tests.workflows.delivery_world import file_of, row
from tests.workflows.test_archives import zip_of


def test_a_delivered_file_is_found_by_its_name_with_counts_times_and_requests(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = place.drop(file_of(row(1), row(2, email="nobody"), row(3)))
    assert place.deliver(*place.batches()) == []
    for name in ("sales.csv", "shop/sales.csv", upload.key, f"s3://{upload.bucket}/{upload.key}"):
        assert place.run("status", name) == 0
        shown = capsys.readouterr().out
        assert upload.file_id in shown
        assert "finished" in shown
        assert "2 delivered" in shown
        assert "request-1" in shown


def test_every_version_of_a_file_is_shown_newest_first(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = place.drop(file_of(row(1))), place.drop(file_of(row(2)))
    assert place.run("status", "sales.csv", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert {entry["file_id"] for entry in found} == {first.file_id, second.file_id}
    assert {entry["state"] for entry in found} == {"delivering"}


def test_a_file_whose_object_is_gone_is_found_by_its_report(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = place.drop(file_of(row(1)))
    place.deliver(*place.batches())
    place.client("s3").delete_object(Bucket=upload.bucket, Key=upload.key, VersionId=upload.version_id)
    assert place.run("status", "sales.csv") == 0
    assert upload.file_id in capsys.readouterr().out


def test_an_open_file_says_which_batches_wait_and_why(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    upload = place.drop(file_of(row(1), row(2), row(3)))
    place.api.answers = [Answer(AnswerKind.THROTTLED, code=40100, http_status=200)]
    place.deliver(place.batches()[0])
    assert place.run("status", "--file-id", upload.file_id) == 0
    shown = capsys.readouterr().out
    assert "batches 1, 2 (1 tried before, 1 not begun)" in shown
    assert "gate:      THROTTLED" in shown


def test_a_file_that_waits_for_its_marker_says_which(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.configure(wait_for_marker=".done")
    upload = place.drop(file_of(row(1)))
    for arguments in (["sales.csv"], ["shop/sales.csv"]):
        assert place.run("status", *arguments) == 0
        shown = capsys.readouterr().out
        assert "state:     waiting" in shown
        assert "uploads/shop/sales.csv.done or uploads/shop/sales.done" in shown
    place.drop(b"", "uploads/shop/sales.csv.done")
    assert len(place.batches()) == 1
    assert place.run("status", "--json") == 0
    assert [entry["file_id"] for entry in json.loads(capsys.readouterr().out)] == [upload.file_id]


def test_an_archive_names_its_files_and_each_has_a_state(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    upload = place.drop(zip_of(berlin=file_of(row(1)), paris=file_of(row(2))), "uploads/shop/two.zip")
    berlin = upload._replace(member="berlin.csv")
    assert place.run("status", "--file-id", upload.file_id) == 0
    shown = capsys.readouterr().out
    assert "state:     unpacked" in shown
    assert f"{berlin.file_id}  berlin.csv" in shown
    place.go_on()
    place.deliver(*place.batches())
    assert place.run("status", "two.zip", "--json") == 0
    found = {entry["file_id"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert found[upload.file_id]["report"]["counts"]["delivered"] == 2
    assert found[berlin.file_id]["member"] == "berlin.csv"
    assert {entry["state"] for entry in found.values()} == {"finished"}
    for file_id in (upload.file_id, berlin.file_id):
        assert place.run("status", "--file-id", file_id) == 0
        assert "outcome:   DONE" in capsys.readouterr().out


def test_a_file_that_is_only_checked_is_found_beside_the_others(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    checked, delivered = place.drop(file_of(row(1)), "validate/shop/sales.csv"), place.drop(file_of(row(1)))
    for arguments in (["sales.csv"], ["shop/sales.csv"], []):
        assert place.run("status", *arguments, "--json") == 0
        found = {entry["file_id"]: entry["state"] for entry in json.loads(capsys.readouterr().out)}
        assert found == {checked.file_id: "finished", delivered.file_id: "delivering"}
    assert place.run("status", checked.key) == 0
    assert "VALIDATED" in capsys.readouterr().out


def test_a_file_that_nobody_has_read_yet_is_waiting(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.client("s3").put_object(Bucket=place.stack.outputs["Bucket"], Key="uploads/shop/new.csv", Body=b"x")
    assert place.run("status", "new.csv") == 0
    assert "waiting" in capsys.readouterr().out


def test_a_refused_file_says_why(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    upload = place.drop(b"what,ever\n1,2\n")
    assert place.run("status", "--file-id", upload.file_id) == 0
    shown = capsys.readouterr().out
    assert "refused" in shown
    assert len(shown.splitlines()) >= 4


def test_without_an_argument_the_latest_files_are_listed(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.run("status") == 1
    assert capsys.readouterr().out == "No upload is stored.\n"
    upload = place.drop(file_of(row(1)))
    assert place.run("status", "--destination", "shop") == 0
    assert upload.file_id in capsys.readouterr().out
    assert place.run("status", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["closed_batches"] == 0


def test_an_order_is_found_with_outcome_row_time_and_request(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = place.drop(file_of(row(1), row(2), row(3)))
    place.deliver(*place.batches())
    assert place.run("status", "--order-id", "T-3", "--json") == 0
    (event,) = json.loads(capsys.readouterr().out)
    assert (event["event"], event["outcome"], event["row"], event["batch"]) == ("Purchase", "delivered", 3, 2)
    assert (event["key"], event["request_id"]) == (upload.key, "request-2")
    assert event["closed_at"] is not None

    assert place.run("status", "--event-id", event["event_id"], "--event", "Purchase") == 0
    shown = capsys.readouterr().out
    assert "delivered" in shown
    assert "row 3 of uploads/shop/sales.csv" in shown


def test_an_order_that_is_not_found_says_what_this_search_cannot_find(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run("status", "--order-id", "T-404") == 1
    told = capsys.readouterr()
    assert "knows no such event" in told.out
    assert "--content-id" in told.err


def test_a_destination_whose_ids_need_more_than_the_order_is_named(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.configure("crm", event_id_from=["email", "order_id"])
    place.configure("broken", colour="red")
    assert place.run("status", "--order-id", "T-404") == 1
    told = capsys.readouterr().err
    assert "event_id_from asks for more than the order at: crm." in told
    assert "The settings of broken cannot be used" in told


def test_events_of_an_old_event_set_are_found_by_its_id(place: Workplace) -> None:
    place.drop(file_of(row(1)))
    place.deliver(*place.batches())
    place.configure(event_source_id="999")
    assert place.run("status", "--order-id", "T-1") == 1
    assert place.run("status", "--order-id", "T-1", "--source-id", "7654321098765432109") == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("status", "--file-id", "0" * 32), 1),
        (("status", "--file-id", "no-id"), 1),
        (("status", "nowhere.csv"), 1),
        (("status", "a.csv", "--order-id", "1"), 64),
    ],
)
def test_what_cannot_be_found_has_an_exit_code(
    place: Workplace, arguments: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run(*arguments) == code
    assert "".join(capsys.readouterr())


def test_a_stack_that_does_not_exist_is_said_to(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.name = "no-such-stack"
    assert place.run("status") == 1
    assert "no-such-stack does not exist" in capsys.readouterr().err


def test_nothing_shown_holds_an_address_of_a_customer(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    upload = place.drop(file_of(row(1, email="canary.person@example.com"), row(2, email="canary.broken")))
    place.deliver(*place.batches())
    for arguments in (["sales.csv"], ["--order-id", "T-1"], ["--file-id", upload.file_id, "--json"], []):
        place.run("status", *arguments)
        assert "canary" not in "".join(capsys.readouterr())
