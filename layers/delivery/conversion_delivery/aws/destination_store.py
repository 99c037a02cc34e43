"""Settings of destinations, kept as JSON in SSM parameters ``/<stack>/destinations/<name>``."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import answered, error_code
from conversion_delivery.domain.destinations import DestinationSettings, parse_settings
from conversion_delivery.domain.errors import UploadRejected

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

MAX_AGE_SECONDS = 60


class SsmDestinationStore:
    """Fulfils the port ``DestinationStore``; settings are read again after a minute."""

    def __init__(self, client: SSMClient, stack: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._stack = stack
        self._clock = clock
        self._known: dict[str, tuple[float, DestinationSettings]] = {}

    def settings(self, destination: str) -> DestinationSettings:
        read_at, settings = self._known.get(destination, (0.0, None))
        if settings is not None and self._clock() - read_at < MAX_AGE_SECONDS:
            return settings
        settings = parse_settings(self._document(destination))
        self._known[destination] = (self._clock(), settings)
        return settings

    def _document(self, destination: str) -> str:
        with answered("GetParameter"):
            try:
                answer = self._client.get_parameter(Name=f"/{self._stack}/destinations/{destination}")
            except ClientError as problem:
                if error_code(problem) == "ParameterNotFound":
                    raise UploadRejected("DESTINATION_UNKNOWN", destination=destination) from None
                raise
        return answer["Parameter"]["Value"]
