"""E-mail addresses: from the many ways files write them to what TikTok hashes.

In: a cell. Out: the address trimmed and in lower case, a SHA-256 digest in lower case, an empty text for an empty cell,
or a ``CellFinding`` whose value is a tuple of those. Nothing else is changed: dots and plus tags stay, for TikTok keeps
them. An address has to look like one (``@``, a domain with an ending); whether mail arrives there is not asked.
"""

from __future__ import annotations

import json
import re

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.digests import DigestFault, digest_fault, read_digest
from conversion_delivery.domain.values.masking import mask_email
from conversion_delivery.domain.values.null_words import is_null

PLACEHOLDERS = frozenset(
    f"{name}@{domain}"
    for name, domain in (
        ("a", "a.com"),
        ("abc", "abc.com"),
        ("asdf", "asdf.com"),
        ("email", "email.com"),
        ("na", "na.com"),
        ("no", "no.com"),
        ("noemail", "email.com"),
        ("noemail", "noemail.com"),
        ("nomail", "nomail.com"),
        ("none", "none.com"),
        ("noreply", "noreply.com"),
        ("null", "null.com"),
        ("test", "test.com"),
        ("unknown", "unknown.com"),
        ("xxx", "xxx.com"),
    )
)
"""Addresses that are typed where a till insists on one.

Whole addresses only: ``noreply@`` a shop's own domain is seen by how often it stands in the file (``first_rows``).
"""

# Possessive quantifiers: no backtracking, whatever the cell. Lengths follow RFC 5321 (64 before the @, 63 per label).
_CLEAN = re.compile(
    r"[A-Za-z0-9_][A-Za-z0-9_.+%'&=-]{0,63}+@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}+\.){1,8}+[A-Za-z]{2,24}"
).fullmatch
# Everything that HTML forms let through, and letters of any script.
_WIDE = re.compile(
    r"[\w!#$%&*+/=?^`{|}~-][\w.!#$%&'*+/=?^`{|}~-]{0,63}+@(?:\w[\w-]{0,62}+\.){1,8}+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})"
).fullmatch
_IN_BRACKETS = re.compile(r"[<(\[]\s*(?:mailto:)?([^<>()\[\]\s]+@[^<>()\[\]\s]+?)\s*[>)\]]", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:\s*([^?]+)(?:\?.*)?", re.IGNORECASE)
_LIST_MARKS = re.compile(r"[;,|\n]")
_BEFORE = " \t\"'`<"
_AFTER = " \t\"'`>.,;:"
_DIGEST_CODES = {DigestFault.TYPE: "EMAIL_DIGEST_TYPE", DigestFault.DAMAGED: "EMAIL_DIGEST_DAMAGED"}


class EmailReader:
    """Reads the e-mail addresses of one file."""

    __slots__ = ()

    def read(self, cell: str) -> str | CellFinding:
        """An address, a digest, ``""``, or a finding whose value is a tuple of those (a warning) or None."""
        if _CLEAN(cell):
            address = cell.lower()
            if address not in PLACEHOLDERS:
                return address
        elif not cell:
            return ""
        else:
            digest = read_digest(cell)
            if digest is not None:
                return digest
        return _read_with_care(bare(cell))


def _read_with_care(text: str) -> str | CellFinding:
    value, code = _one(text)
    if value is not None:
        return CellFinding(code, mask_email(value), (value,)) if code else value
    several = _several(text)
    if several:
        found = [_one(part) for part in several]
        usable = tuple(dict.fromkeys(value for value, _ in found if value))
        if usable:
            code = "EMAIL_SEVERAL" if len(several) > 1 else "EMAIL_REPAIRED"
            return CellFinding(code, mask_email(usable[0]), usable)
        code = next((code for value, code in found if value is None), code)
    return CellFinding(code, mask_email(text))


def _one(text: str) -> tuple[str | None, str]:
    """A value with a warning or none; or None with the code of why not."""
    value, code = _address(text)
    if value is not None or code == "EMAIL_PLACEHOLDER":
        return value, code
    if is_null(text):
        return "", ""
    digest = read_digest(text)
    if digest is not None:
        return digest, ""
    if fault := digest_fault(text):
        return None, _DIGEST_CODES[fault]
    repaired = _address(_unwrapped(text))[0] if text.count("@") == 1 else None
    return (repaired, "EMAIL_REPAIRED") if repaired else (None, "EMAIL_INVALID")


def _address(text: str) -> tuple[str | None, str]:
    address = text.lower()
    if address in PLACEHOLDERS:
        return None, "EMAIL_PLACEHOLDER"
    if _CLEAN(address):
        return address, ""
    if _WIDE(address):
        return address, "" if address.isascii() else "EMAIL_NON_ASCII"
    return None, "EMAIL_INVALID"


def _unwrapped(text: str) -> str:
    """The address inside ``Name <a@x.com>``, ``mailto:a@x.com``, ``a@x.com.`` and the like."""
    if inside := _IN_BRACKETS.search(text):
        text = inside[1]
    if scheme := _MAILTO.fullmatch(text):
        text = scheme[1]
    return bare(text.lstrip(_BEFORE).rstrip(_AFTER))


def _several(text: str) -> list[str]:
    """The parts of a cell that holds a list of addresses or digests; empty where it holds none."""
    if text[0] == "[":
        try:
            return [bare(part) for part in json.loads(text) if isinstance(part, str)]
        except (ValueError, RecursionError):
            return []
    parts = [bare(part) for part in _LIST_MARKS.split(text)]
    is_list = text.count("@") > 1 or all(len(part) == 64 for part in parts)
    return [part for part in parts if part] if len(parts) > 1 and is_list else []
