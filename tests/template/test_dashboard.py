"""Dashboard and saved queries: well-formed, and about metrics and log fields that the functions really write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from conversion_delivery.runtime.telemetry import DIMENSIONS, LOG_FIELDS
from local.aws.alarm_math import evaluate
from tests.template.metric_names import PACKAGE, emitted
from tests.template.stack import Document, Stack
from tests.template.test_alarms import COMPUTED, OWN, WATCHED

SERVICES = {"splitter", "sender"}
OF_LAMBDA = {"@timestamp", "service", "message", "_aws"}
WORDS = {
    *("filter", "stats", "sort", "limit", "display", "by", "as", "desc", "asc", "and", "in", "or"),
    *("sum", "count", "max", "latest", "ispresent", "SOURCE"),
}


def body() -> Document:
    document: Document = json.loads(Stack().resource("Dashboard")["DashboardBody"])
    return document


def widgets(kind: str) -> list[Document]:
    return [each["properties"] for each in body()["widgets"] if each["type"] == kind]


def metric_rows() -> Iterator[list[Any]]:
    """Every row of a panel that names a metric: namespace, metric, dimensions, options."""
    for panel in widgets("metric"):
        yield from (row for row in panel["metrics"] if isinstance(row[0], str))


def queries() -> dict[str, str]:
    saved = {name: entry["QueryString"] for name, entry in Stack().of_type("AWS::Logs::QueryDefinition").items()}
    return saved | {panel["title"]: panel["query"] for panel in widgets("log")}


def test_the_dashboard_is_json_and_no_panel_covers_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in body()["widgets"]:
        cells = {
            (x, y)
            for x in range(panel["x"], panel["x"] + panel["width"])
            for y in range(panel["y"], panel["y"] + panel["height"])
        }
        assert not cells & taken
        assert panel["x"] + panel["width"] <= 24  # CloudWatch's grid
        taken |= cells


def test_the_dashboard_shows_what_is_asked_about_most() -> None:
    titles = [panel["properties"]["title"] for panel in body()["widgets"]]

    assert titles == [
        "Files",
        "Rows",
        "Outcomes of events",
        "Delivered per minute",
        "From upload to delivered",
        "Age of what waits",
        "Gate shut, by destination",
        "Dead letters",
        "Rejected rows per file, by destination",
        "Dollars per million events delivered",
        "What TikTok did not accept, by destination and kind",
        "Failures",
        "Reasons of rows that were not delivered",
        "Per destination",
    ]


def test_panels_show_metrics_that_the_functions_emit() -> None:
    own = [row for row in metric_rows() if row[0] == OWN]

    assert own
    assert {row[1] for row in own} <= emitted().keys()
    assert {tuple(row[2:3]) for row in own} == {("service",)}
    assert {row[3] for row in own} <= SERVICES


def test_panels_by_destination_search_for_the_dimensions_that_are_emitted() -> None:
    searches = [
        re.match(r"SEARCH\('\{(.+?),([a-z,]+)\} MetricName=\"(\w+)\"'", str(row[0].get("expression")))
        for panel in widgets("metric")
        for row in panel["metrics"]
        if isinstance(row[0], dict) and "SEARCH" in row[0].get("expression", "")
    ]

    assert len(searches) == 3
    for search in searches:
        assert search is not None
        assert search[1] == OWN
        assert set(search[2].split(",")) == emitted()[search[3]] | {"service"}


@pytest.mark.parametrize("name", sorted({**WATCHED, **COMPUTED}))
def test_alarms_watch_metrics_that_the_functions_emit(name: str) -> None:
    watched = [WATCHED[name]] if name in WATCHED else COMPUTED[name]
    for namespace, metric, dimensions in watched:
        if namespace == OWN:
            assert metric in emitted()
            assert dimensions["service"] in SERVICES
            assert dimensions.keys() - {"service"} <= emitted()[metric]


def test_metrics_have_few_kinds_of_dimensions() -> None:
    assert set().union(*emitted().values()) <= DIMENSIONS - {"code"}


def test_panels_on_services_of_aws_name_resources_of_the_stack() -> None:
    stack = Stack()
    others = [row for row in metric_rows() if row[0] != OWN]

    assert {row[0] for row in others} == {"AWS/SQS", "AWS/Lambda", "AWS/DynamoDB", "AWS/Logs"}
    for row in others:
        assert row[3].strip("<>").partition(".")[0] in stack, row


def test_the_price_of_a_million_is_the_alarms_own_sum() -> None:
    (panel,) = (each for each in widgets("metric") if each["title"].startswith("Dollars"))
    told = {row[0]["id"]: row[0]["expression"] for row in panel["metrics"] if isinstance(row[0], dict)}
    (entry,) = (each for each in Stack().resource("DailyCostAlarm")["Metrics"] if each["Id"] == "watched")

    assert told["dollars"] == entry["Expression"]
    (dollars,) = evaluate(
        told["dollars"], {row[-1]["id"]: [1e6] for row in panel["metrics"] if isinstance(row[0], str)}
    )
    assert dollars is not None
    assert told["per_million"] == "IF(delivered >= 1000, 1000000 * dollars / delivered, 0)"


@pytest.mark.parametrize("name", sorted(queries()))
def test_a_query_reads_fields_that_are_written(name: str) -> None:
    query = re.sub(r'"[^"]*"|\'[^\']*\'', "", queries()[name])
    named = set(re.findall(r"@?[A-Za-z_][A-Za-z_.0-9]*", query)) - WORDS
    made = set(re.findall(r"\bas (\w+)", query))
    metrics = {each.removesuffix(".0") for each in named if each.endswith(".0")}

    assert metrics <= emitted().keys()
    assert {each for each in named - made if not each.endswith(".0")} <= LOG_FIELDS | OF_LAMBDA


@pytest.mark.parametrize("name", sorted(queries()))
def test_a_query_looks_for_messages_that_are_written(name: str) -> None:
    source = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    for messages in re.findall(r'message (?:= |in \[)((?:"\w+"(?:, )?)+)', queries()[name]):
        for message in re.findall(r'"(\w+)"', messages):
            assert f'"{message}"' in source


def test_saved_queries_read_the_logs_of_both_functions() -> None:
    saved = Stack().of_type("AWS::Logs::QueryDefinition")

    assert len(saved) == 7
    for query in saved.values():
        assert query["LogGroupNames"] == ["<SplitterLogGroup>", "<SenderLogGroup>"]
        assert query["Name"].startswith("sales/")
