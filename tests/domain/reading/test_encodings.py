"""UTF-16 with and without its mark becomes UTF-8; nothing else is touched."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.reading.encodings import as_utf8, utf16_order
from tests.domain.reading.packed import opened, refusal_of

TEXT = "event,email,name\r\nPurchase,a@example.com,Zoë 𐀀 Łukasz\r\n" * 30


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("block", [1, 3, 1 << 16])
def test_utf_16_is_read_in_either_order_with_or_without_its_mark(encoding: str, mark: str, block: int) -> None:
    body = (mark + TEXT).encode(encoding)
    assert utf16_order(body) == encoding
    assert opened(body, block=block) == TEXT.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-32-le", "utf-32-be", "utf-32"])
def test_other_encodings_are_left_as_they_are(encoding: str) -> None:
    body = TEXT.replace("𐀀", "").replace("Łukasz", "Lukas").encode(encoding)
    assert utf16_order(body) == ""
    assert opened(body) == body


@pytest.mark.parametrize("head", [b"", b"\0", b"\0\0\0\0", b"a\0", bytes(range(256)), b"a,b\0\0\0\0\n"])
def test_a_few_zeros_are_no_utf_16(head: bytes) -> None:
    assert utf16_order(head) == ""


def test_text_that_ends_inside_a_character_was_cut_off() -> None:
    assert refusal_of(TEXT.encode("utf-16")[:-1]).code == "FILE_TRUNCATED"


def test_half_a_pair_costs_its_row_only() -> None:
    body = "a,b\n1,\ud800x\n2,y\n".encode("utf-16-le", "surrogatepass")
    rows = b"".join(as_utf8([body], "utf-16-le")).split(b"\n")
    assert rows[2] == b"2,y"
    with pytest.raises(UnicodeDecodeError):
        rows[1].decode()
