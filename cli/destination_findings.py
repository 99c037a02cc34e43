"""What a check of a destination found, in sentences: what it proved, what it could not, what to do.

In: a ``DestinationCheck``. Out: lines. Owns TikTok's misleading texts: a wrong event set id comes back as a complaint
that it is "not a valid string".
"""

from __future__ import annotations

from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.tiktok.return_codes import return_code
from conversion_delivery.workflows.check_destination import DestinationCheck, Finding

PROVED = {
    Finding.TOKEN_ACCEPTED: "TikTok accepted the token.",
    Finding.TOKEN_REFUSED: "TikTok refused the token for this event set.",
    Finding.TOKEN_MISSING: "There is no token to check: the secret does not exist or holds none.",
    Finding.SOURCE_REFUSED: "TikTok does not take the event set id of the settings.",
    Finding.MISCONFIGURED: "TikTok does not take requests with these settings.",
    Finding.NOTHING_PROVED: "Nothing was proved: TikTok gave no answer that says anything about the token.",
}

NOT_PROVED = {
    Finding.TOKEN_ACCEPTED: (
        "Not proved, because no event was sent: that the event set id belongs to this token and that its events are"
        " used by a campaign. A test event code in the settings shows a first file in the Test Events tab."
    ),
    Finding.NOTHING_PROVED: "The destination's status stays as it was. Try again in a few minutes.",
}

TODO = {
    Finding.TOKEN_REFUSED: (
        "Make a new token in Events Manager (the data source, Settings, Events API, Generate Access Token; it takes the"
        " role Admin or Operator) for exactly this event set, and put it in with"
        " `conversions destination add NAME --replace`."
    ),
    Finding.TOKEN_MISSING: "Put a token in with `conversions destination add NAME --replace`.",
}

SOURCES = {
    "offline": "the id of an Offline Event Set (digits only), not a pixel code",
    "crm": "the id of a CRM Event Set (digits only), not a pixel code",
    "web": "the pixel code (letters and digits), not an event set id",
}


def lines(check: DestinationCheck) -> list[str]:
    """The finding for a person, the answer it rests on last."""
    shown = [PROVED[check.finding]]
    if check.finding is Finding.SOURCE_REFUSED:
        shown.append(_about_source(check.settings))
    shown += [table[check.finding] for table in (NOT_PROVED, TODO) if check.finding in table]
    answer = check.answer
    if answer is not None:
        entry = return_code(answer.code) if answer.code is not None else None
        parts = [
            f"code {answer.code}" + (f" ({entry.meaning})" if entry else "") if answer.code is not None else "",
            f"field {answer.field}" if answer.field else "",
            f"HTTP {answer.http_status}" if answer.http_status else "",
            answer.cause,
            f"request {answer.request_id}" if answer.request_id else "",
        ]
        shown.append(f"TikTok's answer to a request without events: {', '.join(part for part in parts if part)}.")
    return shown


def _about_source(settings: DestinationSettings) -> str:
    """The sentence behind "Invalid value for event_source_id: not a valid string"."""
    kind = settings.event_source
    return (
        f'Check "event_source_id" in the settings: for "event_source": "{kind}" it has to be {SOURCES[kind]}, as Events'
        " Manager shows it. TikTok words this mistake as code 40002 and an id that is not a valid string, although it"
        " is one."
    )
