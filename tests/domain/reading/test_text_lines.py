"""Where lines end, whatever the blocks; and lines that are too long to be rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.reading.text_lines import (
    ENDLESS_BYTES,
    LINE_CHARACTERS,
    PIECE_BYTES,
    Lines,
    LongLine,
    byte_size,
    split_lines,
    text_lines,
)

LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")

nasty_texts = st.text(alphabet="a,\r\n\x0b\x0c\x1c\x85\u2028é\U0001f600", max_size=60)


def in_blocks(data: bytes, sizes: list[int]) -> list[bytes]:
    """Cut into blocks of these sizes, again and again; 0 makes an empty block."""
    blocks, at = [], 0
    while at < len(data):
        for size in sizes:
            blocks.append(data[at : at + size])
            at += size
    return blocks or [data]


def all_lines(blocks: Iterable[bytes]) -> list[str]:
    found: list[str] = []
    for run in text_lines(blocks):
        assert isinstance(run, Lines)
        found += run.lines
    return found


@given(nasty_texts, st.lists(st.integers(0, 7), min_size=1, max_size=5).filter(any))
def test_lines_end_at_line_feed_and_carriage_return_only_whatever_the_blocks(text: str, sizes: list[int]) -> None:
    data = text.encode()
    assert [line.encode() for line in all_lines(in_blocks(data, sizes))] == LINE.findall(data)


@given(nasty_texts)
def test_a_text_is_split_as_a_file_is(text: str) -> None:
    assert [line.encode() for line in split_lines(text)] == LINE.findall(text.encode())


@given(st.binary(max_size=80))
def test_any_bytes_are_decoded_so_that_they_can_be_given_back(data: bytes) -> None:
    runs = [run for run in text_lines([data]) if isinstance(run, Lines)]
    assert all(byte_size(run.lines) == run.size for run in runs)
    assert sum(run.size for run in runs) == len(data)
    assert "".join(all_lines([data])).encode("utf-8", "surrogateescape") == data


def test_only_a_run_with_bytes_that_are_not_utf8_is_damaged() -> None:
    good, bad = b"a\n" * PIECE_BYTES, b"\xff\n"
    flags = [run.damaged for run in text_lines([good, bad]) if isinstance(run, Lines)]
    assert flags[0] is False
    assert flags[-1] is True


def test_a_carriage_return_at_the_end_of_a_block_waits_for_its_line_feed() -> None:
    first = b"a" * (PIECE_BYTES - 1) + b"\r"
    assert all_lines([first, b"\nb"]) == [first.decode() + "\n", "b"]
    assert all_lines([first, b"b"]) == [first.decode(), "b"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b""])
@pytest.mark.parametrize("extra", [-2, -1, 0, 1, 40 << 10, (96 << 10) - 8, 3 << 20])
def test_a_line_is_measured_whether_or_not_it_could_be_held(end: bytes, extra: int) -> None:
    line = b"x" * (ENDLESS_BYTES + extra) + end
    for size in (1 << 16, 1 << 20, 65_537):
        blocks = [b"before\n" + line + (b"after\n" if end else b"")]
        cut = [blocks[0][at : at + size] for at in range(0, len(blocks[0]), size)]
        runs = list(text_lines(cut))
        (long,) = [run for run in runs if isinstance(run, LongLine)]
        assert long.size == len(line)
        short = [line for run in runs if isinstance(run, Lines) for line in run.lines]
        assert short == (["before\n", "after\n"] if end else ["before\n"])


def test_a_long_line_stands_alone_between_runs_of_ordinary_ones() -> None:
    long = "é" * LINE_CHARACTERS + "\n"
    runs = list(text_lines([("a\nb\n" + long + "c\n" + "d" * (LINE_CHARACTERS - 1) + "\n").encode()]))
    lines = [run.lines if isinstance(run, Lines) else run for run in runs]
    assert lines[0] == ["a\n", "b\n"]
    assert lines[1] == LongLine(len(long.encode()))
    assert [line for run in lines[2:] if isinstance(run, list) for line in run] == ["c\n", "d" * 65_535 + "\n"]


def test_a_line_shows_no_text_in_a_log() -> None:
    assert "secret" not in repr(Lines(["secret"], 6, False))
