"""The splitter's shortcut: clean rows as ranges make the same slices as rows that come one by one."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.batches import START, Position
from conversion_delivery.domain.conversions import Conversion
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.judged_rows import JudgedRow, JudgedRows
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.row_verdicts import RowVerdicts
from conversion_delivery.domain.reading.rows import PlainRows, RowFault, RowReader
from conversion_delivery.domain.reading.slices import Slice, SliceLimits, cut_slices
from tests.domain.rows_to_read import CLEAN, plan_of

GOOD = ",".join(CLEAN.values())
LINES = (
    GOOD,
    GOOD.replace("TT-1001", '"TT-1,7"'),
    GOOD.replace("TT-1001", '"TT\n7"'),
    GOOD.replace("TT-1001", "TT-ä"),
    GOOD.replace("TT-1001", "1.5E+10"),
    GOOD.replace("59.90", "n/a"),
    GOOD.replace("Purchase", "Walk-in"),
    "one,two",
    "",
    ",,,,,,",
    '"open,' + GOOD,
    GOOD.replace("TT-1001", "TT-\udcff"),
    GOOD.replace("TT-1001", "ä-\udce4\udc81"),
    GOOD.replace("TT-1001", "TT-\udce4").replace("59.90", "$59.90"),
    GOOD.replace("TT-1001", "TT-\udce4").replace("59.90", "n/a"),
    GOOD.replace("TT-1001", '"TT\n\udce4"'),
    GOOD.replace("59.90", "$59.90"),
)
PLAN = plan_of([(field, field) for field in CLEAN])


class OneByOne:
    """The same rows without the shortcut."""

    def __init__(self, rows: JudgedRows) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[JudgedRow]:
        return iter(self._rows)

    def position(self) -> Position:
        return self._rows.position()

    def is_border(self) -> bool:
        return self._rows.is_border()


def blocks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def facts(cut: Slice) -> tuple[object, ...]:
    rejected = [(row.row, row.line, row.cells, row.verdict) for row in cut.rejected]
    return cut.start, cut.end, cut.valid, rejected, cut.ignored, cut.reasons, cut.warnings, cut.lines


def slices(plan: ReadingPlan, data: bytes, size: int, limits: SliceLimits) -> tuple[list[Slice], list[Slice]]:
    quick = cut_slices(JudgedRows(plan, blocks(data, size), START), START, limits)
    slow = cut_slices(OneByOne(JudgedRows(plan, blocks(data, size), START)), START, limits)
    return list(quick), list(slow)


@given(
    st.lists(st.sampled_from((GOOD, GOOD, GOOD, *LINES)), max_size=30),
    st.integers(7, 4_000),
    st.integers(1, 12),
    st.sampled_from([1, 3, 250]),
    st.integers(1, 600),
)
def test_ranges_make_the_same_slices(lines: list[str], size: int, most: int, every: int, limit: int) -> None:
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    limits = SliceLimits(conversions=most, rows=6 if every < 250 else 20_000, bytes=limit * 10, look_every=every)
    quick, slow = slices(PLAN, data, size, limits)

    assert list(map(facts, quick)) == list(map(facts, slow))


@given(st.lists(st.sampled_from((GOOD, GOOD, *LINES)), max_size=20), st.integers(7, 4_000))
def test_every_row_has_the_verdict_number_line_and_place_that_it_has_alone(lines: list[str], size: int) -> None:
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    rows, reader = JudgedRows(PLAN, blocks(data, size), START), RowReader([data], delimiter=",", width=len(CLEAN))
    careful = ConversionReader(PLAN)
    for judged, (row, line, cells) in zip(rows, reader, strict=True):
        assert (judged.row, judged.line) == (row, line)
        assert rows.position() == reader.position()
        if isinstance(cells, list):
            assert judged.verdict == careful.read(cells)


@given(st.lists(st.sampled_from((GOOD, GOOD, *LINES)), max_size=20), st.integers(7, 4_000))
def test_stretches_hold_every_row_once(lines: list[str], size: int) -> None:
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    one_by_one = list(RowReader(blocks(data, size), delimiter=",", width=len(CLEAN)))
    reader = RowReader(blocks(data, size), delimiter=",", width=len(CLEAN))
    seen: list[object] = []
    for item in reader.stretches():
        if isinstance(item, PlainRows):
            seen += [(item.row + at, item.line + at, cells) for at, cells in enumerate(item.cells)]
            reader.came_out(len(item.cells))
        else:
            seen.append(item)

    assert seen == one_by_one


def test_a_conversion_of_the_shortcut_is_one_for_the_sender_too() -> None:
    data = f"{GOOD}\n".encode() * 3

    assert all(isinstance(judged.verdict, Conversion) for judged in JudgedRows(PLAN, [data], START))


@given(
    st.lists(st.sampled_from((GOOD, *LINES)), max_size=20),
    st.integers(7, 4_000),
    st.sampled_from([("windows-1252", "windows-1252"), ("utf-8", "windows-1252"), ("utf-8", "")]),
)
def test_damaged_rows_are_what_they_are_one_by_one(lines: list[str], size: int, encodings: tuple[str, str]) -> None:
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    plan = PLAN.model_copy(update=dict(zip(("encoding", "fallback_encoding"), encodings, strict=True)))
    verdicts = RowVerdicts(plan)
    reader = RowReader([data], delimiter=",", width=len(CLEAN))
    for judged, (row, line, item) in zip(JudgedRows(plan, blocks(data, size), START), reader, strict=True):
        verdict = verdicts.of_fault(item, row) if isinstance(item, RowFault) else verdicts.read(item)
        cells = item.cells if isinstance(item, RowFault) else item
        assert judged == (row, line, cells, verdict, ())


@given(st.lists(st.sampled_from((GOOD, *LINES)), max_size=20), st.booleans())
def test_such_rows_make_the_same_slices_too(lines: list[str], is_noted: bool) -> None:
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    encoding = "utf-8" if is_noted else "windows-1252"
    plan = PLAN.model_copy(update={"encoding": encoding, "fallback_encoding": "windows-1252"})
    quick, slow = slices(plan, data, 4_000, SliceLimits())

    assert list(map(facts, quick)) == list(map(facts, slow))
