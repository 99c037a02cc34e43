"""An upload of any size that lies nowhere: its bytes are made when they are read, the same for the same offset.

Every row has the same width, so an offset says which row it is in. One row in a hundred is bad (its address has no @),
one in ten has a line break inside quotes.
"""

from __future__ import annotations

from collections.abc import Iterator

from conversion_delivery.domain.uploads import Upload
from tests.fakes.upload_store import FakeUploadStore

HEADER = b"event_type,email,timestamp,order_id,value,currency,city\n"
BLOCK_ROWS = 5_000
BAD_EVERY, QUOTED_EVERY = 100, 10


def row(number: int) -> str:
    """Row ``number``, counted from 0."""
    at = "_" if number % BAD_EVERY == 7 else "@"
    city = '"Ulm\n City"' if number % QUOTED_EVERY == 3 else "Ulm  City  "
    return f"Purchase,b{number:011d}{at}example.com,2026-11-19T10:00:00Z,T-{number:011d},10.00,USD,{city}\n"


WIDTH = len(row(0))


class GeneratedUploads(FakeUploadStore):
    """One upload of about ``size`` bytes; ``made`` counts the bytes that were asked for."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.rows = max(1, (size - len(HEADER)) // WIDTH)
        self.size = len(HEADER) + self.rows * WIDTH
        self.made = 0

    @property
    def upload(self) -> Upload:
        return Upload("bucket", "uploads/shop/generated.csv", "version-1", self.size)

    def stream(self, upload: Upload, start: int = 0) -> Iterator[bytes]:
        number, skip = 0, start
        if start >= len(HEADER):
            number, skip = divmod(start - len(HEADER), WIDTH)
        else:
            yield HEADER[start:]
            skip = 0
        while number < self.rows:
            end = min(number + BLOCK_ROWS, self.rows)
            block = "".join(map(row, range(number, end))).encode()[skip:]
            self.made += len(block)
            yield block
            number, skip = end, 0

    def read(self, upload: Upload, start: int, end: int) -> bytes:
        held = bytearray()
        for block in self.stream(upload, start):
            held += block
            if len(held) >= end - start:
                break
        return bytes(held[: end - start])
