"""Reading a function's environment."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.runtime.settings import SenderSettings, read_settings

ENVIRONMENT = {
    "STACK_NAME": "stack",
    "FILE_PROGRESS_TABLE": "progress",
    "BUCKET_NAME": "bucket",
    "BATCHES_QUEUE_URL": "http://queue",
    "EVENT_LEDGER_TABLE": "ledger",
    "PATH": "whatever else there is",
}


def test_settings_come_from_the_environment_with_defaults_in_hours_and_seconds() -> None:
    settings = read_settings(SenderSettings, {**ENVIRONMENT, "DEDUP_WINDOW_HOURS": "24"})
    limits = settings.delivery_limits
    assert (limits.dedup_window, limits.resend_seconds, limits.first_copy_wait) == (86_400, 82_800, 3600)


def test_a_missing_variable_is_named_at_the_cold_start() -> None:
    with pytest.raises(ContractBroken) as broken:
        read_settings(SenderSettings, {name: text for name, text in ENVIRONMENT.items() if name != "BUCKET_NAME"})
    assert broken.value.facts == {"variable": "BUCKET_NAME"}


def test_a_malformed_variable_is_named_without_its_value() -> None:
    with pytest.raises(ContractBroken) as broken:
        read_settings(SenderSettings, {**ENVIRONMENT, "DEDUP_WINDOW_HOURS": "soon"})
    assert str(broken.value) == "ENVIRONMENT_INVALID variable=DEDUP_WINDOW_HOURS"
