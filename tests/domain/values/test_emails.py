"""Every form of an e-mail address that the format paper lists."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import CellFinding
from conversion_delivery.domain.values.emails import EmailReader

EMAILS = EmailReader()
DIGEST = "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f"

OK = [
    ("ava.lopez@example.com", "ava.lopez@example.com"),
    ("Ava.Lopez@Example.COM", "ava.lopez@example.com"),
    ("  ava@example.com\t", "ava@example.com"),
    ("\u00a0ava@example.com\u00a0", "ava@example.com"),
    ("\ufeffava@example.com\u200b", "ava@example.com"),
    ("a.v.a+shop@gmail.com", "a.v.a+shop@gmail.com"),
    ("o'brien@example.com", "o'brien@example.com"),
    ("'ava@example.com", "ava@example.com"),
    ('="ava@example.com"', "ava@example.com"),
    ("a@b.co", "a@b.co"),
    ("_a-b@mail.shop.co.uk", "_a-b@mail.shop.co.uk"),
    ("-a@example.com", "-a@example.com"),
    ("a/b@example.com", "a/b@example.com"),
    ("a@example.xn--p1ai", "a@example.xn--p1ai"),
    (DIGEST, DIGEST),
    (DIGEST.upper(), DIGEST),
    (f" {DIGEST} ", DIGEST),
]


@pytest.mark.parametrize(("cell", "expected"), OK)
def test_a_listed_form_is_trimmed_and_lowered_and_otherwise_kept(cell: str, expected: str) -> None:
    assert EMAILS.read(cell) == expected


def test_the_digest_that_tiktok_documents_comes_out() -> None:
    address = EMAILS.read(" Alice_ABC@gmail.com")

    assert isinstance(address, str)
    assert hashlib.sha256(address.encode()).hexdigest() == DIGEST


NOTHING = [
    "",
    " ",
    "null",
    "None",
    "N/A",
    "na",
    "nil",
    "undefined",
    "-",
    "\\N",
    "(blank)",
    "#N/A",
    "keine",
    "sin correo",
]


@pytest.mark.parametrize("cell", NOTHING)
def test_words_for_nothing_and_their_digests_are_an_empty_text(cell: str) -> None:
    assert EMAILS.read(cell) == ""
    assert EMAILS.read(hashlib.sha256(cell.strip().encode()).hexdigest()) == ""


WARNED = [
    ("ava@x.com;ben@x.com", "EMAIL_SEVERAL", ("ava@x.com", "ben@x.com")),
    ("Ava@x.com, ben@x.com", "EMAIL_SEVERAL", ("ava@x.com", "ben@x.com")),
    ("ava@x.com|ava@x.com", "EMAIL_SEVERAL", ("ava@x.com",)),
    ('["ava@x.com", "ben@x.com"]', "EMAIL_SEVERAL", ("ava@x.com", "ben@x.com")),
    ('["ava@x.com"]', "EMAIL_REPAIRED", ("ava@x.com",)),
    ("ava@x.com;nonsense@;n/a", "EMAIL_SEVERAL", ("ava@x.com",)),
    ("ava@x.com; Ben <ben@x.com>", "EMAIL_SEVERAL", ("ava@x.com", "ben@x.com")),
    (f"{'a' * 64};{'B' * 64}", "EMAIL_SEVERAL", ("a" * 64, "b" * 64)),
    ("Ava Lopez <ava@x.com>", "EMAIL_REPAIRED", ("ava@x.com",)),
    ("Lopez, Ava <Ava@x.com>", "EMAIL_REPAIRED", ("ava@x.com",)),
    ("Ava Lopez (ava@x.com)", "EMAIL_REPAIRED", ("ava@x.com",)),
    ("<ava@x.com>", "EMAIL_REPAIRED", ("ava@x.com",)),
    ("mailto:ava@x.com?subject=hi", "EMAIL_REPAIRED", ("ava@x.com",)),
    ("Ava <mailto:ava@x.com>", "EMAIL_REPAIRED", ("ava@x.com",)),
    ("ava@x.com.", "EMAIL_REPAIRED", ("ava@x.com",)),
    ("ava@x.com,", "EMAIL_REPAIRED", ("ava@x.com",)),
    ('"ava@x.com"', "EMAIL_REPAIRED", ("ava@x.com",)),
    ("jürgen@example.de", "EMAIL_NON_ASCII", ("jürgen@example.de",)),
    ("Jürgen@Exämple.de", "EMAIL_NON_ASCII", ("jürgen@exämple.de",)),
]


@pytest.mark.parametrize(("cell", "code", "addresses"), WARNED)
def test_a_repaired_address_is_used_with_a_warning(cell: str, code: str, addresses: tuple[str, ...]) -> None:
    found = EMAILS.read(cell)

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == (code, addresses)


REFUSED = [
    ("ava lopez@example.com", "EMAIL_INVALID"),
    ("ava@@example.com", "EMAIL_INVALID"),
    ("ava@x@example.com", "EMAIL_INVALID"),
    ("ava@mail", "EMAIL_INVALID"),
    ("@example.com", "EMAIL_INVALID"),
    ("ava@", "EMAIL_INVALID"),
    ("ava@example..com", "EMAIL_INVALID"),
    ("ava@.com", "EMAIL_INVALID"),
    ("ava@[192.0.2.1]", "EMAIL_INVALID"),
    ("ava@192.0.2.1", "EMAIL_INVALID"),
    (".ava@example.com", "EMAIL_INVALID"),
    ("a" * 65 + "@example.com", "EMAIL_INVALID"),
    ("#VALUE!", "EMAIL_INVALID"),
    ("ava", "EMAIL_INVALID"),
    ("ava@x;ben@", "EMAIL_INVALID"),
    ("[1, 2]", "EMAIL_INVALID"),
    ('["ava', "EMAIL_INVALID"),
    ("[" * 100_000, "EMAIL_INVALID"),
    ("@" * 5_000, "EMAIL_INVALID"),
    ("+14155550123", "EMAIL_INVALID"),
    ("test@test.com", "EMAIL_PLACEHOLDER"),
    (" NoEmail@NoEmail.com", "EMAIL_PLACEHOLDER"),
    ("f" * 32, "EMAIL_DIGEST_TYPE"),
    ("F" * 40, "EMAIL_DIGEST_TYPE"),
    ("f" * 128, "EMAIL_DIGEST_TYPE"),
    ("A" * 43 + "=", "EMAIL_DIGEST_TYPE"),
    ("f" * 63, "EMAIL_DIGEST_DAMAGED"),
    ("f" * 65, "EMAIL_DIGEST_DAMAGED"),
    ("f" * 63 + "g", "EMAIL_DIGEST_DAMAGED"),
]


@pytest.mark.parametrize(("cell", "code"), REFUSED)
def test_what_is_no_address_is_refused_with_its_code(cell: str, code: str) -> None:
    found = EMAILS.read(cell)

    assert isinstance(found, CellFinding)
    assert (found.code, found.value) == (code, None)


CELLS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="aB1@.;,<> é\u00a0İ'\"[]", max_size=30),
    st.emails(),
    st.emails().map(lambda address: f"Ann <{address}>,"),
)


@settings(max_examples=1000, deadline=None)
@given(CELLS)
def test_any_text_is_read_and_what_comes_out_reads_as_itself(cell: str) -> None:
    found = EMAILS.read(cell)
    values = (found.value or ()) if isinstance(found, CellFinding) else (found,)

    for value in values:
        assert value == value.strip().lower()
        again = EMAILS.read(value)
        assert again == value or (isinstance(again, CellFinding) and again.value == (value,))


LOCALS = st.from_regex(r"\A[a-z0-9][a-z0-9.]{1,20}[a-z0-9]\Z")


@settings(max_examples=500, deadline=None)
@given(
    LOCALS, st.sampled_from(["{}@shop.example", "{}@mail", "{} @shop.example", "<{}@shop.com>", "{}@a.com;{}@b.com"])
)
def test_a_finding_never_shows_the_name_of_an_address(local: str, form: str) -> None:
    found = EMAILS.read(form.format(local, local))

    if isinstance(found, CellFinding):
        assert local not in found.shown
