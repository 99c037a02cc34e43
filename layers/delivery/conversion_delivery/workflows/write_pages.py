"""The parts of a report that are made of its summary alone: the summary itself, and the same for persons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conversion_delivery.domain.reports.report_page import report_html
from conversion_delivery.domain.reports.report_text import report_text
from conversion_delivery.workflows.ports import ReportStore


def page_keys(folder: str) -> dict[str, str]:
    """Where the pages for persons lie, by their kind."""
    return {"html": f"{folder}report.html", "text": f"{folder}report.txt"}


def write_pages(store: ReportStore, reports: Mapping[str, str], summary: Mapping[str, Any]) -> None:
    """Write ``reports["summary"]``, ``["html"]`` and ``["text"]``.

    A name or a header may hold bytes that are no text; what stands for them is shown as a question mark.
    """
    body = json.dumps(summary, indent=2, ensure_ascii=False)
    for kind, text, media in (
        ("summary", body, "application/json"),
        ("html", report_html(summary), "text/html; charset=utf-8"),
        ("text", report_text(summary), "text/plain; charset=utf-8"),
    ):
        store.put(reports[kind], text.encode("utf-8", "replace"), media)
