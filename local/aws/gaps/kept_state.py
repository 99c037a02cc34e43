"""Queues and functions of a kept state: what was true when the emulator stopped is not true when it starts again."""

from __future__ import annotations

import time
from typing import Any

from local.aws.gaps.replacing import replace, require

QUEUE_URL_PORT = "4566"
"""Only a part of the queues' names: clients send requests to the endpoint, whatever the queue URL says."""


def mend_queues(sqs: Any) -> None:
    """Queue URLs survive a change of port; after a restart no message is held by a worker that is gone."""

    def make(original: Any) -> Any:
        def load(data: Any) -> None:
            original(data)
            now = time.time()
            for _, queue in sqs._queues.to_dict().items():
                for message in queue["messages"]:
                    message["visible_at"] = min(message["visible_at"], now)

        return load

    require(sqs, "DEFAULT_PORT")
    sqs.DEFAULT_PORT = QUEUE_URL_PORT
    replace(sqs, "load_persisted_state", make)


def mend_event_sources(lambda_svc: Any) -> None:
    """Event sources that come out of a kept state are disabled; the deployment enables them (``local.aws.stack``)."""

    def make(original: Any) -> Any:
        def restore(data: Any) -> None:
            original(data)
            for _, _, mapping in lambda_svc._iter_all_esms():
                mapping.update(Enabled=False, State="Disabled")

        return restore

    require(lambda_svc, "_iter_all_esms")
    replace(lambda_svc, "_restore_state", make)
