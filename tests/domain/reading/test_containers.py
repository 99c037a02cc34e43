"""Compressed and nested files become the text inside, in bounded memory, or a refusal that says why."""

from __future__ import annotations

import bz2
import gzip
import itertools
import random
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
import zstandard

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.reading.containers import (
    Expansion,
    ExpansionLimits,
    container_kind,
    is_plain,
    peeked,
    peeled,
)
from tests.domain.reading.packed import (
    PACKERS,
    TEXT,
    content,
    gzipped_zeros,
    no_key,
    opened,
    refusal_of,
    texts_in,
    zipped,
)

KINDS = sorted(PACKERS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("block", [1, 7, 1 << 16])
def test_a_compressed_file_is_the_text_inside(kind: str, block: int) -> None:
    (text,) = texts_in(PACKERS[kind](TEXT), block=block)
    assert (b"".join(text.blocks), text.layers, text.compression, text.encoding) == (TEXT, (kind,), kind, "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("block", [1, 64, 1 << 16])
def test_all_members_of_a_stream_are_read(kind: str, block: int) -> None:
    body = b"".join(PACKERS[kind](part) for part in (TEXT, b"", b"last line\n"))
    assert opened(body, block=block) == TEXT + b"last line\n"


@pytest.mark.parametrize("kind", KINDS)
def test_zero_bytes_behind_a_member_are_padding(kind: str) -> None:
    assert opened(PACKERS[kind](TEXT) + bytes(512)) == TEXT


@pytest.mark.parametrize("kind", KINDS)
def test_other_bytes_behind_a_member_are_damage(kind: str) -> None:
    assert refusal_of(PACKERS[kind](TEXT) + b"something else").code == "ARCHIVE_DAMAGED"


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_that_is_cut_off_anywhere_is_never_taken_for_whole(kind: str) -> None:
    body = PACKERS[kind](TEXT * 20)
    for end in {6, 12, 30, len(body) // 2, len(body) - 9, len(body) - 4, len(body) - 1}:
        head = body[:end]
        if container_kind(head):
            assert refusal_of(head).code == "FILE_TRUNCATED", end


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_cut_off_in_a_later_member_is_not_taken_for_whole(kind: str) -> None:
    whole = PACKERS[kind](TEXT)
    assert refusal_of(whole + whole[:-3]).code == "FILE_TRUNCATED"


@pytest.mark.parametrize("place", [-1, -6])
def test_a_wrong_checksum_or_length_is_damage(place: int) -> None:
    body = bytearray(gzip.compress(TEXT))
    body[place] ^= 0xFF
    assert refusal_of(bytes(body)).code == "ARCHIVE_DAMAGED"


def test_the_checksums_of_bzip2_and_zstandard_count_too() -> None:
    body = bytearray(PACKERS["bzip2"](TEXT))
    body[-5] ^= 0xFF
    assert refusal_of(bytes(body)).code == "ARCHIVE_DAMAGED"
    summed = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(TEXT))
    summed[-1] ^= 0xFF
    assert refusal_of(bytes(summed)).code == "ARCHIVE_DAMAGED"


def test_frames_without_content_may_precede_zstandard() -> None:
    skipped = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    assert opened(skipped + PACKERS["zstd"](TEXT)) == TEXT


def test_a_long_window_of_zstandard_is_refused_by_name() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(19, window_log=27)
    squeeze = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    refusal = refusal_of(squeeze.compress(TEXT) + squeeze.flush())
    assert (refusal.code, refusal.facts) == ("ARCHIVE_METHOD", {"method": "Zstandard with a long window"})


@pytest.mark.parametrize(("outer", "inner"), list(itertools.product(KINDS, KINDS)))
def test_layers_are_taken_off_one_after_the_other(outer: str, inner: str) -> None:
    (text,) = texts_in(PACKERS[outer](PACKERS[inner](TEXT)))
    assert (b"".join(text.blocks), text.layers) == (TEXT, (outer, inner))
    assert text.compression == f"{outer}+{inner}"


@pytest.mark.parametrize(("layers", "code"), [(4, ""), (5, "ARCHIVE_NESTED"), (40, "ARCHIVE_NESTED")])
def test_four_layers_are_enough(layers: int, code: str) -> None:
    body = TEXT
    for _ in range(layers):
        body = gzip.compress(body)
    assert (refusal_of(body).code if code else opened(body)) == (code or TEXT)


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_inside_another_layer_is_refused_by_name(kind: str) -> None:
    refusal = refusal_of(PACKERS[kind](zipped({"a.csv": TEXT})))
    assert refusal.code == "ARCHIVE_NESTED"
    assert refusal.facts["inner"] == "a zip archive"


def test_what_is_compressed_and_in_utf_16_is_both_unpacked_and_transcoded() -> None:
    (text,) = texts_in(gzip.compress(TEXT.decode().encode("utf-16")))
    assert (b"".join(text.blocks), text.layers, text.encoding) == (TEXT, ("gzip",), "utf-16-le")


@pytest.mark.parametrize("head", [b"", b"a,b\n1,2\n", b"\xef\xbb\xbfa,b\n", b"caf\xe9,b\n", b"%PDF-1.7", b"{}\n"])
def test_what_is_no_container_is_left_to_those_who_read_it(head: bytes) -> None:
    assert is_plain(head)


def test_an_office_file_is_no_archive() -> None:
    workbook = zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    assert container_kind(workbook) == ""
    assert opened(gzip.compress(workbook)) == workbook


def test_an_empty_stream_is_an_empty_text() -> None:
    assert opened(gzip.compress(b"")) == b""


# --- bombs


def drained(blocks: Iterator[bytes], limits: ExpansionLimits) -> UploadRejected:
    expansion = Expansion(limits)
    with pytest.raises(UploadRejected) as caught:
        for _ in peeled(expansion.entering(blocks), no_key, expansion).blocks:
            pass
    return caught.value


@pytest.fixture
def memory() -> Iterator[None]:
    """Fails a test that holds more than 12 MiB at any time."""
    tracemalloc.start()
    yield
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


@pytest.mark.usefixtures("memory")
def test_ten_gigabytes_of_zeros_are_stopped_at_the_ratio() -> None:
    refusal = drained(gzipped_zeros(10 << 30), ExpansionLimits())
    assert (refusal.code, refusal.facts) == ("EXPANDS_TOO_MUCH", {"limit": "the ratio of 200 to 1"})


@pytest.mark.usefixtures("memory")
def test_no_more_comes_out_than_the_limit_of_size() -> None:
    refusal = drained(gzipped_zeros(64 << 20), ExpansionLimits(plain_bytes=32 << 20))
    assert refusal.facts == {"limit": f"the limit of {32 << 20:,} bytes"}


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("kind", ["bzip2", "zstd"])
def test_bombs_of_other_kinds_are_stopped_in_bounded_memory(kind: str) -> None:
    squeeze = zstandard.ZstdCompressor(level=1).compressobj()
    if kind == "zstd":
        body = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(256)) + squeeze.flush()
    else:
        packer = bz2.BZ2Compressor()
        body = (b"".join(packer.compress(bytes(1 << 20)) for _ in range(9)) + packer.flush()) * 20
    assert drained(iter([body]), ExpansionLimits()).code == "EXPANDS_TOO_MUCH"


@pytest.mark.usefixtures("memory")
def test_a_bomb_inside_a_bomb_is_stopped() -> None:
    inner = b"".join(gzipped_zeros(200 << 20))
    squeeze = zlib.compressobj(9, wbits=31)
    body = b"".join(squeeze.compress(inner) for _ in range(200)) + squeeze.flush()
    assert drained(iter([body]), ExpansionLimits()).code == "EXPANDS_TOO_MUCH"


def test_a_small_file_of_equal_rows_may_pack_as_well_as_it_likes() -> None:
    rows = TEXT[:24] + TEXT[24:70] * 400_000
    assert len(rows) / len(gzip.compress(rows)) > 200
    assert opened(gzip.compress(rows)) == rows


# --- anything at all


def verdicts_on(body: bytes) -> set[str]:
    """The code of each text's refusal, or empty; anything but a refusal fails the test."""
    verdicts = set()
    for text in texts_in(body, block=50):
        try:
            content(text)
            verdicts.add("")
        except UploadRejected as refusal:
            verdicts.add(refusal.code)
    return verdicts


def test_whatever_the_bytes_are_there_is_a_verdict() -> None:
    chance = random.Random(4)
    magics = [b"\x1f\x8b\x08\x00", b"BZh91AY&SY", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe", b""]
    verdicts: set[str] = set()
    for _ in range(3_000):
        body = chance.choice(magics) + chance.randbytes(chance.randrange(200))
        verdicts |= verdicts_on(body)
    assert {"", "FILE_TRUNCATED", "ARCHIVE_DAMAGED"} <= verdicts <= {"", *CODES}


@pytest.mark.parametrize("kind", KINDS)
def test_whichever_byte_is_changed_there_is_a_verdict(kind: str) -> None:
    chance = random.Random(5)
    whole = PACKERS[kind](PACKERS["gzip"](TEXT))
    verdicts: set[str] = set()
    for _ in range(400):
        body = bytearray(whole)
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        verdicts |= verdicts_on(bytes(body[: chance.randrange(len(body) // 2, len(body) + 1)]))
    assert verdicts <= {"", *CODES}


def test_peeking_takes_nothing_away() -> None:
    head, blocks = peeked(iter([b"ab", b"cd", b"ef"]), 3)
    assert (head, b"".join(blocks)) == (b"abc", b"abcdef")
