"""Files as people pack them, made in the test: compressed, archived, in other encodings."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping

import zstandard

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.reading.containers import Decrypt, ExpansionLimits
from conversion_delivery.domain.reading.plain_texts import PlainText, Source, plain_texts
from conversion_delivery.domain.uploads import Upload

TEXT = b"event,event_time,email\r\nPurchase,2026-11-16T12:00:00Z,a@example.com\r\n" * 50

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "zstd": lambda data: zstandard.ZstdCompressor(level=3).compress(data),
}


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def gzipped_zeros(size: int) -> Iterator[bytes]:
    """A gzip stream of so many zero bytes, made on the fly."""
    import zlib

    squeeze = zlib.compressobj(9, wbits=31)
    block = bytes(1 << 20)
    for _ in range(size >> 20):
        if piece := squeeze.compress(block):
            yield piece
    yield squeeze.flush()


def no_key(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    raise UploadRejected("PGP_KEY_MISSING", recipients="", secret="")


def texts_in(
    body: bytes,
    *,
    block: int = 1 << 16,
    decrypt: Decrypt = no_key,
    limits: ExpansionLimits | None = None,
) -> Iterator[PlainText]:
    """What the bytes hold, each to be read before the next."""
    upload = Upload("bucket", "uploads/shop/file", "v1", len(body))
    source = Source(
        read=lambda start, end: body[start:end],
        stream=lambda: (body[at : at + block] for at in range(0, len(body), block)),
    )
    return plain_texts(upload, body[: 256 << 10], source, decrypt, limits or ExpansionLimits())


def content(text: PlainText) -> bytes:
    """Raises ``UploadRejected``."""
    if text.refusal is not None:
        raise text.refusal
    return b"".join(text.blocks)


def opened(body: bytes, *, block: int = 1 << 16, limits: ExpansionLimits | None = None) -> bytes:
    """The content of a file that holds one text. Raises ``UploadRejected``."""
    (text,) = texts_in(body, block=block, limits=limits)
    return content(text)


def refusal_of(body: bytes, *, block: int = 1 << 16, limits: ExpansionLimits | None = None) -> UploadRejected:
    try:
        opened(body, block=block, limits=limits)
    except UploadRejected as refusal:
        return refusal
    raise AssertionError("it was not refused")
