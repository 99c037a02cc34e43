"""Metrics and logs of a function."""

from __future__ import annotations

import io
import json

from conversion_delivery.runtime.telemetry import FunctionTelemetry


def test_metrics_are_summed_and_written_once_per_set_of_dimensions() -> None:
    lines: list[str] = []
    telemetry = FunctionTelemetry("telemetry-sums", write=lines.append, log=io.StringIO())
    telemetry.count("EventsDelivered", 3, destination="shop")
    telemetry.count("EventsDelivered", 4, destination="shop")
    telemetry.count("Requests", destination="shop")
    telemetry.count("ContractBroken")
    telemetry.flush()
    telemetry.flush()
    documents = [json.loads(line) for line in lines]
    assert len(documents) == 2
    shop = next(document for document in documents if document.get("destination") == "shop")
    assert shop["EventsDelivered"] == [7.0]
    assert shop["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "ConversionDelivery"


def test_a_log_line_carries_allow_listed_fields_only() -> None:
    log = io.StringIO()
    telemetry = FunctionTelemetry("telemetry-fields", write=lambda _: None, log=log)
    telemetry.note("event", code="OUTAGE", email="person@example.com", batch=3)
    line = json.loads(log.getvalue())
    assert (line["code"], line["batch"], line["service"]) == ("OUTAGE", 3, "telemetry-fields")
    assert "person@example.com" not in log.getvalue()


def test_a_metric_takes_known_dimensions_only() -> None:
    lines: list[str] = []
    telemetry = FunctionTelemetry("telemetry-dimensions", write=lines.append, log=io.StringIO())
    telemetry.count("Requests", order_id="T-1", destination="shop")
    telemetry.flush()
    assert "T-1" not in lines[0]


def test_measured_values_are_kept_apart_with_their_unit() -> None:
    lines: list[str] = []
    telemetry = FunctionTelemetry("telemetry-measures", write=lines.append, log=io.StringIO())
    telemetry.measure("UploadToDeliveredSeconds", 3.5, "Seconds", destination="shop")
    telemetry.measure("UploadToDeliveredSeconds", 4.0, "Seconds", destination="shop")
    telemetry.count("Requests", destination="shop")
    telemetry.flush()
    telemetry.flush()
    (line,) = lines
    document = json.loads(line)
    assert document["UploadToDeliveredSeconds"] == [3.5, 4.0]
    (metrics,) = document["_aws"]["CloudWatchMetrics"]
    assert {metric["Name"]: metric["Unit"] for metric in metrics["Metrics"]} == {
        "UploadToDeliveredSeconds": "Seconds",
        "Requests": "Count",
    }
    assert ["service"] in metrics["Dimensions"]
