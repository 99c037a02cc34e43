"""Trade a refresh token for new tokens: one POST to TikTok's OAuth endpoint.

In: what the secret holds. Out: a ``RenewedToken``. Which endpoint is asked follows from the names in the secret:

* ``client_id`` and ``client_secret``: ``/tt_user/oauth2/refresh_token/`` with ``grant_type``, for tokens of TikTok
  accounts (a day; the refresh token a year). Sources: TikTok's own SDK on the life times, and several public clients
  that agree on address, names and answer.
* ``app_id`` and ``secret``: ``/oauth2/refresh_token/``, for tokens of advertisers. Only client code knows it; TikTok's
  documents say that an advertiser's token does not expire. Taken as it is found, and nothing depends on it elsewhere.

TikTok's text goes nowhere: an answer is tokens, a refusal, or no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import requests

from conversion_delivery.domain.errors import CredentialsRefused, TryLater
from conversion_delivery.tiktok.client import checked_endpoint
from conversion_delivery.workflows.operator_ports import RenewedToken

API = "/open_api/v1.3"
ACCOUNT_PATH = f"{API}/tt_user/oauth2/refresh_token/"
ADVERTISER_PATH = f"{API}/oauth2/refresh_token/"

TIMEOUT_SECONDS = (3.0, 20.0)
_OK = 0
_SERVER_ERROR = 50_000


class TokenRenewal:
    """Fulfils the port ``TokenIssuer``."""

    def __init__(self, endpoint: str) -> None:
        """Raises ``ContractBroken`` as ``EventsApiClient`` does."""
        self._endpoint = checked_endpoint(endpoint)

    def renew(self, credentials: Mapping[str, str]) -> RenewedToken:
        """As the port says; also raises ``CredentialsRefused`` (``REFRESH_CREDENTIALS_MISSING``)."""
        path, body = _request(credentials)
        return _renewed(self._post(path, body))

    def _post(self, path: str, body: Mapping[str, str]) -> Any:
        session = requests.Session()
        session.trust_env = False
        try:
            with session:
                answer = session.post(self._endpoint + path, json=body, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            return orjson.loads(answer.content)
        except (requests.RequestException, orjson.JSONDecodeError):
            raise TryLater("REFRESH_UNANSWERED") from None


def _request(credentials: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    named = {name: credentials.get(name, "") for name in ("client_id", "client_secret", "app_id", "secret")}
    refresh = {"refresh_token": credentials.get("refresh_token", ""), "grant_type": "refresh_token"}
    if named["client_id"] and named["client_secret"]:
        return ACCOUNT_PATH, {"client_id": named["client_id"], "client_secret": named["client_secret"], **refresh}
    if named["app_id"] and named["secret"]:
        return ADVERTISER_PATH, {"app_id": named["app_id"], "secret": named["secret"], **refresh}
    raise CredentialsRefused("REFRESH_CREDENTIALS_MISSING")


def _renewed(document: Any) -> RenewedToken:
    code = document.get("code") if isinstance(document, dict) else None
    if type(code) is not int or code >= _SERVER_ERROR:
        raise TryLater("REFRESH_UNANSWERED")
    if code != _OK:
        raise CredentialsRefused("REFRESH_REFUSED", answer=code)
    data = document.get("data")
    token = data.get("access_token") if isinstance(data, dict) else None
    if not isinstance(token, str) or not token:
        raise TryLater("REFRESH_UNANSWERED")
    refresh = data.get("refresh_token")
    return RenewedToken(
        access_token=token,
        refresh_token=refresh if isinstance(refresh, str) else "",
        expires_in=_seconds(data.get("expires_in")),
        refresh_expires_in=_seconds(data.get("refresh_token_expires_in")),
    )


def _seconds(value: object) -> float | None:
    """A life time; 0 and absent mean that TikTok names none."""
    return float(value) if isinstance(value, (int, float)) and value > 0 else None
