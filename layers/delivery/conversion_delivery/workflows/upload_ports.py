"""Ports to the bytes of a file: where it was dropped, what was made of it, and the keys it was encrypted for.

Any method may raise ``SourceUnavailable`` (an AWS service did not answer); see ``workflows.ports``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from conversion_delivery.domain.private_keys import PrivateKey
from conversion_delivery.domain.reading.pgp_packets import Recipients
from conversion_delivery.domain.uploads import Upload


class StoredUpload(NamedTuple):
    """A stored version of an object."""

    upload: Upload
    stored_at: float
    """Epoch seconds."""


class Inbox(Protocol):
    """Where files land that come by SFTP."""

    def hand_over(self, upload: Upload, key: str) -> bool:
        """Copy a file of the inbox to ``key``, once however often it is asked; False where the file is gone.

        Raises ``SourceUnavailable``.
        """
        ...


class UploadStore(Protocol):
    """Uploaded (and prepared) objects, always read by version id. Raises ``SourceGone`` when the version is gone."""

    def resolve(self, upload: Upload) -> Upload:
        """The upload with its version id and size filled in.

        Where the bucket keeps no versions the version id is "null": such an upload has no ``has_version``.
        """
        ...

    def find(self, upload: Upload) -> StoredUpload | None:
        """The version, or the newest where the upload names none; None where there is none (any more)."""
        ...

    def keys(self, bucket: str, prefix: str) -> Sequence[str]:
        """The first 1,000 keys that begin with ``prefix``, in order, of objects that are not deleted."""
        ...

    def stream(self, upload: Upload, start: int = 0) -> Iterator[bytes]:
        """Blocks of bytes from ``start`` to the end of the object; the connection closes with the iterator."""
        ...

    def read(self, upload: Upload, start: int, end: int) -> bytes:
        """Exactly the bytes ``start`` (inclusive) to ``end`` (exclusive); anything else is ``ContractBroken``."""
        ...


class PreparedStore(Protocol):
    """Plain texts made of uploads. Writing the same again makes another version; the one that is named stays."""

    def write(self, key: str, blocks: Iterable[bytes]) -> Upload:
        """Write an object in bounded memory: the upload that pins it, by version id, with its size.

        What ``blocks`` raises is raised, and then no object appears.
        """
        ...


class KeyStore(Protocol):
    def keys(self, destination: str) -> tuple[PrivateKey, ...]:
        """The private PGP keys of the destination, else those for all; empty where there are none.

        Raises ``UploadRejected`` (``PGP_KEY_UNUSABLE``).
        """
        ...

    def place(self, destination: str) -> str:
        """Where a person puts the destination's keys: a name to show."""
        ...


class PgpDecryption(Protocol):
    def decrypt(
        self, head: bytes, blocks: Iterator[bytes], whom: Recipients, keys: Sequence[PrivateKey]
    ) -> Iterator[bytes]:
        """The clear text of the message that ``blocks`` are and ``head`` begins, in bounded memory.

        It is whole only when the iterator ends. Raises ``UploadRejected``: ``DECRYPT_FAILED``, ``PGP_DAMAGED``,
        ``PGP_KEY_UNUSABLE``.
        """
        ...
