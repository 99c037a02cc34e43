"""Zip archives, read in place through ranged reads: which members are worth reading, and their bytes.

Nothing of an archive's own sizes is believed: the directory and the number of members are bounded before they are
held, and what comes out is counted while it comes. Owns the codes ``ARCHIVE_*`` of zip archives.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import IO, NamedTuple, cast

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.uploads import Upload

MEMBERS = 200
"""Most members that are read of one archive."""

DIRECTORY_BYTES = 1 << 20
"""Longest directory: about 10,000 entries, most of which may be folders and hidden files."""

MEMBER_NAME = 300
"""Longest name of a member, in characters; it becomes part of stored records."""

RANGE = 1 << 20
RANGES_HELD = 4
OUTPUT_BLOCK = 1 << 20

_METHODS = {
    zipfile.ZIP_BZIP2: "bzip2 inside zip",
    zipfile.ZIP_LZMA: "LZMA inside zip",
    1: "an old zip method (shrink)",
    6: "an old zip method (implode)",
    9: "Deflate64, which Windows uses for zip archives above 2 GB",
    93: "Zstandard inside zip",
    95: "xz inside zip",
    98: "PPMd inside zip",
    99: "zip's AES encryption",
}
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""zipfile expands other methods without a limit of output, and few archives have them."""

_ENCRYPTED = 0x1
_SYSTEM_FOLDER = "__MACOSX"

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What zipfile raises for damaged archives."""

Read = Callable[[int, int], bytes]
"""Exactly the bytes from a start to an end (exclusive)."""


class RangedFile(io.RawIOBase):
    """A stored object as a file that can be read from any place; holds a few mebibytes of it."""

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self._size = size
        self._at = 0
        self._held: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("a file has no place before its beginning")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Raises ``UploadRejected`` where more is wanted than any sound archive needs at once."""
        wanted = max(0, min(self._at + size, self._size) - self._at) if size >= 0 else max(0, self._size - self._at)
        if wanted > DIRECTORY_BYTES:
            raise UploadRejected("ARCHIVE_TOO_MANY", limit=MEMBERS)
        pieces = []
        while wanted:
            number, offset = divmod(self._at, RANGE)
            piece = self._range(number)[offset : offset + wanted]
            pieces.append(piece)
            self._at += len(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def _range(self, number: int) -> bytes:
        if number not in self._held:
            if len(self._held) >= RANGES_HELD:
                self._held.popitem(last=False)
            self._held[number] = self._read(number * RANGE, min(self._size, (number + 1) * RANGE))
        self._held.move_to_end(number)
        return self._held[number]


class ArchivedFile(NamedTuple):
    """A member to be read. ``refusal``: why it cannot be."""

    name: str
    refusal: UploadRejected | None
    blocks: Iterator[bytes]


def archived_files(read: Read, upload: Upload) -> list[ArchivedFile]:
    """The members of a zip archive that may hold conversions, in their order. Raises ``UploadRejected``."""
    file = cast(IO[bytes], RangedFile(read, upload.size))
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN:
        # The directory stands at the end, so an archive that was cut off has none.
        raise UploadRejected("ARCHIVE_DAMAGED" if zipfile.is_zipfile(file) else "FILE_TRUNCATED") from None
    return [
        ArchivedFile(entry.filename, _refusal(entry), _blocks(archive, entry))
        for entry in _worth_reading(archive, upload)
    ]


def _worth_reading(archive: zipfile.ZipFile, upload: Upload) -> list[zipfile.ZipInfo]:
    entries = [
        entry
        for entry in archive.infolist()
        if not entry.is_dir()
        and entry.filename.split("/")[0] != _SYSTEM_FOLDER
        and not upload._replace(member=entry.filename).is_ignorable
    ]
    if not entries:
        raise UploadRejected("ARCHIVE_EMPTY")
    if len(entries) > MEMBERS:
        raise UploadRejected("ARCHIVE_TOO_MANY", limit=MEMBERS)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or max(map(len, names)) > MEMBER_NAME:
        raise UploadRejected("ARCHIVE_NAMES")
    return entries


def _refusal(entry: zipfile.ZipInfo) -> UploadRejected | None:
    if entry.flag_bits & _ENCRYPTED:
        return UploadRejected("ARCHIVE_ENCRYPTED")
    if entry.compress_type not in _READABLE:
        method = _METHODS.get(entry.compress_type, f"the zip method {entry.compress_type}")
        return UploadRejected("ARCHIVE_METHOD", method=method)
    return None


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Raises ``UploadRejected`` (``ARCHIVE_DAMAGED``); zipfile compares the checksum at the end."""
    try:
        content = archive.open(entry)
    except _BROKEN:
        raise UploadRejected("ARCHIVE_DAMAGED") from None
    with closing(content):
        while block := _next_block(content):
            yield block


def _next_block(content: IO[bytes]) -> bytes:
    try:
        return content.read(OUTPUT_BLOCK)
    except _BROKEN:
        raise UploadRejected("ARCHIVE_DAMAGED") from None
