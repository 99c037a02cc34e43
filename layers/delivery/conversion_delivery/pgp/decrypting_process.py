"""The process that decrypts one PGP message: keys and message on standard input, clear text on standard output.

A process of its own, because the library (pysequoia, Apache 2.0, on Sequoia-PGP) reads and writes files, not streams,
and lets no other thread run meanwhile. Standard input and output are pipes, so no clear text touches a disk, what it
holds in memory goes with the process, and no key stands in an argument or in the environment.

Standard input: four bytes (length), JSON (``Order``), then the message. Exit code: what happened; on standard error
the ids of the keys that could be used, in hex, one a line. Nothing else is ever printed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

DONE, NO_KEY_FITS, DAMAGED, KEYS_UNUSABLE = 0, 10, 11, 12

HIDDEN = "0" * 16

_NO_KEY = "No key to decrypt message"


def main() -> int:
    """Decrypt; the exit code."""
    order = json.loads(_exactly(int.from_bytes(_exactly(4), "big")))
    import pysequoia

    usable = {
        key_id: decryptor
        for key in order["keys"]
        for key_id, decryptor in _decryptors(key["armoured"], key["passphrase"])
    }
    sys.stderr.write("\n".join(usable))
    if not usable:
        return KEYS_UNUSABLE
    decryptor = _fitting(usable, order["recipients"], bytes.fromhex(order["head"]))
    if decryptor is None:
        return NO_KEY_FITS
    try:
        pysequoia.decrypt_file("/dev/stdin", "/dev/stdout", decryptor=decryptor)
    except Exception as problem:
        return NO_KEY_FITS if _NO_KEY in str(problem) else DAMAGED
    return DONE


def _decryptors(armoured: str, passphrase: str) -> Iterator[tuple[str, Any]]:
    """Key id and decryptor of each key and subkey that can be used.

    The library itself looks at the first subkey alone, and keys are renewed by adding one. What has expired, is revoked
    or has another passphrase is left out.
    """
    try:
        keys = _keys(armoured)
    except Exception:
        return
    for primary, subkeys in keys:
        for group in [[], *subkeys]:
            decryptor = _decryptor([*primary, *group], passphrase)
            if decryptor is not None:
                yield (group or primary)[0].key_id.upper(), decryptor


def _keys(armoured: str) -> list[tuple[list[Any], list[list[Any]]]]:
    """The packets of each key that stand before its subkeys, and those of each subkey."""
    from pysequoia.packet import PacketPile, Tag

    keys: list[tuple[list[Any], list[list[Any]]]] = []
    for packet in PacketPile.from_bytes(armoured.encode()):
        if packet.tag in (Tag.SecretKey, Tag.PublicKey):
            keys.append(([packet], []))
        elif packet.tag in (Tag.SecretSubkey, Tag.PublicSubkey):
            keys[-1][1].append([packet])
        else:
            (keys[-1][1][-1] if keys[-1][1] else keys[-1][0]).append(packet)
    return keys


def _decryptor(packets: list[Any], passphrase: str) -> Any:
    """None where the key is not for encryption, has expired, is revoked, or has another passphrase."""
    from pysequoia import Tsk

    for secret in dict.fromkeys([passphrase or None, None]):
        try:
            return Tsk.from_packets(packets).decryptor(secret)
        except Exception:  # noqa: S112 -- whatever is wrong with it, its id is not listed
            continue
    return None


def _fitting(usable: dict[str, Any], recipients: Sequence[str], head: bytes) -> Any:
    """The decryptor of a recipient that is named; where none is, the first that opens the message's beginning."""
    import pysequoia

    for key_id in recipients:
        if key_id in usable:
            return usable[key_id]
    for decryptor in usable.values() if HIDDEN in recipients else ():
        try:
            pysequoia.decrypt(head, decryptor=decryptor)
        except Exception as problem:
            # Any other complaint means that it was opened: it is the beginning only.
            if _NO_KEY in str(problem):
                continue
        return decryptor
    return None


def _exactly(size: int) -> bytes:
    """Unbuffered, so that the library finds the message where this ended."""
    content = b""
    while len(content) < size:
        piece = os.read(0, size - len(content))
        if not piece:
            raise EOFError
        content += piece
    return content
