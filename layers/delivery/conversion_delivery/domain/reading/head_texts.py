"""The beginning of a file as text: its whole lines, and in which encoding they are.

In: the first bytes of a file. Out: its lines, or the refusal of the file. Owns ``FILE_EMPTY`` and ``HEADER_TOO_LONG``.

A byte order mark, or lines with characters beyond ASCII that are valid UTF-8, show that a file is in UTF-8; then a line
that is not costs itself only. Where nothing shows it, or more lines speak against it, such lines are read as
Windows-1252: the file is said to be in that encoding if there are some among these first lines.
"""

from __future__ import annotations

from typing import NamedTuple

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.reading.file_signatures import BOM, refuse_other_encodings, refuse_other_formats
from conversion_delivery.domain.reading.json_paths import JsonObject, parse_object
from conversion_delivery.domain.reading.rows import is_damaged
from conversion_delivery.domain.reading.text_lines import byte_size, decode, split_lines
from conversion_delivery.domain.reading.windows_text import WINDOWS_1252, windows_text

UTF_8, UTF_8_WITH_MARK = "utf-8", "utf-8-sig"

_BLANKS = " \t\r\n\ufeff"


class HeadText(NamedTuple):
    """The first lines of a file."""

    lines: list[str]
    """As they are to be read; each ends with its terminator."""
    written: list[str]
    """The same lines with bytes that are not UTF-8 as lone surrogates."""
    encoding: str
    fallback: str | None
    """What lines are read as that are not UTF-8; None: they are rejected."""
    mark: int
    """Bytes of the byte order mark."""
    is_json_lines: bool

    def offset(self, line: int) -> int:
        """Byte offset of the end of the first ``line`` lines."""
        return self.mark + byte_size(self.written[:line])


def head_text(head: bytes, *, is_whole: bool) -> HeadText:
    """Raises ``UploadRejected`` where the bytes do not begin a text that has rows; ``is_whole``: they are the file."""
    body = head.removeprefix(BOM)
    if not body.strip():
        raise UploadRejected("FILE_EMPTY")
    text, _ = decode(_whole_lines(body, is_whole=is_whole))
    written = split_lines(text)
    is_json_lines = body.lstrip()[:1] == b"{" and first_object(written) is not None
    if not is_json_lines:
        refuse_other_formats(body)
    refuse_other_encodings(head if not text else body[: byte_size([text])])
    if not text:
        raise UploadRejected("HEADER_TOO_LONG", limit=len(head))
    has_mark = head.startswith(BOM)
    damaged = {at for at, line in enumerate(written) if not line.isascii() and is_damaged([line])}
    in_utf8 = sum(not line.isascii() for line in written) - len(damaged)
    if not has_mark and in_utf8 <= len(damaged):
        lines = [windows_text(line) if at in damaged else line for at, line in enumerate(written)]
        return HeadText(lines, written, WINDOWS_1252 if damaged else UTF_8, WINDOWS_1252, 0, is_json_lines)
    encoding = UTF_8_WITH_MARK if has_mark else UTF_8
    return HeadText(written, written, encoding, None, len(BOM) if has_mark else 0, is_json_lines)


def first_object(lines: list[str]) -> JsonObject | None:
    """The object on the first line that is not blank; None where that line holds none."""
    first = next((text for line in lines if (text := line.strip(_BLANKS))), "")
    return parse_object(first)


def _whole_lines(body: bytes, *, is_whole: bool) -> bytes:
    return body if is_whole else body[: max(body.rfind(b"\n"), body.rfind(b"\r", 0, len(body) - 1)) + 1]
