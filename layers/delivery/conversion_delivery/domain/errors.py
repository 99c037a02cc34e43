"""Errors by the reaction they call for, not by where they come from.

* ``DeliveryError``
    * ``UploadRejected``: tell the customer. The whole file is refused; nothing of it was sent.
    * ``TryLater``: nothing is wrong with the input. Hand the message back and come again.
        * ``SourceUnavailable``: a service answered that it cannot serve now.
    * ``SourceGone``: the object version that a message points to no longer exists. It never comes back.
    * ``CredentialsRefused``: the token is missing, unreadable or refused. A person must renew it.
    * ``ContractBroken``: a message or a stored item is not what this version writes. Park it and ring.
    * ``NotPossible``: what an operator asks for cannot be done as things stand; nothing was changed. Say why.

A rejected row is no exception: rows are rejected in bulk, so ``domain.conversions`` returns them as values.

Constructors take codes, column names, numbers and AWS error names only, never a cell, a body or a message from
somewhere else: what an exception carries can reach a log.
"""

from __future__ import annotations


class DeliveryError(Exception):
    """Base of everything this project raises on purpose.

    ``code`` is stable, upper case, and stands in ``domain.codes``; ``facts`` are numbers and short names.
    """

    def __init__(self, code: str, **facts: int | float | str) -> None:
        self.code = code
        self.facts = facts
        shown = "".join(f" {name}={value}" for name, value in facts.items())
        super().__init__(f"{code}{shown}")


class UploadRejected(DeliveryError):
    """The file as a whole cannot be used. ``facts`` fill the sentence of ``code`` in ``domain.codes``."""


class TryLater(DeliveryError):
    """Come back after ``after_seconds`` (None: let the caller's back-off decide)."""

    def __init__(self, code: str, after_seconds: float | None = None, **facts: int | float | str) -> None:
        self.after_seconds = after_seconds
        super().__init__(code, **facts)


class SourceUnavailable(TryLater):
    """An AWS service refused or did not answer; ``facts`` name the operation and the error code."""


class SourceGone(DeliveryError):
    """The object version does not exist any more (deleted, or expired by lifecycle)."""


class CredentialsRefused(DeliveryError):
    """No usable token: secret missing, malformed or empty, or TikTok refused it."""


class ContractBroken(DeliveryError):
    """Something stored or queued does not have the shape that this version writes."""


class NotPossible(DeliveryError):
    """An operator's wish that cannot be granted as things stand. ``facts`` fill the command line's sentence."""
