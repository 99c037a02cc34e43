"""Rows from lines: quotes, damage and its price, and the same answer for every slice."""

from __future__ import annotations

import csv
import io
import re
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.batches import START, Position
from conversion_delivery.domain.reading.rows import (
    CELL_CHARACTERS,
    RECORD_CHARACTERS,
    RECORD_LINES,
    NumberedRow,
    RowFault,
    RowReader,
    is_blank,
)
from conversion_delivery.domain.reading.text_lines import ENDLESS_BYTES, LINE_CHARACTERS
from tests.domain.reading.test_text_lines import in_blocks

LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


def read(data: bytes | str, width: int, delimiter: str = ",", start: Position = START) -> list[NumberedRow]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(RowReader([raw], delimiter=delimiter, width=width, start=start))


def cells_of(data: bytes | str, width: int, delimiter: str = ",") -> list[object]:
    """Cells of good rows, codes of faults."""
    return [item if isinstance(item, list) else item.code for _, _, item in read(data, width, delimiter)]


# --- an independent and slow account of the rules -------------------------------------------------------------------


def is_open_after(line: str, is_open: bool, delimiter: str) -> bool:
    """Whether a quote is still open after a line, character by character."""
    state = "quoted" if is_open else "start"
    for character in line.rstrip("\r\n"):
        if state == "quoted":
            state = "quote" if character == '"' else "quoted"
        elif character == delimiter:
            state = "start"
        elif (state == "quote" and character == '"') or (state == "start" and character == '"'):
            state = "quoted"
        else:
            state = "text"
    return state == "quoted"


def is_strict(lines: list[str], delimiter: str) -> bool:
    """A closing quote is followed by a delimiter or the end of the line."""
    escaped = re.escape(delimiter)
    cell = f'(?:"(?:[^"]|"")*"|(?!")[^{escaped}\r\n]*)'
    return re.fullmatch(f"{cell}(?:{escaped}{cell})*(?:\r\n|\r|\n)?", "".join(lines)) is not None


def expected_rows(text: str, width: int, delimiter: str) -> list[NumberedRow]:
    """Record by record, looking at every line for itself."""
    lines, at = LINE.findall(text), 0
    rows: list[NumberedRow] = []
    while at < len(lines):
        if not lines[at].strip("\r\n"):
            at += 1
            continue
        stop, is_open = at, True
        while is_open and stop < len(lines):
            is_open = is_open_after(lines[stop], stop > at, delimiter)
            stop += 1
        record = lines[at:stop]
        item: list[str] | RowFault = next(csv.reader(record, delimiter=delimiter))
        assert isinstance(item, list)
        while len(item) > width and not item[-1]:
            item.pop()
        whole = len(item) == width and len(record) <= RECORD_LINES and is_strict(record, delimiter)
        if is_open or (len(record) > 1 and not whole):
            stop = at + 1
            item = RowFault("QUOTE_UNCLOSED", lines[at].rstrip("\r\n").split(delimiter))
        elif len(item) != width:
            original = next(csv.reader(record, delimiter=delimiter))
            item = RowFault("ROW_SHAPE", original, len(original), width) if any(map(str.strip, item)) else [""] * width
        rows.append((len(rows) + 1, at + 1, item))
        at = stop
    return rows


nasty_lines = st.lists(
    st.tuples(
        st.text(alphabet='""",a1 é', max_size=9),
        st.sampled_from(["\n", "\r\n", "\r"]),
        st.sampled_from([1, 1, 1, 1, 1, 2, 3, 30, RECORD_LINES - 1, RECORD_LINES]),
    ),
    max_size=12,
).map(lambda parts: "".join((line + end) * times for line, end, times in parts))

block_sizes = st.lists(st.integers(1, 200), min_size=1, max_size=4)


@settings(deadline=None)
@given(nasty_lines, st.integers(1, 3), block_sizes)
@example('"a"b,"c\n' * 450, 2, [100])
@example('x,"\n' + "a,b\n" * 198 + '",\n', 2, [7])
@example('x,"\n' + "a,b\n" * 199 + '"\n', 2, [7])
def test_every_record_gets_the_verdict_that_the_rules_give_it_alone(text: str, width: int, sizes: list[int]) -> None:
    rows = list(RowReader(in_blocks(text.encode(), sizes), delimiter=",", width=width))
    assert rows == expected_rows(text, width, ",")


@settings(deadline=None)
@given(nasty_lines, st.integers(1, 3), st.data())
def test_a_slice_between_two_rows_gives_the_rows_of_the_whole(text: str, width: int, data: st.DataObject) -> None:
    raw = text.encode()
    reader = RowReader([raw], delimiter=",", width=width)
    rows, places = [], [START]
    for row in reader:
        rows.append(row)
        places.append(reader.position())
    first = data.draw(st.integers(0, len(rows)))
    last = data.draw(st.integers(first, len(rows)))
    start, end = places[first], places[last]
    blocks = in_blocks(raw[start.offset : end.offset], data.draw(block_sizes))
    part = RowReader(blocks, delimiter=",", width=width, start=start)
    assert list(part) == rows[first:last]
    assert part.position() == end
    rest = RowReader([raw[start.offset :]], delimiter=",", width=width, start=start)
    assert list(rest) == rows[first:]
    assert rest.position() == reader.position() == Position(len(raw), len(rows), len(LINE.findall(text)))


written_cells = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "",
        '24" Jacket',
        'say "yes"',
        "line\nbreak",
        "line\r\nbreak",
        "\r",
        "a,b",
        "x;y",
        "t\tab",
        "p|q",
        "\x00",
        "\u2028",
    ]
)


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(written_cells, min_size=width, max_size=width), min_size=1, max_size=12)
    ),
    st.sampled_from([",", "\t", "|", ";"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
    block_sizes,
)
def test_what_a_csv_writer_wrote_comes_back_with_lines_and_places(
    table: list[list[str]], delimiter: str, quoting: Literal[0, 1, 2], end: str, sizes: list[int]
) -> None:
    file = io.StringIO(newline="")
    # a writer that leaves a lone carriage return unquoted writes a line end, so such cells are quoted
    must_quote = any("\r" in cell for cells in table for cell in cells)
    writer = csv.writer(
        file,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if must_quote else quoting,
        lineterminator=end,
    )
    ends, first_lines = [0], []
    for cells in table:
        first_lines.append(len(LINE.findall(file.getvalue())) + 1)
        writer.writerow(cells)
        ends.append(len(file.getvalue().encode()))
    raw = file.getvalue().encode()
    width = len(table[0])
    reader = RowReader(in_blocks(raw, sizes), delimiter=delimiter, width=width)
    for number, (row, line, item) in enumerate(reader):
        assert (row, line, item) == (number + 1, first_lines[number], table[number])
        assert reader.position().offset == ends[number + 1]
    assert reader.position().row == len(table)


# --- examples -------------------------------------------------------------------------------------------------------


def test_rows_are_counted_by_record_and_lines_by_line_end() -> None:
    rows = read('a,b\r\n\r\n"two\r\nlines",b\r\n\n\nlast,b', 2)
    assert rows == [(1, 1, ["a", "b"]), (2, 3, ["two\r\nlines", "b"]), (3, 7, ["last", "b"])]


def test_a_place_in_the_middle_of_a_file_is_counted_from() -> None:
    reader = RowReader([b"x,y\nz,w\n"], delimiter=",", width=2, start=Position(1_000, 50, 70))
    seen = [(row, line, reader.position()) for row, line, _ in reader]
    assert seen == [(51, 71, Position(1_004, 51, 71)), (52, 72, Position(1_008, 52, 72))]


def test_places_count_bytes_and_not_characters() -> None:
    reader = RowReader(["ä,€\n😀,b\n".encode()], delimiter=",", width=2)
    assert [reader.position().offset for _ in reader] == [7, 14]


def test_trailing_blank_lines_belong_to_the_last_place_only() -> None:
    reader = RowReader([b"a\n\n\n"], delimiter=",", width=1)
    assert [reader.position() for _ in reader] == [Position(2, 1, 1)]
    assert reader.position() == Position(4, 1, 3)


def test_a_bare_quote_inside_a_cell_is_text() -> None:
    assert cells_of('24" Jacket,5" pipe\n', 2) == [['24" Jacket', '5" pipe']]


def test_text_after_a_closing_quote_belongs_to_the_cell() -> None:
    assert cells_of('"a"b,c\n', 2) == [["ab", "c"]]


def test_doubled_quotes_delimiters_and_nul_characters_are_text() -> None:
    assert cells_of('"say ""yes"", now",a\x00b\n', 2) == [['say "yes", now', "a\x00b"]]


def test_a_file_of_one_column_has_rows() -> None:
    assert cells_of('a\n\n"b\nc"\n""\n', 1) == [["a"], ["b\nc"], [""]]


def test_extra_empty_cells_are_dropped_and_other_differences_are_faults() -> None:
    rows = [item for _, _, item in read("a,b,,\na\na,b,c,\n", 2)]
    assert rows == [["a", "b"], RowFault("ROW_SHAPE", ["a"], 1, 2), RowFault("ROW_SHAPE", ["a", "b", "c", ""], 4, 2)]


def test_a_ragged_row_of_blanks_is_a_blank_row() -> None:
    assert cells_of("   \n,,,,\n , ,x\n", 2) == [["", ""], ["", ""], "ROW_SHAPE"]
    assert is_blank(["", " ", "\u00a0\t"])
    assert not is_blank(["", "0"])


def test_an_unclosed_quote_costs_its_own_line_only() -> None:
    good = [f"{number},b" for number in range(500)]
    text = "\n".join([*good[:250], 'x,"never closed', *good[250:]]) + "\n"
    rows = read(text, 2)
    assert len(rows) == 501
    assert rows[250] == (251, 251, RowFault("QUOTE_UNCLOSED", ["x", '"never closed']))
    assert [item for _, _, item in rows if isinstance(item, list)] == [line.split(",") for line in good]


def test_a_stray_quote_does_not_join_two_rows_that_happen_to_fit_the_header() -> None:
    text = '1,"a,x\n2,"b",y\n3,"c",z\n'
    assert cells_of(text, 3) == ["QUOTE_UNCLOSED", ["2", "b", "y"], ["3", "c", "z"]]


def test_a_record_of_several_lines_must_be_as_wide_as_the_header() -> None:
    assert cells_of('1,"a\n2,b\n3,c"\n4,d\n', 3) == ["QUOTE_UNCLOSED", "ROW_SHAPE", "ROW_SHAPE", "ROW_SHAPE"]
    assert cells_of('1,"a\n2,b\n3,c"\n4,d\n', 2) == [["1", "a\n2,b\n3,c"], ["4", "d"]]


def test_an_unclosed_quote_in_the_last_line_is_found() -> None:
    assert cells_of('a,b\nc,"d', 2) == [["a", "b"], "QUOTE_UNCLOSED"]
    assert cells_of('a,b\nc,"d"', 2) == [["a", "b"], ["c", "d"]]


def test_a_file_in_which_every_line_opens_a_quote_stays_a_matter_of_seconds() -> None:
    rows = read('"a"b,"c\n' * 5_000, 2)
    assert len(rows) == 5_000
    assert {item.code for _, _, item in rows if isinstance(item, RowFault)} == {"QUOTE_UNCLOSED"}


@pytest.mark.parametrize(("length", "is_good"), [(CELL_CHARACTERS, True), (CELL_CHARACTERS + 1, False)])
def test_a_cell_with_line_breaks_is_bounded(length: int, is_good: bool) -> None:
    cell = ("x" * 999 + "\n") * (length // 1_000) + "y" * (length % 1_000)
    found = cells_of(f'a,"{cell}"\nb,c\n', 2)
    assert found[0] == (["a", cell] if is_good else "QUOTE_UNCLOSED")
    assert found[-1] == ["b", "c"]


@pytest.mark.parametrize(("extra", "is_good"), [(0, True), (1, False)])
def test_a_record_of_several_lines_is_bounded(extra: int, is_good: bool) -> None:
    half = RECORD_CHARACTERS // 2
    text = '"' + "x" * (half - 5) + '\n","' + "y" * (half - 2 + extra) + '"\n'
    assert len(text) == RECORD_CHARACTERS + extra
    for rest in ("", "b,c\n" * 20_000):
        found = cells_of(text + rest, 2)
        assert isinstance(found[0], list) == is_good
        assert found[len(found) - len(rest) // 4 :] == [["b", "c"]] * (len(rest) // 4)


@pytest.mark.parametrize("lengths", [(60_000, 65_000), (60_000, 60_000), (65_000, 65_000)])
def test_a_cell_beyond_what_the_csv_module_takes_costs_its_first_line_only(lengths: tuple[int, int]) -> None:
    first, second = ("x" * length for length in lengths)
    rows = read(f'"{first}\n{second}\n' + "z\n" * 20_000, 1)
    assert rows[0] == (1, 1, RowFault("QUOTE_UNCLOSED", ['"' + first]))
    assert rows[1] == (2, 2, [second])
    assert rows[-1] == (20_002, 20_002, ["z"])


@pytest.mark.parametrize("before", ["", 'a,b\nc,"open\n'])
def test_a_line_too_long_is_one_fault_and_ends_an_open_record(before: str) -> None:
    long = "x" * LINE_CHARACTERS + ',"y\n'
    rows = read(before + long + "d,e\n", 2)
    assert rows[-2][2] == RowFault("LINE_TOO_LONG", [], len(long), LINE_CHARACTERS)
    assert rows[-1] == (len(rows), before.count("\n") + 2, ["d", "e"])
    if before:
        assert rows[1] == (2, 2, RowFault("QUOTE_UNCLOSED", ["c", '"open']))


def test_an_endless_line_is_counted_and_not_kept() -> None:
    blocks = [b"a,b\n", *[b"x" * (1 << 20)] * 5, b"\nc,d\n"]
    reader = RowReader(blocks, delimiter=",", width=2)
    seen = [(item, reader.position()) for _, _, item in reader]
    size = 5 * ENDLESS_BYTES + 1
    assert seen == [
        (["a", "b"], Position(4, 1, 1)),
        (RowFault("LINE_TOO_LONG", [], size, LINE_CHARACTERS), Position(4 + size, 2, 2)),
        (["c", "d"], Position(8 + size, 3, 3)),
    ]


def test_bytes_that_are_not_utf8_cost_their_own_rows_only() -> None:
    rows = read(b'a,b\n\xe4,c\n"d\ne",f\n"g\n\xff",h\ni,\xc3\xa4\n\xe4\n', 2)
    assert [item if isinstance(item, list) else item.code for _, _, item in rows] == [
        ["a", "b"],
        "ENCODING_INVALID",
        ["d\ne", "f"],
        "ENCODING_INVALID",
        ["i", "ä"],
        "ROW_SHAPE",
    ]
    fault = rows[1][2]
    assert isinstance(fault, RowFault)
    assert fault.cells[0].encode("utf-8", "surrogateescape") == b"\xe4"


@pytest.mark.parametrize("padding", range(32_740, 32_780, 3))
def test_bytes_that_are_not_utf8_are_found_in_a_record_read_in_two_pieces(padding: int) -> None:
    data = b"a" * padding + b',b\n"\xff\nx",y\nc,d\n'
    assert cells_of(data, 2)[1:] == ["ENCODING_INVALID", ["c", "d"]]


def test_places_stay_exact_where_bytes_are_not_utf8() -> None:
    data = b"\xe4\xff,b\nc,d\n"
    reader = RowReader([data], delimiter=",", width=2)
    assert [reader.position().offset for _ in reader] == [5, 9]


def test_a_fault_shows_no_cell_in_a_log() -> None:
    assert "secret" not in repr(RowFault("ROW_SHAPE", ["secret"], 1, 2))


def test_no_bytes_are_no_rows() -> None:
    reader = RowReader([], delimiter=",", width=2, start=Position(7, 1, 2))
    assert list(reader) == []
    assert reader.position() == Position(7, 1, 2)
