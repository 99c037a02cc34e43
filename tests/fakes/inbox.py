"""An inbox that remembers what it was asked for."""

from __future__ import annotations

from conversion_delivery.domain.uploads import Upload


class FakeInbox:
    def __init__(self) -> None:
        self.handed_over: list[tuple[Upload, str]] = []
        self.is_empty = False
        """Whether every file is gone."""

    def hand_over(self, upload: Upload, key: str) -> bool:
        if self.is_empty:
            return False
        self.handed_over.append((upload, key))
        return True
