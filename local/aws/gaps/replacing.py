"""Replaces a function of ministack by one that knows the original.

Owns the failure "another release than the one these replacements were written for" (``GapMoved``): nothing starts then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Replacement = Callable[[Any], Any]


class GapMoved(SystemExit):
    """A function to be replaced is not where it was."""


def replace(module: Any, name: str, make: Replacement) -> None:
    """Put ``make(original)`` in the place of ``module.name``."""
    original = getattr(module, name, None)
    if original is None:
        raise GapMoved(f"{module.__name__}.{name} does not exist in this release of ministack")
    setattr(module, name, make(original))


def require(module: Any, *names: str) -> None:
    """Make sure that what a replacement uses is there."""
    for name in names:
        replace(module, name, lambda original: original)
