"""The report of ``conversions check``, as a page or as text: what the deployed system would write, without AWS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from conversion_delivery.domain.reports.checked_summaries import CheckedFile, checked_summary
from conversion_delivery.domain.reports.report_page import report_html
from conversion_delivery.domain.reports.report_text import report_text

if TYPE_CHECKING:
    from cli.check import CheckResult


def summary_of_check(result: CheckResult, as_of: int) -> dict[str, Any]:
    """The summary behind both forms; ``as_of``: epoch seconds."""
    return checked_summary(
        CheckedFile(
            file=result.file,
            counts=result.counts,
            plan=result.plan,
            reasons=result.reasons,
            warnings=result.warnings,
            first_lines=result.first_lines,
            tally=result.tally,
        ),
        as_of,
    )


def write_report(result: CheckResult, as_of: int, *, html: Path | None, text: bool) -> None:
    """Write the page to ``html``, and print the text. Raises ``OSError``."""
    summary = summary_of_check(result, as_of)
    if html is not None:
        html.write_text(report_html(summary), encoding="utf-8", errors="replace")
    if text:
        print(report_text(summary), end="")
