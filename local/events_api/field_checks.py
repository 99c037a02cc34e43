"""One check per kind of field: a value in, None or what is wrong with it out.

Checks never put a value into their sentence. They run for every field of every event of a load test, so they are
plain functions over exact types; ``type(x) is int`` also keeps JSON's ``true`` from passing as a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from local.events_api.field_table import LISTED_CURRENCIES, STANDARD_EVENTS, Kind

PARAMETER_ERROR = 40002
NOT_HASHED = 40062

_EARLIEST = 1_000_000_000
_LATEST = 9_999_999_999
"""Ten digits: seconds from 2001 to 2286. Milliseconds have thirteen."""

_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch
_CUSTOM_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,49}").fullmatch


class Wrong(NamedTuple):
    """What is wrong with a request: where (names and indices, outermost first), and TikTok's code for it."""

    text: str
    path: tuple[str | int, ...] = ()
    code: int = PARAMETER_ERROR

    def under(self, name: str | int) -> Wrong:
        return self._replace(path=(name, *self.path))


Check = Callable[[Any], Wrong | None]

_NOT_TEXT = Wrong("not a valid string")
_EMPTY = Wrong("shorter than minimum length 1")
_NOT_NUMBER = Wrong("not a valid number")
_NOT_WHOLE = Wrong("not a valid integer")
_NOT_FLAG = Wrong("not a valid boolean")
_NOT_LIST = Wrong("not a valid list")
_NOT_OBJECT = Wrong("not a valid object")
_RAW = Wrong("not hashed with SHA-256", code=NOT_HASHED)
_NOT_SECONDS = Wrong("not a Unix time in seconds")
_UNKNOWN_NAME = Wrong("not a supported event name")


def text(value: Any) -> Wrong | None:
    return None if type(value) is str else _NOT_TEXT


def key_text(value: Any) -> Wrong | None:
    if type(value) is not str:
        return _NOT_TEXT
    return None if value else _EMPTY


def number(value: Any) -> Wrong | None:
    return None if type(value) is int or type(value) is float else _NOT_NUMBER


def whole(value: Any) -> Wrong | None:
    return None if type(value) is int else _NOT_WHOLE


def flag(value: Any) -> Wrong | None:
    return None if type(value) is bool else _NOT_FLAG


def digest(value: Any) -> Wrong | None:
    if type(value) is not str:
        return _NOT_TEXT
    return None if _DIGEST(value) else _RAW


def digests(value: Any) -> Wrong | None:
    if type(value) is str:
        return None if _DIGEST(value) else _RAW
    return _each(value, digest, _NOT_TEXT)


def texts(value: Any) -> Wrong | None:
    return _each(value, key_text, _NOT_LIST)


def _each(value: Any, check: Check, not_a_list: Wrong) -> Wrong | None:
    if type(value) is not list:
        return not_a_list
    if not value:
        return _EMPTY
    for index, part in enumerate(value):
        wrong = check(part)
        if wrong is not None:
            return wrong.under(index)
    return None


def seconds(value: Any) -> Wrong | None:
    if type(value) is not int:
        return _NOT_WHOLE
    return None if _EARLIEST <= value <= _LATEST else _NOT_SECONDS


def standard_event(value: Any) -> Wrong | None:
    if type(value) is not str:
        return _NOT_TEXT
    return None if value in STANDARD_EVENTS else _UNKNOWN_NAME


def custom_event(value: Any) -> Wrong | None:
    if type(value) is not str:
        return _NOT_TEXT
    return None if _CUSTOM_NAME(value) else _UNKNOWN_NAME


def _one_of(allowed: Iterable[str]) -> Check:
    known = frozenset(allowed)
    wrong = Wrong("not one of the allowed values")

    def check(value: Any) -> Wrong | None:
        if type(value) is not str:
            return _NOT_TEXT
        return None if value in known else wrong

    return check


CHECKS: dict[Kind, Check] = {
    Kind.TEXT: text,
    Kind.KEY_TEXT: key_text,
    Kind.NUMBER: number,
    Kind.WHOLE: whole,
    Kind.FLAG: flag,
    Kind.TEXTS: texts,
    Kind.HASHES: digests,
    Kind.HASH: digest,
    Kind.SECONDS: seconds,
    Kind.CURRENCY: _one_of(LISTED_CURRENCIES),
    Kind.CONTENT_TYPE: _one_of(("product", "product_group")),
    Kind.CUSTOMER_TYPE: _one_of(("new", "returning")),
    Kind.ATT_STATUS: _one_of(("AUTHORIZED", "DENIED", "NOT_DETERMINED", "RESTRICTED", "NOT_APPLICABLE")),
}
"""Kinds that every source reads alike; names and objects are built per source."""


def nested(fields: dict[str, Check], required: tuple[str, ...], strict: bool) -> Check:
    """A check for an object with these fields."""
    unknown = Wrong("unknown field")
    missing = Wrong("missing data for required field")

    def check(value: Any) -> Wrong | None:
        if type(value) is not dict:
            return _NOT_OBJECT
        for name, part in value.items():
            field = fields.get(name)
            if field is not None:
                wrong = field(part)
                if wrong is not None:
                    return wrong.under(name)
            elif strict:
                return unknown.under(name if name.isidentifier() else "?")
        for name in required:
            if name not in value:
                return missing.under(name)
        return None

    return check


def each_of(check: Check) -> Check:
    """A check for a list of what ``check`` accepts."""

    def check_list(value: Any) -> Wrong | None:
        return _each(value, check, _NOT_LIST)

    return check_list
