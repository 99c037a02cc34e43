"""Parameters and the first destination: what the owner is asked, and what becomes of the answers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from conversion_delivery.domain.destinations import parse_settings
from conversion_delivery.domain.uploads import DESTINATION_NAME
from tests.template.stack import ROOT, Document, Stack, source

TIKTOK = "https://business-api.tiktok.com"


def parameters() -> dict[str, Document]:
    entries: dict[str, Document] = source()["Parameters"]
    return entries


def allows(parameter: str, value: str) -> bool:
    return re.search(parameters()[parameter]["AllowedPattern"], value) is not None


def settings(**given: str) -> Any:
    return parse_settings(Stack(**given).resource("FirstDestinationSettings")["Value"])


def names_used(node: object) -> set[str]:
    """Every name that a Ref or a Sub mentions."""
    if isinstance(node, list):
        return set().union(*map(names_used, node))
    if not isinstance(node, dict):
        return set()
    if "Ref" in node:
        return {node["Ref"]}
    in_text = set(re.findall(r"\$\{([A-Za-z]+)\}", str(node.get("Fn::Sub", ""))))
    return in_text.union(*map(names_used, node.values()))


@pytest.mark.parametrize("name", sorted(parameters()))
def test_a_parameter_is_described_in_a_sentence(name: str) -> None:
    assert len(parameters()[name]["Description"].split()) >= 4


@pytest.mark.parametrize("name", sorted(parameters()))
def test_a_parameter_is_used(name: str) -> None:
    body = {part: source()[part] for part in ("Conditions", "Globals", "Resources")}

    assert name in names_used(body)


@pytest.mark.parametrize("name", sorted(parameters()))
def test_a_parameter_refuses_nonsense_before_anything_is_deployed(name: str) -> None:
    entry = parameters()[name]
    bounded = entry["Type"] == "Number" and {"MinValue", "MaxValue"} <= entry.keys()

    assert bounded or "AllowedValues" in entry or "AllowedPattern" in entry


@pytest.mark.parametrize("name", sorted(set(parameters()) - {"EventSourceId"}))
def test_a_default_is_a_legal_value(name: str) -> None:
    entry = parameters()[name]
    default = entry["Default"]

    if "AllowedValues" in entry:
        assert default in entry["AllowedValues"]
    elif "AllowedPattern" in entry:
        assert allows(name, default)
    else:
        assert entry["MinValue"] <= default <= entry["MaxValue"]


def test_every_parameter_stands_in_one_group_of_the_form() -> None:
    groups = source()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    listed = [name for group in groups for name in group["Parameters"]]

    assert sorted(listed) == sorted(parameters())


def test_no_parameter_takes_the_access_token() -> None:
    free_text = [name for name, entry in parameters().items() if "AllowedValues" not in entry]

    assert not [name for name in free_text if re.search("token|secret|password", name, re.IGNORECASE)]


def test_yaml_aliases_are_absent_because_cloudformation_refuses_them() -> None:
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")

    assert not re.findall(r"(?m)^[^#\n]*[:-] [&*][A-Za-z]+\s*$", text)


# --- limits


@pytest.mark.parametrize("endpoint", [TIKTOK, "http://127.0.0.1:8080", "http://localhost:9"])
def test_events_go_to_tiktok_or_stay_on_the_machine(endpoint: str) -> None:
    assert allows("EventsApiEndpoint", endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://business-api.tiktok.com",
        TIKTOK + "/",
        TIKTOK + ".example.com",
        "https://business-api_tiktok.com",
        "http://10.0.0.1:80",
        "http://127.0.0.1:80@example.com",
        "",
    ],
)
def test_events_go_nowhere_else(endpoint: str) -> None:
    assert not allows("EventsApiEndpoint", endpoint)


@pytest.mark.parametrize(
    "name", ["main", "Shop-1", "a", "0.b_c", "x" * 63, "", "_x", ".x", "a/b", "a b", "x" * 64, "ü"]
)
def test_a_destination_may_be_called_what_a_folder_of_uploads_may_be_called(name: str) -> None:
    assert allows("DestinationName", name) == bool(DESTINATION_NAME.fullmatch(name))


@pytest.mark.parametrize(
    ("parameter", "refused"),
    [
        ("EventSourceId", ["", 'x"y', "a b", "a" * 65]),
        ("TestEventCode", ['"', "a b", "\\"]),
        ("DefaultCurrency", ["usd", "US", '"', "USD "]),
        ("DefaultCountry", ["us", "USA", '"']),
        ("DefaultTimezone", ["", "Europe/", '"', "../etc/passwd", "a/b/c/d"]),
        ("AlarmEmail", ["ops", "ops@example", "a b@example.com"]),
        ("NoticeEmail", ["ops", "ops@example", "a b@example.com"]),
        ("DestinationSettingsJson", ["settings.json", "[]"]),
    ],
)
def test_a_value_that_would_break_the_settings_is_refused(parameter: str, refused: list[str]) -> None:
    assert [value for value in refused if allows(parameter, value)] == []


def test_the_window_is_never_longer_than_tiktok_remembers_and_can_be_closed() -> None:
    entry = parameters()["DedupWindowHours"]

    assert (entry["Default"], entry["MinValue"], entry["MaxValue"]) == (48, 0, 48)


def test_the_ledger_remembers_an_event_longer_than_files_may_hold_it() -> None:
    oldest_event = parse_settings('{"event_source_id": "7"}').max_event_age_days

    assert parameters()["LedgerRetentionDays"]["MinValue"] > oldest_event


# --- first destination


def test_the_least_answers_give_settings_that_the_functions_accept() -> None:
    assert settings() == parse_settings('{"event_source_id": "7000"}')


def test_every_answer_reaches_the_settings() -> None:
    found = settings(
        EventSource="crm",
        EventSourceId="C-1",
        TestEventCode="TEST1",
        DefaultCurrency="USD",
        DefaultCountry="US",
        DefaultTimezone="America/New_York",
    )

    assert found.model_dump(exclude_defaults=True) == {
        "event_source": "crm",
        "event_source_id": "C-1",
        "test_event_code": "TEST1",
        "default_currency": "USD",
        "default_country": "US",
        "default_timezone": "America/New_York",
    }


def test_a_complete_document_replaces_the_single_answers() -> None:
    document = json.dumps({"event_source_id": "9", "date_order": "DMY", "columns": {"Wann": "event_time"}})

    assert settings(DestinationSettingsJson=document, DefaultCurrency="USD") == parse_settings(document)


def test_settings_and_secret_stand_where_the_functions_look() -> None:
    stack = Stack(DestinationName="shop")

    assert stack.resource("FirstDestinationSettings")["Name"] == "/sales/destinations/shop"
    assert stack.resource("FirstDestinationToken")["Name"] == "sales/destinations/shop"


def test_the_secret_begins_as_a_placeholder_that_no_later_deployment_touches() -> None:
    values = {
        Stack(DefaultCurrency=currency).resource("FirstDestinationToken")["SecretString"] for currency in ("", "EUR")
    }

    assert [json.loads(value) for value in values] == [{"access_token": ""}]


def test_the_next_step_puts_the_token_in_without_showing_it() -> None:
    outputs = Stack().outputs

    assert outputs["DestinationSecretName"] == "sales/destinations/main"
    assert "put-secret-value" in outputs["NextStep"]
    assert "sales/destinations/main" in outputs["NextStep"]
    assert "file://token.json" in outputs["NextStep"]


def test_the_owner_is_told_where_everything_is() -> None:
    assert sorted(Stack().outputs) == sorted(
        [
            "AlarmsTopicArn",
            "BatchesDeadLettersUrl",
            "BatchesQueueUrl",
            "Bucket",
            "DestinationSecretName",
            "DestinationSettingsName",
            "EventLedgerTable",
            "FileProgressTable",
            "NextStep",
            "NoticesTopicArn",
            "PersonNeededTopicArn",
            "ReportsPrefix",
            "SenderFunctionName",
            "SplitterFunctionName",
            "UploadsDeadLettersUrl",
            "UploadsPrefix",
            "UploadsQueueUrl",
            "ValidatePrefix",
        ]
    )
