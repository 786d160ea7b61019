"""Every page, in two languages and on two screens, as axe reads it: WCAG 2.2 AA and best practice, in both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.dashboard import Served, served
from tests.test_pages import CHARTED, PAGES, WIDTHS, visit

__all__ = ["served"]

EVIDENCED = "/compare"
"""Read with a figure's evidence open over it."""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_an_accessibility_violation(
    page: Page, served: Served, path: str, language: str, width: int
) -> None:
    """Stops numbers nobody can read: contrast, names, roles, order and language."""
    visit(page, served, f"{path}{'&' if '?' in path else '?'}lang={language}", width)
    if path.startswith(CHARTED):
        page.wait_for_selector(".js-plotly-plot .main-svg")
    if path == EVIDENCED:
        page.locator("main table a[href^='/figure/']").first.click()
        expect(page.get_by_role("dialog").get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == {"light": [], "dark": []}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nor_has_the_plain_page(page: Page, served: Served, language: str) -> None:
    """The page for the slowest line is read aloud, too."""
    page.goto(f"{served.address}/lite?region=SYR&lang={language}")
    assert violations(page) == {"light": [], "dark": []}


def violations(page: Page) -> dict[str, list[tuple[str, list[str]]]]:
    """What axe finds, by theme: the rule, and the first elements that break it."""
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        told = Axe().run(page).response["violations"]
        found[scheme] = [(one["id"], [str(node["target"]) for node in one["nodes"]][:3]) for one in told]
    return found
