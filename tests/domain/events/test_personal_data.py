"""Digests as TikTok documents them, and text that looks like a person."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.events.personal_data import digest, is_identifier, looks_personal
from conversion_delivery.domain.values.emails import EmailReader
from conversion_delivery.domain.values.phones import PhoneReader
from conversion_delivery.domain.values.texts import read_customer_id

ALICE = "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f"
PHONE = "9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd"
USER = "80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b"


def test_the_published_examples_give_the_published_digests() -> None:
    email = EmailReader().read(" ALICE_abc@gmail.com ")
    phone = PhoneReader(None).read("(+1)2133734253")
    customer = read_customer_id("user_123")

    assert [digest(str(text)) for text in (email, phone, customer)] == [ALICE, PHONE, USER]


def test_a_ready_digest_stays_itself() -> None:
    assert digest(ALICE) == ALICE


@pytest.mark.parametrize("text", ["x" * 64, ALICE[:63], ALICE.upper(), "ä" * 64])
def test_what_is_no_lower_case_digest_is_hashed(text: str) -> None:
    assert digest(text) != text
    assert len(digest(text)) == 64


@pytest.mark.parametrize(
    "text",
    ["ava@example.com", "Mug for ava.lopez@example.com, red", "+14155550101", "+1 (415) 555-0101", "tel:+14155550101"],
)
def test_addresses_and_international_numbers_look_personal(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text", ["", "Mug @ Home", "100012345", "#1001", "+50", "TT-1001", "a@b", "4155550101", "@shop"]
)
def test_order_numbers_and_product_names_do_not(text: str) -> None:
    assert not looks_personal(text)


@pytest.mark.parametrize(
    "text", ["ava@example.com", " AVA@example.com", "+14155550101", "14155550101", "4155550101", "5550101"]
)
def test_a_text_that_repeats_the_rows_own_identifier_is_found(text: str) -> None:
    assert is_identifier(text, ("ava@example.com",), ("+14155550101",))


def test_so_is_its_digest() -> None:
    assert is_identifier(ALICE.upper(), ("alice_abc@gmail.com",), ())
    assert is_identifier(PHONE, (), (PHONE,))
    assert not is_identifier(ALICE, ("bob@example.com",), ())


@pytest.mark.parametrize("text", ["0101", "TT-1001", "", "ava"])
def test_short_ends_of_a_number_are_no_identifier(text: str) -> None:
    assert not is_identifier(text, ("ava@example.com",), ("+14155550101",))
