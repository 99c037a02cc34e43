"""The fast path says what the careful path says, or leaves the row to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.conversions import Conversion
from conversion_delivery.domain.mapping.clean_windows import CleanWindows, Window
from conversion_delivery.domain.mapping.conversion_reader import ConversionReader
from tests.domain.rows_to_read import CLEAN, plan_of

FIELDS = (
    *CLEAN,
    "email",
    "phone",
    "event_id",
    "shop_id",
    "contents[].content_id",
    "contents[].content_name",
    "contents[].content_category",
    "contents[].brand",
    "contents[].quantity",
    "contents[].price",
)
ROW = [*CLEAN.values(), "", "", "", "NYC-014", "P-10", "Mug", "Kitchen", "Acme", "2", "29.95"]
DIGEST = "0a" * 32
DIGEST_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def reader(fields: tuple[str, ...] = FIELDS, **given: Any) -> ConversionReader:
    return ConversionReader(plan_of([(f"column {at}", field) for at, field in enumerate(fields)], **given))


def windows_of(reading: ConversionReader) -> CleanWindows:
    assert reading.clean_windows is not None
    return reading.clean_windows


def judged(reading: ConversionReader, *rows: list[str]) -> Window:
    return windows_of(reading).judge(list(zip(*rows, strict=True)), len(rows))


def read_fast(reading: ConversionReader, rows: list[list[str]]) -> list[Any]:
    """What the fast path makes of the rows, with the codes of the warnings; None for those that it leaves to others."""
    window = judged(reading, *rows)
    conversions = windows_of(reading).conversions(window)
    return [
        None if at in window.doubtful else (conversion[:-1], {code for code, at_ in window.noted.items() if at in at_})
        for at, conversion in enumerate(conversions)
    ]


def changed(field: str, cell: str) -> list[str]:
    cells = ROW.copy()
    cells[FIELDS.index(field)] = cell
    return cells


def with_care(reading: ConversionReader, cells: list[str]) -> Any:
    """The same of the careful path; the verdict where it is no conversion."""
    verdict = reading.read(cells.copy())
    if not isinstance(verdict, Conversion):
        return verdict
    return verdict[:-1], {problem.code for problem in verdict.warnings}


def test_clean_rows_are_read_as_the_careful_path_reads_them() -> None:
    rows = [ROW, changed("order_id", "TT-2"), changed("email", "Ben@Example.com")]
    reading = reader()

    assert read_fast(reading, rows) == [with_care(reader(), row) for row in rows]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("event", "Walk-in"),
        ("event_time", "yesterday"),
        ("event_time", "2026-11-14"),
        ("event_time", "2026-01-05T10:00:00Z"),
        ("event_time", "2026-11-14T10:01:00Z\0"),
        ("event_time", "2026-11-14T10\0Z"),
        ("email", "ava@mail"),
        ("email", "none@none.com"),
        ("email", "None@none.com"),
        ("email", DIGEST_OF_NOTHING),
        ("phone", "+10000000000"),
        ("phone", "+18888888888"),
        ("value", ""),
        ("value", "0.00"),
        ("value", "-1.00"),
        ("value", "€59.90"),
        ("value", "$-1.00"),
        ("value", "$"),
        ("value", "$0.00"),
        ("contents[].price", "€9.95"),
        ("currency", "US$"),
        ("order_id", "4.00077E+13"),
        ("order_id", "4155550101"),
        ("order_id", "14155550101"),
        ("event_id", "4155550101"),
        ("event_id", "ava@example.com"),
        ("contents[].quantity", "1.5"),
        ("contents[].price", "-1.00"),
        ("contents[].content_name", "for ava@example.com"),
        ("contents[].content_name", "+1 415 555 0101"),
        ("contents[].content_name", "x" * 1001),
    ],
)
def test_only_the_row_with_something_odd_is_left_to_the_careful_path(field: str, cell: str) -> None:
    window = judged(reader(), ROW, changed(field, cell), ROW)

    assert window.doubtful == {1}


def test_so_is_a_row_without_identifier() -> None:
    cells = changed("email", "")
    cells[FIELDS.index("phone")] = ""

    assert judged(reader(), cells, ROW).doubtful == {0}


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("phone", "(415) 555-0101"),
        ("phone", "00494155550101"),
        ("email", "o'hara@example.com"),
        ("email", DIGEST),
        ("email", DIGEST.upper()),
        ("value", "1,000.00"),
        ("value", "7"),
        ("event_time", "1794650460"),
        ("event_time", "11/14/2026 3:04:05 PM"),
        ("order_id", "INV 2026/7"),
        ("contents[].content_name", "Mug + saucer"),
        ("value", "$1,234.50"),
        ("value", "59.90 $"),
        ("contents[].price", "$9.95"),
    ],
)
def test_cells_of_other_forms_cost_a_second_look_and_not_the_row(field: str, cell: str) -> None:
    row = changed(field, cell)
    reading = reader(default_country="US", date_order="MDY")

    assert read_fast(reading, [ROW, row]) == [with_care(reading, ROW), with_care(reading, row)]
    assert None not in read_fast(reading, [ROW, row])


@pytest.mark.parametrize("fields", [("event_zone",), ("event_date",), ("value",)])
def test_files_with_columns_that_are_read_together_are_read_with_care(fields: tuple[str, ...]) -> None:
    assert reader((*CLEAN, *fields)).clean_windows is None


def test_so_are_files_whose_refunds_are_taken_off() -> None:
    assert reader((*CLEAN, "refunded_amount"), partial_refunds="net").clean_windows is None
    assert reader((*CLEAN, "refunded_amount")).clean_windows is not None


MORE = ("status", "consent", "country", "content_type", "lead_id", "external_id", "description")
MORE_CELLS = {
    "status": ["paid", "", "Completed", "pending", "cancelled"],
    "consent": ["yes", "", "no", "maybe"],
    "country": ["US", "", "United States", "GB", "DE", "Atlantis", "Wakanda 1"],
    "content_type": ["product", "", "Product Group", "service"],
    "lead_id": ["7300000000000000001", "", "1.5E+18", "lead ava@example.com"],
    "external_id": ["c-1", "", "1.5E+18"],
    "description": ["Table for two", "", "for ava@example.com"],
}
PHONES = ["(415) 555-0101", "415-555-0101", "020 7946 0123", "0151 23450123", "+14155550101", "4155550101", ""]


@given(st.data(), st.sampled_from(["offline", "crm"]), st.booleans(), st.sampled_from([None, "US", "DE"]))
def test_both_paths_agree_on_rows_of_files_with_more_columns(
    data: st.DataObject, source: str, insists: bool, country: str | None
) -> None:
    reading = reader(
        (*CLEAN, *MORE),
        event_source=source,
        require_lead_id=insists,
        require_value_for_purchase=insists,
        default_country=country,
    )
    phones, values = st.sampled_from(PHONES), st.sampled_from(["59.90", "", "N/A", "$5.00", "0.00"])
    clean = {**CLEAN, **{field: cells[0] for field, cells in MORE_CELLS.items()}}
    cells = {field: st.just(cell) | st.sampled_from(MORE_CELLS.get(field, [cell])) for field, cell in clean.items()}
    cells |= {"phone": phones, "value": values, "event": st.sampled_from(["Purchase", "Contact", "Walk-in"])}
    rows = data.draw(st.lists(st.fixed_dictionaries(cells).map(lambda row: list(row.values())), min_size=1, max_size=5))
    for row, fast in zip(rows, read_fast(reading, rows), strict=True):
        assert fast is None or fast == with_care(reading, row)


def test_a_row_of_such_a_file_does_not_need_care() -> None:
    reading = reader((*CLEAN, *MORE), event_source="crm")
    row = [*CLEAN.values(), *(cells[0] for cells in MORE_CELLS.values())]

    assert not judged(reading, row).doubtful


def test_an_event_that_needs_no_amount_may_lack_it() -> None:
    fields = tuple(field for field in CLEAN if field not in ("value", "currency"))
    reading = reader(fields, require_value_for_purchase=False)

    assert not judged(reading, [CLEAN[field] for field in fields]).doubtful
    assert judged(reader(fields), [CLEAN[field] for field in fields]).doubtful == {0}


@pytest.mark.parametrize(
    ("country", "phone"),
    [
        ("", "(415) 555-0101"),
        ("US", "415-555-0101"),
        ("United States", "415.555.0101"),
        ("GB", "020 7946 0123"),
        ("DE", "0151 23450123"),
        ("FR", "06 12 34 56 78"),
        ("ES", "612 34 56 78"),
    ],
)
def test_a_national_number_does_not_need_care(country: str, phone: str) -> None:
    reading = reader((*CLEAN, "country"), default_country="US")
    row = [*({**CLEAN, "phone": phone}).values(), country]

    assert read_fast(reading, [row]) == [with_care(reading, row)]


@given(
    st.lists(
        st.from_regex(
            r"[$€£]{0,2} ?-?[0-9]{0,4}[.,]?[0-9]{0,4}[.,]?[0-9]{0,3} ?[$€£]?|[$€£][0-9]{1,3}[.,][0-9]{2}",
            fullmatch=True,
        ),
        min_size=1,
    ),
    st.lists(st.sampled_from(["USD", "EUR", "", "GBP", "$", "ZZZ"]), min_size=1),
    st.sampled_from([None, "USD", "EUR"]),
    st.sampled_from([".", ",", "auto"]),
)
def test_both_paths_agree_on_every_amount(
    values: list[str], currencies: list[str], default: str | None, mark: str
) -> None:
    reading = reader(default_currency=default, decimal_mark=mark)
    rows = []
    for at, value in enumerate(values):
        row = changed("value" if at % 3 else "contents[].price", value)
        row[FIELDS.index("currency")] = currencies[at % len(currencies)]
        rows.append(row)
    for cells, fast in zip(rows, read_fast(reading, rows), strict=True):
        assert fast is None or fast == with_care(reading, cells)


def test_a_file_with_decimal_commas_has_its_own_plain_amounts() -> None:
    reading = reader(decimal_mark=",")
    row = changed("value", "59,90")
    row[FIELDS.index("contents[].price")] = "9,95"

    assert read_fast(reading, [row]) == [with_care(reading, row)]
    assert None not in read_fast(reading, [row])


CELLS = {
    "event": ["Purchase", "complete payment", "Contact", "Walk-in", ""],
    "event_time": [
        "2026-11-14T10:01:00Z",
        "2026-11-14 10:01:00",
        "1794650460",
        "11/14/2026 10:01:00",
        "2026-10-01",
        "2026-10-19T12:00:00Z",
        "2026-10-19T11:59:59Z",
        "2026-11-16T12:10:00Z",
        "2026-11-16T12:10:01Z",
    ],
    "email": [
        "Ava@Example.COM",
        "a+b@mail.example.org",
        "ava@mail",
        "none@none.com",
        "",
        "n/a",
        "ä@example.com",
        "a" * 64,
        DIGEST,
        DIGEST_OF_NOTHING,
    ],
    "phone": [
        "+14155550101",
        "4155550101",
        "14155550101",
        "+4930231250",
        "0000000000",
        "+999999999",
        "",
        "+5555555555",
        "030 23125042",
        DIGEST,
    ],
    "value": ["59.90", "7", "0.00", "0.01", "1,000.00", "", "-1.00", "999999999999.99", "$5.00", "59,90"],
    "currency": ["USD", "eur", "", "ZZZ", "US$"],
    "order_id": ["TT-1", "#1001", "4155550101", "0101", "1.5E+10", "", "x y", "N/A"],
    "event_id": ["e-1", "", "4155550101", "+14155550101", "ava@example.com"],
    "shop_id": ["NYC", "", "N/A", "shop ava@example.com"],
    "contents[].quantity": ["1", "2.0", "0", "", "10000", "1.5"],
    "contents[].price": ["0.00", "29.95", "", "30", "-1.00", "N/A"],
}


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    """Half of the cells are those of a clean row, so that not every row is odd."""
    texts = st.sampled_from(["Mug", "", '24" Jacket', "null", "to ava@example.com"])
    other = st.text(st.characters(exclude_characters="\r\n"), max_size=6)
    return [
        draw(st.just(clean) | (st.sampled_from(CELLS[field]) | other if field in CELLS else texts))
        for field, clean in zip(FIELDS, ROW, strict=True)
    ]


@given(
    st.lists(rows(), min_size=1, max_size=5),
    st.sampled_from([None, "US", "DE"]),
    st.sampled_from([None, "USD"]),
    st.sampled_from([".", ",", "auto"]),
    st.sampled_from(["UTC", "America/New_York"]),
)
def test_both_paths_agree_on_every_row(
    rows: list[list[str]], country: str | None, currency: str | None, mark: str, zone: str
) -> None:
    given: dict[str, Any] = {"default_country": country, "default_currency": currency}
    given |= {"decimal_mark": mark, "default_timezone": zone}
    reading = reader(**given)
    for cells, fast in zip(rows, read_fast(reading, rows), strict=True):
        assert fast is None or fast == with_care(reader(**given), cells)


@given(
    st.lists(st.from_regex(r"\+?(1|49|4|2|86|353)?[0-9]{5,14}", fullmatch=True), min_size=1, max_size=5),
    st.sampled_from([None, "US", "DE", "IE", "CN"]),
)
def test_both_paths_agree_on_every_number(phones: list[str], country: str | None) -> None:
    reading = reader(default_country=country)
    rows = [changed("phone", phone) for phone in phones]
    for cells, fast in zip(rows, read_fast(reading, rows), strict=True):
        assert fast is None or fast == with_care(reading, cells)


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+14155550101", None),
        ("+14155550101", "DE"),
        ("4155550101", "US"),
        ("+493023125042", "DE"),
        ("+8613912345678", "CN"),
    ],
)
def test_an_ordinary_number_does_not_need_care(phone: str, country: str | None) -> None:
    assert judged(reader(default_country=country), changed("phone", phone)).doubtful == set()
