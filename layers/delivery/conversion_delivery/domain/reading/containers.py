"""Files inside files: what an upload holds, as plain text in UTF-8, layer by layer and in bounded memory.

The content decides, never a suffix: gzip, bzip2, Zstandard, PGP and UTF-16 may be nested up to four deep; a zip
archive may be outermost (``archives``). Everything that cannot be read as it goes is refused by name.
Owns ``EXPANDS_TOO_MUCH`` and ``ARCHIVE_NESTED``; what is not a container is passed on as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.reading.compressions import Bzip2Member, GzipMember, Member, ZstdMember, expanded
from conversion_delivery.domain.reading.encodings import as_utf8, utf16_order
from conversion_delivery.domain.reading.file_signatures import SIGNATURES

PEEKED = 16 << 10
"""Bytes of a layer at which its kind is seen."""

MAX_LAYERS = 4

ZIP, PGP = "zip", "pgp"

_MEMBERS: dict[str, Callable[[], Member]] = {"gzip": GzipMember, "bzip2": Bzip2Member, "zstd": ZstdMember}
_SKIPPABLE_ZSTD = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
"""A frame without content, with which some writers of Zstandard begin (RFC 8878, section 3.1.2)."""

_OPENABLE = {*_MEMBERS, ZIP, PGP}
_NAMES = {each.kind: each.what for each in SIGNATURES}

Decrypt = Callable[[bytes, Iterator[bytes]], Iterator[bytes]]
"""The beginning of a PGP message and all its blocks -> the blocks of what is inside. Raises ``UploadRejected``."""


@dataclass(frozen=True, slots=True)
class ExpansionLimits:
    """How much may come out of a file: no bomb gets far, and no real table reaches the ratio."""

    plain_bytes: int = 10 << 30
    ratio: int = 200
    free_bytes: int = 64 << 20
    """Below it the ratio does not matter: a small file of equal rows packs very well."""


@dataclass(slots=True)
class Expansion:
    """Counts what goes into the outermost layer and what comes out of any layer."""

    limits: ExpansionLimits = field(default_factory=ExpansionLimits)
    came: int = 0
    left: Counter[int] = field(default_factory=Counter)
    """Depth -> bytes that came out there; the members of an archive share the count."""

    def entering(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.came += len(block)
            yield block

    def leaving(self, blocks: Iterable[bytes], depth: int) -> Iterator[bytes]:
        """Raises ``UploadRejected`` (``EXPANDS_TOO_MUCH``)."""
        limits = self.limits
        for block in blocks:
            self.left[depth] += len(block)
            left = self.left[depth]
            if left > limits.plain_bytes:
                raise UploadRejected("EXPANDS_TOO_MUCH", limit=f"the limit of {limits.plain_bytes:,} bytes")
            if left > limits.free_bytes and left > limits.ratio * self.came:
                raise UploadRejected("EXPANDS_TOO_MUCH", limit=f"the ratio of {limits.ratio} to 1")
            yield block


class Peeled(NamedTuple):
    """A stream without its layers. ``blocks`` raises ``UploadRejected`` where the stream is not what it began as."""

    blocks: Iterator[bytes]
    layers: tuple[str, ...]
    """Kinds, outermost first."""
    encoding: str
    """"utf-16-le", "utf-16-be", or empty where the text came as it is."""


def container_kind(head: bytes) -> str:
    """The kind of container that the bytes begin, or empty; an office file is none, though it is a zip archive."""
    if _SKIPPABLE_ZSTD.match(head):
        return "zstd"
    kind = next((each.kind for each in SIGNATURES if each.begins.match(head)), "")
    return kind if kind in _OPENABLE else ""


def is_plain(head: bytes) -> bool:
    """Whether a file that begins so can be read as it lies there (or is refused by those who read it)."""
    return not container_kind(head) and not utf16_order(head)


def peeled(blocks: Iterator[bytes], decrypt: Decrypt, expansion: Expansion, outer: tuple[str, ...] = ()) -> Peeled:
    """Take the layers off. Reads as far as the innermost layer's beginning. Raises ``UploadRejected``."""
    layers = outer
    while True:
        head, blocks = peeked(blocks)
        kind = container_kind(head)
        if not kind:
            break
        if kind == ZIP or len(layers) >= MAX_LAYERS:
            around = _NAMES[layers[-1]] if layers else "another archive"
            raise UploadRejected("ARCHIVE_NESTED", inner=_NAMES[kind], outer=around)
        inner = decrypt(head, blocks) if kind == PGP else expanded(blocks, _MEMBERS[kind])
        layers = (*layers, kind)
        blocks = expansion.leaving(inner, len(layers))
    encoding = utf16_order(head)
    if encoding:
        blocks = expansion.leaving(as_utf8(blocks, encoding), len(layers) + 1)
    return Peeled(blocks, layers, encoding)


def peeked(blocks: Iterator[bytes], size: int = PEEKED) -> tuple[bytes, Iterator[bytes]]:
    """The first ``size`` bytes (fewer where there are no more), and all blocks, those included."""
    held: list[bytes] = []
    length = 0
    for block in blocks:
        held.append(block)
        length += len(block)
        if length >= size:
            break
    return b"".join(held)[:size], _again(held, blocks)


def _again(held: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    while held:
        yield held.pop(0)
    yield from rest
