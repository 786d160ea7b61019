"""What the server writes before any script runs: the same page, whole, for slow lines and scriptless browsers."""

import pytest
import requests
from dash import dcc, html
from playwright.sync_api import Browser, Page, Route, expect

from dashboards.markup import markup
from tests.dashboard import Served, served

__all__ = ["served"]

PAGES = (
    "/", "/region", "/map", "/borders", "/access", "/compare", "/changes?since=2020-01-01",
    "/signals?published_by=2024-12-14", "/data", "/data-health", "/methods", "/figure/D1",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_the_first_page_says_what_the_application_says(page: Page, browser: Browser, served: Served, path: str) -> None:
    """A number that changes while the page loads is quoted twice, differently."""
    still = browser.new_context(java_script_enabled=False).new_page()
    still.goto(served.address + path)
    written = still.locator("#first").inner_text()
    still.context.close()
    page.goto(served.address + path)
    expect(page.locator("#first")).to_have_count(0)
    # A chart has words of its own, and comes when it comes.
    page.add_style_tag(content=".dash-graph { display: none !important; }")
    # What only a script can do is offered where scripts run.
    shown = page.locator("#react-entry-point").inner_text().replace("Copy citation", "").replace("Picture (PNG)", "")
    assert shown.split() == written.split()
    assert len(written) > 400


def test_the_form_works_without_scripts(browser: Browser, served: Served) -> None:
    """Where scripts are blocked, a choice that does nothing shows another country's numbers as the chosen one's."""
    still = browser.new_context(java_script_enabled=False).new_page()
    still.goto(f"{served.address}/region?region=SYR")
    still.locator("#choose-region").select_option("LBN")
    still.get_by_role("button", name="Show").click()
    expect(still.locator("h1")).to_have_text("Lebanon")
    still.context.close()


def test_the_page_is_not_taken_from_under_a_reader(page: Page, served: Served) -> None:
    """A choice that is made while the application loads is lost, and the reader takes the default for it."""
    held: list[Route] = []
    page.route("**/_dash-layout", lambda route: held.append(route))
    page.goto(f"{served.address}/data?region=SYR")
    page.locator("#first #choose-region").select_option("LBN")
    for route in held:
        route.continue_()
    page.unroute("**/_dash-layout")
    page.wait_for_selector("#react-entry-point main", state="attached")
    expect(page.locator("#first #choose-region")).to_have_value("LBN")
    page.locator("#first").get_by_role("button", name="Show").click()
    expect(page.locator("h1")).to_have_text("Data about Lebanon")


def test_the_application_need_not_ask_for_what_the_server_wrote(page: Page, served: Served) -> None:
    """A second of a slow line's time for each page, to be told the same again."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(served.address)))
    page.goto(f"{served.address}/region?region=SYR&topic=displacement")
    page.wait_for_selector("#aligned-SYR .main-svg")
    expect(page.locator("#first")).to_have_count(0)
    page.locator("#choose-region").select_option("LBN")
    page.locator("#choose-topic").select_option("refugees")
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector("#aligned-LBN .main-svg")
    expect(page.locator("#first")).to_have_count(0)
    assert [one for one in asked if "_dash-update-component" in one] == []
    # What it has no answer to, it asks.
    page.go_back()
    page.wait_for_selector("#aligned-SYR .main-svg")
    assert len([one for one in asked if "_dash-update-component" in one]) == 1


def test_what_a_source_says_is_text() -> None:
    """A name with a tag in it would run in every reader's browser."""
    evil = "<script>alert(1)</script>\"'%FIRST%"
    component = html.P([evil, None, 0, html.A(evil, href=f"/?{evil}"), dcc.Input(value=evil, type="text", id="i")])
    text = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;%FIRST%"
    assert markup(component) == (
        f'<p>{text}0<a href="/?{text}">{text}</a><input value="{text}" type="text" id="i"></p>'
    )


def test_a_first_page_is_small(served: Served) -> None:
    """On the slow line it is for, a page of a megabyte comes after the deadline."""
    answer = requests.get(f"{served.address}/?region=SYR", headers={"Accept-Encoding": "gzip"}, stream=True, timeout=30)
    assert len(answer.raw.read(decode_content=False)) < 20_000
