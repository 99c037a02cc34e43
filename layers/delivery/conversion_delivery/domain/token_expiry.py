"""When a person has to renew a destination's token, as far as its secret says.

Values of the secret, each optional: ``expires_at`` (of the access token), ``refresh_token``, ``refresh_expires_at``;
times are epoch seconds or ISO 8601. A token that is renewed by itself needs a person when its refresh token ends, and
any other token when it ends. Tokens from Events Manager name no time: nobody knows when they end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime


def person_needed_at(secret: Mapping[str, object]) -> float | None:
    """Epoch seconds; None where the secret does not say."""
    renewed_by_itself = bool(secret.get("refresh_token"))
    return _seconds(secret.get("refresh_expires_at" if renewed_by_itself else "expires_at"))


def _seconds(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
