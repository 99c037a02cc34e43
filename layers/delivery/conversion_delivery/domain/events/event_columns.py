"""Many conversions to events at once: ``tiktok_events`` says what an event is, here it is written column by column.

In: the fields of conversions as columns. Out: the same bytes, ids and fingerprints that ``EventEncoder.encode`` gives
for each, which a property test holds; in half the time, because the names of fields are joined in and not looked up,
one call writes the JSON texts of a whole column, and one call turns the texts of all rows into bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import chain, repeat
from operator import add
from typing import Any

from orjson import dumps

from conversion_delivery.domain.conversions import Conversion, Item
from conversion_delivery.domain.events.event_ids import content_event_id, event_key
from conversion_delivery.domain.events.personal_data import digest
from conversion_delivery.domain.events.tiktok_events import EncodedEvent, EventEncoder

Part = str | Sequence[str]
"""A text that stands in every row, or one text for each row."""

_DIGEST_LENGTH = 64
_NO_ITEM = Item()
_CONTENT_ID = 0
_TEXTS_OF_ITEMS = ("content_id", "content_name", "content_category", "brand")
_NUMBERS_OF_ITEMS = ("quantity", "price")
_new = tuple.__new__


class ColumnEncoder:
    """Encodes the conversions of one file, many at a time."""

    def __init__(self, encoder: EventEncoder) -> None:
        self._encode = encoder.encode
        self._scope = encoder.scope
        self._ids = encoder.ids
        self.takes_item_columns = encoder.takes_nothing_more and not self._ids.are_chosen
        """Whether events have nothing but what is written here; others are encoded one by one."""

    def encode(
        self, columns: Sequence[Sequence[Any]], items: Sequence[Sequence[Any]] | None = None
    ) -> list[EncodedEvent]:
        """One event per row; ``columns``: the fields of ``Conversion``, in order. No row has more than one item.

        ``items``: the fields of ``Item`` as columns, none where no row has an item. Whoever has them at hand may leave
        the items in ``columns`` empty, if ``takes_item_columns``.
        """
        if not self.takes_item_columns:
            return [self._encode(_new(Conversion, row)) for row in zip(*columns, strict=True)]
        events, times, emails, phones, values, currencies, orders, given, items_of_rows = columns[:9]
        items = _item_columns(items_of_rows) if items is None else items
        names, order_texts = _same(_texts(events)), _texts(orders)
        products = _texts(items[_CONTENT_ID]) if items else [""] * len(events)
        members = _properties(columns, order_texts, items, products)
        properties = _section(',"properties":{', members, "}", len(events))
        user: list[Part] = [',"user":{', *_users(emails, phones), "}"]
        contents = _rows_of(
            len(events), ['{"event":"', names, '","event_time":', _numbers(times), *user, *properties, "}"]
        )
        digests = [sha256(content).digest()[:16] for content in contents]
        ids = self._event_ids(given, orders, (names, order_texts, products), digests)
        found = (
            ids,
            self._keys(events, ids),
            map(add, _heads(ids), [content[1:] for content in contents]),
            digests,
            events,
            times,
            values,
            currencies,
            orders,
            _identifier_bits(emails, phones),
        )
        return list(map(_new, repeat(EncodedEvent), zip(*found, strict=True)))

    def _event_ids(
        self,
        given: Sequence[str],
        orders: Sequence[str],
        texts: tuple[Part, Sequence[str], Sequence[str]],
        digests: Sequence[bytes],
    ) -> Sequence[str]:
        """The ids of ``EventIds.of`` and, where that has none, of the content."""
        if "" not in given:
            return given
        made: list[str] = []
        if any(orders):
            names, order_texts, products = texts
            line: list[Part] = ['","', products] if self._ids.item_level else []
            parts = _rows_of(len(given), [f'["{self._ids.rule}","', names, '","', order_texts, *line, '"]'])
            made = [sha256(of_row).hexdigest()[:32] for of_row in parts]
            if "" not in orders and not any(given):
                return made
        return [
            own or (of_order if order else content_event_id(content))
            for own, order, of_order, content in zip(given, orders, made or given, digests, strict=True)
        ]

    def _keys(self, events: Sequence[str], ids: Sequence[str]) -> Iterable[str]:
        heads = {event: event_key(self._scope, event, "") for event in set(events)}
        return map(add, map(heads.__getitem__, events), ids)


def _rows_of(rows: int, parts: Sequence[Part]) -> list[bytes]:
    """The parts of each row joined. JSON writes no line break as it is, so one can stand between two rows."""
    columns = zip(*_columns(rows, [*parts, "\n"]), strict=True)
    return "".join(chain.from_iterable(columns)).encode().split(b"\n")[:-1]


def _columns(rows: int, parts: Iterable[Part]) -> list[Sequence[str]]:
    """Every part as a column; what stands in every row is joined with its neighbours of this kind."""
    found: list[Sequence[str]] = []
    constant = ""
    for part in parts:
        if isinstance(part, str):
            constant += part
        else:
            found += [[constant] * rows, part] if constant else [part]
            constant = ""
    return [*found, [constant] * rows] if constant else found


def _texts(column: Sequence[str]) -> list[str]:
    """Each text as JSON writes it, without its quotes.

    Every quote inside a text has a backslash before it, so a comma between two bare quotes stands between two texts.
    """
    return dumps(column if type(column) is list else list(column))[2:-2].decode().split('","')


def _numbers(column: Sequence[float | int | None]) -> list[str]:
    return dumps(column if type(column) is list else list(column))[1:-1].decode().split(",")


def _same(texts: Sequence[str]) -> Part:
    """One text for all rows, if they have the same."""
    return texts[0] if texts[0] == texts[-1] and texts.count(texts[0]) == len(texts) else texts


def _heads(ids: Sequence[str]) -> list[bytes]:
    """What stands before the content of each event."""
    return _rows_of(len(ids), ['{"event_id":"', _texts(ids), '",'])


def _users(emails: Sequence[tuple[str, ...]], phones: Sequence[tuple[str, ...]]) -> list[Part]:
    if () not in emails:
        return [_identifiers('"email":', emails), _identifiers(',"phone":', phones)]
    pairs = zip(_identifiers('"email":', emails), _identifiers('"phone":', phones), strict=True)
    return [[f"{email},{phone}" if email and phone else email or phone for email, phone in pairs]]


def _identifiers(name: str, column: Sequence[tuple[str, ...]]) -> list[str]:
    return [
        (
            f'{name}"{sha256(values[0].encode()).hexdigest()}"'
            if len(values) == 1 and len(values[0]) != _DIGEST_LENGTH
            else name + _digests(values)
        )
        if values
        else ""
        for values in column
    ]


def _digests(values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return f'"{digest(values[0])}"'
    found = '","'.join(sorted(map(digest, values)))
    return f'["{found}"]'


def _identifier_bits(emails: Sequence[tuple[str, ...]], phones: Sequence[tuple[str, ...]]) -> list[int]:
    if () not in emails and () not in phones:
        return [3] * len(emails)
    return [(1 if email else 0) + (2 if phone else 0) for email, phone in zip(emails, phones, strict=True)]


def _item_columns(items_of_rows: Sequence[tuple[Item, ...]]) -> list[Sequence[Any]]:
    if not any(items_of_rows):
        return []
    return [*zip(*(items[0] if items else _NO_ITEM for items in items_of_rows), strict=True)]


def _properties(
    columns: Sequence[Sequence[Any]],
    order_texts: Sequence[str],
    items: Sequence[Sequence[Any]],
    products: Sequence[str],
) -> list[list[Part]]:
    """The members of the properties."""
    field = dict(zip(Conversion._fields, columns, strict=True))
    return [
        _number_member("value", field["value"]),
        _text_member("currency", field["currency"]),
        _text_member("order_id", field["order_id"], order_texts),
        _text_member("shop_id", field["shop_id"]),
        _section(',"contents":[{', _item_members(items, products), "}]", len(order_texts)),
        *(_text_member(name, field[name]) for name in ("content_type", "description", "search_string")),
    ]


def _item_members(items: Sequence[Sequence[Any]], products: Sequence[str]) -> list[list[Part]]:
    if not items:
        return []
    names = dict(zip(Item._fields, items, strict=True))
    return [
        _text_member("content_id", names["content_id"], products),
        *(_text_member(name, names[name]) for name in _TEXTS_OF_ITEMS[1:]),
        *(_number_member(name, names[name]) for name in _NUMBERS_OF_ITEMS),
    ]


def _section(start: str, members: Sequence[list[Part]], end: str, rows: int) -> list[Part]:
    """Members in brackets, without the comma before the first; nothing in rows that have none of them."""
    parts = [part for member in members for part in member]
    if not parts:
        return []
    if isinstance(parts[0], str):  # every row has this member
        return [start + parts[0][1:], *parts[1:], end]
    joined = map("".join, zip(*_columns(rows, parts), strict=True))
    return [[f"{start}{of_row[1:]}{end}" if of_row else "" for of_row in joined]]


def _text_member(name: str, column: Sequence[str], texts: Sequence[str] | None = None) -> list[Part]:
    """``,"name":"text"`` of each row; nothing for empty texts."""
    if not any(column):
        return []
    texts = texts or _texts(column)
    if "" not in column:
        return [f',"{name}":"', _same(texts), '"']
    return [[f',"{name}":"{text}"' if text else "" for text in texts]]


def _number_member(name: str, column: Sequence[float | int | None]) -> list[Part]:
    """``,"name":1.5`` of each row; nothing where there is no number."""
    numbers = _numbers(column)
    if None not in column:
        return [f',"{name}":', numbers]
    return [[f',"{name}":{number}' if number != "null" else "" for number in numbers]]
