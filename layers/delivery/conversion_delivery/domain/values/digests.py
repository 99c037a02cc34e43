"""SHA-256 digests that arrive in place of an e-mail address or a phone number.

A digest cannot be checked against what it was made from; its shape can, and so can the few digests of nothing.
"""

from __future__ import annotations

import hashlib
import re
from enum import Enum

from conversion_delivery.domain.values.null_words import NULL_WORDS

_FURTHER_PLACEHOLDERS = ("0", "+", "+1", "0000000000", "+0000000000", "+10000000000", "\\N")


def _spellings(word: str) -> set[str]:
    return {word, word.upper(), word.capitalize(), word.title()}


DIGESTS_OF_NOTHING = frozenset(
    hashlib.sha256(spelling.encode()).hexdigest()
    for word in (*NULL_WORDS, *_FURTHER_PLACEHOLDERS)
    for spelling in _spellings(word)
)
"""SHA-256 of the empty text and of placeholder words: somebody hashed an empty cell."""

_OTHER_KIND = re.compile(
    r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{56}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128}|[0-9A-Za-z+/_-]{43}="
)
_ALMOST = re.compile(r"[0-9A-Za-z]{60,68}")


class DigestFault(Enum):
    """Why something that looks like a digest is of no use."""

    TYPE = "type"
    """Another function (MD5, SHA-1, SHA-512 ...) or another spelling (Base64)."""
    DAMAGED = "damaged"
    """Nearly a SHA-256 in hex: a digit too few or too many, or a letter that is no hex digit."""


def read_digest(text: str) -> str | None:
    """The digest in lower case; ``""`` for a digest of nothing; None where the text is no SHA-256 in hex."""
    if len(text) != 64:
        return None
    try:
        # fromhex skips blanks between bytes, so its answer is shorter where there are any.
        if len(bytes.fromhex(text)) != 32:
            return None
    except ValueError:
        return None
    digest = text.lower()
    return "" if digest in DIGESTS_OF_NOTHING else digest


def digest_fault(text: str) -> DigestFault | None:
    """What is wrong with a text that looks like a digest and is none; None for any other text."""
    if _OTHER_KIND.fullmatch(text):
        return DigestFault.TYPE
    return DigestFault.DAMAGED if _ALMOST.fullmatch(text) else None
