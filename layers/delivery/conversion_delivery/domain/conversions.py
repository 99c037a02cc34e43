"""What a row turns into: a conversion to send, a rejection with its reasons, or a row that is nobody's error.

These are values, made by ``domain.mapping.conversion_reader`` for every row of every file, so they are tuples.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong (or worth saying) about one cell."""

    code: str
    """Stable code; its sentence and remedy stand in ``domain.codes``."""
    field: str
    """Canonical field, such as ``event_time``; empty when the row as a whole is meant."""
    column: str = ""
    """The header of the file's column, as the customer wrote it; empty when the file has no such column."""
    shown: str = ""
    """What the sentence may show of the cell: masked by ``domain.values.masking`` or free of personal data."""
    facts: tuple[tuple[str, int], ...] = ()
    """Further numbers for the sentence, by name."""


class CellFinding(NamedTuple):
    """What a value reader returns instead of a plain value: a failure, or a value that needs a word.

    ``value`` None: the cell cannot be used (``code`` is of level ROW). Otherwise the value is used and ``code`` is of
    level WARNING. ``shown`` is masked or free of personal data.
    """

    code: str
    shown: str = ""
    value: Any = None
    facts: tuple[tuple[str, int], ...] = ()
    """Numbers about the cell by name, such as ``seconds_ahead``."""


class Item(NamedTuple):
    """One element of ``properties.contents``. Empty text and None mean "not given"."""

    content_id: str = ""
    content_name: str = ""
    content_category: str = ""
    brand: str = ""
    quantity: int | None = None
    price: float | None = None


class Conversion(NamedTuple):
    """One accepted row in canonical, normalised form. Empty text and None mean "not given".

    ``emails`` and ``phones`` hold what TikTok hashes: a normalised address, an E.164 number with ``+``, or a
    ready digest (64 lower-case hex digits). They are personal data: no repr shows them.
    """

    event: str
    event_time: int
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    value: float | int | None = None
    currency: str = ""
    order_id: str = ""
    given_event_id: str = ""
    items: tuple[Item, ...] = ()
    content_type: str = ""
    shop_id: str = ""
    external_id: str = ""
    lead_id: str = ""
    lead_event_source: str = ""
    ttclid: str = ""
    ttp: str = ""
    ip: str = ""
    user_agent: str = ""
    locale: str = ""
    url: str = ""
    referrer: str = ""
    description: str = ""
    search_string: str = ""
    limited_data_use: bool | None = None
    warnings: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        return "Conversion(...)"


class Rejection(NamedTuple):
    """A row that is not sent, with every reason found; the first one is the row's verdict code."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


class Ignored(NamedTuple):
    """A row that is neither sent nor wrong: blank, a trailer, a refund call, a status that does not count."""

    problem: Problem


Verdict = Conversion | Rejection | Ignored

FIELDS: dict[str, str] = {
    "event": "Event name.",
    "event_time": "When it happened.",
    "event_date": "The day, where date and time stand in two columns.",
    "event_clock": "The time of day, where date and time stand in two columns.",
    "event_zone": "The time zone of the row's time.",
    "email": "E-mail address, plain or SHA-256.",
    "phone": "Phone number, plain or SHA-256.",
    "external_id": "Your own id of the customer (web and CRM).",
    "value": "The order's total.",
    "currency": "ISO 4217 code.",
    "order_id": "Order, receipt or deal number.",
    "event_id": "Your own id of the event, unique per event.",
    "contents[].content_id": "Product id.",
    "contents[].content_name": "Product name.",
    "contents[].content_category": "Product category.",
    "contents[].brand": "Product brand.",
    "contents[].quantity": "Number of units.",
    "contents[].price": "Price of one unit.",
    "content_type": "`product` or `product_group`.",
    "shop_id": "Store.",
    "lead_id": "TikTok's lead id (CRM).",
    "lead_event_source": "Name of the CRM system (CRM).",
    "ttclid": "TikTok click id (web).",
    "ttp": "TikTok cookie id (web).",
    "ip": "IP address (web).",
    "user_agent": "Browser user agent (web).",
    "locale": "BCP 47 language (web).",
    "url": "Page address (web).",
    "referrer": "Referring page (web).",
    "description": "Free description of the event.",
    "search_string": "What was searched for.",
    "limited_data_use": "US state privacy flag (web).",
    "status": "Order or deal status; rows that do not count are ignored.",
    "consent": "Consent; rows that deny it are ignored.",
    "country": "Country of the row's phone numbers.",
    "event_channel": "Recognised and not sent: Events API 2.0 has no such field.",
    "refunded_amount": "Recognised and not sent.",
    "event_source_id": "Recognised; the destination's setting decides.",
}
"""Every canonical field that a column can be mapped to, and what it is. ``-`` (not listed) means: known, not used."""


class EventTotals(NamedTuple):
    """Events and value of one event name and currency."""

    events: int
    value: str
    """Exact decimal sum as text; empty where no event carried a value."""


def as_json(value: Any) -> Any:
    """Named tuples as plain JSON objects (for reports)."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: as_json(part) for name, part in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [as_json(part) for part in value]
    return value
