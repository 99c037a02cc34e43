"""Notices kept for assertions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class FakeNotices:
    def __init__(self) -> None:
        self.published: list[Mapping[str, Any]] = []

    def publish(self, notice: Mapping[str, Any]) -> None:
        self.published.append(notice)
