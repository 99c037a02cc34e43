"""The ports of the operator's verbs, beside those in ``ports`` that they share with the functions.

What a function never needs stands here, so that a function's role never has to allow it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.ports import FileProgress


class ReviewableProgress(FileProgress, Protocol):
    """FileProgress as a person may write it."""

    def review(self, found: BatchRecord, decided: BatchRecord) -> bool:
        """Store ``accepted``, ``released``, ``tally`` and ``reviewed`` of ``decided``.

        Only if the batch is closed and its row sets and notes are still those of ``found``; else False.
        """
        ...


class ListedUpload(NamedTuple):
    """One stored version of an uploaded object."""

    upload: Upload
    stored_at: float


class Listing(NamedTuple):
    """Uploads that were found, newest first; ``complete`` is False where the search was cut short."""

    uploads: Sequence[ListedUpload]
    complete: bool


class UploadCatalog(Protocol):
    """Finds uploads, and makes new ones of them."""

    def versions(self, prefix: str, *, exact: bool = False) -> Listing:
        """Every stored version below a prefix; ``exact``: of that very key."""
        ...

    def reported(self, folder: str) -> list[str]:
        """File ids that have a report below ``reports/<destination>/<file>/``."""
        ...

    def store_again(self, upload: Upload) -> Upload:
        """Make a new version of the same bytes under the same key. Raises ``SourceGone``."""
        ...


class QueueDepth(NamedTuple):
    """Messages of a queue, about."""

    waiting: int
    held: int
    """Being looked at by somebody, or put off."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message taken from the dead letters; nobody else sees it for a while."""

    message_id: str
    receipt: str
    body: str = field(repr=False)
    code: str = ""
    """Why a function parked it at the first failure; empty where it used up its attempts."""


class DeadLetters(Protocol):
    """A dead-letter queue and the queue its messages came from."""

    def depth(self) -> QueueDepth: ...

    def take(self, most: int) -> Sequence[DeadLetter]:
        """Up to ``most`` (ten at the most) that nobody else is looking at; empty when there seem to be none."""
        ...

    def send_back(self, letter: DeadLetter) -> None:
        """Send a copy to the source queue, then delete the letter: a crash in between leaves two, never none."""
        ...

    def put_back(self, letter: DeadLetter) -> None:
        """Let others see the letter again at once."""
        ...

    def move_all(self) -> bool:
        """Have SQS move everything by itself. False where the service cannot."""
        ...


class DestinationState(NamedTuple):
    """What the last check of a destination found."""

    status: str
    """``active`` or ``refused``."""
    checked_at: float
    code: str


class DestinationRegistry(Protocol):
    """Settings, tokens and states of destinations, as an operator writes them."""

    def documents(self) -> Mapping[str, str]:
        """Destination -> settings document."""
        ...

    def put(self, destination: str, document: str) -> None: ...

    def put_token(self, destination: str, token: str) -> None: ...

    def has_secret(self, destination: str) -> bool: ...

    def state(self, destination: str) -> DestinationState | None:
        """None: never checked."""
        ...

    def put_state(self, destination: str, state: DestinationState) -> None: ...

    def remove(self, destination: str) -> None:
        """Remove settings and state at once; the secret can be restored for a week."""
        ...


@dataclass(frozen=True, slots=True)
class RenewedToken:
    """What TikTok gives for a refresh token. Life times in seconds; None where it names none."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    """Empty: the old one stays valid."""
    expires_in: float | None = None
    refresh_expires_in: float | None = None


class TokenIssuer(Protocol):
    def renew(self, credentials: Mapping[str, str]) -> RenewedToken:
        """Trade a refresh token for new tokens.

        Raises ``CredentialsRefused`` (``REFRESH_REFUSED``), ``TryLater`` (``REFRESH_UNANSWERED``).
        """
        ...


class SecretVersions(Protocol):
    """The versions of secrets during a rotation, named as Secrets Manager names its stages."""

    def current(self, secret: str) -> str:
        """Raises ``CredentialsRefused`` (``SECRET_MISSING``)."""
        ...

    def pending(self, secret: str, version: str) -> str | None:
        """The value of the version that is to become current; None while it has none."""
        ...

    def put_pending(self, secret: str, version: str, value: str) -> None: ...

    def is_rotating_to(self, secret: str, version: str) -> bool:
        """Whether the service expects this version. Raises ``NotPossible`` where rotation is off."""
        ...

    def promote(self, secret: str, version: str) -> None:
        """Make the version current; nothing happens if it is."""
        ...
