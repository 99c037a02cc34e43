"""Text in UTF-16 as the same text in UTF-8.

Spreadsheets call it "Unicode text". Recognised by its mark, or by the zero that every second byte is in Latin script.
A half of a pair without the other stays what it is, so it costs its row only (``ENCODING_INVALID``).
Owns ``FILE_TRUNCATED`` where the text ends inside a character.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from conversion_delivery.domain.errors import UploadRejected

_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

SAMPLE = 4096
"""Bytes at which the encoding is seen."""

SELDOM = 0.05
"""Share of the low bytes that may be zero: few letters have such a one."""

MOSTLY = 0.8
"""Share of the high bytes that are zero in a table in Latin script; the others come from names and symbols."""


def utf16_order(head: bytes) -> str:
    """ "utf-16-le" or "utf-16-be" where the bytes begin a text in UTF-16, else empty. UTF-32 is no UTF-16."""
    if head.startswith(_UTF32):
        return ""
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    sample = head[:SAMPLE]
    even, odd = sample[::2], sample[1::2]
    if len(sample) >= 4 and odd.count(0) >= MOSTLY * len(odd) and even.count(0) <= SELDOM * len(even):
        return "utf-16-le"
    if len(sample) >= 4 and even.count(0) >= MOSTLY * len(even) and odd.count(0) <= SELDOM * len(odd):
        return "utf-16-be"
    return ""


def as_utf8(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in UTF-8, without its mark. Raises ``UploadRejected`` (``FILE_TRUNCATED``)."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    at_start = True
    for block in blocks:
        text = decoder.decode(block)
        if text and at_start:
            text, at_start = text.removeprefix("\ufeff"), False
        if text:
            yield text.encode("utf-8", "surrogatepass")
    if decoder.getstate()[0]:
        raise UploadRejected("FILE_TRUNCATED")
