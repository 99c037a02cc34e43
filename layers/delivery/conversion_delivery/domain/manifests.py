"""How many rows a file's marker promises. In: the marker's content. Out: a number, or None where it names none.

Understood: a number alone, ``rows=123`` or ``records: 123`` on a line of its own, and a JSON object with such a name.
Markers are common practice without a standard, so whatever else stands in one is nobody's error.
"""

from __future__ import annotations

import json
import re

MANIFEST_BYTES = 64 << 10
"""A longer marker is looked at no further."""

NAMES = frozenset(
    {"rows", "rowcount", "records", "recordcount", "count", "lines", "linecount", "totalrows", "totalrecords"}
)
"""Names of the number, in lower case and without ``_``, ``-`` and blanks."""

_ALONE = re.compile(r"\d{1,12}")
_NAMED = re.compile(r"""["']?([A-Za-z][A-Za-z _-]{0,30}?)["']?\s*[=:]\s*["']?(\d{1,12})["']?,?""")


def expected_rows(content: bytes) -> int | None:
    """The number of rows that a marker promises."""
    text = content[:MANIFEST_BYTES].decode("utf-8-sig", "replace").strip()
    if _ALONE.fullmatch(text):
        return int(text)
    return _in_json(text) if text.startswith("{") else _on_a_line(text)


def _in_json(text: str) -> int | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    for name, value in document.items() if isinstance(document, dict) else ():
        if _is_count(name):
            if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                return value
            if isinstance(value, str) and _ALONE.fullmatch(value.strip()):
                return int(value)
    return None


def _on_a_line(text: str) -> int | None:
    for line in text.splitlines():
        found = _NAMED.fullmatch(line.strip())
        if found is not None and _is_count(found.group(1)):
            return int(found.group(2))
    return None


def _is_count(name: str) -> bool:
    return re.sub(r"[ _-]", "", name).lower() in NAMES
