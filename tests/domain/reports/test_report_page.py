"""The page as text: whole, escaped, self-contained. How it looks is tested in a browser (tests/browser)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.domain.reports.report_causes import ignored_causes, reject_causes, warning_causes
from conversion_delivery.domain.reports.report_charts import LONGEST_GAP
from conversion_delivery.domain.reports.report_markup import breakable, foreign, prose, tag
from conversion_delivery.domain.reports.report_page import report_html
from conversion_delivery.domain.reports.report_pictures import Column, bar, columns, stacked_bar
from conversion_delivery.domain.reports.report_totals import Part
from tests.domain.reports.built_summaries import delivered_event, reading_plan, summary

VOID = {"meta", "br", "wbr", "rect"}


class Nesting(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(name)
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        if name not in VOID:
            assert self.open.pop() == name


def elements_of(page: str) -> set[str]:
    parser = Nesting()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser.seen


RICH = summary(
    {"delivered": 4, "refused": 1, "duplicate": 2, "review": 1},
    codes={"ALREADY_DELIVERED": 2, "TIKTOK_REFUSED:40002:user.email": 1, "OUTCOME_UNKNOWN": 1},
    rejected={"EMAIL_INVALID": 2},
    ignored={"ROW_BLANK": 1},
    warnings={"VALUE_ZERO": 1},
    events=[delivered_event(), delivered_event(3, "EUR"), delivered_event(None, "", event="Contact")],
)


@pytest.mark.parametrize(
    "document", [RICH, summary(), summary(refused=("FILE_EMPTY", {})), summary(would_send=3, key="validate/shop/a.csv")]
)
def test_the_page_is_well_formed_and_holds_neither_scripts_nor_resources(document: dict[str, object]) -> None:
    page = report_html(document)

    assert elements_of(page).isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "base"})
    assert re.findall(r"""\b(?:src|srcset|action|style|on\w+)=""", page) == []
    assert "url(" not in page
    assert "@import" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_the_policy_allows_exactly_the_style_of_the_page() -> None:
    page = report_html(RICH)

    assert "default-src &#x27;none&#x27;" in page
    assert "unsafe-inline" not in page


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_of_a_file_becomes_markup(name: str, header: str) -> None:
    markup = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    plan = reading_plan(header + markup, event_map={markup + header: "Purchase"})
    page = report_html(summary({"delivered": 1}, key=f"uploads/shop/{name.replace('/', '')}{markup}", plan=plan))

    assert elements_of(page).isdisjoint({"script", "img"})


def test_characters_that_steer_are_replaced() -> None:
    assert tag("p", "a\x00b\u202ec\ud800") == "<p>a\ufffdb\ufffdc\ufffd</p>"
    assert foreign("<b>") == '<bdi class="foreign">&lt;b&gt;</bdi>'


def test_elements_leave_out_what_is_not_given() -> None:
    assert (
        tag("a", None, "x", class_=None, hidden=False, open=True, aria_label='"') == '<a open aria-label="&quot;">x</a>'
    )


def test_names_of_settings_are_set_apart() -> None:
    assert prose("Set `columns` <now>.") == "Set <code>columns</code> &lt;now&gt;."
    assert breakable("1,234,567.50") == "1,234,567.50"
    assert breakable("1,234,567,890,123,456.50") == "1,<wbr>234,<wbr>567,<wbr>890,<wbr>123,<wbr>456.50"


def test_the_totals_are_on_the_page() -> None:
    page = report_html(RICH)

    for text in (
        "Rows read",
        "Delivered to TikTok",
        "Refused by TikTok",
        "In review by a person",
        "Left out on purpose",
    ):
        assert text in page


def test_many_causes_are_folded_and_none_is_lost() -> None:
    rejected = {f"CODE_{number}": 50 - number for number in range(40)}
    page = report_html(summary({"delivered": 1}, rejected=rejected))

    assert "30 further causes" in page
    assert all(f"<code>{code}</code>" in page for code in rejected)


def test_causes_are_sorted_into_trouble_good_reasons_and_remarks() -> None:
    assert [cause.code for cause in reject_causes(RICH)] == [
        "EMAIL_INVALID",
        "OUTCOME_UNKNOWN",
        "TIKTOK_REFUSED:40002:user.email",
    ]
    assert [cause.code for cause in ignored_causes(RICH)] == ["ALREADY_DELIVERED", "ROW_BLANK"]
    assert [cause.title for cause in warning_causes(RICH)] == ["Value zero"]


def test_days_without_events_leave_a_gap() -> None:
    page = report_html(summary({"delivered": 2}, events=[delivered_event(days_ago=1), delivered_event(days_ago=3)]))

    assert "17 November 2026: 1, 18 November 2026: 0, 19 November 2026: 1" in page


def test_a_span_of_years_shows_only_the_days_with_events() -> None:
    events = [delivered_event(days_ago=1), delivered_event(days_ago=LONGEST_GAP + 10)]
    page = report_html(summary({"delivered": 2}, events=events))

    assert page.count("<g>") == 2


def test_days_that_are_summed_up_are_said() -> None:
    events = [delivered_event(days_ago=day) for day in range(1, 80)]

    assert "19 events lie before the days shown." in report_html(summary({"delivered": 79}, events=events))


def widths(picture: str) -> list[float]:
    return [float(width) for width in re.findall(r'width="([\d.e+]+)"', picture)]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_the_parts_of_a_bar_fill_it_and_all_can_be_seen(numbers: list[int]) -> None:
    shown = widths(stacked_bar([Part("delivered", "delivered", number) for number in numbers], "All"))

    assert len(shown) == len(numbers)
    assert min(shown) >= 1
    assert sum(shown) <= 1000


def test_a_bar_of_nothing_is_empty_and_a_bar_of_little_is_not() -> None:
    assert len(widths(bar(0, "rejected", "None", "0 rows"))) == 1
    assert widths(bar(1e-9, "rejected", "Few", "1 row"))[1] >= 1
    assert widths(bar(1, "rejected", "All", "9 rows"))[1] == 1000


def test_pictures_say_in_words_what_they_show() -> None:
    picture = columns([Column("Monday", 3), Column("Tuesday", 0)], "Events per day")

    assert "<title>Events per day</title>" in picture
    assert "<desc>Monday: 3, Tuesday: 0</desc>" in picture
    assert 'role="img"' in picture
    assert columns([], "Nothing") != ""


def test_the_page_is_the_same_for_the_same_summary() -> None:
    assert report_html(RICH) == report_html(RICH)
