"""CloudWatch's metric math, as far as template.yaml uses it.

In: an expression and one series per metric, a value or None (no data) per period. Out: a series. As on AWS, a period
without data on either side of an operator has no result, and functions over a list pass over what has none.
Owns the failure ``UnknownMath``: an expression that this does not understand is never guessed at.

Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics"; it was not compared with AWS itself.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

Series = list[float | None]
_Operand = float | Series | list[Series]

_OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: lambda a, b: float(a > b),
    ast.GtE: lambda a, b: float(a >= b),
    ast.Lt: lambda a, b: float(a < b),
    ast.LtE: lambda a, b: float(a <= b),
}
_OVER_LISTS: dict[str, Callable[[list[float]], float]] = {"SUM": sum, "MAX": max, "MIN": min}


class UnknownMath(Exception):
    """The expression uses something that is not understood here."""


def evaluate(expression: str, metrics: Mapping[str, Series]) -> Series:
    """The expression's series over the same periods as ``metrics``. Raises ``UnknownMath``."""
    periods = len(next(iter(metrics.values())))
    return _as_series(_Evaluation(metrics, periods).of(ast.parse(expression.strip(), mode="eval").body), periods)


class _Evaluation:
    def __init__(self, metrics: Mapping[str, Series], periods: int) -> None:
        self._metrics = metrics
        self._periods = periods

    def of(self, node: ast.expr) -> _Operand:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.Name) and node.id in self._metrics:
            return self._metrics[node.id]
        if isinstance(node, ast.List):
            return [self._series(each) for each in node.elts]
        if isinstance(node, ast.BinOp):
            return self._pairwise(node.op, node.left, node.right)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._pairwise(node.ops[0], node.left, node.comparators[0])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, node.args)
        raise UnknownMath(ast.unparse(node))

    def _series(self, node: ast.expr) -> Series:
        return _as_series(self.of(node), self._periods)

    def _pairwise(self, kind: ast.AST, left: ast.expr, right: ast.expr) -> Series:
        if type(kind) not in _OPERATORS:
            raise UnknownMath(type(kind).__name__)
        apply = _OPERATORS[type(kind)]
        pairs = zip(self._series(left), self._series(right), strict=True)
        return [None if a is None or b is None or _divides_by_zero(kind, b) else apply(a, b) for a, b in pairs]

    def _call(self, name: str, arguments: list[ast.expr]) -> _Operand:
        if name == "METRICS" and not arguments:
            return list(self._metrics.values())
        if name == "FILL" and len(arguments) == 2:
            filler = zip(self._series(arguments[0]), self._series(arguments[1]), strict=True)
            return [other if value is None else value for value, other in filler]
        if name == "IF" and len(arguments) == 3:
            parts = zip(*map(self._series, arguments), strict=True)
            return [None if condition is None else (yes if condition else no) for condition, yes, no in parts]
        if name in _OVER_LISTS and len(arguments) == 1:
            return self._over_list(name, self.of(arguments[0]))
        raise UnknownMath(name)

    def _over_list(self, name: str, several: _Operand) -> Series:
        if not isinstance(several, list) or not all(isinstance(each, list) for each in several):
            raise UnknownMath(f"{name} of a single series")
        found = [[value for value in period if value is not None] for period in zip(*several, strict=True)]
        return [_OVER_LISTS[name](values) if values else None for values in found]


def _divides_by_zero(kind: ast.AST, divisor: float) -> bool:
    return isinstance(kind, ast.Div) and divisor == 0


def _as_series(value: _Operand, periods: int) -> Series:
    if isinstance(value, float):
        return [value] * periods
    if all(isinstance(each, list) for each in value) and value:
        raise UnknownMath("a list of series is no series")
    return [each for each in value if not isinstance(each, list)]
