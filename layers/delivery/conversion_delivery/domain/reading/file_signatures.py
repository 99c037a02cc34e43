"""What a file is when it is not a text with columns, seen from its first bytes: the suffix of a name proves nothing.

The one place that knows foreign formats. A format that can be read one day leaves this table.
Owns ``FORMAT_UNSUPPORTED`` and ``ENCODING_UNKNOWN``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from conversion_delivery.domain.errors import UploadRejected

BOM = b"\xef\xbb\xbf"
"""UTF-8's byte order mark; spreadsheets put it at the start of a CSV file."""


class Signature(NamedTuple):
    """A format, how it begins, and what to do with such a file."""

    kind: str
    begins: re.Pattern[bytes]
    what: str
    advice: str


_UNPACK = "Unpack it and drop the text file that is inside."
_SAVE = 'Save it as "CSV UTF-8" and drop that file.'
_EXPORT = "Export the rows as a CSV file and drop that."

_LINES = "Write one object per line (JSON Lines), or export the rows as a CSV file."


def _begins(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL | re.IGNORECASE)


SIGNATURES = (
    Signature("gzip", _begins(rb"\x1f\x8b"), "a file compressed with gzip", _UNPACK),
    Signature("bzip2", _begins(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), "a file compressed with bzip2", _UNPACK),
    Signature("zstd", _begins(rb"\x28\xb5\x2f\xfd"), "a file compressed with Zstandard", _UNPACK),
    Signature("xz", _begins(rb"\xfd7zXZ\x00"), "a file compressed with xz", _UNPACK),
    Signature(
        "xlsx",
        _begins(
            rb"PK\x03\x04.*(?:\[Content_Types\]\.xml|xl/(?:workbook|worksheets|_rels|styles|theme)|mimetypeapplic)"
        ),
        "an Excel or other office file",
        _SAVE,
    ),
    Signature("zip", _begins(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"), "a zip archive", _UNPACK),
    Signature("7z", _begins(rb"7z\xbc\xaf\x27\x1c"), "a 7-Zip archive", _UNPACK),
    Signature("rar", _begins(rb"Rar!\x1a\x07"), "a RAR archive", _UNPACK),
    Signature("xls", _begins(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "a workbook of an old Excel", _SAVE),
    Signature("parquet", _begins(rb"PAR[1E]"), "a Parquet file", _EXPORT),
    Signature("avro", _begins(rb"Obj\x01"), "an Avro file", _EXPORT),
    Signature("orc", _begins(rb"ORC[\x00-\x1f]"), "an ORC file", _EXPORT),
    Signature("pdf", _begins(rb"\s*%PDF-"), "a PDF document", _EXPORT),
    Signature(
        "pgp",
        _begins(
            rb"(?:\s*-----BEGIN PGP "  # armoured
            rb"|[\x84-\x86\xc1][\x01-\xff]{0,4}?\x03.{8}[\x01\x02\x10\x12\x16\x19]"  # to a public key
            rb"|\xc1[\x01-\xff]{1,3}?\x06(?:\x15\x04|\x21\x06)"  # to a public key, version 6
            rb"|\xa3[\x01-\x03]|[\x90\xc4]\x0d\x03"  # signed only
            rb"|[\x8c\xc3][\x04-\x40][\x04-\x06][\x01-\x0d])"  # to a passphrase
        ),
        "a file encrypted with PGP",
        "Drop the file without encryption; the connection and the bucket are encrypted.",
    ),
    Signature("html", _begins(rb"\s*<(?:!doctype\s+html|html|head|body|table)[\s>]"), "a web page", _EXPORT),
    Signature("xml", _begins(rb"\s*<\?xml\s"), "an XML document", _EXPORT),
    Signature("json", _begins(rb"\s*(?:\{\s*[\"}]|\[\s*\{)"), "a JSON document", _LINES),
)
"""The first that fits counts. PGP packets: RFC 9580, sections 4.2 and 5.1 to 5.3."""

_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
"""Byte order marks of encodings that are not UTF-8."""

_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\x00\x1b") + b"\x7f"

_ASCII = bytes(range(128))
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"
"""Bytes without a character in Windows-1252."""

_runs = re.compile(rb"[\x80-\xff]{2,}").findall

FEWEST_HIGH = 8
MANY_UNDEFINED = 0.05
MANY_RUNS = 0.5
"""Letters beyond ASCII stand alone in the languages of Windows-1252: shares of such bytes that no text in it has."""

MANY_NULS = 0.1
MANY_CONTROLS = 0.02
"""Shares of bytes that no text in UTF-8 has."""


def refuse_other_formats(head: bytes) -> None:
    """Raises ``UploadRejected`` (``FORMAT_UNSUPPORTED``) where the bytes are a known format that is not text."""
    body = head.removeprefix(BOM)
    for signature in SIGNATURES:
        if signature.begins.match(body):
            facts = {"kind": signature.kind, "what": signature.what, "advice": signature.advice}
            raise UploadRejected("FORMAT_UNSUPPORTED", **facts)


def refuse_other_encodings(head: bytes) -> None:
    """Raises ``UploadRejected`` (``ENCODING_UNKNOWN``) where the bytes are no text in UTF-8 or Windows-1252.

    Which of the two it is, is decided with the plan; single rows with other bytes cost themselves only.
    """
    for mark, name in _ENCODINGS:
        if head.startswith(mark):
            raise UploadRejected("ENCODING_UNKNOWN", encoding=name)
    if head.count(0) > MANY_NULS * len(head):
        in_pairs = max(head[::2].count(0), head[1::2].count(0)) > 0.9 * head.count(0)
        raise UploadRejected("ENCODING_UNKNOWN", encoding="UTF-16" if in_pairs else "binary data")
    if len(head) - len(head.translate(None, _CONTROLS)) > MANY_CONTROLS * len(head):
        raise UploadRejected("ENCODING_UNKNOWN", encoding="binary data")
    others = b"\n".join(line for line in head.splitlines() if not line.isascii() and not _is_utf8(line))
    high = len(others.translate(None, _ASCII))
    undefined = high - len(others.translate(None, _ASCII + _UNDEFINED))
    if high >= FEWEST_HIGH and (undefined > MANY_UNDEFINED * high or len(b"".join(_runs(others))) > MANY_RUNS * high):
        raise UploadRejected("ENCODING_UNKNOWN", encoding="neither UTF-8 nor Windows-1252")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
