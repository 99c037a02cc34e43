"""DynamoDB's typed values, both ways. Numbers travel as text, so an epoch time keeps all its digits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from conversion_delivery.domain.errors import ContractBroken

Item = dict[str, Any]
"""Attribute name -> typed value such as ``{"S": "text"}``."""


def text(value: str) -> Item:
    return {"S": value}


def number(value: int | float) -> Item:
    return {"N": str(value)}


def flag(value: bool) -> Item:
    return {"BOOL": value}


def document(value: Mapping[str, object]) -> Item:
    """A mapping as JSON text: written and read whole, never changed by an expression."""
    return {"S": json.dumps(value, ensure_ascii=False, separators=(",", ":"))}


def texts(values: Sequence[str]) -> Item:
    return {"L": [{"S": value} for value in values]}


def read_texts(item: Item, name: str) -> tuple[str, ...]:
    """An absent attribute is no texts. Raises ``ContractBroken`` (``ITEM_INVALID``)."""
    if name not in item:
        return ()
    values = _typed(item, name, "L")
    if not all(isinstance(value, dict) and isinstance(value.get("S"), str) for value in values):
        raise ContractBroken("ITEM_INVALID", attribute=name)
    return tuple(value["S"] for value in values)


def read_text(item: Item, name: str) -> str:
    """Raises ``ContractBroken`` (``ITEM_INVALID``), as every reader here does for what this version never wrote."""
    return str(_typed(item, name, "S"))


def read_int(item: Item, name: str) -> int:
    return int(read_float(item, name))


def read_float(item: Item, name: str) -> float:
    try:
        return float(_typed(item, name, "N"))
    except ValueError:
        raise ContractBroken("ITEM_INVALID", attribute=name) from None


def read_flag(item: Item, name: str) -> bool:
    return bool(_typed(item, name, "BOOL"))


def read_document(item: Item, name: str) -> dict[str, Any]:
    """An absent attribute is an empty document."""
    if name not in item:
        return {}
    try:
        value = json.loads(read_text(item, name))
    except ValueError:
        raise ContractBroken("ITEM_INVALID", attribute=name) from None
    if not isinstance(value, dict):
        raise ContractBroken("ITEM_INVALID", attribute=name)
    return value


def _typed(item: Item, name: str, kind: str) -> Any:
    try:
        return item[name][kind]
    except (KeyError, TypeError):
        raise ContractBroken("ITEM_INVALID", attribute=name) from None
