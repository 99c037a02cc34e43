"""PGP messages of every kind of key become their clear text, or a refusal that names the keys."""

from __future__ import annotations

import gzip
import os
import random
import threading
import tracemalloc
from collections.abc import Iterator

import pytest
from pysequoia import Profile, SignatureMode, Tsk, encrypt, sign

from conversion_delivery.domain.errors import SourceUnavailable, UploadRejected
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.private_keys import PrivateKey
from conversion_delivery.domain.reading.pgp_packets import recipients
from conversion_delivery.pgp.decryption import SequoiaDecryption
from tests.pgp import gnupg_messages as gnupg
from tests.pgp.messages import SUITES, blocks_of, clear_text, message, new_key, private, refusal_of

TEXT = b"event,event_time,email\r\nPurchase,2026-11-16T12:00:00Z,a@example.com\r\n" * 40
GNUPG_KEY = (PrivateKey(gnupg.KEY, gnupg.PASSPHRASE),)


@pytest.fixture(scope="module")
def keys() -> dict[str, Tsk]:
    return {suite: new_key(suite) for suite in SUITES}


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("armour", [False, True])
def test_keys_of_rsa_and_of_both_families_of_curves_decrypt(keys: dict[str, Tsk], suite: str, armour: bool) -> None:
    assert clear_text(message(TEXT, keys[suite], armour=armour), private(keys[suite])) == TEXT


def test_the_old_and_the_new_key_work_side_by_side(keys: dict[str, Tsk]) -> None:
    both = private(keys["P-256"], keys["RSA-3072"])
    assert [clear_text(message(TEXT, keys[suite]), both) for suite in ("P-256", "RSA-3072")] == [TEXT, TEXT]


def test_one_of_several_recipients_is_enough(keys: dict[str, Tsk]) -> None:
    assert clear_text(message(TEXT, *keys.values()), private(keys["P-256"])) == TEXT


def test_a_signature_inside_does_no_harm(keys: dict[str, Tsk]) -> None:
    body = message(TEXT, keys["P-256"], signer=keys["RSA-3072"])
    assert clear_text(body, private(keys["P-256"])) == TEXT


def test_a_key_of_the_newest_standard_decrypts() -> None:
    key = Tsk.generate("Files <files@example.com>", profile=Profile.RFC9580)
    assert clear_text(message(TEXT, key), private(key)) == TEXT


def test_the_wrong_key_is_named_beside_the_right_one(keys: dict[str, Tsk]) -> None:
    body = message(TEXT, keys["RSA-3072"])
    refusal = refusal_of(body, private(keys["P-256"], keys["Curve25519"]))
    assert refusal.code == "DECRYPT_FAILED"
    assert refusal.facts["recipients"] == recipients(body).key_ids[0]
    known = {recipients(message(b"", keys[suite])).key_ids[0] for suite in ("P-256", "Curve25519")}
    assert set(str(refusal.facts["keys"]).split(", ")) >= known


def test_what_was_compressed_first_is_unpacked_after(keys: dict[str, Tsk]) -> None:
    assert clear_text(message(gzip.compress(TEXT), keys["P-256"]), private(keys["P-256"])) == TEXT


def test_an_empty_text_is_empty(keys: dict[str, Tsk]) -> None:
    assert clear_text(message(b"", keys["P-256"]), private(keys["P-256"])) == b""


# --- GnuPG


@pytest.mark.parametrize("body", [gnupg.ZIP, gnupg.ZLIB, gnupg.SIGNED], ids=["zip", "zlib", "signed"])
def test_messages_of_gnupg_are_read_with_its_own_compression_and_either_subkey(body: bytes) -> None:
    assert clear_text(body, GNUPG_KEY) == gnupg.CLEAR


def test_a_recipient_who_is_not_named_is_found_by_trying(keys: dict[str, Tsk]) -> None:
    assert clear_text(gnupg.HIDDEN, (*private(*keys.values()), *GNUPG_KEY)) == gnupg.CLEAR
    refusal = refusal_of(gnupg.HIDDEN, private(*keys.values()))
    assert (refusal.code, refusal.facts["recipients"]) == ("DECRYPT_FAILED", "(not named)")


def test_the_subkeys_of_a_message_are_named() -> None:
    assert recipients(gnupg.ZIP).key_ids == (gnupg.FIRST_SUBKEY,)
    assert recipients(gnupg.ZLIB).key_ids == (gnupg.SECOND_SUBKEY,)


def test_compression_that_the_library_lacks_is_refused() -> None:
    assert refusal_of(gnupg.BZIP2, GNUPG_KEY).code == "PGP_DAMAGED"


@pytest.mark.parametrize("passphrase", ["", "another"])
def test_a_wrong_passphrase_makes_a_key_unusable(passphrase: str) -> None:
    refusal = refusal_of(gnupg.ZIP, (PrivateKey(gnupg.KEY, passphrase),))
    assert refusal.code == "PGP_KEY_UNUSABLE"
    assert "another" not in str(refusal)


def test_a_passphrase_may_be_given_with_keys_that_need_none(keys: dict[str, Tsk]) -> None:
    key = PrivateKey(str(keys["P-256"]), gnupg.PASSPHRASE)
    assert clear_text(message(TEXT, keys["P-256"]), (*GNUPG_KEY, key)) == TEXT


def test_a_public_key_or_nonsense_is_no_private_key(keys: dict[str, Tsk]) -> None:
    body = message(TEXT, keys["P-256"])
    for text in (str(keys["P-256"].extract_certificate()), "nonsense", ""):
        assert refusal_of(body, (PrivateKey(text),)).code == "PGP_KEY_UNUSABLE"


# --- damage


@pytest.mark.parametrize("suite", SUITES)
def test_a_message_that_was_cut_off_is_never_taken_for_whole(keys: dict[str, Tsk], suite: str) -> None:
    body = message(os.urandom(200_000), keys[suite])
    for end in (20, len(body) // 3, len(body) - 30, len(body) - 1):
        assert refusal_of(body[:end], private(keys[suite])).code == "PGP_DAMAGED", end


def test_a_changed_byte_anywhere_is_found(keys: dict[str, Tsk]) -> None:
    whole, chance = message(TEXT, keys["P-256"]), random.Random(6)
    for _ in range(12):
        body = bytearray(whole)
        body[chance.randrange(140, len(body))] ^= 1
        assert refusal_of(bytes(body), private(keys["P-256"])).code in {"PGP_DAMAGED", "DECRYPT_FAILED"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (gnupg.SIGNED_ONLY, "PGP_NOT_ENCRYPTED"),
        (gnupg.KEY.encode(), "PGP_NOT_ENCRYPTED"),
        (gnupg.PASSPHRASE_ONLY, "PGP_PASSPHRASE_ONLY"),
        (b"-----BEGIN PGP SIGNED MESSAGE-----\n\na,b\n", "PGP_NOT_ENCRYPTED"),
        (b"-----BEGIN PGP MESSAGE-----\n", "PGP_DAMAGED"),
        (b"-----BEGIN PGP MESSAGE-----\n\n!!!!\n", "PGP_DAMAGED"),
        (b"-----BEGIN PGP MESSAGE-----\n\nAAAA\n", "PGP_DAMAGED"),
    ],
)
def test_what_is_not_encrypted_for_a_key_is_refused_by_name(body: bytes, code: str) -> None:
    assert refusal_of(body, GNUPG_KEY).code == code


@pytest.mark.parametrize("armour", [False, True])
def test_what_is_only_signed_or_has_a_passphrase_only_is_told_apart(keys: dict[str, Tsk], armour: bool) -> None:
    signed = sign(keys["P-256"].signer(), TEXT, mode=SignatureMode.INLINE, armor=armour)
    assert refusal_of(signed, ()).code == "PGP_NOT_ENCRYPTED"
    assert refusal_of(encrypt(TEXT, passwords=["secret"], armor=armour), ()).code == "PGP_PASSPHRASE_ONLY"


def test_whatever_follows_the_beginning_of_a_message_there_is_a_verdict() -> None:
    chance = random.Random(7)
    begins = [b"\x85\x01\x8c\x03", b"\xc1\xc0\x4c\x03", b"\x84\x5e\x03", b"\xc1\x21\x06\x21\x06", b"\xa3\x01"]
    verdicts = {verdict_on(chance.choice(begins) + chance.randbytes(chance.randrange(60))) for _ in range(2_000)}
    assert {"", "PGP_DAMAGED", "PGP_NOT_ENCRYPTED"} <= verdicts <= {"", *CODES}


def verdict_on(body: bytes) -> str:
    """The code of the refusal; empty where recipients are named."""
    try:
        recipients(body)
    except UploadRejected as refusal:
        return refusal.code
    return ""


# --- the stream


def test_a_large_message_is_never_held_whole(keys: dict[str, Tsk]) -> None:
    body = message(os.urandom(1 << 20) * 100, keys["P-256"])
    tracemalloc.start()
    clear = SequoiaDecryption().decrypt(body[:8192], blocks_of(body), recipients(body[:8192]), private(keys["P-256"]))
    assert sum(map(len, clear)) == 100 << 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_a_bomb_inside_a_message_is_stopped(keys: dict[str, Tsk]) -> None:
    body = message(gzip.compress(bytes(128 << 20)), keys["P-256"])
    assert refusal_of(body, private(keys["P-256"])).code == "EXPANDS_TOO_MUCH"


def test_a_source_that_fails_is_the_failure(keys: dict[str, Tsk]) -> None:
    body = message(os.urandom(300_000), keys["P-256"])

    def breaking() -> Iterator[bytes]:
        yield body[:100_000]
        raise SourceUnavailable("AWS_UNAVAILABLE")

    clear = SequoiaDecryption().decrypt(body[:8192], breaking(), recipients(body), private(keys["P-256"]))
    with pytest.raises(SourceUnavailable):
        list(clear)


def test_whoever_stops_reading_leaves_no_process_and_no_thread(keys: dict[str, Tsk]) -> None:
    body = message(os.urandom(1 << 20) * 60, keys["P-256"])
    before = threading.active_count()
    clear = SequoiaDecryption().decrypt(body[:8192], blocks_of(body), recipients(body), private(keys["P-256"]))
    assert next(clear)
    clear.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_a_key_shows_in_no_text() -> None:
    assert repr(PrivateKey(gnupg.KEY, gnupg.PASSPHRASE)) == "PrivateKey()"
