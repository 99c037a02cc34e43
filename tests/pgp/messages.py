"""Keys and messages made in the test, and what becomes of a message."""

from __future__ import annotations

from collections.abc import Iterator

from pysequoia import CipherSuite, Tsk, encrypt

from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.private_keys import PrivateKey
from conversion_delivery.domain.reading.containers import Expansion, peeled
from conversion_delivery.domain.reading.pgp_packets import recipients
from conversion_delivery.pgp.decryption import SequoiaDecryption

SUITES = {"RSA-3072": CipherSuite.RSA3k, "Curve25519": CipherSuite.Cv25519, "P-256": CipherSuite.P256}


def new_key(suite: str = "Curve25519") -> Tsk:
    return Tsk.generate("Files <files@example.com>", cipher_suite=SUITES[suite])


def private(*keys: Tsk) -> tuple[PrivateKey, ...]:
    return tuple(PrivateKey(str(key)) for key in keys)


def message(text: bytes, *keys: Tsk, armour: bool = False, signer: Tsk | None = None) -> bytes:
    certificates = [key.extract_certificate() for key in keys]
    return encrypt(text, recipients=certificates, signer=signer.signer() if signer else None, armor=armour)


def blocks_of(body: bytes, size: int = 1 << 16) -> Iterator[bytes]:
    return (body[at : at + size] for at in range(0, len(body), size))


def clear_text(body: bytes, keys: tuple[PrivateKey, ...]) -> bytes:
    """Raises ``UploadRejected``."""

    def decrypt(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
        return SequoiaDecryption().decrypt(head, blocks, recipients(head), keys)

    expansion = Expansion()
    return b"".join(peeled(expansion.entering(blocks_of(body)), decrypt, expansion).blocks)


def refusal_of(body: bytes, keys: tuple[PrivateKey, ...]) -> UploadRejected:
    try:
        clear_text(body, keys)
    except UploadRejected as refusal:
        return refusal
    raise AssertionError("it was not refused")
