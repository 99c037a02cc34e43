"""Private keys: which secret is read, and what is refused without telling what it holds."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.aws.key_store import SecretsKeyStore
from conversion_delivery.aws.prepared_store import S3PreparedStore
from conversion_delivery.domain.errors import SourceUnavailable, UploadRejected
from conversion_delivery.domain.private_keys import PrivateKey
from tests.aws.stubbed import stubbed


def missing(stub: Any, name: str, code: str = "ResourceNotFoundException") -> None:
    stub.add_client_error("get_secret_value", code, expected_params={"SecretId": name}, http_status_code=400)


def test_the_destinations_own_secret_comes_first_and_the_default_after() -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        missing(stub, "stack/pgp/shop")
        stub.add_response(
            "get_secret_value", {"SecretString": '{"keys": ["a", " "]}'}, {"SecretId": "stack/pgp/default"}
        )
        assert SecretsKeyStore(lambda: secrets, "stack").keys("shop") == (PrivateKey("a", ""),)


def test_a_secret_that_is_being_deleted_is_none() -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        missing(stub, "stack/pgp/shop", "InvalidRequestException")
        missing(stub, "stack/pgp/default")
        assert SecretsKeyStore(lambda: secrets, "stack").keys("shop") == ()


@pytest.mark.parametrize(
    "secret",
    [" ", "canary", "[]", "{}", '{"keys": "canary"}', '{"keys": [7]}', '{"keys": ["canary"], "passphrase": 7}', "7"],
)
def test_a_secret_that_is_no_list_of_keys_is_refused_without_its_content(secret: str) -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        stub.add_response("get_secret_value", {"SecretString": secret}, {"SecretId": "stack/pgp/shop"})
        with pytest.raises(UploadRejected) as caught:
            SecretsKeyStore(lambda: secrets, "stack").keys("shop")
    assert caught.value.code == "PGP_KEY_UNUSABLE"
    assert "canary" not in str(caught.value)


def test_a_refusal_of_the_service_is_no_missing_key() -> None:
    with stubbed("secretsmanager") as (secrets, stub):
        missing(stub, "stack/pgp/shop", "AccessDeniedException")
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            SecretsKeyStore(lambda: secrets, "stack").keys("shop")


def test_no_client_is_made_before_a_key_is_needed() -> None:
    def none_yet() -> Any:
        raise AssertionError("a client was made")

    assert SecretsKeyStore(none_yet, "stack").place("shop") == "stack/pgp/shop"


def test_a_bucket_without_versions_cannot_pin_what_is_prepared() -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_response("put_object", {})
        with pytest.raises(UploadRejected, match="BUCKET_UNVERSIONED"):
            S3PreparedStore(s3, "bucket").write("prepared/shop/1", [b"a"])
