"""The page in a real browser: it renders, loads nothing, fits a phone, reads well, and runs nothing of the file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types

from tests.browser.conftest import Shower
from tests.browser.pages_to_show import HOSTILE, PAGES

PHONE, DESK = 360, 1280

every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_the_page_renders_without_a_complaint_and_asks_for_nothing_else(shower: Shower, name: str) -> None:
    shown = shower.show(name)

    assert shown.page.locator("h1").inner_text() != ""
    assert shown.messages == []
    assert shown.requests == [shown.url]


@pytest.mark.parametrize("width", [PHONE, DESK])
@every_page
def test_nothing_is_wider_than_the_window(shower: Shower, name: str, width: int) -> None:
    page = shower.show(name, width=width).page
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    too_wide = page.evaluate(
        """width => [...document.body.querySelectorAll("*")]
            .filter(one => one.getBoundingClientRect().right > width + 0.5 && !one.closest("svg"))
            .map(one => one.outerHTML.slice(0, 80))""",
        width,
    )
    assert too_wide == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@every_page
def test_the_page_is_accessible(shower: Shower, name: str, dark: bool) -> None:
    page = shower.show(name, dark=dark).page
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

    found = Axe().run(page)

    assert [violation["id"] for violation in found.response["violations"]] == [], found.generate_report()


def test_the_accessibility_check_sees_what_is_wrong(shower: Shower) -> None:
    page = shower.show("all good").page
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img>')")

    violations = {violation["id"] for violation in Axe().run(page).response["violations"]}

    assert {"html-has-lang", "image-alt"} <= violations


@every_page
def test_every_link_leads_to_a_file_beside_the_page_or_to_the_page_of_a_file_of_the_archive(
    shower: Shower, name: str
) -> None:
    shown = shower.show(name)
    links: list[str] = shown.page.eval_on_selector_all("a", "all => all.map(one => one.href)")

    assert links
    folder = Path(unquote(urlparse(shown.url).path)).parent
    members = {folder.parent / member["file_id"] for member in PAGES[name]().get("members", ())}
    linked = [Path(unquote(urlparse(link).path)) for link in links]
    assert {path.parent for path in linked} <= {folder, *members}
    assert members <= {path.parent for path in linked}
    for path in linked:
        assert path.is_file()


def test_markup_in_names_is_shown_as_text_and_runs_nothing(shower: Shower) -> None:
    shown = shower.show("hostile")
    page = shown.page
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

    assert page.title().startswith("Delivery report")
    assert page.locator("script, img, iframe, object, form").count() == 0
    assert HOSTILE in page.locator("main").inner_text().replace("\n", "")
    assert "\u202e" not in page.content(), "a mark that turns the direction of writing reached the page"
    assert shown.messages == []


def test_the_names_of_an_archives_files_are_shown_as_text_too(shower: Shower) -> None:
    shown = shower.show("archive")

    assert shown.page.locator("script, img, iframe, object, form").count() == 0
    names = shown.page.locator("section:has(h2:text-is('Files of the archive')) tbody th a").all_inner_texts()
    assert names == ["berlin/north.csv", f"{HOSTILE}.csv", "paris.csv"]
    assert "1 of the archive's 3 files was refused." in shown.page.locator("h1").inner_text()
    assert shown.messages == []


def test_the_page_forbids_scripts_and_styles_that_are_not_its_own(shower: Shower) -> None:
    shown = shower.show("all good")
    shown.page.evaluate(
        """() => {
            const style = document.createElement("style");
            style.textContent = "h1 { display: none }";
            document.head.append(style);
            const image = document.createElement("img");
            image.src = "https://example.com/pixel.gif";
            document.body.append(image);
        }"""
    )
    shown.page.wait_for_timeout(200)

    assert shown.page.locator("h1").is_visible()
    assert len([text for text in shown.messages if "Content Security Policy" in text]) == 2, shown.messages


@every_page
def test_on_paper_nothing_is_cut_off(shower: Shower, name: str) -> None:
    page = shower.show(name, width=718).page
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main *, header *")]
            .filter(one => !one.closest("svg") && one.scrollWidth > one.clientWidth + 1
                && getComputedStyle(one).overflowX !== "visible")
            .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF-")


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (PHONE, True), (DESK, False), (DESK, True)])
def test_the_pictures_are_painted(shower: Shower, width: int, dark: bool) -> None:
    page = shower.show("with rejects", width=width, dark=dark).page
    pictures = page.locator("svg.picture")

    assert pictures.count() >= 8
    for at in range(pictures.count()):
        box = pictures.nth(at).bounding_box()
        assert box is not None
        assert box["width"] > 60
        assert box["height"] >= 8
    colours = page.eval_on_selector_all("svg.stack rect", "all => all.map(one => getComputedStyle(one).fill)")
    assert len(set(colours)) == 5, "each outcome has a colour of its own"
