"""Words for nothing."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.values.null_words import NULL_WORDS, is_null


@pytest.mark.parametrize("word", sorted(NULL_WORDS))
def test_a_word_for_nothing_counts_in_any_case(word: str) -> None:
    assert is_null(word)
    assert is_null(word.upper())
    assert is_null(word.title())


@pytest.mark.parametrize("text", ["0", "null@example.com", "nullable", "Nadia", "n", "+"])
def test_other_texts_are_something(text: str) -> None:
    assert not is_null(text)
