"""HTML that cannot be broken out of: every piece of text is escaped unless this module made it.

``tag("p", "a < b", class_="note")`` -> ``<p class="note">a &lt; b</p>``. Attribute names lose their last underscore,
and inner underscores become hyphens. Characters that steer a terminal, a parser
or the direction of writing are replaced.
"""

from __future__ import annotations

from html import escape

VOID = frozenset({"meta", "rect", "br", "wbr"})
"""Elements without content. ``rect`` stands in SVG inside HTML, where it closes itself."""

BREAKS = frozenset("\n\t")


class Html(str):
    """Markup that is safe as it stands."""

    __slots__ = ()


LONGEST_UNBROKEN = 14
"""Characters of a number that stay on one line."""

Content = Html | str | None
Attribute = str | int | float | bool | None


def tag(name: str, /, *content: Content, **attributes: Attribute) -> Html:
    """One element; content and attributes that are None (or False) are left out."""
    start = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in VOID:
        return Html(f"{start[:-1]}/>" if name == "rect" else start)
    return Html(f"{start}{joined(*content)}</{name}>")


def joined(*content: Content) -> Html:
    """Pieces behind one another."""
    return Html("".join(piece if isinstance(piece, Html) else escaped(piece) for piece in content if piece is not None))


def card(title: str, *content: Content, kind: str = "") -> Html:
    """A section with its heading."""
    return tag("section", tag("h2", title), *content, class_=f"card {kind}".strip())


def escaped(text: str) -> Html:
    """Text as HTML shows it, character by character."""
    return Html(escape("".join(map(_visible, text)), quote=True))


def foreign(text: str) -> Html:
    """Text of the file: its direction of writing ends where it ends, and long names may break anywhere."""
    return tag("bdi", text, class_="foreign")


def prose(text: str) -> Html:
    """A sentence of ours, in which names of settings stand between backticks."""
    return joined(*(tag("code", piece) if at % 2 else piece for at, piece in enumerate(text.split("`"))))


def breakable(number: str) -> Html:
    """A number; one that is too long for a phone may go on in the next line after a comma."""
    if len(number) <= LONGEST_UNBROKEN:
        return escaped(number)
    first, *rest = number.split(",")
    return joined(first, *(joined(",", tag("wbr"), digits) for digits in rest))


def _visible(letter: str) -> str:
    return letter if letter.isprintable() or letter in BREAKS else "\ufffd"


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escaped(_figure(value))}"'


def _figure(value: str | int | float) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
