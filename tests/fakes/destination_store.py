"""Settings documents in memory."""

from __future__ import annotations

from collections.abc import Mapping

from conversion_delivery.domain.destinations import DestinationSettings, parse_settings
from conversion_delivery.domain.errors import UploadRejected


class FakeDestinationStore:
    """``documents`` holds JSON as an operator would have stored it: destination -> document."""

    def __init__(self, documents: Mapping[str, str] | None = None) -> None:
        self.documents: dict[str, str] = dict(documents or {})

    def settings(self, destination: str) -> DestinationSettings:
        document = self.documents.get(destination)
        if document is None:
            raise UploadRejected("DESTINATION_UNKNOWN", destination=destination)
        return parse_settings(document)
