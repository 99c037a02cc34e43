"""Files of the inbox that S3 announces: those that were renamed there. In: announced uploads. Out: the other ones.

The SFTP server copies a file to ``uploads/`` when its upload is complete, but a rename starts nothing: a program that
writes ``sales.csv.filepart`` and renames it would wait for ever. On S3 a rename is a copy, S3 announces copies in the
inbox (and nothing else of it), and they are handed on here. The copy below ``uploads/`` is announced in its turn, so
a file is read in one place, however it came.
"""

from __future__ import annotations

from collections.abc import Iterable

from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.ports import Telemetry
from conversion_delivery.workflows.upload_ports import Inbox


class TakeFromInbox:
    """Hands renamed files on."""

    def __init__(self, inbox: Inbox, telemetry: Telemetry) -> None:
        self._inbox = inbox
        self._telemetry = telemetry

    def out_of(self, announced: Iterable[Upload]) -> list[Upload]:
        """The uploads that do not lie in the inbox, after the others were handed on. Raises ``SourceUnavailable``."""
        others: list[Upload] = []
        for upload in announced:
            if upload.is_in_inbox:
                self._hand_on(upload)
            else:
                others.append(upload)
        return others

    def _hand_on(self, upload: Upload) -> None:
        key = upload.key_after_inbox
        if key is None:
            self._telemetry.note("upload_ignored")
        elif not self._inbox.hand_over(upload, key):
            self._telemetry.note("upload_gone_before_reading")
