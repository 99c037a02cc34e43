"""For whom a PGP message is encrypted, read from its first packets without any key (RFC 9580, sections 4, 5.1, 5.3).

In: the beginning of a message, binary or armoured. Out: ``Recipients``. Owns ``PGP_NOT_ENCRYPTED`` and
``PGP_PASSPHRASE_ONLY``. Whether the rest is sound shows when it is decrypted.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from conversion_delivery.domain.errors import UploadRejected

HIDDEN = "0" * 16
"""Key id of a recipient who is not named: any key may fit."""

_ARMOUR = re.compile(
    rb"-----BEGIN PGP ([A-Z ]+)-----[^\n]*\n(?:[^\n:]+: [^\n]*\n)*[ \t]*\r?\n(.*?)(?:\n=|\n-----|\Z)", re.DOTALL
)

_PUBLIC_KEY_SESSION, _PASSPHRASE_SESSION, _MARKER, _PADDING = 1, 3, 10, 21
_ENCRYPTED = frozenset({9, 18, 20})

_WHAT = {
    2: "a detached PGP signature",
    4: "a file that is signed with PGP",
    5: "a private PGP key",
    6: "a public PGP key",
    8: "a file that is packed or signed with PGP",
    11: "a file that is wrapped by PGP",
}
"""Packet type -> what a message that begins with it is. Compressed and literal data hide no secret."""


class Recipients(NamedTuple):
    key_ids: tuple[str, ...]
    """16 upper-case hex digits each; ``HIDDEN`` where a recipient is not named."""

    @property
    def shown(self) -> str:
        return ", ".join("(not named)" if each == HIDDEN else each for each in self.key_ids)


def recipients(head: bytes) -> Recipients:
    """Raises ``UploadRejected`` where the message is not encrypted for a public key."""
    key_ids: list[str] = []
    has_passphrase = False
    for tag, body in _packets(_binary(head)):
        if tag == _PUBLIC_KEY_SESSION:
            key_ids += [key_id] if (key_id := _key_id(body)) else []
        elif tag == _PASSPHRASE_SESSION:
            has_passphrase = True
        elif tag not in (_MARKER, _PADDING):
            if tag not in _ENCRYPTED:
                raise UploadRejected("PGP_NOT_ENCRYPTED", what=_WHAT.get(tag, "something made by PGP"))
            break
    if has_passphrase and not key_ids:
        raise UploadRejected("PGP_PASSPHRASE_ONLY")
    if not key_ids:
        raise UploadRejected("PGP_DAMAGED")
    return Recipients(tuple(dict.fromkeys(key_ids)))


def _binary(head: bytes) -> bytes:
    """The bytes behind the armour, as far as they are here."""
    text = head.lstrip()
    if not text.startswith(b"-----BEGIN PGP "):
        return head
    if text.startswith(b"-----BEGIN PGP SIGNED MESSAGE"):
        raise UploadRejected("PGP_NOT_ENCRYPTED", what="a text with a PGP signature below it")
    found = _ARMOUR.match(text.replace(b"\r\n", b"\n"))
    if found is None:
        raise UploadRejected("PGP_DAMAGED")
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", found[2])
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        raise UploadRejected("PGP_DAMAGED") from None


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body of each packet that is whole, and the type of the one that is not (its body cut)."""
    at = 0
    while at < len(data):
        first = data[at]
        if not first & 0x80:
            raise UploadRejected("PGP_DAMAGED")
        tag, size, length = _new_header(data, at) if first & 0x40 else _old_header(data, at)
        yield tag, data[at + size : at + size + length]
        at += size + length


def _new_header(data: bytes, at: int) -> tuple[int, int, int]:
    """Type, size of the header, length of the body; partial lengths begin data, where reading ends anyway."""
    tag, first = data[at] & 0x3F, data[at + 1 : at + 2]
    if not first:
        return tag, 1, 0
    if first[0] < 192:
        return tag, 2, first[0]
    if first[0] < 224:
        return tag, 3, ((first[0] - 192) << 8) + int.from_bytes(data[at + 2 : at + 3], "big") + 192
    return tag, 6, int.from_bytes(data[at + 2 : at + 6], "big") if first[0] == 255 else len(data)


def _old_header(data: bytes, at: int) -> tuple[int, int, int]:
    kind = data[at] & 3
    tag, width = data[at] >> 2 & 0x0F, 1 << kind
    if kind == 3:
        return tag, 1, len(data)
    return tag, 1 + width, int.from_bytes(data[at + 1 : at + 1 + width], "big")


def _key_id(body: bytes) -> str:
    """The key id a session key is encrypted for; version 6 names a fingerprint, whose first or last bytes it is."""
    if len(body) >= 9 and body[0] == 3:
        return body[1:9].hex().upper()
    if len(body) < 2 or body[0] != 6 or len(body) < 2 + body[1]:
        return ""
    if body[1] == 0:
        return HIDDEN
    fingerprint = body[3 : 2 + body[1]]
    return (fingerprint[:8] if body[2] == 6 else fingerprint[-8:]).hex().upper()
