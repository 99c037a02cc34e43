"""Compressed streams in bounded memory: gzip, bzip2 and Zstandard, of one or many members one after the other.

In: blocks of compressed bytes. Out: blocks of at most a few MiB, whatever the input wants to become.
Owns ``FILE_TRUNCATED`` (it ends inside a member) and ``ARCHIVE_DAMAGED`` (wrong bytes, wrong checksum, or bytes behind
the end that are no member: what they were cannot be known, so the file is not taken for whole).
"""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from conversion_delivery.domain.errors import UploadRejected

OUTPUT_BLOCK = 1 << 20
"""Most bytes that one step of gzip or bzip2 gives."""

ZSTD_PIECE = 128
"""Bytes given to Zstandard at a time: each four of them can become a block of 128 KiB (RFC 8878, section 3.1.1.2), and
its decompressor knows no limit of output."""

ZSTD_WINDOW = 8 << 20
"""What every reader must be able to hold (RFC 8878, section 3.1.1.1.2); levels up to 19 keep to it."""


class Member(Protocol):
    """One compressed member of a stream, which may be read in any pieces."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What ``data`` becomes, in pieces; read to the end before ``ended`` and ``rest`` mean anything."""
        ...

    @property
    def ended(self) -> bool: ...

    @property
    def rest(self) -> bytes:
        """What was fed and belongs behind this member."""
        ...


class GzipMember:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._inflate.decompress(data, OUTPUT_BLOCK)
            if piece:
                yield piece
            data = self._inflate.unconsumed_tail
            if self._inflate.eof or (not data and len(piece) < OUTPUT_BLOCK):
                return

    @property
    def ended(self) -> bool:
        return self._inflate.eof

    @property
    def rest(self) -> bytes:
        return self._inflate.unused_data


class Bzip2Member:
    def __init__(self) -> None:
        self._expand = bz2.BZ2Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._expand.eof:
            piece = self._expand.decompress(data, OUTPUT_BLOCK)
            data = b""
            if piece:
                yield piece
            if self._expand.needs_input:
                return

    @property
    def ended(self) -> bool:
        return self._expand.eof

    @property
    def rest(self) -> bytes:
        return self._expand.unused_data


class ZstdMember:
    def __init__(self) -> None:
        import zstandard  # here, because few files need it and it costs time at a cold start

        self._failure = zstandard.ZstdError
        self._expand = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj(write_size=16 << 10)
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), ZSTD_PIECE):
            try:
                piece = self._expand.decompress(data[at : at + ZSTD_PIECE])
            except self._failure as problem:
                # The library has no code for it; its own text holds no byte of the file.
                if "too much memory" in str(problem):
                    raise UploadRejected("ARCHIVE_METHOD", method="Zstandard with a long window") from None
                raise ValueError from None
            if piece:
                yield piece
            if self._expand.eof:
                self._rest = self._expand.unused_data + data[at + ZSTD_PIECE :]
                return

    @property
    def ended(self) -> bool:
        return bool(self._expand.eof)

    @property
    def rest(self) -> bytes:
        return self._rest


def expanded(blocks: Iterable[bytes], new_member: Callable[[], Member]) -> Iterator[bytes]:
    """The bytes that all members of a stream hold. Raises ``UploadRejected``."""
    member: Member | None = None
    for block in blocks:
        data = block
        while data:
            # Zero bytes behind a member are padding, which tapes and some tools leave.
            data = data if member is not None else data.lstrip(b"\0")
            if not data:
                break
            member = member or new_member()
            yield from _fed(member, data)
            data, member = (member.rest, None) if member.ended else (b"", member)
    if member is not None:
        raise UploadRejected("FILE_TRUNCATED")


def _fed(member: Member, data: bytes) -> Iterator[bytes]:
    pieces = member.feed(data)
    while True:
        try:
            piece = next(pieces, None)
        except (zlib.error, OSError, ValueError, EOFError):
            raise UploadRejected("ARCHIVE_DAMAGED") from None
        if piece is None:
            return
        yield piece
