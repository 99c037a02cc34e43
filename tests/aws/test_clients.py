"""The configuration that every client gets."""

from __future__ import annotations

from typing import Any

import boto3

from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.clients import client_config


def test_a_hanging_service_is_given_up_after_bounded_attempts() -> None:
    config: Any = boto3.Session(region_name="eu-central-1").client("sqs", config=client_config(7)).meta.config
    assert (config.connect_timeout, config.read_timeout, config.max_pool_connections) == (2, 5, 7)
    assert config.retries == {"mode": "standard", "total_max_attempts": 5}


def test_attempts_are_followed_by_ever_longer_rests_but_the_last() -> None:
    rests: list[float] = []
    backoff = Backoff(sleep=rests.append, jitter=lambda: 0.5)
    assert list(backoff.tries()) == [0, 1, 2, 3, 4]
    assert rests == [0.05, 0.1, 0.2, 0.4]
