"""The files of a random history: anything at all, or one of the shapes in which protocols are known to break."""

from __future__ import annotations

from random import Random

from tests.faults.tiktok_model import BAD_VALUE
from tests.faults.tiny_files import IGNORED_VALUE, REJECTED_VALUE, STRICT_VALUE, TinyRow

Rows = list[TinyRow]
_VALUES = (1, 1, 1, 1, 2, 2, BAD_VALUE, STRICT_VALUE, REJECTED_VALUE, IGNORED_VALUE)


def files_of(random: Random) -> list[Rows]:
    """One to four files; they share events."""
    return random.choice((anything, anything, anything, crossed, corrected, the_same_again))(random)


def anything(random: Random) -> list[Rows]:
    events = random.randint(3, 6)
    return [
        [TinyRow(f"e{random.randrange(events)}", random.choice(_VALUES)) for _ in range(random.randint(1, 7))]
        for _ in range(random.choice((1, 1, 2, 2, 3)))
    ]


def crossed(random: Random) -> list[Rows]:
    """The same events in opposite order, in one file or in two: who waits for whom?"""
    values = [random.choice((1, 1, 1, BAD_VALUE, STRICT_VALUE)) for _ in range(random.randint(2, 3))]
    there = [TinyRow(f"e{number}", value) for number, value in enumerate(values)]
    back = [row._replace(value=random.choice((row.value, 1))) for row in reversed(there)]
    return [there, back] if random.random() < 0.5 else [there + back]


def corrected(random: Random) -> list[Rows]:
    """Rows that TikTok or the rules refuse, dropped again with other content, by two at once."""
    first = [TinyRow(f"e{number}", random.choice((BAD_VALUE, BAD_VALUE, STRICT_VALUE, 1))) for number in range(2)]
    again = [[row._replace(value=random.choice((1, 2))) for row in first] for _ in range(random.randint(1, 3))]
    return [*again, first]


def the_same_again(random: Random) -> list[Rows]:
    rows = anything(random)[0]
    return [rows, rows[: random.randint(1, len(rows))]]
