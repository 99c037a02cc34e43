"""From an uploaded object to plain text that every later reader reads the same way.

In: an upload. Out: one ``PreparedFile`` per text that it holds. A plain text costs one ranged read and is read where it
lies. Anything else is streamed once to ``prepared/<destination>/<file id>``, in bounded memory; running again writes
the same again, as another version, so a crash leaves nothing but a copy for the lifecycle rule. Owns
``PREPARING_TOO_LONG`` and ``PGP_KEY_MISSING``; what the containers refuse is passed on in ``PreparedFile.refusal``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from conversion_delivery.domain.errors import TryLater, UploadRejected
from conversion_delivery.domain.reading.containers import Decrypt, ExpansionLimits, is_plain, peeked
from conversion_delivery.domain.reading.file_reading import HEAD_BYTES
from conversion_delivery.domain.reading.pgp_packets import recipients
from conversion_delivery.domain.reading.plain_texts import PlainText, Source, plain_texts
from conversion_delivery.domain.uploads import PREPARED, Upload
from conversion_delivery.workflows.upload_ports import KeyStore, PgpDecryption, PreparedStore, UploadStore

Remaining = Callable[[], float]
"""Seconds that the running function has left."""


def _unknown(member: Upload) -> bool:
    return False


class PreparedFile(NamedTuple):
    """One file to be read: an upload, or a member of an archive of several."""

    upload: Upload
    """Its identity."""
    source: Upload | None
    """The prepared object, pinned by version id; None where the upload itself is plain text."""
    head: bytes
    """The first ``HEAD_BYTES`` of the plain text."""
    encoding: str = ""
    """Of the file as it came; empty unless it was transcoded."""
    compression: str = "none"
    """Names of the layers, outermost first: ``gzip``, ``zip``, ``pgp+gzip``."""
    refusal: UploadRejected | None = None
    """Why this file cannot be read."""


@dataclass(frozen=True, slots=True)
class PrepareLimits:
    expansion: ExpansionLimits = field(default_factory=ExpansionLimits)
    stop_seconds: float = 60.0
    """With less time than this left, the file is refused: what is half prepared cannot be taken up again."""


class PrepareUpload:
    """Makes plain text of an upload."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        prepared: PreparedStore,
        keys: KeyStore,
        decryption: PgpDecryption,
        limits: PrepareLimits | None = None,
    ) -> None:
        self._uploads = uploads
        self._prepared = prepared
        self._keys = keys
        self._decryption = decryption
        self._limits = limits or PrepareLimits()

    def run(
        self,
        upload: Upload,
        destination: str,
        remaining: Remaining,
        is_known: Callable[[Upload], bool] = _unknown,
        *,
        is_first: bool = True,
    ) -> Iterator[PreparedFile]:
        """Each text of an upload whose version and size are known, one prepared when the one before was taken.

        A member of an archive that ``is_known`` comes by name alone (no source, empty head) and is not prepared again.
        Raises ``SourceGone``, ``SourceUnavailable``, and ``TryLater`` (``PREPARING_CONTINUES``) for a file that needs
        more time than those before it left (``is_first``: there was none before in this invocation); what is wrong
        with a file stands in its ``refusal``.
        """
        size = min(upload.size, HEAD_BYTES)
        head = self._uploads.read(upload, 0, size) if size else b""
        if is_plain(head):
            yield PreparedFile(upload, None, head)
            return
        source = Source(
            read=lambda start, end: self._uploads.read(upload, start, end),
            stream=lambda: self._uploads.stream(upload),
        )
        decrypt = decryption_for(destination, self._keys, self._decryption)
        for text in plain_texts(upload, head, source, decrypt, self._limits.expansion):
            if text.upload.member and is_known(text.upload):
                yield PreparedFile(text.upload, None, b"")
                continue
            file = self._written(text, destination, remaining)
            if not is_first and file.refusal is not None and file.refusal.code == "PREPARING_TOO_LONG":
                raise TryLater("PREPARING_CONTINUES", after_seconds=0)
            is_first = False
            yield file

    def _written(self, text: PlainText, destination: str, remaining: Remaining) -> PreparedFile:
        """The text as a prepared object. It appears only when its last byte has proved sound."""
        file = PreparedFile(text.upload, None, b"", text.encoding, text.compression, text.refusal)
        if text.refusal is not None:
            return file
        key = f"{PREPARED}{destination}/{text.upload.file_id}"
        try:
            head, blocks = peeked(_in_time(text.blocks, remaining, self._limits.stop_seconds), HEAD_BYTES)
            return file._replace(source=self._prepared.write(key, blocks), head=head)
        except UploadRejected as refusal:
            # Without its traceback, which would keep the streams open.
            return file._replace(refusal=refusal.with_traceback(None))


def decryption_for(destination: str, keys: KeyStore, decryption: PgpDecryption) -> Decrypt:
    """How to decrypt what is meant for a destination; its keys are fetched only for an encrypted file."""

    def decrypt(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
        whom = recipients(head)
        known = keys.keys(destination)
        if not known:
            raise UploadRejected("PGP_KEY_MISSING", recipients=whom.shown, secret=keys.place(destination))
        return decryption.decrypt(head, blocks, whom, known)

    return decrypt


def _in_time(blocks: Iterable[bytes], remaining: Remaining, stop_seconds: float) -> Iterator[bytes]:
    for block in blocks:
        if remaining() < stop_seconds:
            raise UploadRejected("PREPARING_TOO_LONG")
        yield block
