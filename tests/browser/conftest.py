"""A real browser for the tests of the page: the Chromium of this machine, with no profile and no network of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, sync_playwright

from conversion_delivery.domain.reports.report_page import report_html
from local.browser import COMMANDS, found_browser
from tests.browser.pages_to_show import PAGES

FLAGS = [
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
"""Root cannot use the sandbox; the pages under test are our own."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = found_browser()
    if executable is None:
        pytest.skip(f"no browser found: none of {', '.join(COMMANDS)} is on PATH")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


class Shown:
    """One report in one window, and everything the browser had to say about it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.messages: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.messages.append(f"{type(error).__name__} in the page"))
        page.on("request", self._requested)

    def _heard(self, message: ConsoleMessage) -> None:
        self.messages.append(f"{message.type}: {message.text}")

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)


class Shower:
    """Opens reports as a person does: as a file in a browser."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._open: list[Page] = []

    def show(self, name: str, *, width: int = 1280, dark: bool = False) -> Shown:
        summary = PAGES[name]()
        folder = self._folder / "archive"
        folder.mkdir(exist_ok=True)
        file = folder / "report.html"
        file.write_text(report_html(summary), encoding="utf-8")
        for key in summary["reports"].values():
            beside = folder / key.rpartition("/")[2]
            if beside != file:
                beside.write_text("")
        for member in summary.get("members", ()):
            page_of_member = self._folder / member["file_id"] / "report.html"
            page_of_member.parent.mkdir(exist_ok=True)
            page_of_member.write_text("")
        window = ViewportSize(width=width, height=900)
        page = self._browser.new_page(viewport=window, color_scheme="dark" if dark else "light")
        self._open.append(page)
        shown = Shown(page, file.as_uri())
        page.goto(shown.url)
        return shown

    def close(self) -> None:
        for page in self._open:
            page.close()


@pytest.fixture
def shower(browser: Browser, tmp_path: Path) -> Iterator[Shower]:
    opened = Shower(browser, tmp_path)
    yield opened
    opened.close()
