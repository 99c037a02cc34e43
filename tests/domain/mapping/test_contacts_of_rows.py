"""Every form of a phone number and an e-mail address of the format paper (4.3, 4.4), with the verdict on its row."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import Conversion, Ignored
from conversion_delivery.domain.explanations import explain
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from tests.domain.mapping.cell_verdicts import outcome
from tests.domain.rows_to_read import CLEAN, plan_of

DIGEST = "9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd"
US: dict[str, Any] = {"default_country": "US"}
DE: dict[str, Any] = {"default_country": "DE"}
FIRST: dict[str, Any] = {"several_values": "first"}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


PHONES = [
    # cell, what is given, code of the warning, what is sent
    ("+14155550123", {}, "", ("+14155550123",)),
    ("0049 30 23125 042", {}, "", ("+493023125042",)),
    ("+49 (0)30 23125 088", {}, "", ("+493023125088",)),
    ("(415) 555-0123", US, "", ("+14155550123",)),
    ("415.555.0123", US, "", ("+14155550123",)),
    ("1-415-555-0123", US, "", ("+14155550123",)),
    ("4155550123", US, "", ("+14155550123",)),
    ("030/23125-099", DE, "", ("+493023125099",)),
    ("'+14155550123", {}, "", ("+14155550123",)),
    ("=+14155550123", {}, "", ("+14155550123",)),
    ('="4155550123"', US, "", ("+14155550123",)),
    ("+1 415 555 0123 ext. 12", {}, "", ("+14155550123",)),
    ("4155550123.0", US, "PHONE_REPAIRED", ("+14155550123",)),
    ("415-555-0123 / 415-555-0124", US, "PHONE_SEVERAL", ("+14155550123", "+14155550124")),
    ('["+14155550123","+14155550124"]', {}, "PHONE_SEVERAL", ("+14155550123", "+14155550124")),
    ("415-555-0123 / 415-555-0124", US | FIRST, "PHONE_SEVERAL", ("+14155550123",)),
    ("n/a; 415-555-0124, 415-555-0125", US | FIRST, "PHONE_SEVERAL", ("+14155550124",)),
    (DIGEST, {}, "", (DIGEST,)),
    (DIGEST.upper(), {}, "", (DIGEST,)),
    ("", {}, "", ()),
    ("NULL", {}, "", ()),
    (sha256(""), {}, "", ()),
    (sha256("NULL").upper(), {}, "", ()),
]


@pytest.mark.parametrize(("cell", "settings", "code", "sent"), PHONES)
def test_a_phone_number_is_used_as_the_paper_says(
    cell: str, settings: dict[str, Any], code: str, sent: tuple[str, ...]
) -> None:
    found = outcome({"phone": cell}, **settings)

    assert (found.verdict, found.codes) == (("warn", (code,)) if code else ("ok", ()))
    assert found.conversion is not None
    assert found.conversion.phones == sent


DROPPED_PHONES = [
    ("(415) 555-0123", {}, "PHONE_NO_COUNTRY"),
    ("415.555.0123", {}, "PHONE_NO_COUNTRY"),
    ("1-415-555-0123", {}, "PHONE_NO_COUNTRY"),
    ("030/23125-099", {}, "PHONE_NO_COUNTRY"),
    ("1.61755E+10", US, "PHONE_SCIENTIFIC"),
    ("5550123", US, "PHONE_INVALID"),
    ("0000000000", US, "PHONE_PLACEHOLDER"),
    ("0000000000", {}, "PHONE_PLACEHOLDER"),
    ("1234567890", US, "PHONE_PLACEHOLDER"),
    ("555-555-5555", US, "PHONE_PLACEHOLDER"),
    ("+15555555555", US, "PHONE_PLACEHOLDER"),
    ("9999999999", US, "PHONE_PLACEHOLDER"),
    ("CALL ME", US, "PHONE_INVALID"),
    ("030/23125-099", US, "PHONE_INVALID"),
    ("true", US, "PHONE_INVALID"),
    ("f" * 32, US, "PHONE_DIGEST_TYPE"),
    (DIGEST[:-1], US, "PHONE_DIGEST_DAMAGED"),
]
EMAILS = [
    ("Ava@Example.COM", {}, "", ("ava@example.com",)),
    (" ava@example.com ", {}, "", ("ava@example.com",)),
    ("\u00a0ava@example.com\u00a0", {}, "", ("ava@example.com",)),
    ("a.v.a+shop@gmail.com", {}, "", ("a.v.a+shop@gmail.com",)),
    ("a@x.com;b@x.com", {}, "EMAIL_SEVERAL", ("a@x.com", "b@x.com")),
    ('["a@x.com","b@x.com"]', {}, "EMAIL_SEVERAL", ("a@x.com", "b@x.com")),
    ("a@x.com;b@x.com", FIRST, "EMAIL_SEVERAL", ("a@x.com",)),
    ('["broken","b@x.com"]', FIRST, "EMAIL_SEVERAL", ("b@x.com",)),
    ("Name <a@x.com>", {}, "EMAIL_REPAIRED", ("a@x.com",)),
    ("Name (a@x.com)", {}, "EMAIL_REPAIRED", ("a@x.com",)),
    ("mailto:a@x.com", {}, "EMAIL_REPAIRED", ("a@x.com",)),
    ("a@x.com.", {}, "EMAIL_REPAIRED", ("a@x.com",)),
    ("a@x.com,", {}, "EMAIL_REPAIRED", ("a@x.com",)),
    ("jürgen@example.de", {}, "EMAIL_NON_ASCII", ("jürgen@example.de",)),
    (DIGEST, {}, "", (DIGEST,)),
    (DIGEST.upper(), {}, "", (DIGEST,)),
    *[
        (word, {}, "", ())
        for word in ("null", "None", "N/A", "NA", "nil", "Undefined", "-", "\\N", "(blank)", "#N/A", "keine")
    ],
    ("Sin Correo", {}, "", ()),
    (sha256(""), {}, "", ()),
    (sha256("null"), {}, "", ()),
    (sha256("N/A").upper(), {}, "", ()),
]


@pytest.mark.parametrize(("cell", "settings", "code", "sent"), EMAILS)
def test_an_address_is_used_as_the_paper_says(
    cell: str, settings: dict[str, Any], code: str, sent: tuple[str, ...]
) -> None:
    found = outcome({"email": cell}, **settings)

    assert (found.verdict, found.codes) == (("warn", (code,)) if code else ("ok", ()))
    assert found.conversion is not None
    assert found.conversion.emails == sent


DROPPED_EMAILS = [
    ("ava lopez@example.com", "EMAIL_INVALID"),
    ("ava@@example.com", "EMAIL_INVALID"),
    ("ava@x@example.com", "EMAIL_INVALID"),
    ("ava@mail", "EMAIL_INVALID"),
    ("#VALUE!", "EMAIL_INVALID"),
    ("#REF!", "EMAIL_INVALID"),
    ("test@test.com", "EMAIL_PLACEHOLDER"),
    ("noemail@noemail.com", "EMAIL_PLACEHOLDER"),
    ("noreply@noreply.com", "EMAIL_PLACEHOLDER"),
    ("f" * 32, "EMAIL_DIGEST_TYPE"),
    ("F" * 40, "EMAIL_DIGEST_TYPE"),
    (DIGEST[:-1], "EMAIL_DIGEST_DAMAGED"),
    (f"{DIGEST}0", "EMAIL_DIGEST_DAMAGED"),
    (f"{DIGEST[:-1]}g", "EMAIL_DIGEST_DAMAGED"),
]
DROPPED = [
    *[("phone", cell, settings, code) for cell, settings, code in DROPPED_PHONES],
    *[("email", cell, {}, code) for cell, code in DROPPED_EMAILS],
]


@pytest.mark.parametrize(("field", "cell", "settings", "code"), DROPPED)
def test_what_is_none_is_left_out_while_another_identifier_is_there_and_else_rejects_the_row(
    field: str, cell: str, settings: dict[str, Any], code: str
) -> None:
    other = {"phone": "email", "email": "phone"}[field]
    kept = outcome({field: cell}, **settings)
    alone = outcome({field: cell, other: ""}, **settings)

    assert (kept.verdict, kept.codes) == ("drop", (code,))
    assert kept.conversion is not None
    assert getattr(kept.conversion, f"{field}s") == ()
    assert (alone.verdict, alone.codes) == ("reject", (code,))


def test_the_rows_country_comes_before_the_destinations() -> None:
    found = outcome({"phone": "030/23125-099", "country": "DE"}, **US)

    assert found.conversion is not None
    assert found.conversion.phones == ("+493023125099",)


def read(fields: list[tuple[str, str]], **settings: Any) -> Conversion:
    columns = [(f"{field}_{at}", field) for at, (field, _) in enumerate(fields)]
    columns += [(field, field) for field in CLEAN if field not in ("email", "phone")]
    cells = [cell for _, cell in fields] + [cell for field, cell in CLEAN.items() if field not in ("email", "phone")]
    verdict = ConversionReader(plan_of(columns, **settings)).read(cells)
    assert isinstance(verdict, Conversion)
    return verdict


@pytest.mark.parametrize("settings", [{}, FIRST])
def test_every_column_of_a_row_is_sent_once(settings: dict[str, Any]) -> None:
    """``several_values`` is about several values in one cell."""
    verdict = read(
        [
            ("email", "ava@x.com"),
            ("email", "AVA@X.com"),
            ("email", "ben@x.com"),
            ("email", sha256("ben@x.com")),
            ("phone", "+14155550123"),
            ("phone", "+1 415 555 0123"),
            ("phone", sha256("+14155550123")),
            ("phone", DIGEST),
        ],
        **settings,
    )

    assert verdict.emails == ("ava@x.com", "ben@x.com")
    assert verdict.phones == ("+14155550123", DIGEST)


def test_digests_alone_are_all_sent() -> None:
    verdict = read([("email", DIGEST), ("email", sha256("ben@x.com"))])

    assert verdict.emails == (DIGEST, sha256("ben@x.com"))


LOCAL_PARTS = st.from_regex(r"\A[a-z][a-z0-9]{5,15}\Z")
FORMS = st.sampled_from(
    ["{}@mail", "{}@@x.com", "{} @x.com", "<{}@x.com", "{}@a.com;{}@b.com", "mailto:{}@x.com", "x {}"]
)


@given(LOCAL_PARTS, FORMS, st.sampled_from(["email", "phone", "event_time", "value", "currency", "event", "status"]))
def test_no_sentence_shows_the_name_of_an_address(local: str, form: str, field: str) -> None:
    row = CLEAN | {field: form.format(local, local)} | {"phone" if field == "email" else "email": ""}
    verdict = ConversionReader(plan_of([(name, name) for name in row])).read(list(row.values()))
    if isinstance(verdict, Ignored):
        problems = [verdict.problem]
    else:
        problems = [*verdict.warnings, *(() if isinstance(verdict, Conversion) else verdict.problems)]

    if "@" in row[field] or field != "event":
        assert all(local not in explain(problem) for problem in problems)
