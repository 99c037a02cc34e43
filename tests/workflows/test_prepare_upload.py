"""An upload becomes the plain texts it holds: read where it lies, or written once to ``prepared/``."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator

import pytest

from conversion_delivery.domain.errors import SourceGone, SourceUnavailable, TryLater, UploadRejected
from conversion_delivery.domain.private_keys import PrivateKey
from conversion_delivery.domain.reading.containers import ExpansionLimits
from conversion_delivery.domain.reading.file_reading import HEAD_BYTES
from conversion_delivery.domain.reading.pgp_packets import Recipients
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.workflows.prepare_upload import PreparedFile, PrepareLimits, PrepareUpload
from tests.domain.reading.packed import TEXT, zipped
from tests.fakes.key_store import FakeKeyStore
from tests.fakes.prepared_store import FakePreparedStore
from tests.fakes.upload_store import FakeUploadStore
from tests.pgp.messages import message, new_key, private

LONG = TEXT * 200


class World:
    """A bucket, its uploads, and what was prepared."""

    def __init__(self, limits: PrepareLimits | None = None) -> None:
        self.uploads = FakeUploadStore(block_size=1 << 14)
        self.prepared = FakePreparedStore(self.uploads)
        self.keys = FakeKeyStore()
        self.seconds = 300.0
        self.prepare = PrepareUpload(
            uploads=self.uploads,
            prepared=self.prepared,
            keys=self.keys,
            decryption=SequoiaDecryption(),
            limits=limits,
        )

    def drop(self, body: bytes, name: str = "sales.csv") -> Upload:
        return self.uploads.put("bucket", f"uploads/shop/{name}", body)

    def run(self, upload: Upload, known: Iterable[str] = ()) -> Iterator[PreparedFile]:
        return self.prepare.run(upload, "shop", lambda: self.seconds, lambda member: member.member in known)

    def one(self, body: bytes) -> PreparedFile:
        (file,) = self.run(self.drop(body))
        return file

    def text_of(self, file: PreparedFile) -> bytes:
        source = file.source or file.upload
        return b"".join(self.uploads.stream(source))


@pytest.mark.parametrize("body", [TEXT, LONG, b"", b"caf\xe9,b\r\n", b"%PDF-1.7", b"\xff\xfe\x00\x00a\x00\x00\x00"])
def test_what_is_no_container_is_read_where_it_lies(body: bytes) -> None:
    world = World()
    file = world.one(body)
    assert (file.source, file.head, file.encoding, file.compression) == (None, body[:HEAD_BYTES], "", "none")
    assert (world.prepared.keys, world.keys.reads) == ([], 0)


def test_plain_text_costs_one_ranged_read() -> None:
    world = World()
    reads: list[tuple[int, int]] = []
    read = world.uploads.read

    def counted(upload: Upload, start: int, end: int) -> bytes:
        reads.append((start, end))
        return read(upload, start, end)

    world.uploads.read = counted  # type: ignore[method-assign]
    world.uploads.stream = None  # type: ignore[method-assign, assignment]
    world.one(LONG)
    assert reads == [(0, HEAD_BYTES)]


def test_a_compressed_upload_is_written_once_as_plain_text() -> None:
    world = World()
    file = world.one(gzip.compress(LONG))
    assert file.source is not None
    assert file.source.key == f"prepared/shop/{file.upload.file_id}"
    assert (file.source.has_version, file.source.size) == (True, len(LONG))
    assert (file.head, file.compression, world.text_of(file)) == (LONG[:HEAD_BYTES], "gzip", LONG)


def test_another_encoding_is_transcoded_and_named() -> None:
    file = (world := World()).one(TEXT.decode().encode("utf-16"))
    assert (file.encoding, file.compression, world.text_of(file)) == ("utf-16-le", "none", TEXT)


def test_an_archive_of_several_files_gives_each_its_own_identity_and_object() -> None:
    world = World()
    upload = world.drop(zipped({"a.csv": TEXT, "b.csv.gz": gzip.compress(LONG), "c.zip": zipped({"x": TEXT})}), "x.zip")
    first, second, third = world.run(upload)
    assert [file.upload.member for file in (first, second, third)] == ["a.csv", "b.csv.gz", "c.zip"]
    assert [world.text_of(first), world.text_of(second)] == [TEXT, LONG]
    assert (first.compression, second.compression) == ("zip", "zip+gzip")
    assert third.refusal is not None
    assert third.refusal.code == "ARCHIVE_NESTED"
    assert world.prepared.keys == [f"prepared/shop/{file.upload.file_id}" for file in (first, second)]


def test_preparing_again_writes_the_same_under_the_same_key_as_another_version() -> None:
    world = World()
    upload = world.drop(gzip.compress(TEXT))
    first, again = (next(iter(world.run(upload))) for _ in range(2))
    assert first.source is not None
    assert again.source is not None
    assert first.source.key == again.source.key
    assert first.source.version_id != again.source.version_id
    assert world.text_of(first) == world.text_of(again) == TEXT


def test_a_member_that_is_known_is_not_unpacked_again() -> None:
    world = World()
    upload = world.drop(zipped({"a.csv": TEXT, "b.csv": LONG}))
    first, second = world.run(upload, known=["a.csv"])
    assert (first.upload.member, first.source, first.refusal) == ("a.csv", None, None)
    assert world.text_of(second) == LONG
    assert len(world.prepared.keys) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (gzip.compress(LONG)[:-5], "FILE_TRUNCATED"),
        (gzip.compress(LONG)[:-5] + b"\0\0\0\0\0", "ARCHIVE_DAMAGED"),
        (gzip.compress(bytes(3 << 20)), "EXPANDS_TOO_MUCH"),
        (zipped({}), "ARCHIVE_EMPTY"),
    ],
)
def test_nothing_is_stored_of_what_proves_unsound(body: bytes, code: str) -> None:
    world = World(PrepareLimits(expansion=ExpansionLimits(free_bytes=1 << 20)))
    file = world.one(body)
    assert file.refusal is not None
    assert (file.refusal.code, file.source, world.prepared.keys) == (code, None, [])


def test_a_file_for_which_the_time_does_not_suffice_is_refused() -> None:
    world = World()
    world.seconds = 59.0
    file = world.one(gzip.compress(LONG))
    assert file.refusal is not None
    assert (file.refusal.code, world.prepared.keys) == ("PREPARING_TOO_LONG", [])


def test_a_long_archive_goes_on_later_with_the_members_that_are_left() -> None:
    world = World()
    upload = world.drop(zipped({"a.csv": TEXT, "b.csv": LONG}))
    files = world.run(upload)
    assert next(files).upload.member == "a.csv"
    world.seconds = 10.0
    with pytest.raises(TryLater, match="PREPARING_CONTINUES"):
        next(files)
    world.seconds = 300.0
    assert [world.text_of(file) for file in world.run(upload, known=["a.csv"])][1:] == [LONG]


def test_an_upload_that_is_gone_is_no_refusal() -> None:
    world = World()
    upload = world.drop(gzip.compress(TEXT))
    world.uploads.delete(upload)
    with pytest.raises(SourceGone):
        list(world.run(upload))


# --- PGP


def test_an_encrypted_upload_is_decrypted_with_the_destinations_keys() -> None:
    world, key = World(), new_key()
    world.keys.put("shop", private(key))
    world.keys.put("default", private(new_key()))
    file = world.one(message(gzip.compress(LONG), key))
    assert (file.compression, world.text_of(file)) == ("pgp+gzip", LONG)


def test_keys_for_all_destinations_serve_where_there_are_none_of_its_own() -> None:
    world, key = World(), new_key()
    world.keys.put("default", private(key))
    assert world.text_of(world.one(message(TEXT, key, armour=True))) == TEXT


def test_an_archive_may_hold_encrypted_members() -> None:
    world, key = World(), new_key()
    world.keys.put("shop", private(key))
    file = world.one(zipped({"a.csv.pgp": message(TEXT, key)}))
    assert (file.compression, world.text_of(file)) == ("zip+pgp", TEXT)


def test_without_a_key_the_secret_and_the_recipient_are_named() -> None:
    file = World().one(message(TEXT, new_key()))
    assert file.refusal is not None
    assert file.refusal.code == "PGP_KEY_MISSING"
    assert file.refusal.facts["secret"] == "stack/pgp/shop"


def test_a_secret_that_holds_no_keys_is_a_refusal_of_the_file() -> None:
    world = World()
    world.keys.secrets["shop"] = None
    file = world.one(message(TEXT, new_key()))
    assert file.refusal is not None
    assert file.refusal.code == "PGP_KEY_UNUSABLE"


def test_a_service_that_fails_is_no_refusal() -> None:
    class Unavailable(SequoiaDecryption):
        def decrypt(
            self, head: bytes, blocks: Iterator[bytes], whom: Recipients, keys: Iterable[PrivateKey]
        ) -> Iterator[bytes]:
            raise SourceUnavailable("AWS_UNAVAILABLE")

    world, key = World(), new_key()
    world.keys.put("shop", private(key))
    world.prepare = PrepareUpload(
        uploads=world.uploads, prepared=world.prepared, keys=world.keys, decryption=Unavailable()
    )
    with pytest.raises(SourceUnavailable):
        world.one(message(TEXT, key))


def test_a_refusal_keeps_no_stream_open() -> None:
    file = World().one(gzip.compress(LONG)[:-5])
    assert isinstance(file.refusal, UploadRejected)
    assert file.refusal.__traceback__ is None
