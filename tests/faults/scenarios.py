"""The files that the exhaustive search runs over: small, and each with a knot in it."""

from __future__ import annotations

from tests.faults.disturbances import AnswerFault
from tests.faults.every_fault import Scenario
from tests.faults.tiktok_model import BAD_VALUE
from tests.faults.tiny_files import IGNORED_VALUE, REJECTED_VALUE, STRICT_VALUE, TinyRow
from tests.faults.world import Sizes


def rows(text: str) -> list[TinyRow]:
    """``"a1 b13"``: event a with amount 1, event b with amount 13."""
    return [TinyRow(word[0], int(word[1:])) for word in text.split()]


BAD = BAD_VALUE
LONG = Scenario(
    "several batches with duplicates, a refused event and a throttle",
    [rows(f"a1 b{BAD} a1 c{REJECTED_VALUE} d1 e1 b{BAD} f{IGNORED_VALUE} g1")],
    Sizes(rows_per_batch=2),
    answers=(AnswerFault.THROTTLED,),
)
ONE_BATCH = Scenario("one batch", [rows("a1 b1")])
TWO_POSTS = Scenario("one batch in two POSTs", [rows("a1 b1")], Sizes(body_bytes=700))
CROSSED = Scenario("events in opposite order", [rows(f"a1 b1 b1 a{STRICT_VALUE}")])
CORRECTED = Scenario("a refused row corrected", [rows(f"a{BAD} b1"), rows("a1 b2")])
CORRECTED_LATER = CORRECTED._replace(name="a refused row corrected later", together=False)
CORRECTED_TWICE = Scenario("a refused row corrected by two files", [rows(f"a{BAD}"), rows("a1"), rows("a2")])
CHAIN = Scenario("bad, corrected, changed in one file", [rows(f"a{BAD} b1 a1 b2 a2 c1")])
CONTINUED = Scenario(
    "a file in several passes",
    [rows("a1 b1 c1 d1")],
    Sizes(rows_per_batch=1, splitter_seconds=60.03),
)
SAME_AGAIN = Scenario("the same file again", [rows("a1 b1 c1"), rows("a1 b1")], together=False)
RULES = Scenario("a copy of a row that new rules refuse", [rows(f"a{STRICT_VALUE} a1 b1")], Sizes(rows_per_batch=3))
NOTHING = Scenario("a file without conversions", [rows(f"a{REJECTED_VALUE} b{IGNORED_VALUE}")])
UNHEARD = Scenario("the first POST is accepted unheard", [rows("a1 b1")], answers=(AnswerFault.ACCEPTED_LOST,))
UNHEARD_AGAIN = Scenario(
    "the second POST is accepted unheard", [rows("a1 b1")], answers=(AnswerFault.NONE, AnswerFault.ACCEPTED_LOST)
)

ALL = (
    LONG,
    ONE_BATCH,
    TWO_POSTS,
    CROSSED,
    CORRECTED,
    CORRECTED_LATER,
    CORRECTED_TWICE,
    CHAIN,
    CONTINUED,
    SAME_AGAIN,
    RULES,
    NOTHING,
    UNHEARD,
    UNHEARD_AGAIN,
)
SMALL = (ONE_BATCH, TWO_POSTS)
