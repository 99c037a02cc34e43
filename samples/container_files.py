"""Samples in wrappings: compressed, and several files in one archive.

A compressor's bytes differ between its versions; what they unpack to does not.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping

_ZIP_TIME = (2026, 1, 1, 0, 0, 0)


def gzipped(content: bytes) -> bytes:
    """The same bytes at any time of the clock."""
    return gzip.compress(content, mtime=0)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def members(archive: bytes) -> dict[str, bytes]:
    """The files of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        return {name: source.read(name) for name in source.namelist()}


def unwrapped(name: str, content: bytes) -> bytes:
    """What a single file holds, whatever wraps it."""
    return gzip.decompress(content) if name.endswith(".gz") else content


NORTH = """\
event_type,email,phone,timestamp,order_id,value,currency,shop_id
Purchase,nia.ash@example.com,+12065550161,<5h iso>,N-1,18.00,USD,SEA-01
Purchase,,206-555-0162,<17h iso>,N-2,44.10,USD,SEA-01
Purchase,olga.berg@example.com,,<29h iso>,N-3,,USD,SEA-01
"""

SOUTH = """\
event_type,email,phone,timestamp,order_id,value,currency,shop_id
Purchase,pam.cruz@example.com,+13055550171,<7h iso>,S-1,23.00,USD,MIA-02
Contact,quin.dean@example.com,,<19h iso>,S-2,,,MIA-02
Purchase,null,none,<31h iso>,S-3,9.00,USD,MIA-02
Purchase,rae.ely@example.com,,<1500h iso>,S-4,9.00,USD,MIA-02
"""
