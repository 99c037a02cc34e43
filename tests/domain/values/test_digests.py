"""Shapes of digests."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.values.digests import DIGESTS_OF_NOTHING, DigestFault, digest_fault, read_digest


@given(st.binary())
def test_every_sha256_in_either_case_is_read_in_lower_case(data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    expected = "" if digest in DIGESTS_OF_NOTHING else digest

    assert read_digest(digest) == read_digest(digest.upper()) == expected


@pytest.mark.parametrize("word", ["", "null", "NULL", "None", "N/A", "n/a", "Sin Correo", "0000000000"])
def test_the_digest_of_a_word_for_nothing_is_nothing(word: str) -> None:
    assert read_digest(hashlib.sha256(word.encode()).hexdigest()) == ""


@pytest.mark.parametrize(
    "text", ["", "f" * 63, "f" * 65, "g" * 64, " " * 64, "ff " * 21 + "f", "0x" + "f" * 62, "f_" * 32, "é" * 64]
)
def test_other_texts_are_no_digest(text: str) -> None:
    assert read_digest(text) is None


@given(st.text(alphabet="0123456789abcdefABCDEF \t_xg", min_size=64, max_size=64))
def test_only_hexadecimal_digits_make_a_digest(text: str) -> None:
    is_hex = all(character in "0123456789abcdefABCDEF" for character in text)

    assert (read_digest(text) is not None) == is_hex


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("f" * 32, DigestFault.TYPE),
        ("f" * 40, DigestFault.TYPE),
        ("f" * 128, DigestFault.TYPE),
        ("f" * 63, DigestFault.DAMAGED),
        ("f" * 65, DigestFault.DAMAGED),
        ("f" * 63 + "x", DigestFault.DAMAGED),
        ("ava@example.com", None),
        ("+14155550123", None),
        ("", None),
    ],
)
def test_what_looks_like_a_digest_is_told_apart(text: str, fault: DigestFault | None) -> None:
    assert digest_fault(text) is fault
