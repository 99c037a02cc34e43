"""The plain texts that one uploaded object holds: itself, what it wraps, or the members of an archive.

The one seam between containers and those who read them: the splitter writes each text to ``prepared/``, the command
line judges it as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.reading.archives import ArchivedFile, Read, archived_files
from conversion_delivery.domain.reading.containers import (
    ZIP,
    Decrypt,
    Expansion,
    ExpansionLimits,
    container_kind,
    peeled,
)
from conversion_delivery.domain.uploads import Upload


class PlainText(NamedTuple):
    """One text in UTF-8 (or in the one-byte encoding it came in)."""

    upload: Upload
    """Its identity: the member is named where an archive holds several files."""
    layers: tuple[str, ...]
    """What was taken off, outermost first."""
    encoding: str
    """"utf-16-le", "utf-16-be", or empty where the text was not transcoded."""
    blocks: Iterator[bytes]
    """May raise ``UploadRejected`` at any place; then nothing of the text counts."""
    refusal: UploadRejected | None = None

    @property
    def compression(self) -> str:
        return "+".join(self.layers) or "none"


class Source(NamedTuple):
    """How to get at the bytes of an uploaded object."""

    read: Read
    stream: Callable[[], Iterator[bytes]]


def plain_texts(
    upload: Upload, head: bytes, source: Source, decrypt: Decrypt, limits: ExpansionLimits
) -> Iterator[PlainText]:
    """Each text that the object holds. The texts share one allowance of size; each has to be read before the next."""
    expansion = Expansion(limits)
    if container_kind(head) == ZIP:
        expansion.came = upload.size
        yield from _archived(upload, source.read, decrypt, expansion)
        return
    yield _text(upload, lambda: expansion.entering(source.stream()), decrypt, expansion)


def _archived(upload: Upload, read: Read, decrypt: Decrypt, expansion: Expansion) -> Iterator[PlainText]:
    try:
        files = archived_files(read, upload)
    except UploadRejected as refusal:
        yield PlainText(upload, (ZIP,), "", iter(()), refusal)
        return
    for file in files:
        member = upload if len(files) == 1 else upload._replace(member=file.name)
        yield _member(member, file, decrypt, expansion)


def _member(upload: Upload, file: ArchivedFile, decrypt: Decrypt, expansion: Expansion) -> PlainText:
    if file.refusal is not None:
        return PlainText(upload, (ZIP,), "", iter(()), file.refusal)
    return _text(upload, lambda: expansion.leaving(file.blocks, 1), decrypt, expansion, (ZIP,))


def _text(
    upload: Upload,
    blocks: Callable[[], Iterator[bytes]],
    decrypt: Decrypt,
    expansion: Expansion,
    outer: tuple[str, ...] = (),
) -> PlainText:
    try:
        text = peeled(blocks(), decrypt, expansion, outer)
    except UploadRejected as refusal:
        # Without its traceback, which would keep the streams open.
        return PlainText(upload, outer, "", iter(()), refusal.with_traceback(None))
    return PlainText(upload, text.layers, text.encoding, text.blocks)
