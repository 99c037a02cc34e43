"""Logs and metrics of a function: allow-listed fields, bounded dimensions, never a value of a file.

Logs are Powertools JSON lines; metrics are CloudWatch embedded metric format, summed over an invocation and written
once at its end, so that a batch costs a handful of lines.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

NAMESPACE = "ConversionDelivery"

LOG_FIELDS = frozenset(
    {
        *(
            "file_id",
            "batch",
            "batches",
            "row",
            "rows",
            "hops",
            "size",
            "events",
            "split",
            "now",
            "attempts",
            "failures",
        ),
        *(
            "code",
            "codes",
            "kind",
            "reason",
            "cause",
            "http_status",
            "request_id",
            "error",
            "type",
            "place",
            "variable",
        ),
        *("after_seconds", "pause", "seconds", "receive_count", "count", "metric", "operation", "field", "destination"),
    }
)
"""Everything that a log line may carry besides its message: ids, codes, counts, names of fields, durations."""

DIMENSIONS = frozenset({"service", "destination", "kind", "code"})


class FunctionTelemetry:
    """Fulfils the ``Telemetry`` port for one function."""

    def __init__(
        self,
        service: str,
        level: str = "INFO",
        write: Callable[[str], None] | None = None,
        namespace: str = NAMESPACE,
        log: IO[str] | None = None,
    ) -> None:
        self._service = service
        self._namespace = namespace
        self._logger = Logger(service=service, level=level, logger_handler=logging.StreamHandler(log or sys.stdout))
        self._write = write or (lambda line: print(line, flush=True))  # noqa: T201 - EMF is read from stdout
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self._observed: dict[tuple[tuple[str, str], ...], list[tuple[str, MetricUnit, float]]] = {}
        self._spans: dict[str, float] = {}

    def count(self, metric: str, value: float = 1, **dimensions: str) -> None:
        self._counts[metric, _known(dimensions)] += value  # type: ignore[assignment]  # Counter values may be floats

    def measure(self, metric: str, value: float, unit: str = "None", **dimensions: str) -> None:
        """``unit`` is one of CloudWatch's: ``Seconds``, ``Percent``, ``None``."""
        self._observed.setdefault(_known(dimensions), []).append((metric, MetricUnit(unit), value))

    def note(self, message: str, **facts: int | float | str | None) -> None:
        allowed = {name: fact for name, fact in facts.items() if name in LOG_FIELDS and fact not in (None, "")}
        self._logger.info(message, extra=allowed)

    def warn(self, message: str, **facts: int | float | str | None) -> None:
        """As ``note``, for what a person should look at."""
        allowed = {name: fact for name, fact in facts.items() if name in LOG_FIELDS and fact not in (None, "")}
        self._logger.warning(message, extra=allowed)

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._spans[name] = self._spans.get(name, 0.0) + time.perf_counter() - begun

    def flush(self) -> None:
        """Write the metrics of this invocation, one line per set of dimensions, and forget them."""
        by_dimensions = {dimensions: list(points) for dimensions, points in self._observed.items()}
        for (metric, dimensions), value in self._counts.items():
            by_dimensions.setdefault(dimensions, []).append((metric, MetricUnit.Count, value))
        for dimensions, metrics in by_dimensions.items():
            self._write(json.dumps(self._embedded(dict(dimensions), metrics), separators=(",", ":")))
        if self._spans:
            self.note("time_spent", seconds=round(sum(self._spans.values()), 3))
        self._counts.clear()
        self._observed.clear()
        self._spans.clear()

    def _embedded(self, dimensions: dict[str, str], metrics: list[tuple[str, MetricUnit, float]]) -> dict[str, Any]:
        provider = AmazonCloudWatchEMFProvider(namespace=self._namespace, service=self._service, metric_set={})
        for name, text in dimensions.items():
            provider.add_dimension(name, text)
        for name, unit, value in metrics:
            provider.add_metric(name, unit, value)
        document: dict[str, Any] = dict(provider.serialize_metric_set())
        provider.clear_metrics()
        # Also without the further dimensions: an alarm watches one exact set of them and cannot name every destination.
        if dimensions:
            document["_aws"]["CloudWatchMetrics"][0]["Dimensions"].append(["service"])
        return document


def _known(dimensions: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """What may be a dimension, in order: each new value of one is a metric that costs money."""
    return tuple(sorted((name, text) for name, text in dimensions.items() if name in DIMENSIONS and text))
