"""Windows-1252, the encoding of files that are not UTF-8: told apart line by line, never by moving a byte.

In: texts in which bytes that are not UTF-8 are lone surrogates (``surrogateescape``). Out: what those bytes mean. Five
bytes have no character there; they become the control characters of the same number, as browsers read them
(WHATWG, "Encoding", index windows-1252).
"""

from __future__ import annotations

WINDOWS_1252 = "windows-1252"

_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_CHARACTERS = {code: chr(code) if code in _UNDEFINED else bytes((code,)).decode("cp1252") for code in range(0x80, 0xA0)}
_CODES = {ord(character): chr(code) for code, character in _CHARACTERS.items()}


def windows_text(text: str) -> str:
    """The text with all its bytes read as Windows-1252."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("latin-1").translate(_CHARACTERS)


def windows_bytes(text: str) -> bytes:
    """The bytes of a text in Windows-1252; ``?`` where it has no such character."""
    return text.translate(_CODES).encode("latin-1", "replace")
