"""What any PreparedStore and KeyStore must do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conversion_delivery.domain.private_keys import PrivateKey
from tests.contracts.backends import Backend

KEY = "prepared/shop/0123"


def blocks(count: int, size: int = 1 << 20) -> Iterator[bytes]:
    for number in range(count):
        yield bytes([number % 256]) * size


@pytest.mark.parametrize("count", [0, 1, 5, 6, 11])
def test_what_is_written_is_read_by_the_version_that_it_got(backend: Backend, count: int) -> None:
    upload = backend.prepared.write(KEY, blocks(count))
    assert (upload.key, upload.size, upload.has_version) == (KEY, count << 20, True)
    assert b"".join(backend.uploads.stream(upload)) == b"".join(blocks(count))


@pytest.mark.parametrize("count", [1, 11])
def test_writing_again_leaves_the_version_before_readable(backend: Backend, count: int) -> None:
    first = backend.prepared.write(KEY, blocks(count))
    second = backend.prepared.write(KEY, [b"other"])
    assert first.version_id != second.version_id
    assert backend.uploads.read(first, 0, 4) == b"\0\0\0\0"
    assert backend.uploads.read(second, 0, 5) == b"other"


@pytest.mark.parametrize("good", [0, 1, 12])
def test_blocks_that_break_leave_no_object(backend: Backend, good: int) -> None:
    def breaking() -> Iterator[bytes]:
        yield from blocks(good)
        raise LookupError("broken")

    upload = backend.prepared.write(KEY, [b"before"])
    with pytest.raises(LookupError, match="broken"):
        backend.prepared.write(KEY, breaking())
    newest = backend.uploads.find(upload._replace(version_id="", size=0))
    assert newest is not None
    assert newest.upload.version_id == upload.version_id


def test_keys_are_those_of_the_destination(backend: Backend) -> None:
    backend.put_keys("shop", "old key", "new key")
    backend.put_keys("default", "other key")
    assert backend.keys.keys("shop") == (PrivateKey("old key", "horse"), PrivateKey("new key", "horse"))


def test_keys_for_all_serve_a_destination_without_its_own(backend: Backend) -> None:
    backend.put_keys("default", "other key")
    assert backend.keys.keys("shop") == (PrivateKey("other key", "horse"),)


def test_there_may_be_no_keys_at_all(backend: Backend) -> None:
    assert backend.keys.keys("shop") == ()
    assert backend.keys.place("shop").endswith("/pgp/shop")


def test_a_new_key_works_at_once(backend: Backend) -> None:
    backend.put_keys("shop", "old key")
    assert len(backend.keys.keys("shop")) == 1
    backend.put_keys("shop", "old key", "new key")
    assert len(backend.keys.keys("shop")) == 2
