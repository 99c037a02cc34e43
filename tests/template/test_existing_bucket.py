"""A bucket of the owner's own: the stack makes none, means that one everywhere, and gives its roles no more."""

from __future__ import annotations

import json
import re

from tests.template.stack import PSEUDO, ROOT, Stack, source, statements

NAME = "our-own-bucket"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"


def own(**parameters: str) -> Stack:
    return Stack(ExistingBucketName=NAME, **parameters)


def test_a_bucket_is_made_only_where_none_is_named() -> None:
    assert "ConversionsBucket" in Stack()
    assert "ConversionsBucketPolicy" in Stack()
    assert "ConversionsBucket" not in own()
    assert "ConversionsBucketPolicy" not in own()


def test_one_place_says_which_bucket_is_meant() -> None:
    assert Stack().resource("UsedBucket")["Value"] == "<ConversionsBucket>"
    assert own().resource("UsedBucket")["Value"] == NAME


def test_nothing_else_names_the_bucket_that_may_not_be_made() -> None:
    aside = {"ConversionsBucket", "ConversionsBucketPolicy", "UsedBucket"}
    others = {name: entry for name, entry in source()["Resources"].items() if name not in aside}

    assert "ConversionsBucket" not in json.dumps({**others, "Outputs": source()["Outputs"]})


def test_functions_and_roles_are_the_same_for_both_buckets() -> None:
    for name in ("SplitterFunction", "SenderFunction", "SplitterRole", "SenderRole"):
        assert own().resource(name) == Stack().resource(name)


def test_the_queue_takes_notifications_of_that_bucket_of_this_account_and_no_other() -> None:
    policy = own().resource("UploadsQueuePolicy")["PolicyDocument"]
    (allowed,) = (entry for entry in statements(policy) if entry["Effect"] == "Allow")

    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceAccount": PSEUDO["AWS::AccountId"]},
        "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{NAME}"},
    }


def test_a_key_is_used_through_s3_only_and_by_those_who_read_and_write() -> None:
    policy = own(ExistingBucketKeyArn=KEY, SftpEndpoint="public").resource("ExistingBucketKeyPolicy")
    (only,) = statements(policy["PolicyDocument"])

    assert policy["Roles"] == ["<SplitterRole>", "<SenderRole>", "<SftpWorkflowRole>", "<SftpUserRole>"]
    assert (sorted(only["Action"]), only["Resource"]) == (["kms:Decrypt", "kms:GenerateDataKey"], [KEY])
    assert only["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}


def test_no_key_is_used_where_none_is_given_or_the_bucket_is_our_own() -> None:
    assert "ExistingBucketKeyPolicy" not in own()
    assert "ExistingBucketKeyPolicy" not in Stack(ExistingBucketKeyArn=KEY)
    assert own(ExistingBucketKeyArn=KEY).resource("ExistingBucketKeyPolicy")["Roles"] == [
        "<SplitterRole>",
        "<SenderRole>",
    ]


def test_the_lifecycle_on_the_page_is_the_one_of_the_bucket_made_here() -> None:
    (block,) = re.findall(r"(?s)```json\n(.*?)```", (ROOT / "docs" / "bucket.md").read_text(encoding="utf-8"))
    on_the_page = {
        rule["ID"]: (rule["Filter"]["Prefix"], rule["Expiration"].get("Days"), rule.get("NoncurrentVersionExpiration"))
        for rule in json.loads(block)["Rules"]
    }
    made = {
        rule["Id"]: (
            rule.get("Prefix", ""),
            int(rule["ExpirationInDays"]) if "ExpirationInDays" in rule else None,
            rule.get("NoncurrentVersionExpiration"),
        )
        for rule in Stack().resource("ConversionsBucket")["LifecycleConfiguration"]["Rules"]
    }

    assert on_the_page == made
