"""The files of the benchmarks, small: every verdict, line and code is the generator's truth, on every way in."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conversion_delivery.domain.conversions import Conversion
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from conversion_delivery.domain.reading.compressions import GzipMember, expanded
from conversion_delivery.domain.reading.encodings import as_utf8
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.rows import RowReader
from tests.benchmarks.generated_file import BAD_KINDS, Truth, write_file
from tests.benchmarks.json_lines import BAD_KINDS as ARCHIVE_KINDS
from tests.benchmarks.json_lines import write_archive
from tests.benchmarks.messy_file import BAD_KINDS as MESSY_KINDS
from tests.benchmarks.messy_file import write_messy_file
from tests.benchmarks.work import blocks, data_blocks, differences, encode, plan_of, slices, split, without

ROWS = 9_000


@pytest.mark.parametrize("write", [write_file, write_messy_file])
def test_every_verdict_line_and_code_is_the_truth(write: Callable[[Path, int], Truth], tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    truth = write(path, ROWS)
    plan = plan_of(path)

    assert differences(plan, data_blocks(path, plan), truth) == (0, 0)
    assert split(plan, data_blocks(path, plan)) == ROWS - len(truth.bad)


@pytest.mark.parametrize(("write", "kinds"), [(write_file, BAD_KINDS), (write_messy_file, MESSY_KINDS)])
def test_every_kind_of_bad_row_occurs(
    write: Callable[[Path, int], Truth], kinds: dict[str, object], tmp_path: Path
) -> None:
    truth = write(tmp_path / "orders.csv", ROWS)

    assert {code for _, code in truth.bad.values()} == set(kinds)


def test_a_wrong_truth_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    truth = write_file(path, 1_000)
    plan = plan_of(path)
    row, (line, code) = next(iter(truth.bad.items()))
    truth.bad[row] = (line + 1, code)
    truth.bad[next(row for row in range(1, 1_000) if row not in truth.bad)] = (1, "EMAIL_INVALID")

    assert differences(plan, data_blocks(path, plan), truth) == (1, 1)


def test_one_bare_quote_gz_and_utf_16_change_nothing(tmp_path: Path) -> None:
    path, quoted, packed, wide = (tmp_path / name for name in ("a.csv", "b.csv", "a.csv.gz", "c.csv"))
    truth = write_file(path, ROWS)
    plan, text = plan_of(path), path.read_bytes()
    quoted.write_bytes(text.replace(b",Article 7,", b',24" Article 7,', 1))
    packed.write_bytes(gzip.compress(text))
    wide.write_bytes(b"\xff\xfe" + text.decode().encode("utf-16-le"))
    head = plan.data_starts.offset
    ways: list[Iterator[bytes]] = [
        data_blocks(quoted, plan),
        without(expanded(blocks(packed, 0), GzipMember), head),
        without(as_utf8(blocks(wide, 0), "utf-16-le"), head),
    ]

    assert quoted.read_bytes() != text
    assert [differences(plan, data, truth) for data in ways] == [(0, 0)] * len(ways)


@pytest.mark.parametrize("write", [write_file, write_messy_file])
def test_the_sender_reads_what_the_careful_path_reads(write: Callable[[Path, int], Truth], tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    truth = write(path, 2_000)
    plan = plan_of(path)
    careful = ConversionReader(plan)
    width = len(plan.header)
    records = RowReader(data_blocks(path, plan), delimiter=plan.delimiter, width=width, start=plan.data_starts)
    judged = Reading().rows(plan, data_blocks(path, plan), plan.data_starts)
    for row, (number, _, cells) in zip(judged, records, strict=True):
        assert row.row == number
        if isinstance(cells, list):
            assert row.verdict == careful.read(cells)
            assert isinstance(row.verdict, Conversion) == (number not in truth.bad)

    assert encode(path, plan, slices(path, plan)) == 2_000 - len(truth.bad)


def test_every_line_of_the_event_archive_is_judged_as_its_truth_says(tmp_path: Path) -> None:
    path = tmp_path / "segment.jsonl"
    truth = write_archive(path, ROWS)
    plan = plan_of(path)

    assert differences(plan, data_blocks(path, plan), truth) == (0, 0)
    assert {code for _, code in truth.bad.values()} == set(ARCHIVE_KINDS)


def test_the_event_archive_is_sent_without_its_bad_lines_and_what_is_no_order(tmp_path: Path) -> None:
    path = tmp_path / "segment.jsonl"
    truth = write_archive(path, 2_000)
    plan = plan_of(path)
    orders = sum(b'"event":"Order Completed"' in line for line in path.read_bytes().splitlines())
    bad_orders = sum(code != "JSON_INVALID" for _, code in truth.bad.values())

    assert 0 < orders - bad_orders < 2_000
    assert split(plan, data_blocks(path, plan)) == orders - bad_orders
    assert encode(path, plan, slices(path, plan)) == orders - bad_orders
