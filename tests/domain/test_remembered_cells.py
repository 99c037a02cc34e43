"""Dictionaries that remember cells stay small, whatever a file holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversion_delivery.domain.mapping.row_items import Quantities
from conversion_delivery.domain.mapping.row_money import Currencies
from conversion_delivery.domain.mapping.statuses import ConsentWords, StatusWords
from conversion_delivery.domain.values.amounts import AmountReader
from conversion_delivery.domain.values.texts import CACHED_LENGTH, CACHED_TEXTS, Texts

MAKERS: list[Callable[[], dict[str, Any]]] = [
    Quantities,
    lambda: Currencies(AmountReader("auto", None), "USD"),
    StatusWords,
    lambda: ConsentWords("consent"),
    Texts,
]


@pytest.mark.parametrize("make", MAKERS)
def test_a_column_of_ever_new_cells_does_not_fill_the_memory(make: Callable[[], dict[str, Any]]) -> None:
    remembered = make()
    sizes = []
    for number in range(CACHED_TEXTS + 10):
        remembered[f"{number} x"]
        sizes.append(len(remembered))

    assert max(sizes) <= CACHED_TEXTS
    assert sizes[-1] < max(sizes)


def test_a_long_text_is_read_and_not_remembered() -> None:
    texts = Texts()

    assert texts["y" * (CACHED_LENGTH + 1)] == "y" * (CACHED_LENGTH + 1)
    assert not texts
