"""Metrics as the code emits them, read from its source: what ``count`` and ``measure`` are called with."""

from __future__ import annotations

import ast
from functools import cache

from conversion_delivery.workflows.close_batch import METRICS
from conversion_delivery.workflows.delivery_gate import GATE_SHUT_MINUTES
from tests.template.stack import ROOT

PACKAGE = ROOT / "layers" / "delivery" / "conversion_delivery"
CONSTANTS = {"GATE_SHUT_MINUTES": [GATE_SHUT_MINUTES], "metric": list(METRICS.values())}
"""Names that stand for metrics where a call names no text."""


@cache
def emitted() -> dict[str, frozenset[str]]:
    """Metric -> its dimensions besides ``service``."""
    found: dict[str, frozenset[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if _is_emission(node):
                assert isinstance(node, ast.Call)
                dimensions = frozenset(each.arg for each in node.keywords if each.arg not in (None, "unit"))
                found |= {name: dimensions for name in _names(node.args[0])}
    return found


def _is_emission(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("count", "measure")
        and "telemetry" in ast.unparse(node.func.value)
    )


def _names(first: ast.expr) -> list[str]:
    if isinstance(first, ast.Constant):
        return [str(first.value)]
    if isinstance(first, ast.IfExp):
        return [*_names(first.body), *_names(first.orelse)]
    return CONSTANTS[ast.unparse(first)]
