"""The fields of Events API 2.0: path, JSON type, the sources they belong to, and where they are required.

Written from TikTok's portal reference of ``/event/track/`` (fields marked ``seen`` are absent there; several public
integrations send them for web). Independent of the product's own tables on purpose: a mistake there shows here.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """JSON type of a field, with what TikTok demands of its content."""

    TEXT = "string"
    KEY_TEXT = "string that is an id or an address: never empty"
    NUMBER = "number"
    WHOLE = "integer"
    FLAG = "boolean"
    OBJECT = "object"
    OBJECTS = "list of objects"
    TEXTS = "list of strings"
    HASHES = "SHA-256 as lower-case hex, or a list of such"
    HASH = "SHA-256 as lower-case hex"
    EVENT_NAME = "event name"
    SECONDS = "Unix time in whole seconds"
    CURRENCY = "currency code"
    CONTENT_TYPE = "product or product_group"
    CUSTOMER_TYPE = "new or returning"
    ATT_STATUS = "App Tracking Transparency status"


class Field(NamedTuple):
    """One field of a ``data[]`` element."""

    path: str
    kind: Kind
    sources: str
    """w(eb), a(pp), o(ffline), c(rm)."""
    required: str = ""
    """Sources that require it wherever its parent is present (at the top: always)."""


FIELDS: tuple[Field, ...] = (
    Field("event", Kind.EVENT_NAME, "waoc", "waoc"),
    Field("event_time", Kind.SECONDS, "waoc", "waoc"),
    Field("event_id", Kind.KEY_TEXT, "woc"),
    Field("limited_data_use", Kind.FLAG, "wa"),
    Field("user", Kind.OBJECT, "waoc", "o"),
    Field("user.email", Kind.HASHES, "waoc"),
    Field("user.phone", Kind.HASHES, "waoc"),
    Field("user.external_id", Kind.HASHES, "wc"),
    Field("user.ttclid", Kind.TEXT, "w"),
    Field("user.ttp", Kind.TEXT, "w"),
    Field("user.ip", Kind.TEXT, "wa"),
    Field("user.user_agent", Kind.TEXT, "wa"),
    Field("user.locale", Kind.TEXT, "wa"),
    Field("user.idfa", Kind.TEXT, "a"),
    Field("user.idfv", Kind.TEXT, "a"),
    Field("user.gaid", Kind.TEXT, "a"),
    Field("user.att_status", Kind.ATT_STATUS, "a"),
    Field("user.first_name", Kind.HASH, "w"),  # seen
    Field("user.last_name", Kind.HASH, "w"),  # seen
    Field("user.zip_code", Kind.HASH, "w"),  # seen
    Field("user.city", Kind.TEXT, "w"),  # seen
    Field("user.state", Kind.TEXT, "w"),  # seen
    Field("user.country", Kind.TEXT, "w"),  # seen
    Field("properties", Kind.OBJECT, "waoc"),
    Field("properties.currency", Kind.CURRENCY, "waoc"),
    Field("properties.value", Kind.NUMBER, "waoc"),
    Field("properties.content_ids", Kind.TEXTS, "waoc"),
    Field("properties.content_type", Kind.CONTENT_TYPE, "waoc"),
    Field("properties.num_items", Kind.WHOLE, "waoc"),
    Field("properties.search_string", Kind.TEXT, "waoc"),
    Field("properties.description", Kind.TEXT, "waoc"),
    Field("properties.order_id", Kind.TEXT, "waoc"),
    Field("properties.shop_id", Kind.TEXT, "waoc"),
    Field("properties.customer_type", Kind.CUSTOMER_TYPE, "wa"),
    Field("properties.contents", Kind.OBJECTS, "waoc"),
    Field("properties.contents.price", Kind.NUMBER, "waoc"),
    Field("properties.contents.quantity", Kind.WHOLE, "waoc"),  # in every official example, not in the table
    Field("properties.contents.content_id", Kind.KEY_TEXT, "waoc"),
    Field("properties.contents.content_category", Kind.TEXT, "waoc"),
    Field("properties.contents.content_name", Kind.TEXT, "waoc"),
    Field("properties.contents.brand", Kind.TEXT, "waoc"),
    Field("page", Kind.OBJECT, "w", "w"),
    Field("page.url", Kind.KEY_TEXT, "w", "w"),
    Field("page.referrer", Kind.TEXT, "w"),
    Field("lead", Kind.OBJECT, "c", "c"),
    Field("lead.lead_id", Kind.KEY_TEXT, "c", "c"),
    Field("lead.lead_event_source", Kind.TEXT, "c"),
    Field("app", Kind.OBJECT, "a", "a"),
    Field("app.app_id", Kind.KEY_TEXT, "a", "a"),
    Field("app.app_name", Kind.TEXT, "a"),
    Field("app.app_version", Kind.TEXT, "a"),
    Field("ad", Kind.OBJECT, "wa"),
    Field("ad.callback", Kind.TEXT, "a"),
    Field("ad.campaign_id", Kind.TEXT, "a"),
    Field("ad.ad_id", Kind.TEXT, "a"),
    Field("ad.creative_id", Kind.TEXT, "a"),
    Field("ad.is_retargeting", Kind.FLAG, "a"),
    Field("ad.attributed", Kind.FLAG, "a"),
    Field("ad.attribution_type", Kind.TEXT, "a"),
    Field("ad.attribution_provider", Kind.TEXT, "a"),
    Field("ad.attribution_share", Kind.NUMBER, "wa"),
)

SOURCES = {"web": "w", "app": "a", "offline": "o", "crm": "c"}

TOP_LEVEL = frozenset({"event_source", "event_source_id", "data", "test_event_code", "partner_name"})

_STANDARD = """
AddPaymentInfo AddToCart AddToWishlist ApplicationApproval CompleteRegistration Contact CustomizeProduct Download
FindLocation InitiateCheckout Lead Purchase Schedule Search StartTrial SubmitApplication Subscribe ViewContent
"""

_OLD_NAMES = "CompletePayment SubmitForm ClickButton PlaceAnOrder"
"""Renamed in May 2025 (the first two, still converted) or working until 2027 (the others)."""

STANDARD_EVENTS = frozenset(_STANDARD.split()) | frozenset(_OLD_NAMES.split())

_CURRENCY_CODES = """
AED ARS AUD BDT BHD BIF BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF IDR ILS INR ISK JPY
KES KHR KRW KWD KZT MAD MOP MXN MYR NGN NIO NOK NZD OMR PEN PHP PKR PLN PYG QAR RON RUB SAR SEK SGD THB TRY TWD UAH
USD VES VND ZAR
"""

LISTED_CURRENCIES = frozenset(_CURRENCY_CODES.split())
