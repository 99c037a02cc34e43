"""Whether the people in a text are invented: domains for examples, and phone numbers that belong to nobody.

Ranges: 555-0100 to 555-0199 (North America), 07700 900000 to 900999 (Ofcom), 030 23125 000 to 999 (Bundesnetzagentur),
01 99 00 xx xx (Arcep).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_PHONE = re.compile(
    r"""(?<![\w.:/-])(?:\+\d[\d() /-]{8,18}\d|\(?0?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"""
    r"""|0\d{2,4}[ /]\d[\d /-]{5,12}\d|1?[2-9]\d{2}555\d{4})(?![\w:])"""
)
_INVENTED = re.compile(
    r"1?[2-9]\d{2}55501\d{2}|(?:44|0)7700900\d{3}|(?:490?|0)3023125\d{3}|(?:33|0)19900\d{4}"
).fullmatch


def addresses_in(text: str) -> set[str]:
    """The domains of all addresses."""
    return {domain.lower() for domain in _ADDRESS.findall(text)}


def phones_in(text: str) -> Iterator[tuple[str, bool]]:
    """Whatever is written like a phone number, and whether it belongs to nobody."""
    for phone in _PHONE.findall(text):
        yield phone, _INVENTED(re.sub(r"\D", "", phone)) is not None
