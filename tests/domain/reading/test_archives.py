"""Zip archives: which members are files, and how an archive is kept from costing more than it should."""

from __future__ import annotations

import gzip
import io
import struct
import tracemalloc
import zipfile

import pytest

from conversion_delivery.domain.errors import SourceGone, UploadRejected
from conversion_delivery.domain.reading.archives import RANGE, RangedFile, archived_files
from conversion_delivery.domain.reading.containers import ExpansionLimits
from conversion_delivery.domain.reading.plain_texts import PlainText
from conversion_delivery.domain.uploads import Upload
from tests.domain.reading.packed import TEXT, content, opened, refusal_of, texts_in, zipped

OTHER = TEXT + b"Purchase,2026-11-16T13:00:00Z,b@example.com\r\n"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_of_one_file_is_that_file_and_keeps_its_own_identity(method: int) -> None:
    (text,) = texts_in(zipped({"export/sales.csv": TEXT}, method))
    assert (content(text), text.layers, text.upload.member) == (TEXT, ("zip",), "")


def test_each_of_several_files_is_a_file_of_its_own() -> None:
    texts = texts_in(zipped({"a.csv": TEXT, "may/a.csv": OTHER}))
    found = {text.upload.member: (content(text), text.upload.file_id) for text in texts}
    assert {name: body for name, (body, _) in found.items()} == {"a.csv": TEXT, "may/a.csv": OTHER}
    assert len({file_id for _, file_id in found.values()}) == 2


def test_folders_hidden_files_and_markers_are_no_files() -> None:
    noise = ["may/", "__MACOSX/._sales.csv", "__MACOSX/x.csv", ".DS_Store", "may/.hidden", "_SUCCESS", "sales.csv.done"]
    (text,) = texts_in(zipped({**dict.fromkeys(noise, b""), "may/sales.csv": TEXT}))
    assert (content(text), text.upload.member) == (TEXT, "")


@pytest.mark.parametrize("members", [{}, {"a/": b""}, {".DS_Store": b"x"}])
def test_an_archive_without_a_file_is_refused(members: dict[str, bytes]) -> None:
    assert refusal_of(zipped(members)).code == "ARCHIVE_EMPTY"


def test_members_may_be_compressed_themselves_as_amplitude_exports_are() -> None:
    texts = list(texts_in(zipped({"0.json.gz": gzip.compress(TEXT), "1.json.gz": gzip.compress(OTHER)})))
    assert [content(text) for text in texts] == [TEXT, OTHER]
    assert {text.compression for text in texts} == {"zip+gzip"}


def test_a_member_may_be_in_utf_16() -> None:
    (text,) = texts_in(zipped({"a.txt": TEXT.decode().encode("utf-16")}))
    assert (content(text), text.encoding) == (TEXT, "utf-16-le")


def test_an_archive_inside_an_archive_is_refused_by_itself() -> None:
    first, second = texts_in(zipped({"a.zip": zipped({"a.csv": TEXT}), "b.csv": OTHER}))
    assert first.refusal is not None
    assert (first.refusal.code, first.upload.member) == ("ARCHIVE_NESTED", "a.zip")
    assert content(second) == OTHER


def test_a_member_that_is_no_text_is_left_to_those_who_read_it() -> None:
    names = [text.upload.member for text in texts_in(zipped({"a.csv": TEXT, "b.csv": OTHER, "c.pdf": b"%PDF-1.7 ..."}))]
    assert names == ["a.csv", "b.csv", "c.pdf"]


def patched(body: bytes, *, flags: int | None = None, method: int | None = None) -> bytes:
    """The archive with another flag or method in its only entry and in its directory."""
    changed = bytearray(body)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = body.index(signature) + at
        if flags is not None:
            changed[place : place + 2] = struct.pack("<H", flags)
        if method is not None:
            changed[place + 2 : place + 4] = struct.pack("<H", method)
    return bytes(changed)


def test_a_password_is_refused_with_advice() -> None:
    assert refusal_of(patched(zipped({"a.csv": TEXT}), flags=1)).code == "ARCHIVE_ENCRYPTED"


@pytest.mark.parametrize(
    ("method", "name"),
    [(9, "Deflate64"), (12, "bzip2"), (14, "LZMA"), (93, "Zstandard"), (99, "AES"), (77, "method 77")],
)
def test_a_method_that_cannot_be_bounded_or_read_is_refused_by_name(method: int, name: str) -> None:
    refusal = refusal_of(patched(zipped({"a.csv": TEXT}), method=method))
    assert refusal.code == "ARCHIVE_METHOD"
    assert name in str(refusal.facts["method"])


def test_an_archive_that_was_cut_off_is_not_whole() -> None:
    body = zipped({"a.csv": TEXT * 100, "b.csv": OTHER})
    for end in {30, 200, len(body) // 2, len(body) - 23, len(body) - 1}:
        assert refusal_of(body[:end]).code in {"FILE_TRUNCATED", "ARCHIVE_DAMAGED"}, end


def test_a_wrong_checksum_is_damage() -> None:
    body = bytearray(zipped({"a.csv": TEXT}, zipfile.ZIP_STORED))
    body[100] ^= 1
    assert refusal_of(bytes(body)).code == "ARCHIVE_DAMAGED"


def test_whichever_byte_is_changed_there_is_a_verdict() -> None:
    whole = zipped({"a.csv": TEXT, "b.csv": OTHER})
    accepted = 0
    for place in range(len(whole)):
        body = bytearray(whole)
        body[place] ^= 0xFF
        try:
            if not bytes(body).startswith(b"PK"):
                continue
            accepted += len([content(text) for text in texts_in(bytes(body))])
        except UploadRejected:
            continue
    assert accepted


def test_two_members_of_one_name_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.csv", TEXT)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", OTHER)
    assert refusal_of(target.getvalue()).code == "ARCHIVE_NAMES"


def test_a_name_without_end_is_refused() -> None:
    assert refusal_of(zipped({"a" * 400: TEXT})).code == "ARCHIVE_NAMES"


@pytest.mark.parametrize(("count", "code"), [(200, ""), (201, "ARCHIVE_TOO_MANY"), (20_000, "ARCHIVE_TOO_MANY")])
def test_the_number_of_members_is_bounded(count: int, code: str) -> None:
    body = zipped({f"{number}.csv": b"a\n" for number in range(count)}, zipfile.ZIP_STORED)
    texts = list(texts_in(body))
    assert len(texts) == (1 if code else count)
    assert (texts[0].refusal.code if texts[0].refusal else "") == code


def test_a_directory_that_claims_gigabytes_is_not_read() -> None:
    body = bytearray(zipped({"a.csv": TEXT * 20_000}, zipfile.ZIP_STORED))
    end = body.rindex(b"PK\x05\x06")
    struct.pack_into("<II", body, end + 12, 60_000_000, end - 60_000_000)
    claimed = bytes(body)
    tracemalloc.start()
    assert refusal_of(claimed).code == "ARCHIVE_TOO_MANY"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


def overlapping(count: int, size: int) -> bytes:
    """Members that all point at the same bytes: little to store, much to unpack."""
    once = zipped({"kernel": bytes(size)})
    start = once.index(b"PK\x01\x02")
    end = once.index(b"PK\x05\x06")
    entry, tail = once[start:end], bytearray(once[end:])
    names = [f"{number:06}".encode() for number in range(count)]
    directory = b"".join(entry[:46] + name for name in names)
    struct.pack_into("<HHII", tail, 8, count, count, len(directory), start)
    return once[:start] + directory + bytes(tail)


def test_members_that_share_their_bytes_do_not_get_past_the_limits() -> None:
    refusals = [refusal_code(text) for text in texts_in(overlapping(150, 8 << 20))]
    assert len(refusals) == 150
    assert refusals[-1] in {"EXPANDS_TOO_MUCH", "ARCHIVE_DAMAGED"}
    assert set(refusals) <= {"", "EXPANDS_TOO_MUCH", "ARCHIVE_DAMAGED"}


def refusal_code(text: PlainText) -> str:
    try:
        content(text)
    except UploadRejected as refusal:
        return refusal.code
    return ""


def test_all_members_share_one_allowance() -> None:
    body = zipped({f"{number}.csv": bytes(20 << 20) for number in range(8)})
    codes = [refusal_code(text) for text in texts_in(body)]
    assert codes == [""] * 3 + ["EXPANDS_TOO_MUCH"] * 5


def test_a_bomb_in_an_archive_is_stopped_in_bounded_memory() -> None:
    body = zipped({"a.csv": bytes(128 << 20)})
    tracemalloc.start()
    (text,) = texts_in(body, limits=ExpansionLimits(free_bytes=1 << 20))
    with pytest.raises(UploadRejected, match="EXPANDS_TOO_MUCH"):
        for _ in text.blocks:
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


# --- ranged reads


def test_few_ranges_of_a_large_archive_are_read_and_few_are_held() -> None:
    body = zipped({"a.csv": TEXT, "big.csv": bytes(20 * RANGE)}, zipfile.ZIP_STORED)
    asked: list[tuple[int, int]] = []

    def read(start: int, end: int) -> bytes:
        asked.append((start, end))
        return body[start:end]

    files = archived_files(read, Upload("b", "k", "v", len(body)))
    assert b"".join(files[0].blocks) == TEXT
    assert len(asked) == 2
    assert sum(map(len, files[1].blocks)) == 20 * RANGE
    assert len(asked) <= 24
    assert max(end - start for start, end in asked) <= RANGE


def test_an_object_that_is_gone_is_no_damaged_archive() -> None:
    def read(start: int, end: int) -> bytes:
        raise SourceGone("SOURCE_GONE")

    with pytest.raises(SourceGone):
        archived_files(read, Upload("b", "k", "v", 1000))


def test_a_ranged_file_reads_from_any_place() -> None:
    body = bytes(range(256)) * 8_000
    file = RangedFile(lambda start, end: body[start:end], len(body))
    file.seek(-10, io.SEEK_END)
    assert file.read() == body[-10:]
    assert (file.read(5), file.tell()) == (b"", len(body))
    file.seek(RANGE - 3)
    assert file.read(6) == body[RANGE - 3 : RANGE + 3]
    assert file.seek(4, io.SEEK_CUR) == RANGE + 7
    assert file.readable()
    with pytest.raises(OSError, match="before its beginning"):
        file.seek(-1)


def test_an_archive_of_one_file_opens_as_the_file() -> None:
    assert opened(zipped({"a.csv": TEXT})) == TEXT
