"""Any bytes whatever get a verdict: nothing but ``UploadRejected`` is raised, and every row is counted once."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Container
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.reading.file_reading import HEAD_BYTES, Reading
from conversion_delivery.domain.reading.slices import SliceLimits, cut_slices
from conversion_delivery.domain.reports.rejected_rows import rejected_header, rejected_lines
from tests.domain.rows_to_read import AS_OF
from tests.domain.rows_to_read import settings as settings_of

SAMPLES = Path(__file__).parents[3] / "samples"
SEED = 20_261_114

HEADER = b"event,event_time,email,phone,value,currency,order_id\n"
ROW = b"Purchase,2026-11-14T10:01:00Z,ava@example.com,+14155550101,59.90,USD,A-1\n"
OBJECT = b'{"event":"Purchase","event_time":"2026-11-14T10:01:00Z","email":"ava@example.com","value":5}\n'


def _known(code: str, codes: Container[str]) -> int:
    """No rows, for a reason that has a sentence."""
    assert code in codes
    return 0


def read_whole(data: bytes, **given: Any) -> int:
    """Plan a file and judge every row of it; how many rows came out, 0 where it is refused."""
    reading = Reading()
    try:
        read = reading.plan(data[:HEAD_BYTES], size=len(data), name="x", settings=settings_of(**given), as_of=AS_OF)
    except UploadRejected as refusal:
        return _known(refusal.code, CODES)
    start = read.data_starts
    blocks = (data[at : at + 65_536] for at in range(start.offset, len(data), 65_536))
    rows, counted = reading.rows(read, blocks, start), 0
    rejected_header(read)
    try:
        for cut in cut_slices(rows, start, SliceLimits()):
            assert cut.rows == len(cut.valid) + len(cut.rejected) + cut.ignored
            assert len(list(rejected_lines(read, cut.rejected))) == len(cut.rejected)
            assert set(cut.reasons) <= CODES.keys()
            counted += cut.rows
            start = cut.end
    except UploadRejected as refusal:
        return counted + _known(refusal.code, {"ORDER_ENDLESS"})
    assert start.offset == len(data)
    return counted


@given(
    data=st.binary(max_size=500), begin=st.sampled_from([b"", HEADER, HEADER + ROW, OBJECT, b"\xef\xbb\xbf" + HEADER])
)
@settings(max_examples=300, deadline=None)
def test_random_bytes_get_a_verdict(data: bytes, begin: bytes) -> None:
    read_whole(begin + data)


PIECES = st.sampled_from(
    [
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\0",
        b"\x81",
        b"\xc3",
        b"\xe2\x82",
        b"a@b.co",
        b"{",
        b"}",
        b"[",
        b":",
        b"A-1",
        ROW,
        OBJECT,
    ]
)


@given(pieces=st.lists(PIECES, max_size=60), order_rows=st.sampled_from(["row", "order"]))
@settings(max_examples=200, deadline=None)
def test_torn_quotes_lines_and_characters_get_a_verdict(pieces: list[bytes], order_rows: str) -> None:
    read_whole(HEADER + ROW + b"".join(pieces), order_rows=order_rows)
    read_whole(OBJECT + b"".join(pieces))


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*.csv")) + sorted(SAMPLES.glob("*.jsonl")), ids=lambda path: path.name
)
def test_damaged_samples_get_a_verdict(path: Path) -> None:
    chance = random.Random(SEED)
    whole = path.read_bytes()
    for _ in range(6):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(3)] = chance.choice(
                [b'"', b"\n", b",", b"\0", b"\xff", b"", b"{", b"9" * 40]
            )
        read_whole(bytes(data))
        read_whole(whole[: chance.randrange(len(whole))])


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 300_000,
        HEADER + b"\0" * 300_000,
        HEADER + b"x" * 3_000_000,
        HEADER + b'"' + ROW * 3_000,
        HEADER + b'"\n' * 20_000,
        HEADER + b"," * 300_000 + b"\n" + ROW,
        b",".join([b"c%d" % at for at in range(5_000)]) + b",email,event,event_time\n" + b"," * 5_002 + b"\n",
        OBJECT + b"[" * 60_000 + b"\n",
        OBJECT + b'{"a":' * 900 + b"1" + b"}" * 900 + b"\n",
        OBJECT + b'{"value":' + b"9" * 60_000 + b"}\n",
        OBJECT + b'{"email":' + b"[" * 900 + b"]" * 900 + b"}\n",
        OBJECT + b'{"value":1e-400}\n{"value":1e308}\n{"value":-1E-300}\n',
        OBJECT + b'{"event_time":' + b"9" * 400 + b".5}\n",
        b"{" + b",".join(b'"k%d":1' % at for at in range(20_000)) + b"}\n" + OBJECT,
    ],
    ids=range(14),
)
def test_hostile_files_get_a_verdict_in_bounded_memory(data: bytes) -> None:
    tracemalloc.start()
    try:
        read_whole(data)
        read_whole(data, order_rows="order")
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()
