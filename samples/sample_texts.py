"""Sample files as templates: rows as they stand in a file, with marks where a moment or a digest belongs.

``<26h us>`` is the moment 26 hours and 26 minutes before the samples' own, in the form ``us``;
``<26h us@Europe/Berlin>`` the same moment as clocks show it there; a minus (``<-72h iso>``) lies ahead of it.
``<sha256 text>`` is a digest; ``SHA256`` writes it in capital letters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def _short_us(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment.year}"


def _short_12(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M:%S %p}"


def _pattern(text: str) -> Callable[[datetime], str]:
    return lambda moment: moment.strftime(text)


FORMS: Mapping[str, Callable[[datetime], str]] = {
    "iso": _pattern("%Y-%m-%dT%H:%M:%SZ"),
    "millis": _pattern("%Y-%m-%dT%H:%M:%S.000Z"),
    "colon": _pattern("%Y-%m-%dT%H:%M:%S:152Z"),
    "t": _pattern("%Y-%m-%dT%H:%M:%S"),
    "offset": _pattern("%Y-%m-%dT%H:%M:%S%z"),
    "sql": _pattern("%Y-%m-%d %H:%M:%S"),
    "micros": _pattern("%Y-%m-%d %H:%M:%S.000000"),
    "minute": _pattern("%Y-%m-%d %H:%M"),
    "shop": _pattern("%Y-%m-%d %H:%M:%S %z"),
    "date": _pattern("%Y-%m-%d"),
    "clock": _pattern("%H:%M:%S"),
    "clock12": _short_12,
    "us": _pattern("%m/%d/%Y %I:%M:%S %p"),
    "shortus": lambda moment: f"{_short_us(moment)}  {moment.hour}:{moment:%M:%S}",
    "shortdate": _short_us,
    "german": _pattern("%d.%m.%Y %H:%M"),
    "unix": lambda moment: str(int(moment.timestamp())),
    "unixms": lambda moment: f"{int(moment.timestamp())}000",
    "unixfloat": lambda moment: f"{int(moment.timestamp())}.0",
}
"""How a moment is written."""

_MOMENT = re.compile(r"<(-?\d+)h (\w+)(?:@([\w/]+))?>")
_DIGEST = re.compile(r"<(sha256|SHA256|md5) ([^>]*)>")


def written(as_of: datetime, template: str) -> bytes:
    """A template with its moments and digests, in UTF-8."""

    def moment(mark: re.Match[str]) -> str:
        age = int(mark[1])
        then = as_of.astimezone(UTC) - timedelta(hours=age, minutes=age)
        return FORMS[mark[2]](then.astimezone(ZoneInfo(mark[3] or "UTC")))

    return _DIGEST.sub(_digest, _MOMENT.sub(moment, template)).encode()


def _digest(mark: re.Match[str]) -> str:
    name, text = mark[1], mark[2].encode()
    digest = hashlib.new(name.lower(), text, usedforsecurity=False).hexdigest()
    return digest.upper() if name.isupper() else digest
