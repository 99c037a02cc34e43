"""report.html: one page for the person who dropped the file. It loads nothing and runs nothing.

In: a summary document alone. Out: HTML. Everything that comes from the file is escaped and set apart (``foreign``).
"""

from __future__ import annotations

from conversion_delivery.domain.reports.report_charts import days_card, keys_card, value_card
from conversion_delivery.domain.reports.report_markup import Html, foreign, joined, prose, tag
from conversion_delivery.domain.reports.report_members import members_card
from conversion_delivery.domain.reports.report_reading import reading_card
from conversion_delivery.domain.reports.report_sections import (
    causes_card,
    files_card,
    quiet_card,
    support_card,
    totals_card,
)
from conversion_delivery.domain.reports.report_sentences import (
    NOTHING_TO_DO,
    Headline,
    Summary,
    Tone,
    expectations,
    headline,
    returned_file,
)
from conversion_delivery.domain.reports.report_style import POLICY, STYLE
from conversion_delivery.domain.reports.report_times import shown_time

BADGES = {Tone.GOOD: "All good", Tone.ATTENTION: "Please act", Tone.FAILURE: "File refused"}


def report_html(summary: Summary) -> str:
    """The page; the same for the same summary."""
    said = headline(summary)
    main = tag(
        "main",
        _todo(summary, said),
        members_card(summary),
        totals_card(summary),
        causes_card(summary),
        value_card(summary),
        tag("div", days_card(summary), keys_card(summary), class_="pair"),
        quiet_card(summary),
        _expectations(summary),
        reading_card(summary),
        files_card(summary),
        support_card(summary),
    )
    body = tag("body", _top(summary, said), main, _foot(summary))
    return "<!DOCTYPE html>\n" + tag("html", _head(summary), body, lang="en") + "\n"


def _head(summary: Summary) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"Delivery report: {summary['file']['name']}"),
        tag("style", Html(STYLE)),
    )


def _top(summary: Summary, said: Headline) -> Html:
    badge = "Checked, nothing sent" if summary["state"] == "VALIDATED" else BADGES[said.tone]
    destination = summary["destination"]
    about = joined(
        foreign(summary["file"]["name"]),
        joined(" for ", foreign(destination)) if destination else None,
        f", received {shown_time(summary['received_at'])}",
    )
    return tag(
        "header",
        tag("span", badge, class_=f"badge {said.tone.value}"),
        tag("h1", said.sentence),
        tag("p", about, class_="soft"),
    )


def _todo(summary: Summary, said: Headline) -> Html:
    if not said.todo:
        what = tag("p", NOTHING_TO_DO)
    elif len(said.todo) == 1:
        what = tag("p", prose(said.todo[0]))
    else:
        what = tag("ol", *(tag("li", prose(step)) for step in said.todo))
    rejected = returned_file(summary)
    link = tag("p", tag("a", f"Open {rejected}", href=rejected, class_="button")) if rejected else None
    return tag("section", tag("h2", "What to do"), what, link, class_=f"card todo {said.tone.value}")


def _expectations(summary: Summary) -> Html | None:
    texts = expectations(summary)
    if not texts:
        return None
    items = tag("ul", *(tag("li", text) for text in texts), class_="plain")
    return tag("section", tag("h2", "What to expect at TikTok"), items, class_="card")


def _foot(summary: Summary) -> Html:
    return tag("footer", tag("p", f"Finished {shown_time(summary['finished_at'])}. Times are UTC unless said."))
