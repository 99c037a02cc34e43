"""Which event and which field TikTok's error text names.

In: the ``message`` of an answer. Out: zero-based indices and a field path, never the text: it can echo a value.
Owns the spellings: TikTok documents none, so every spelling met in public code is read ("data. 1 .event_id",
"Batch.0.properties.contents.0.content_id", "data[3].user.email", the dictionary of a Python validation library), and
what looks like a sentence ("the maximum length of data. 50.") names nobody. Naming nobody is safe: the caller halves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LARGEST_INDEX = 999
"""A request holds at most 1,000 events; a greater number is no index."""

_LONGEST_TEXT = 20_000

_FIELD_NAMES = """
event event_time event_id event_source event_source_id test_event_code partner_name data limited_data_use
user email phone phone_number external_id ttclid ttp ip user_agent locale idfa idfv gaid att_status first_name
last_name zip_code city state country lead_id properties currency value content_ids content_type num_items
search_string query description order_id shop_id customer_type contents price quantity content_id
content_category content_name brand page url referrer lead lead_event_source app app_id app_name app_version ad
callback campaign_id ad_id creative_id is_retargeting attributed attribution_type attribution_provider
attribution_share pixel_code event_set_id timestamp
"""

_KNOWN_FIELDS = frozenset(_FIELD_NAMES.split())
"""Names that may leave this module. Anything else after a dot could be a piece of an echoed value."""

_TOP_LEVEL_FIELDS = frozenset(
    {"event_source", "event_source_id", "test_event_code", "partner_name", "pixel_code", "event_set_id"}
)

_PART = r"\s*[./]\s*\d+|\s*\[\s*\d+\s*\]|\s*[./][A-Za-z_]\w*|\[\s*['\"]?[A-Za-z_]\w*['\"]?\s*\]"
_INDEXED = re.compile(
    r"(?<![\w.])(?:(?:\$|body|request)\s*\.\s*)?(?:data|batch|events?)\s*"
    r"(?:\[\s*(?P<bracketed>\d+)\s*\]|[./]\s*(?P<dotted>\d+)(?=\s*(?:[./][A-Za-z_]|\[|:|$)))"
    rf"(?P<path>(?:{_PART})*)",
    re.IGNORECASE,
)
_NESTED = re.compile(r"['\"]data['\"]\s*:\s*\{\s*['\"]?(?P<nested>\d+)['\"]?\s*:\s*\{?\s*['\"]?(?P<path>\w*)")
_GOES_ON = re.compile(r"(?:[;,\n{\[]|\bfor|\band)\s*['\"]?$", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_]\w*")
_UNINDEXED = re.compile(
    r"(?:^\{?\s*|\b(?:for|field|parameter|param|invalid|missing|in)\s+)['\"`]?"
    r"(?=(?!value for\b)(?P<path>[a-z_]+(?:\.\w+)*))",  # looks ahead: "invalid" itself may stand at the beginning
    re.IGNORECASE,
)
_SOURCE_IN_WORDS = re.compile(r"\bpixel code\b|\bevent set\b", re.IGNORECASE)


class Named(NamedTuple):
    """What a text names. ``indices`` None: no event. ``top_level``: a field that all events of a request share."""

    indices: tuple[int, ...] | None = None
    field: str = ""
    top_level: bool = False


def read_named(text: str) -> Named:
    """The events and the field that ``text`` names."""
    text = text[:_LONGEST_TEXT]
    found = list(_indexed(text))
    if found:
        return Named(tuple(sorted({index for index, _ in found})), next((path for _, path in found if path), ""))
    field = _unindexed(text)
    return Named(None, field, field in _TOP_LEVEL_FIELDS or (not field and bool(_SOURCE_IN_WORDS.search(text))))


def _indexed(text: str) -> Iterator[tuple[int, str]]:
    """The first named event, and further ones where the text enumerates: elsewhere they may be part of a value."""
    first = True
    for match in _INDEXED.finditer(text):
        index = int((match["bracketed"] or match["dotted"])[:9])
        if index <= LARGEST_INDEX and (first or _GOES_ON.search(text, max(0, match.start() - 20), match.start())):
            first = False
            yield index, known_path(match["path"])
    nested = _NESTED.search(text) if first else None
    if nested and int(nested["nested"][:9]) <= LARGEST_INDEX:
        yield int(nested["nested"]), known_path(nested["path"])


def _unindexed(text: str) -> str:
    paths = (known_path(match["path"]) for match in _UNINDEXED.finditer(text))
    return next((path for path in paths if path), "")


def known_path(text: str) -> str:
    """The names in ``text`` joined by dots, up to the first one that the Events API does not know."""
    names: list[str] = []
    for name in _NAME.findall(text):
        if name not in _KNOWN_FIELDS:
            break
        names.append(name)
    return ".".join(names)
