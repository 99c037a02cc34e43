"""A local file as the texts it holds: the same containers, encodings and keys as in an upload, read as a stream.

Clear text stays in memory, a few mebibytes of it at a time: nothing is written to a disk. Parquet is read here only,
where the package ``pyarrow`` is installed; its rows come as the CSV text that they would be exported as.
"""

from __future__ import annotations

import csv
import getpass
import importlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.private_keys import PrivateKey
from conversion_delivery.domain.reading.containers import ExpansionLimits, is_plain, peeked
from conversion_delivery.domain.reading.file_reading import HEAD_BYTES
from conversion_delivery.domain.reading.plain_texts import Source, plain_texts
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.workflows.prepare_upload import decryption_for

BLOCK = 1 << 20
PARQUET_ROWS = 10_000
PASSPHRASE_VARIABLE = "CONVERSIONS_PGP_PASSPHRASE"  # noqa: S105 -- the variable's name

Seen = Callable[[int], None]
"""Told how many bytes of the file were read."""


class OpenedText(NamedTuple):
    """One text of a file; read it to its end before the next."""

    name: str
    """The file's name, or the member's where the file is an archive of several."""
    is_member: bool
    head: bytes
    size: int
    """Of the text where it is known; else a number above that of the head."""
    from_offset: Callable[[int], Iterator[bytes]]
    """The text's blocks from a byte on; once. May raise ``UploadRejected``."""
    encoding: str = ""
    compression: str = "none"
    refusal: UploadRejected | None = None


class KeyFiles:
    """Fulfils the port ``KeyStore`` with files of private keys."""

    def __init__(self, paths: Sequence[Path], passphrase: str) -> None:
        self._keys = tuple(PrivateKey(path.read_text(encoding="ascii", errors="replace"), passphrase) for path in paths)

    def keys(self, destination: str) -> tuple[PrivateKey, ...]:
        return self._keys

    def place(self, destination: str) -> str:
        return "the files named with --pgp-key"


def passphrase(*, ask: bool) -> str:
    """The keys' passphrase, from a prompt or the environment: never from an argument, which others can see."""
    if ask:
        return getpass.getpass("Passphrase of the PGP key: ")
    return os.environ.get(PASSPHRASE_VARIABLE, "")


def opened_texts(path: Path, keys: KeyFiles, seen: Seen) -> Iterator[OpenedText]:
    """Each text that the file holds. Raises ``OSError``; what is wrong with a file stands in ``refusal``."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(b"PAR1"):
        yield _parquet(path, seen)
    elif is_plain(head):
        yield OpenedText(path.name, False, head, size, lambda start: _blocks(path, seen, start))
    else:
        upload = Upload("", path.name, "local", size)
        source = Source(read=lambda start, end: _range(path, seen, start, end), stream=lambda: _blocks(path, seen))
        decrypt = decryption_for("", keys, SequoiaDecryption())
        for text in plain_texts(upload, head, source, decrypt, ExpansionLimits()):
            opened = _streamed(text.upload.name, text.blocks) if text.refusal is None else _refused(text.upload.name)
            yield opened._replace(
                is_member=bool(text.upload.member),
                encoding=text.encoding,
                compression=text.compression,
                refusal=text.refusal or opened.refusal,
            )


def _refused(name: str, refusal: UploadRejected | None = None) -> OpenedText:
    return OpenedText(name, False, b"", 0, lambda _: iter(()), refusal=refusal)


def _streamed(name: str, blocks: Iterator[bytes]) -> OpenedText:
    try:
        # One byte more than the head tells whether the head is all there is.
        beginning, blocks = peeked(blocks, HEAD_BYTES + 1)
    except UploadRejected as refusal:
        return _refused(name, refusal)
    return OpenedText(name, False, beginning[:HEAD_BYTES], len(beginning), lambda start: _without(blocks, start))


def _without(blocks: Iterator[bytes], start: int) -> Iterator[bytes]:
    """The blocks without their first ``start`` bytes."""
    for block in blocks:
        yield block[start:]
        start = max(0, start - len(block))


def _blocks(path: Path, seen: Seen, start: int = 0) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while block := file.read(BLOCK):
            seen(len(block))
            yield block


def _range(path: Path, seen: Seen, start: int, end: int) -> bytes:
    seen(end - start)
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


def _parquet(path: Path, seen: Seen) -> OpenedText:
    """Raises nothing for a file that is damaged: that is a refusal."""
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        advice = "Install the package pyarrow beside this command to check it here, or export the rows as a CSV file."
        facts = {"kind": "parquet", "what": "a Parquet file", "advice": advice}
        return _refused(path.name, UploadRejected("FORMAT_UNSUPPORTED", **facts))
    try:
        return _streamed(path.name, _rows_as_csv(parquet.ParquetFile(path), seen))._replace(compression="parquet")
    except (OSError, ValueError):
        return _refused(path.name, UploadRejected("ARCHIVE_DAMAGED"))


def _rows_as_csv(file: Any, seen: Seen) -> Iterator[bytes]:
    names = file.schema_arrow.names
    yield _csv([names])
    for batch in file.iter_batches(batch_size=PARQUET_ROWS):
        columns = [column.to_pylist() for column in batch.columns]
        seen(batch.nbytes)
        yield _csv([_cell(value) for value in row] for row in zip(*columns, strict=True))


def _csv(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
