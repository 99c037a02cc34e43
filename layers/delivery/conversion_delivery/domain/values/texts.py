"""Free text, ids and addresses of pages: cells that travel as they stand, if they may.

In: cells. Out: the text without outer blanks, empty for empty words, or a ``CellFinding``: value None where the row
cannot be used, value empty where the cell is left out. Personal data never leaves in such a field: it would travel
unhashed, and ids are copied into results and into the ledger.

TikTok documents no length for any of these fields, so the bounds are our own.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.events.personal_data import looks_personal
from conversion_delivery.domain.values.cell_texts import bare
from conversion_delivery.domain.values.null_words import is_null

LONGEST_ID = 256
LONGEST_TEXT = 1_000
LONGEST_URL = 4_000

CACHED_TEXTS = 8_192
"""Distinct texts that a reader remembers before it starts anew; texts longer than ``CACHED_LENGTH`` are not kept."""
CACHED_LENGTH = 100

PLAIN_ID = "[#A-Z_a-z-]{0,20}[0-9][#A-Z_a-z0-9-]{0,42}"
"""Ids that need no second look: they hold a digit, so they are no empty word; no blank, point or plus, so they are
no address, no phone number and no float; under 64 characters, so they are no digest."""

is_plain_id = re.compile(PLAIN_ID).fullmatch

_is_scientific = re.compile(r"[0-9]+(?:[.,][0-9]*[eE]\+?|[eE]\+)[0-9]{1,3}").fullmatch
_is_page_address = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE).fullmatch
_encoded_at = re.compile("%40").search
_blanks = re.compile(r"[\s_-]+").sub


class Texts(dict[str, str]):
    """``texts[cell]`` is the text to send; empty where there is none or it is left out.

    ``has_odd`` says that some text was left out for a reason, which ``read_text`` tells.
    """

    def __init__(self) -> None:
        super().__init__()
        self.has_odd = False

    def __missing__(self, cell: str) -> str:
        found = read_text(cell)
        if isinstance(found, CellFinding):
            self.has_odd = True
            found = ""
        if len(cell) <= CACHED_LENGTH:
            if len(self) >= CACHED_TEXTS:
                self.clear()
            self[cell] = found
        return found


def read_text(cell: str) -> str | CellFinding:
    """A name, label or description."""
    text = _text_of(cell)
    if len(text) > LONGEST_TEXT:
        return CellFinding("TEXT_TOO_LONG", "", "")
    return CellFinding("TEXT_PERSONAL", "", "") if looks_personal(text) else text


def read_id(cell: str) -> str | CellFinding:
    """An order, event or lead id as text. Scientific notation has lost digits: many ids read the same."""
    text = _text_of(cell)
    if len(text) > LONGEST_ID:
        return CellFinding("ID_TOO_LONG", f"{len(text)} characters")
    if _is_scientific(text):
        return CellFinding("ID_SCIENTIFIC", "", "")
    return CellFinding("ID_PERSONAL", "", "") if looks_personal(text) else text


def id_finding(field: str, finding: CellFinding) -> CellFinding:
    """The finding under a code that names the field: ``ORDER_ID_PERSONAL`` for ``ID_PERSONAL``."""
    if not finding.code.startswith("ID_"):
        return finding
    return finding._replace(code=f"{field.upper()}_{finding.code.removeprefix('ID_')}")


def read_customer_id(cell: str) -> str | CellFinding:
    """A customer's id. It is hashed, so it may look like anything; a ready digest is lower-cased."""
    text = _text_of(cell)
    if len(text) > LONGEST_ID:
        return CellFinding("ID_TOO_LONG", f"{len(text)} characters")
    if _is_scientific(text):
        return CellFinding("ID_SCIENTIFIC", "", "")
    return text.lower() if len(text) == 64 and text.isalnum() else text


def read_url(cell: str) -> str | CellFinding:
    """The address of a page. What stands after ``?`` or ``#`` is cut off where it holds an e-mail address."""
    text = _text_of(cell)
    if not text:
        return ""
    if len(text) > LONGEST_URL or not _is_page_address(text):
        return CellFinding("URL_INVALID")
    if not _holds_address(text):
        return text
    page = re.split(r"[?#]", text, maxsplit=1)[0]
    return CellFinding("URL_INVALID") if _holds_address(page) else CellFinding("URL_PERSONAL", "", page)


def read_ip(cell: str) -> str | CellFinding:
    """An IPv4 or IPv6 address."""
    text = _text_of(cell)
    if not text:
        return ""
    try:
        ip_address(text)
    except ValueError:
        return CellFinding("IP_INVALID", "", "")
    return text


def read_content_type(cell: str) -> str | CellFinding:
    """``product`` (SKU ids) or ``product_group`` (item group ids); TikTok takes nothing else."""
    word = _blanks("_", _text_of(cell).lower()[:LONGEST_ID])
    return word if word in ("", "product", "product_group") else CellFinding("CONTENT_TYPE_UNKNOWN", "", "")


def read_limited_data_use(cell: str) -> bool | CellFinding | None:
    """A flag; Meta's files write ``LDU`` for yes."""
    word = _text_of(cell).lower()
    if not word:
        return None
    if word in ("false", "no", "n", "0"):
        return False
    return True if word in ("true", "yes", "y", "1", "ldu") else CellFinding("LIMITED_DATA_USE_INVALID")


def _text_of(cell: str) -> str:
    text = bare(cell)
    return "" if is_null(text) else text


def _holds_address(text: str) -> bool:
    return looks_personal(text) or _encoded_at(text) is not None
