"""What any UploadStore must do: the bytes of exactly one version, or a clear refusal."""

from __future__ import annotations

import time

import pytest

from conversion_delivery.domain.errors import ContractBroken, SourceGone
from conversion_delivery.domain.uploads import Upload
from tests.contracts.backends import Backend

KEY = "uploads/shop/May sales+100% ü.csv"
LONG = bytes(range(256)) * 10_000


def streamed(backend: Backend, upload: Upload, start: int = 0) -> bytes:
    return b"".join(backend.uploads.stream(upload, start))


def test_an_upload_with_version_and_size_is_complete_as_it_is(backend: Backend) -> None:
    upload = backend.put_upload(KEY, b"abc")
    assert backend.uploads.resolve(upload) == upload


def test_version_and_size_are_looked_up_where_the_notification_has_none(backend: Backend) -> None:
    upload = backend.put_upload(KEY, b"abc")
    assert backend.uploads.resolve(upload._replace(version_id="", size=0)) == upload
    assert backend.uploads.resolve(upload._replace(size=0)) == upload


def test_an_upload_to_a_bucket_without_versions_has_no_version(backend: Backend) -> None:
    upload = backend.put_upload(KEY, b"abc", versioned=False)
    resolved = backend.uploads.resolve(upload)
    assert (resolved.version_id, resolved.has_version) == ("null", False)
    for unversioned in (upload, resolved):
        with pytest.raises(ContractBroken, match="VERSION_ID_MISSING"):
            backend.uploads.read(unversioned, 0, 1)
        with pytest.raises(ContractBroken, match="VERSION_ID_MISSING"):
            streamed(backend, unversioned)


def test_what_does_not_exist_cannot_be_resolved(backend: Backend) -> None:
    upload = backend.put_upload(KEY, b"abc")
    for missing in (upload._replace(key="uploads/shop/other.csv", version_id=""), upload._replace(key="x", size=0)):
        with pytest.raises(SourceGone, match="SOURCE_GONE"):
            backend.uploads.resolve(missing)


def test_each_version_keeps_its_own_bytes(backend: Backend) -> None:
    first, second = backend.put_upload(KEY, b"first"), backend.put_upload(KEY, b"second")
    assert [streamed(backend, upload) for upload in (first, second)] == [b"first", b"second"]
    assert backend.uploads.read(first, 1, 4) == b"irs"


def test_a_long_object_comes_in_blocks_of_a_mebibyte(backend: Backend) -> None:
    upload = backend.put_upload(KEY, LONG)
    blocks = list(backend.uploads.stream(upload))
    assert b"".join(blocks) == LONG
    assert [len(block) for block in blocks] == [1 << 20, 1 << 20, len(LONG) - (2 << 20)]


def test_a_stream_can_begin_anywhere(backend: Backend) -> None:
    upload = backend.put_upload(KEY, LONG)
    assert streamed(backend, upload, 1) == LONG[1:]
    assert streamed(backend, upload, len(LONG) - 1) == LONG[-1:]
    assert streamed(backend, upload, len(LONG)) == b""


def test_an_empty_object_has_no_blocks(backend: Backend) -> None:
    upload = backend.put_upload(KEY, b"")
    assert list(backend.uploads.stream(backend.uploads.resolve(upload))) == []


def test_a_stream_may_be_left_before_its_end(backend: Backend) -> None:
    blocks = backend.uploads.stream(backend.put_upload(KEY, LONG))
    assert next(blocks) == LONG[: 1 << 20]
    blocks.close()  # type: ignore[attr-defined]
    assert list(blocks) == []


@pytest.mark.parametrize(("start", "end"), [(0, 1), (0, 5), (4, 5), (2, 2), (1, 4)])
def test_a_slice_has_exactly_the_bytes_between_its_ends(backend: Backend, start: int, end: int) -> None:
    upload = backend.put_upload(KEY, b"abcde")
    assert backend.uploads.read(upload, start, end) == b"abcde"[start:end]


@pytest.mark.parametrize(("start", "end"), [(0, 6), (4, 9), (5, 6), (7, 9)])
def test_a_slice_that_the_object_does_not_have_is_a_broken_contract(backend: Backend, start: int, end: int) -> None:
    upload = backend.put_upload(KEY, b"abcde")
    with pytest.raises(ContractBroken, match="RANGE_IGNORED"):
        backend.uploads.read(upload, start, end)


def test_a_deleted_version_is_gone_for_good(backend: Backend) -> None:
    upload = backend.put_upload(KEY, b"abc")
    backend.put_upload(KEY, b"newer")
    backend.delete_upload(upload)
    for start in (0, 1):
        with pytest.raises(SourceGone, match="SOURCE_GONE"):
            streamed(backend, upload, start)
    with pytest.raises(SourceGone, match="SOURCE_GONE"):
        backend.uploads.read(upload, 0, 3)


def test_the_newest_version_is_found_by_its_key_alone(backend: Backend) -> None:
    before = time.time()
    first, second = backend.put_upload(KEY, b"first"), backend.put_upload(KEY, b"second")
    newest, oldest = backend.uploads.find(first._replace(version_id="", size=0)), backend.uploads.find(first)
    assert newest is not None
    assert oldest is not None
    assert (newest.upload, oldest.upload) == (second, first)
    assert before - 2 < oldest.stored_at <= newest.stored_at < time.time() + 2


def test_what_is_not_stored_is_not_found(backend: Backend) -> None:
    upload = backend.put_upload(KEY, b"abc")
    backend.put_upload("uploads/shop/other.csv", b"")
    backend.delete_upload(upload)
    for gone in (upload, upload._replace(version_id=""), upload._replace(key="uploads/shop/never.csv", version_id="")):
        assert backend.uploads.find(gone) is None


def test_an_empty_object_is_found(backend: Backend) -> None:
    marker = backend.put_upload("uploads/shop/sales.csv.done", b"")
    found = backend.uploads.find(Upload(marker.bucket, marker.key, ""))
    assert found is not None
    assert found.upload == marker


def test_keys_are_listed_by_their_beginning_in_order(backend: Backend) -> None:
    names = ("b/sales.tsv", "b/sales-2.csv", "b/sales.csv", "c/sales.csv", "b/Sales.csv", "b/sales.März 1.csv")
    uploads = [backend.put_upload(f"uploads/{name}", b"x") for name in names]
    backend.put_upload("uploads/b/sales.csv", b"again")
    gone = backend.put_upload("uploads/b/sales.gone", b"x")
    backend.delete_upload(gone)
    found = backend.uploads.keys(uploads[0].bucket, "uploads/b/sales.")
    assert list(found) == ["uploads/b/sales.März 1.csv", "uploads/b/sales.csv", "uploads/b/sales.tsv"]


def test_no_key_begins_so(backend: Backend) -> None:
    upload = backend.put_upload(KEY, b"x")
    assert list(backend.uploads.keys(upload.bucket, "uploads/nowhere/")) == []
