"""Tables of the documentation, made from the code: ``python -m local.documentation`` puts them into the pages.

A table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``; a test says when a page is out of date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]  # ships no types

from conversion_delivery.domain.codes import Level
from conversion_delivery.domain.conversions import FIELDS
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.explanations import CODES
from conversion_delivery.domain.layouts.column_aliases import ALIASES, FURTHER, NEVER
from conversion_delivery.domain.layouts.layouts import LAYOUTS, NOT_USED, Layout
from local.scale.plan import longest_file, short_behind_long

ROOT = Path(__file__).parents[1]

PAGES = (Path("README.md"), Path("docs/files.md"), Path("docs/rejected-files.md"), Path("docs/scale.md"))

_BLOCK = re.compile(r"(<!-- table: ([a-z_]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def settings_table() -> str:
    rows: list[tuple[str, ...]] = []
    for name, field in DestinationSettings.model_fields.items():
        default = "**required**" if field.is_required() else f"`{_json(field.get_default(call_default_factory=True))}`"
        rows.append((f"`{name}`", default, field.description or ""))
    return table(("setting", "default", "meaning"), rows)


def _json(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def layouts_table() -> str:
    rows = []
    for layout in LAYOUTS:
        names = ", ".join(f"`{name}`" for name in (layout.name, *layout.short_names))
        rows.append((names, layout.title, _kind(layout), _promises(layout)))
    return table(("name in the settings", "maker", "file", "what is special"), rows)


def _kind(layout: Layout) -> str:
    if layout.format == "jsonl":
        return "JSON Lines"
    marks = {"\t": "tab", ",": "comma", "|": "pipe", ";": "semicolon"}
    return "CSV" if layout.delimiters == "," else ", ".join(marks.get(mark, mark) for mark in layout.delimiters)


def _promises(layout: Layout) -> str:
    """What a layout says about its files, in half sentences."""
    if layout.refusal:
        return "refused: " + layout.refusal
    orders = {
        "first": "the rows of an order are one event",
        "sum": "the rows of an order are one event; its value is the sum of quantity times price",
    }
    said = (
        (bool(layout.unjoinable), "refused without an e-mail or phone column"),
        (bool(layout.orders), orders.get(layout.orders, "")),
        (layout.item_level, "each line item is an event of its own"),
        (layout.utc_times, "times are UTC"),
        (layout.date_order == "MDY", "03/04/2026 is 4 March unless the file shows otherwise"),
        (bool(layout.default_event), f"rows without an event name are `{layout.default_event}`"),
        (layout.unknown_events == "ignore", "other events are ignored, not rejected"),
    )
    return "; ".join(text for holds, text in said if holds)


def layout_columns_table() -> str:
    rows = []
    for layout in LAYOUTS:
        used = ", ".join(f"`{header}` → {name}" for header, name in layout.columns if name != NOT_USED)
        known = sum(name == NOT_USED for _, name in layout.columns)
        rows.append((f"`{layout.name}`", used + (f"; {known} more are known and not used" if known else "")))
    return table(("layout", "columns and the fields they feed"), rows)


def event_presets_table() -> str:
    takers: dict[tuple[str, str], list[str]] = {}
    for layout in LAYOUTS:
        for name, event in layout.events.items():
            takers.setdefault((name, event), []).append(f"`{layout.name}`")
    rows = [(name, f"`{event}`", ", ".join(layouts)) for (name, event), layouts in takers.items()]
    return table(("event name", "TikTok's", "layouts"), rows)


def aliases_table() -> str:
    rows = []
    for name in FIELDS:
        known = (*ALIASES.get(name, ()), *FURTHER.get(name, ()))
        never = ", ".join(f"`{alias}`" for alias in NEVER.get(name, ()))
        if known:
            rows.append((f"`{name}`", ", ".join(f"`{alias}`" for alias in known), never))
    return table(("field", "headers", "never, though they look like it"), rows)


def fields_table() -> str:
    return table(("field", "meaning"), [(f"`{name}`", meaning) for name, meaning in FIELDS.items()])


def codes_table(*levels: Level) -> str:
    rows = [
        (f"`{name}`", _general(code.sentence), code.remedy)
        for name, code in sorted(CODES.items())
        if code.level in levels
    ]
    return table(("code", "what it says", "what to do"), rows)


def _general(sentence: str) -> str:
    return re.sub(r"\{\w+\}", "…", sentence)


def parameters_table() -> str:
    template = yaml_parse((ROOT / "template.yaml").read_text())
    rows: list[tuple[str, ...]] = []
    for name, parameter in template["Parameters"].items():
        default = parameter.get("Default", "**required**")
        description = " ".join(str(parameter.get("Description", "")).split())
        rows.append((f"`{name}`", f"`{default}`" if default != "**required**" else default, description))
    return table(("parameter", "default", "meaning"), rows)


def longest_file_table() -> str:
    return table(
        ("ledger writes/s", "TikTok requests/s", "senders", "until the last event is delivered", "held up by"),
        list(longest_file()),
    )


def short_behind_long_table() -> str:
    return table(
        ("senders", "splitter rests", "the 20 rows are delivered after", "longest queue"), list(short_behind_long())
    )


TABLES: dict[str, Callable[[], str]] = {
    "longest_file": longest_file_table,
    "short_behind_long": short_behind_long_table,
    "settings": settings_table,
    "layouts": layouts_table,
    "layout_columns": layout_columns_table,
    "event_presets": event_presets_table,
    "aliases": aliases_table,
    "fields": fields_table,
    "file_codes": lambda: codes_table(Level.FILE),
    "row_codes": lambda: codes_table(Level.ROW),
    "warning_codes": lambda: codes_table(Level.WARNING, Level.FILE_NOTE),
    "ignored_codes": lambda: codes_table(Level.IGNORED),
    "outcome_codes": lambda: codes_table(Level.OUTCOME),
    "parameters": parameters_table,
}


def with_tables(text: str) -> str:
    """A page with every table as the code has it now. Raises ``KeyError`` for a table nobody knows."""
    return _BLOCK.sub(lambda block: block[1] + TABLES[block[2]]() + block[3], text)


def main() -> None:
    for page in PAGES:
        path = ROOT / page
        path.write_text(with_tables(path.read_text()))


if __name__ == "__main__":
    main()
