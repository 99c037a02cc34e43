"""When a person has to renew a token."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.domain.token_expiry import person_needed_at


@pytest.mark.parametrize(
    ("secret", "seconds"),
    [
        ({"access_token": "a"}, None),
        ({"expires_at": 1_795_176_000}, 1_795_176_000),
        ({"expires_at": 1_795_176_000.5}, 1_795_176_000.5),
        ({"expires_at": "2026-11-20T12:00:00Z"}, 1_795_176_000),
        ({"expires_at": "2026-11-20T13:00:00+01:00"}, 1_795_176_000),
        ({"expires_at": "2026-11-20T12:00:00"}, 1_795_176_000),
        ({"expires_at": "soon"}, None),
        ({"expires_at": True}, None),
        ({"expires_at": None}, None),
        ({"expires_at": 5, "refresh_token": "r"}, None),
        ({"expires_at": 5, "refresh_token": "r", "refresh_expires_at": 7}, 7),
        ({"expires_at": 5, "refresh_token": "", "refresh_expires_at": 7}, 5),
    ],
)
def test_a_person_is_needed_when_what_is_not_renewed_by_itself_ends(
    secret: dict[str, Any], seconds: float | None
) -> None:
    assert person_needed_at(secret) == seconds
