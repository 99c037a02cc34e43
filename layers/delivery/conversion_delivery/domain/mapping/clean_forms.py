"""The plain forms of addresses, numbers, amounts and ids, and what cells of these forms mean.

Each form is narrower than what its reader takes without a remark, never wider.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, country_code_for_region

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.mapping.cell_columns import Cells, FormColumn, PlainForm
from conversion_delivery.domain.mapping.row_contacts import without_digests_of_others
from conversion_delivery.domain.values.digests import DIGESTS_OF_NOTHING
from conversion_delivery.domain.values.emails import PLACEHOLDERS
from conversion_delivery.domain.values.phone_plans import CLEAR_LENGTHS
from conversion_delivery.domain.values.texts import PLAIN_ID, read_id

_PAIR = 2
_DIGEST_LENGTH = 64
_DIGEST = "[0-9a-f]{64}"
_FIRST_LETTERS = "".join(sorted({letter for address in PLACEHOLDERS for letter in (address[0], address[0].upper())}))
_PLACEHOLDER = rf"[{_FIRST_LETTERS}](?i:{'|'.join(re.escape(address[1:]) for address in sorted(PLACEHOLDERS))})\n"
_ADDRESS = r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}+@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}+\.){1,8}+[A-Za-z]{2,24}"
_EMAIL = rf"(?!{_PLACEHOLDER}){_ADDRESS}|{_DIGEST}|"

_CODES = ("1", "33", "34", "39", "44", "49", "52", "55", "61", "81", "91")
"""Country codes whose numbers are looked at in whole columns, besides the destination's own."""

_AREA = r"(?!([2-9])\1\1)[2-9][0-9]{9}"
"""A number as it is dialled within North America."""

_DECIMAL_COMMA = "[0-9]{1,12},[0-9]{2}"
_DECIMAL_POINT = r"[0-9]{1,12}\.[0-9]{2}|[0-9]{1,3}(?:,[0-9]{3}){1,3}\.[0-9]{2}"

_ONE = {".": "1.00", ",": "1,00", "auto": "1.00"}

_EQUAL_DIGITS = 7
"""More of one digit look like a placeholder; ``phones`` decides."""


class Forms(NamedTuple):
    """How the columns of one file are read."""

    email: FormColumn[str]
    phone: FormColumn[str]
    value: FormColumn[Any]
    price: FormColumn[Any]
    id: FormColumn[str]


def forms_of(
    *,
    read_email: Callable[[str], str | CellFinding],
    read_phone: Callable[..., str | CellFinding],
    read_amount: Callable[[str], Any],
    decimal_mark: str,
    default_country: str | None,
    has_countries: bool = False,
) -> Forms:
    """The forms for one file; ``has_countries``: a column of its own says where the phone numbers are dialled."""
    amount = rf"(?![0.,]+\n)(?:{_DECIMAL_COMMA if decimal_mark == ',' else _DECIMAL_POINT})"
    amounts = _amounts_with_comma if decimal_mark == "," else _amounts
    return Forms(
        FormColumn(PlainForm(_EMAIL), read_email, _addresses, is_usable=_is_text, suspects=_digests_of_nothing),
        FormColumn(
            PlainForm(_phone_pattern(default_country, has_countries)),
            read_phone,
            _numbers,
            is_usable=_is_text,
            suspects=_equal_digits,
        ),
        FormColumn(
            PlainForm(rf"{amount}|"), read_amount, _or_none(amounts), is_usable=_is_number, filler=_ONE[decimal_mark]
        ),
        FormColumn(
            PlainForm(rf"{amount}|"), read_amount, _or_none(amounts), is_usable=_is_price, filler=_ONE[decimal_mark]
        ),
        FormColumn(PlainForm(rf"{PLAIN_ID}|"), read_id, list, is_usable=_is_harmless_id),
    )


def together(columns: Sequence[Sequence[str]], rows: int) -> Iterable[tuple[str, ...]]:
    """The values of each row that are there, each once."""
    if not columns:
        return [()] * rows
    if len(columns) == 1:
        return [(value,) if value else () for value in columns[0]]
    found = _pairs(*columns) if len(columns) == _PAIR else _all_of(columns)
    if _DIGEST_LENGTH in set(map(len, chain.from_iterable(columns))):
        return [without_digests_of_others(values) if len(values) > 1 else values for values in found]
    return found


def _pairs(ones: Sequence[str], others: Sequence[str]) -> list[tuple[str, ...]]:
    """The usual case, in a third of the time."""
    return [
        (one, other) if one and other and one != other else (one or other,) if one or other else ()
        for one, other in zip(ones, others, strict=True)
    ]


def _all_of(columns: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return [tuple(filter(None, dict.fromkeys(values))) for values in zip(*columns, strict=True)]


def _addresses(cells: Cells) -> list[str]:
    return "\n".join(cells).lower().split("\n")


def _digests_of_nothing(cells: Cells) -> Iterable[int]:
    if DIGESTS_OF_NOTHING.isdisjoint(cells):
        return ()
    return [at for at, cell in enumerate(cells) if cell in DIGESTS_OF_NOTHING]


def _phone_pattern(default_country: str | None, has_countries: bool) -> str:
    home = str(country_code_for_region(default_country or "US"))
    forms = [form for code in dict.fromkeys((home, *_CODES)) for form in _settled_forms(f"+{code}")]
    if default_country in COUNTRY_CODE_TO_REGION_CODE[1] and not has_countries:
        forms.insert(1, _AREA)
    return f"{'|'.join(forms)}|"


def _settled_forms(code: str) -> list[str]:
    """Patterns of the numbers behind a country code that their form settles; none for some countries."""
    first_digits: dict[frozenset[int], str] = {}
    for digit in "0123456789":
        lengths = CLEAR_LENGTHS[f"{code}{digit}000"[:5]]
        first_digits[lengths] = first_digits.get(lengths, "") + digit
    return [
        rf"\{code}[{digits}][0-9]{{{length - len(code) - 1}}}"
        for lengths, digits in first_digits.items()
        for length in sorted(lengths)
    ]


_last = itemgetter(slice(-1, None))


def _equal_digits(cells: Cells) -> Iterable[int]:
    if max(map(str.count, cells, map(_last, cells))) <= _EQUAL_DIGITS:
        return ()
    return [at for at, cell in enumerate(cells) if cell.count(cell[-1:]) > _EQUAL_DIGITS]


def _numbers(cells: Cells) -> list[str]:
    """With ``+`` and, where a cell has none, with the code of North America."""
    return [cell if cell[:1] in "+" else f"+1{cell}" for cell in cells]


def _amounts(cells: Cells) -> list[Any]:
    try:
        return list(map(float, cells))
    except ValueError:  # some are written in groups of three digits
        return [float(cell.replace(",", "")) for cell in cells]


def _amounts_with_comma(cells: Cells) -> list[Any]:
    return [float(cell.replace(",", ".")) for cell in cells]


def _or_none(amounts: Callable[[Cells], list[Any]]) -> Callable[[Cells], list[Any]]:
    """The same for columns in which cells may be empty."""

    def values(cells: Cells) -> list[Any]:
        if "" not in cells:
            return amounts(cells)
        there = iter(amounts(list(filter(None, cells))))
        return [next(there) if cell else None for cell in cells]

    return values


def _is_text(value: str | CellFinding) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: float | int | CellFinding | None) -> bool:
    return isinstance(value, (float, int))


def _is_price(value: float | int | CellFinding | None) -> bool:
    return not isinstance(value, CellFinding)


def _is_harmless_id(value: str | CellFinding) -> bool:
    """Whether an id of another form than the plain one surely repeats no identifier of its row."""
    if not isinstance(value, str) or "@" in value or len(value) >= _DIGEST_LENGTH:
        return False
    return not value.lstrip("+").isdecimal()
