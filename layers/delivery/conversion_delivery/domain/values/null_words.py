"""Words that people and programs write into a cell when they mean "nothing".

They count as empty, never as an error (LiveRamp refuses ``N/A`` and ``null``; exports are full of them).
"""

from __future__ import annotations

NULL_WORDS = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        ".",
        "?",
        "#n/a",
        "#null!",
        "(blank)",
        "(none)",
        "(not set)",
        "(null)",
        "<na>",
        "<null>",
        "[null]",
        "[]",
        '[""]',
        "\\n",
        "aucun",
        "aucune",
        "blank",
        "empty",
        "k.a.",
        "kein",
        "keine",
        "keine angabe",
        "keine e-mail",
        "leer",
        "missing",
        "n.a.",
        "n/a",
        "na",
        "nan",
        "nessuna",
        "nessuno",
        "nicht vorhanden",
        "nil",
        "ninguna",
        "ninguno",
        "no aplica",
        "no email",
        "no phone",
        "none",
        "not available",
        "not provided",
        "not set",
        "null",
        "sin correo",
        "sin email",
        "sin telefono",
        "sin teléfono",
        "undefined",
        "unknown",
    }
)
"""In lower case."""


def is_null(text: str) -> bool:
    """Whether a text (already bare, see ``cell_texts``) stands for nothing, in any case of letters."""
    return text.lower() in NULL_WORDS
