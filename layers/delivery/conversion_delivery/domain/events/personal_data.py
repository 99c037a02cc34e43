"""Hashing of personal data as TikTok documents it, and the test for text that looks personal.

In: normalised values (``domain.values.emails``, ``domain.values.phones``). Out: SHA-256 digests, 64 lower-case hex
digits.
Source of the rule: TikTok Business API portal, "Report App, Web, Offline, or CRM Events" (fields of ``user``).
"""

from __future__ import annotations

import re
from hashlib import sha256

_is_digest = re.compile(r"[0-9a-f]{64}").fullmatch
_looks_like_address = re.compile(r"[^\s@]@[^\s@.]+\.[^\s@.]").search
_looks_like_phone = re.compile(r"(?:tel:)?\+[0-9](?:[ ()./-]*[0-9]){7,14}").fullmatch


def digest(normalised: str) -> str:
    """SHA-256 of a normalised e-mail, phone or customer id; a ready digest (64 lower-case hex digits) stays itself."""
    if len(normalised) == 64 and _is_digest(normalised):
        return normalised
    return sha256(normalised.encode()).hexdigest()


def looks_personal(text: str) -> bool:
    """Whether a text holds an e-mail address, or is an international phone number: it must not travel unhashed.

    Digits alone are no evidence: order numbers and product codes look the same.
    """
    return _looks_like_address(text) is not None or _looks_like_phone(text.strip()) is not None


def is_identifier(text: str, emails: tuple[str, ...], phones: tuple[str, ...]) -> bool:
    """Whether a text repeats one of the row's own identifiers: as it is, in another case, without +, or as digest."""
    folded = text.strip().lower()
    if folded in emails or folded in phones:
        return True
    if len(folded) == 64:
        return any(folded == digest(known) for known in (*emails, *phones))
    return len(folded) >= 7 and any(phone.endswith(folded) for phone in phones)
