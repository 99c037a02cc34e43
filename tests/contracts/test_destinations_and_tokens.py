"""What any DestinationStore and TokenStore must do."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.errors import CredentialsRefused, UploadRejected
from tests.contracts.backends import Backend


def test_settings_are_those_of_the_destination(backend: Backend) -> None:
    backend.configure("shop", settings='{"event_source_id": "123", "default_timezone": "Europe/Berlin"}')
    backend.configure("crm.eu", settings='{"event_source_id": "456"}')
    assert backend.destinations.settings("shop").default_timezone == "Europe/Berlin"
    assert backend.destinations.settings("crm.eu").event_source_id == "456"


def test_a_destination_without_settings_is_unknown(backend: Backend) -> None:
    with pytest.raises(UploadRejected) as refusal:
        backend.destinations.settings("shop")
    assert (refusal.value.code, refusal.value.facts) == ("DESTINATION_UNKNOWN", {"destination": "shop"})


def test_settings_that_cannot_be_used_are_refused_by_key(backend: Backend) -> None:
    backend.configure("shop", settings='{"event_source_id": "123", "colour": "red"}')
    with pytest.raises(UploadRejected) as refusal:
        backend.destinations.settings("shop")
    assert (refusal.value.code, refusal.value.facts["key"]) == ("SETTINGS_INVALID", "colour")


def test_a_token_is_that_of_the_destination(backend: Backend) -> None:
    backend.configure("shop", secret="token-a")
    backend.configure("crm.eu", secret="token-b")
    assert [backend.tokens.token(name) for name in ("shop", "crm.eu")] == ["token-a", "token-b"]


def test_a_renewed_token_is_seen_by_those_who_ask_for_a_fresh_one(backend: Backend) -> None:
    backend.configure("shop", secret="old")
    assert backend.tokens.token("shop") == "old"
    backend.configure("shop", secret="new")
    assert [backend.tokens.token("shop", fresh=fresh) for fresh in (False, True, False)] == ["old", "new", "new"]


def test_a_destination_without_a_secret_has_no_credentials(backend: Backend) -> None:
    with pytest.raises(CredentialsRefused, match="SECRET_MISSING"):
        backend.tokens.token("shop")


def test_a_secret_without_a_token_is_unusable(backend: Backend) -> None:
    backend.configure("shop", secret="  ")
    with pytest.raises(CredentialsRefused, match="SECRET_UNUSABLE"):
        backend.tokens.token("shop", fresh=True)
