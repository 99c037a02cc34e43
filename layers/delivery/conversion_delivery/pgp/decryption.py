"""Decrypts a PGP message as a stream, in a process of its own (``decrypting_process`` says why).

In: the message's blocks and the private keys. Out: blocks of clear text, which stay in memory. The end of the stream
is the proof: only there is it known that the message was whole, so whoever writes the text must not finish before.
Owns ``DECRYPT_FAILED``, ``PGP_DAMAGED`` and ``PGP_KEY_UNUSABLE``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO

from conversion_delivery.domain.errors import ContractBroken, UploadRejected
from conversion_delivery.domain.private_keys import PrivateKey
from conversion_delivery.domain.reading.pgp_packets import Recipients
from conversion_delivery.pgp.decrypting_process import DAMAGED, DONE, KEYS_UNUSABLE, NO_KEY_FITS

BLOCK = 1 << 20

HEAD = 8 << 10
"""Bytes of a message on which keys are tried where its recipients are not named."""

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from conversion_delivery.pgp.decrypting_process import main; sys.exit(main())"
)


class SequoiaDecryption:
    """Fulfils the port ``PgpDecryption``."""

    def decrypt(
        self, head: bytes, blocks: Iterator[bytes], whom: Recipients, keys: Sequence[PrivateKey]
    ) -> Iterator[bytes]:
        """As the port says; the process ends with the iterator, whether it was read to its end or not."""
        order = {
            "keys": [{"armoured": key.armoured, "passphrase": key.passphrase} for key in keys],
            "recipients": whom.key_ids,
            "head": head[:HEAD].hex(),
        }
        child = subprocess.Popen(  # noqa: S603 -- this interpreter, with a text that stands above
            [sys.executable, "-c", _START, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        feeder = _Feeder(child, json.dumps(order).encode(), blocks)
        try:
            feeder.start()
            yield from _read(child)
            feeder.join()
            _judge(child, whom, feeder.failure)
        finally:
            child.kill()
            feeder.join()
            for pipe in (child.stdin, child.stdout, child.stderr):
                with suppress(OSError):
                    _present(pipe).close()
            child.wait()


class _Feeder(threading.Thread):
    """Gives the process its order and the message, while the clear text is read."""

    def __init__(self, child: subprocess.Popen[bytes], order: bytes, blocks: Iterator[bytes]) -> None:
        super().__init__(daemon=True)
        self._input = _present(child.stdin)
        self._order = order
        self._blocks = blocks
        self.failure: Exception | None = None
        """What the source of the message raised."""

    def run(self) -> None:
        try:
            self._feed()
        except BrokenPipeError:
            pass  # it has ended: its exit code says why
        except Exception as problem:
            self.failure = problem
        finally:
            with suppress(OSError):
                self._input.close()

    def _feed(self) -> None:
        self._input.write(len(self._order).to_bytes(4, "big") + self._order)
        for block in self._blocks:
            self._input.write(block)


def _read(child: subprocess.Popen[bytes]) -> Iterator[bytes]:
    # A BufferedReader, as Popen makes them: ``read1`` gives what there is.
    output = _present(child.stdout)
    while block := output.read1(BLOCK):  # type: ignore[attr-defined]
        yield block


def _judge(child: subprocess.Popen[bytes], whom: Recipients, failure: Exception | None) -> None:
    """Raises what went wrong; a source that failed first explains a message that was cut off."""
    key_ids = _present(child.stderr).read().decode("ascii", "replace").split()
    code = child.wait()
    if failure is not None:
        raise failure
    if code == NO_KEY_FITS:
        raise UploadRejected("DECRYPT_FAILED", recipients=whom.shown, keys=", ".join(key_ids))
    if code == KEYS_UNUSABLE:
        problem = "none of them is a private key for encryption that is in force, with the passphrase that is given"
        raise UploadRejected("PGP_KEY_UNUSABLE", problem=problem)
    if code == DAMAGED:
        raise UploadRejected("PGP_DAMAGED")
    if code != DONE:
        raise ContractBroken("DECRYPTION_CRASHED", exit_code=code)


def _present(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ContractBroken("DECRYPTION_CRASHED")
    return pipe
