"""Functions, layers and logs: how they are fed, what they are told, where their words go."""

from __future__ import annotations

import re

import pytest

from conversion_delivery.runtime.settings import FunctionSettings, SenderSettings, SplitterSettings, read_settings
from tests.template.stack import Document, Stack, source

FUNCTIONS = ["SplitterFunction", "SenderFunction"]
FEEDS = [
    ("SplitterFunctionUploads", "SplitterFunction", "UploadsQueue", "SplitterConcurrency"),
    ("SenderFunctionBatches", "SenderFunction", "BatchesQueue", "SenderConcurrency"),
]

SHARED_ENVIRONMENT = {
    "STACK_NAME": "sales",
    "BUCKET_NAME": "<UsedBucket.Value>",
    "BATCHES_QUEUE_URL": "<BatchesQueue>",
    "FILE_PROGRESS_TABLE": "<FileProgress>",
    "LEDGER_RETENTION_DAYS": "90",
    "LOG_LEVEL": "INFO",
    "FILE_NOTICES": "each",
    "POWERTOOLS_METRICS_NAMESPACE": "ConversionDelivery/sales",
    "POWERTOOLS_LOGGER_LOG_EVENT": "false",
    "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "false",
    "POWERTOOLS_TRACER_CAPTURE_ERROR": "false",
}


def environment(function: str) -> Document:
    variables: Document = Stack().resource(function)["Environment"]["Variables"]
    return variables


# --- feeding


@pytest.mark.parametrize(("mapping", "function", "queue", "parameter"), FEEDS)
def test_a_function_takes_one_message_at_a_time_and_answers_for_each(
    mapping: str, function: str, queue: str, parameter: str
) -> None:
    properties = Stack().resource(mapping)

    assert properties["FunctionName"] == f"<{function}>"
    assert properties["EventSourceArn"] == f"<{queue}.Arn>"
    assert properties["BatchSize"] == 1
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize(("mapping", "function", "queue", "parameter"), FEEDS)
def test_the_owner_limits_how_much_runs_at_once(mapping: str, function: str, queue: str, parameter: str) -> None:
    stack = Stack(**{parameter: "17"})

    assert stack.resource(mapping)["ScalingConfig"] == {"MaximumConcurrency": "17"}


def test_nothing_else_feeds_a_function() -> None:
    assert sorted(Stack().of_type("AWS::Lambda::EventSourceMapping")) == sorted(feed[0] for feed in FEEDS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_concurrency_is_limited_at_the_queue_so_that_nothing_is_throttled(function: str) -> None:
    assert "ReservedConcurrentExecutions" not in Stack().resource(function)


def test_lambda_does_not_take_the_continuation_of_a_long_file_for_a_runaway_loop() -> None:
    assert Stack().resource("SplitterFunction")["RecursiveLoop"] == "Allow"


def test_the_sender_sends_to_no_queue_and_keeps_loop_detection() -> None:
    assert "RecursiveLoop" not in Stack().resource("SenderFunction")


# --- environment


def test_the_splitter_is_told_exactly_this() -> None:
    assert environment("SplitterFunction") == {
        **SHARED_ENVIRONMENT,
        "UPLOADS_QUEUE_URL": "<UploadsQueue>",
        "UPLOADS_DLQ_URL": "<UploadsDeadLetters>",
        "SENDER_CONCURRENCY": "5",
        "POWERTOOLS_SERVICE_NAME": "splitter",
    }


def test_the_sender_is_told_exactly_this() -> None:
    assert environment("SenderFunction") == {
        **SHARED_ENVIRONMENT,
        "EVENT_LEDGER_TABLE": "<EventLedger>",
        "EVENTS_API_ENDPOINT": "https://business-api.tiktok.com",
        "DEDUP_WINDOW_HOURS": "48",
        "FIRST_COPY_WAIT_SECONDS": "3600",
        "BATCHES_DLQ_URL": "<BatchesDeadLetters>",
        "POWERTOOLS_SERVICE_NAME": "sender",
    }


@pytest.mark.parametrize(
    ("function", "model"), [("SplitterFunction", SplitterSettings), ("SenderFunction", SenderSettings)]
)
def test_a_function_understands_all_that_it_is_told(function: str, model: type[FunctionSettings]) -> None:
    told = environment(function)
    required = {field.alias for field in model.model_fields.values() if field.is_required()}

    assert required <= told.keys()
    assert isinstance(read_settings(model, told), model)


def test_two_stacks_of_one_account_keep_their_metrics_apart() -> None:
    namespace = environment("SenderFunction")["POWERTOOLS_METRICS_NAMESPACE"]

    assert "sales" in namespace


# --- runtime


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_runs_where_the_parameters_say(function: str) -> None:
    properties = Stack(PythonRuntime="python3.12", Architecture="x86_64", Tracing="PassThrough").resource(function)

    assert properties["Runtime"] == "python3.12"
    assert properties["Architectures"] == ["x86_64"]
    assert properties["TracingConfig"] == {"Mode": "PassThrough"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_one_whole_processor_and_both_layers(function: str) -> None:
    properties = Stack().resource(function)

    assert properties["MemorySize"] == 1_769
    assert properties["Handler"] == "app.handler"
    assert [re.sub("[0-9a-f]{10}>$", ">", layer) for layer in properties["Layers"]] == [
        "<DependenciesLayer>",
        "<DeliveryLayer>",
    ]  # SAM adds a hash of each layer's content to its name


@pytest.mark.parametrize(("layer", "place"), [("DependenciesLayer", "dependencies"), ("DeliveryLayer", "delivery")])
def test_sam_builds_a_layer_for_the_interpreter_and_processor_that_it_is_given(layer: str, place: str) -> None:
    entry = source()["Resources"][layer]

    assert entry["Metadata"]["BuildMethod"] == {"Ref": "PythonRuntime"}
    assert entry["Metadata"]["BuildArchitecture"] == {"Ref": "Architecture"}
    assert entry["Properties"]["CompatibleRuntimes"] == [{"Ref": "PythonRuntime"}]
    assert entry["Properties"]["CompatibleArchitectures"] == [{"Ref": "Architecture"}]
    assert entry["Properties"]["ContentUri"] == f"layers/{place}/"


# --- logs


@pytest.mark.parametrize(
    ("function", "group"), [("SplitterFunction", "SplitterLogGroup"), ("SenderFunction", "SenderLogGroup")]
)
def test_logs_are_structured_and_go_to_the_functions_own_group(function: str, group: str) -> None:
    logging = Stack(LogLevel="WARN").resource(function)["LoggingConfig"]

    assert logging == {"LogFormat": "JSON", "ApplicationLogLevel": "WARN", "LogGroup": f"<{group}>"}


def test_every_log_group_forgets() -> None:
    groups = Stack(LogRetentionDays="14").of_type("AWS::Logs::LogGroup")

    assert {name: group["RetentionInDays"] for name, group in groups.items()} == {
        "SplitterLogGroup": "14",
        "SenderLogGroup": "14",
    }
