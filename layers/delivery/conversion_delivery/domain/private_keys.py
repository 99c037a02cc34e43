"""Private PGP keys as a destination's secret holds them. What they are shows in no ``repr`` and no error."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """One key with its subkeys."""

    armoured: str = field(repr=False)
    passphrase: str = field(default="", repr=False)
    """Empty where the key has none."""
