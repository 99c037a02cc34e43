"""``conversions close-batch`` and ``conversions resend``."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.aws.s3_notifications import uploads_in
from conversion_delivery.domain.uploads import Upload
from tests.cli.operator.conftest import Workplace
from tests.workflows.delivery_world import file_of, row
from tests.workflows.test_archives import zip_of

# --- close-batch


def test_a_batch_whose_message_is_lost_is_closed_and_the_report_appears(
    place: Workplace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = place.drop(file_of(*(row(number) for number in range(1, 4))))
    first, lost = place.batches()
    place.deliver(first)
    assert place.run("close-batch", upload.file_id, "2", "--yes") == 1
    assert "rules" in capsys.readouterr().err  # the command line cuts by 1,000 rows, this file was cut by two

    big = place.drop(file_of(*(row(number) for number in range(4, 5))), key="uploads/shop/one.csv")
    (lost,) = place.batches()
    assert place.run("close-batch", big.file_id, "1", "--dry-run") == 0
    assert place.run("close-batch", big.file_id, "1") == 64
    capsys.readouterr()
    assert place.run("close-batch", big.file_id, "1", "--yes") == 0
    shown = capsys.readouterr().out
    assert "rows 1 (1 events)" in shown
    assert "Closed: 1 not sent." in shown
    assert big.report_folder in shown
    assert place.deliver(lost) == []
    assert len(place.api.requests) == 1
    assert place.run("close-batch", big.file_id, "1", "--yes") == 1


@pytest.mark.parametrize("arguments", [("0" * 32, "1"), ("nonsense", "1")])
def test_an_unknown_batch_cannot_be_closed(place: Workplace, arguments: tuple[str, str]) -> None:
    assert place.run("close-batch", *arguments, "--yes") == 1


# --- resend


def announced(place: Workplace, upload: Upload) -> Upload:
    """The upload that S3 announces for a key now: its newest version."""
    versions = place.stack.catalog.versions(upload.key, exact=True).uploads
    body = {
        "Records": [
            {
                "eventName": "ObjectCreated:Copy",
                "s3": {
                    "bucket": {"name": upload.bucket},
                    "object": {"key": upload.key, "versionId": versions[0].upload.version_id},
                },
            }
        ]
    }
    (found,) = uploads_in(json.dumps(body))
    return place.stack.catalog.versions(found.key, exact=True).uploads[0].upload


def test_a_resent_file_is_a_new_one_and_delivered_rows_are_not_sent_again(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = place.drop(file_of(row(1), row(2), row(3)))
    place.deliver(*place.batches())
    assert place.run("resend", "sales.csv", "--yes") == 0
    again = announced(place, upload)
    assert again.file_id != upload.file_id
    assert again.file_id in capsys.readouterr().out

    place.split(again)
    place.deliver(*place.batches())
    assert place.run("status", "--file-id", again.file_id) == 0
    assert "3 x Delivered before" in capsys.readouterr().out
    assert len(place.api.requests) == 2


def test_an_older_version_is_resent_by_its_file_id(place: Workplace) -> None:
    first, second = place.drop(file_of(row(1))), place.drop(file_of(row(2)))
    assert place.run("resend", "--file-id", first.file_id, "--yes") == 0
    again = announced(place, first)
    assert again.version_id not in (first.version_id, second.version_id)
    body = place.client("s3").get_object(Bucket=again.bucket, Key=again.key, VersionId=again.version_id)["Body"].read()
    assert body == file_of(row(1))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["sales.csv", "--dry-run"], 0),
        (["sales.csv"], 64),
        (["nothing.csv", "--yes"], 64),
        (["--file-id", "0" * 32, "--yes"], 1),
        ([], 64),
    ],
)
def test_nothing_is_resent_without_a_yes_or_a_file(place: Workplace, arguments: list[str], code: int) -> None:
    upload = place.drop(file_of(row(1)))
    assert place.run("resend", *arguments) == code
    assert len(place.stack.catalog.versions(upload.key, exact=True).uploads) == 1


def test_a_name_that_several_destinations_have_must_be_said_in_full(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.configure("crm")
    place.drop(file_of(row(1)))
    place.drop(file_of(row(1)), key="uploads/crm/sales.csv")
    assert place.run("resend", "sales.csv", "--yes") == 64
    assert "uploads/crm/sales.csv, uploads/shop/sales.csv" in capsys.readouterr().err
    assert place.run("resend", "crm/sales.csv", "--yes") == 0


def test_a_file_whose_object_is_gone_cannot_be_resent(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    upload = place.drop(file_of(row(1)))
    place.client("s3").delete_object(Bucket=upload.bucket, Key=upload.key, VersionId=upload.version_id)
    assert place.run("resend", "--file-id", upload.file_id, "--yes") == 1
    assert "has to be uploaded again" in capsys.readouterr().err


def test_a_file_of_an_archive_is_processed_once_more_with_its_archive(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = place.drop(zip_of(berlin=file_of(row(1)), paris=file_of(row(2))), "uploads/shop/two.zip")
    paris = upload._replace(member="paris.csv")
    assert place.run("resend", "--file-id", paris.file_id, "--yes") == 0
    shown = capsys.readouterr().out
    assert f"uploads/shop/two.zip, file id {upload.file_id}: unpacked" in shown
    newest = max(place.stack.catalog.versions(upload.key, exact=True).uploads, key=lambda listed: listed.stored_at)
    assert newest.upload.file_id != upload.file_id
    assert f"file id {newest.upload.file_id}." in shown
