"""The dashboard in a real browser: what a person sees, reaches by keyboard, and takes away as CSV."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from playwright.sync_api import Error, Page, Route, expect
from sqlalchemy import update

from dashboards.app import create_app
from dashboards.pages.access import countable
from ingest.contract import discover
from ingest.run import run_source
from tests.dashboard import Served, serve, served
from tests.samples import OWN, payload
from tests.stores import Templates
from tracker.database import open_store, writing
from tracker.tables import Publication, Source
from tracker.vocabulary import Trigger

__all__ = ["served"]

PAGES = (
    "/", "/region", "/map", "/borders", "/access", "/compare", "/people", "/changes",
    "/signals?published_by=2024-12-14", "/data", "/data-health", "/methods", "/figure/D1",
)  # fmt: skip
CHARTED = ("/region", "/borders", "/access")
WIDTHS = (1280, 390)
FILES = "main a[href^='/csv/']:not([href*='datapackage'])"


def visit(page: Page, served: Served, path: str, width: int = 1280) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(served.address + path)
    # The page is there before the application that takes its place.
    expect(page.locator("#first")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_draws_itself_whole(page: Page, served: Served, path: str, width: int) -> None:
    """Stops a page that stays empty, runs off a phone's screen, or lacks the landmarks a screen reader jumps by."""
    visit(page, served, path, width)
    if path in CHARTED:
        page.wait_for_selector(".js-plotly-plot .main-svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for landmark in ("header", "nav[aria-label=Pages]", "main", "footer"):
        assert page.locator(landmark).count() == 1, landmark
    assert page.locator("h1").count() == 1
    assert page.locator(".modebar-btn").count() == 0


def test_the_syria_page_shows_the_370_000_with_both_sources(page: Page, served: Served) -> None:
    """Stops the article's "over" and the UN's "at least" from becoming one bare number."""
    visit(page, served, "/region?region=SYR")
    table = page.get_by_role("table", name="Every figure behind the chart of Syria")
    article = table.get_by_role("row").filter(has_text="more than 370,000 persons")
    expect(article).to_have_count(1)
    expect(article).to_contain_text("News article, December 2024")
    expect(article).to_contain_text("a relay")
    primary = table.get_by_role("row").filter(has_text="at least 370,000 persons")
    expect(primary).to_have_count(1)
    expect(primary).to_contain_text("OCHA")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    labels = page.locator(".js-plotly-plot .textpoint").all_text_contents()
    assert ">370,000 News article" in labels
    assert "≥370,000 OCHA" in labels


def test_a_number_leads_to_the_sentence_it_comes_from(page: Page, served: Served) -> None:
    """Stops a number nobody can defend."""
    visit(page, served, "/region?region=SYR")
    page.get_by_role("row").filter(has_text="more than 370,000 persons").get_by_role("link").click()
    evidence = page.get_by_role("dialog")
    expect(evidence.locator("blockquote")).to_have_text("Over 370,000 people have been displaced in recent weeks")
    evidence.get_by_role("link").first.click()
    expect(evidence.get_by_role("heading", level=1)).to_contain_text("at least 370,000 persons")
    expect(evidence).to_contain_text("OCHA")


def test_what_is_on_screen_is_what_is_in_the_csv(page: Page, served: Served) -> None:
    """Stops a chart and its CSV from telling two stories."""
    visit(page, served, "/data?region=SYR&kind=displacement&period=crisis")
    shown = page.locator("main table").first.locator("tbody tr")
    link = page.get_by_role("link", name="CSV of this view").first.get_attribute("href") or ""
    text = requests.get(urljoin(served.address, link), timeout=30).content.decode("utf-8-sig")
    rows = {row["observation_id"]: row for row in csv.DictReader(io.StringIO(text))}
    caption = page.locator("main table caption").first.inner_text()
    assert caption.startswith(f"{len(rows):,} rows")
    for row in shown.all():
        number_shown = row.locator("td").first.inner_text()
        observation = rows[row.get_by_role("link").inner_text()]
        value = observation["value"] or observation["value_high"]
        if value:
            assert f"{int(value):,}" in number_shown


def test_trend_ends_in_the_key_figure(page: Page, served: Served) -> None:
    """5,964,000 above and 5,542,227 below, both of one day, on one page: a reader quotes either, or neither."""
    visit(page, served, "/?region=SYR")
    figure = page.locator("main section.key-figure").filter(has_text="Internally displaced in Syria")
    number = figure.locator("p.value").inner_text()
    panel = page.locator("main figure").filter(has_text="Internally displaced people in Syria")
    expect(panel).to_contain_text(number)
    expect(panel).to_contain_text("IDMC")


def test_the_page_of_a_figure_shows_what_was_known_then(page: Page, served: Served) -> None:
    """The number of that day, and beside it what replaced it a year later, as if it had been known."""
    visit(page, served, "/?region=SYR&published_by=2024-12-13")
    page.locator("section.key-figure p.value a").first.click()
    evidence = page.get_by_role("dialog")
    expect(evidence.locator("a.permanent")).to_have_attribute(
        "href", re.compile(r"/figure/D\d+\?published_by=2024-12-13$")
    )
    expect(evidence.locator(".moment")).to_contain_text("as published by 2024-12-13")


@pytest.mark.parametrize("path", ["/?region=SYR", "/?region=syria-region", "/?region=SYR&published_by=2024-12-13"])
def test_key_figures_on_screen_are_those_of_the_csv(page: Page, served: Served, path: str) -> None:
    """The number a donor is told and the number in the file that goes with it, chosen twice, may differ."""
    visit(page, served, path)
    link = page.get_by_role("link", name="CSV of these answers").get_attribute("href") or ""
    text = requests.get(urljoin(served.address, link), timeout=30).content.decode("utf-8-sig")
    rows = [(row["title"], row["state"], row["observation_id"]) for row in csv.DictReader(io.StringIO(text))]
    figures = page.locator("main section.key-figure")
    shown = [(one.locator("h3").inner_text(), one.locator("p.value a").get_attribute("href")) for one in figures.all()]
    assert shown
    as_of = "?published_by=2024-12-13" if "published_by" in path else ""
    assert shown == [(title, f"/figure/{found}{as_of}") for title, state, found in rows if state != "lapsed"]


CSV_VIEWS = [
    "/region?region=SYR&topic=returns&period=all",
    "/region?region=SYR&topic=displacement&period=weeks",
    "/borders?region=SYR&period=weeks",
    "/access?region=SYR&period=crisis",
    "/data?region=SYR&kind=border-status&period=weeks",
    "/data?region=LBN&kind=displacement&period=all",
]


@pytest.mark.parametrize("path", CSV_VIEWS)
def test_every_csv_link_holds_the_rows_of_its_chart_or_table(page: Page, served: Served, path: str) -> None:
    """Stops a file that a donor gets from holding other rows than the page it was taken from."""
    visit(page, served, path)
    page.wait_for_timeout(300)
    shown = set(page.locator("main table a[href^='/figure/']").all_text_contents())
    exported: set[str] = set()
    for link in page.locator(FILES).all():
        text = requests.get(urljoin(served.address, link.get_attribute("href") or ""), timeout=30).content
        exported |= {row["observation_id"] for row in csv.DictReader(io.StringIO(text.decode("utf-8-sig")))}
    assert shown
    assert shown <= exported
    if path.startswith("/data"):
        caption = page.locator("main table caption").first.inner_text()
        assert caption.startswith(f"{len(exported):,} rows")


def test_the_second_page_of_a_table_is_there(page: Page, served: Served) -> None:
    """Stops the older rows of a long table from being out of reach."""
    visit(page, served, "/data?region=SYR&period=all")
    first = page.locator("main table").first.locator("tbody a").all_inner_texts()
    page.get_by_role("link", name="Older rows").click()
    expect(page.locator("main table caption").first).to_contain_text("page 2 of")
    second = page.locator("main table").first.locator("tbody a").all_inner_texts()
    assert second
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path not in ("/figure/D1", "/data-health", "/methods") and "?" not in path]
)
def test_no_address_breaks_a_page(page: Page, served: Served, path: str) -> None:
    """Stops a link with an odd choice in it from showing an error instead of figures."""
    odd = "page=0&reader=x&listed=y&self=z&view=1&observation_id=2&topic=%00&period=<script>&region=LBN&region=SYR"
    odd += "&since=&published_by="
    visit(page, served, f"{path}?{odd}")
    expect(page.locator(".notice")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("Syria")
    visit(page, served, f"{path}?region={'é' * 3000}", 390)
    expect(page.locator(".empty")).to_contain_text("there is no region")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_foreign_name_is_refused(served: Served) -> None:
    """Stops a page elsewhere from reading the dashboard by giving its own name this machine's address."""
    asked = requests.get(f"{served.address}/csv/displacement", headers={"Host": "evil.example:80"}, timeout=30)
    assert asked.status_code == 421
    assert "displacement" not in asked.text


def test_filters_work_by_keyboard_and_live_in_the_address(page: Page, served: Served) -> None:
    """Stops a link that shows a colleague something else than the sender saw."""
    visit(page, served, "/region")
    # A list forgets what was typed a second ago; while the chart is being drawn, keys come late.
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_load_state("networkidle")
    page.evaluate("window.stayed = true")
    page.locator("#choose-region").focus()
    page.keyboard.type("Lebanon")
    page.locator("#choose-topic").focus()
    page.keyboard.type("Refugees")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1:visible")).to_have_text("Lebanon")
    # In place: the application takes over again, the chart is drawn, and the hands are where they were.
    page.wait_for_selector("#aligned-LBN .main-svg")
    expect(page.locator("#first")).to_have_count(0)
    expect(page.get_by_role("button", name="Show")).to_be_focused()
    assert page.evaluate("window.stayed")
    assert "region=LBN" in page.url
    assert "topic=refugees" in page.url
    page.reload()
    expect(page.locator("h1")).to_have_text("Lebanon")
    expect(page.locator("h2").first).to_have_text("Lebanon: Refugees and arrivals")
    page.go_back()
    expect(page.locator("h1:visible")).to_have_text("Syria")


def test_of_two_choices_in_a_row_the_later_one_is_shown(page: Page, served: Served) -> None:
    """Lebanon's numbers under Türkiye's name, because Lebanon's answer took longer."""
    visit(page, served, "/")
    held: list[Route] = []
    page.route("**/?region=LBN**", lambda route: held.append(route))
    for region in ("LBN", "TUR"):
        page.locator("#choose-region").select_option(region)
        page.get_by_role("button", name="Show").click()
    expect(page.locator("h1:visible")).to_have_text("Türkiye")
    for route in held:
        with suppress(Error):
            route.continue_()
    expect(page.locator("#first")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("Türkiye")
    assert "region=TUR" in page.url
    # The same choice again, and a day that is none, are answered as well.
    steps = page.evaluate("history.length")
    page.get_by_role("button", name="Show").click()
    page.wait_for_function("(steps) => history.length > steps", arg=steps)
    expect(page.locator("#first")).to_have_count(0)
    page.locator("#choose-as_of").fill("soon")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".empty")).to_contain_text("neither a day nor a moment")


def test_of_two_figures_in_a_row_the_later_ones_evidence_is_shown(page: Page, served: Served) -> None:
    """The words of one body under the number of another."""
    visit(page, served, "/compare?region=SYR")
    held: list[Route] = []
    page.route("**/figure/D141", lambda route: held.append(route))
    for figure in ("D141", "D156"):
        page.locator(f"main a[href='/figure/{figure}']").first.click()
    heading = page.get_by_role("dialog").get_by_role("heading", level=1)
    expect(heading).to_contain_text("IDMC")
    with page.expect_response("**/figure/D141"):
        held[0].continue_()
    expect(heading).to_contain_text("IDMC")


def test_two_regions_stand_side_by_side_on_one_time_axis(page: Page, served: Served) -> None:
    """Stops a comparison over two different spans of time."""
    visit(page, served, "/region?region=LBN&beside=TUR&topic=refugees&period=all")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").nth(1).locator(".main-svg").first).to_be_visible()
    ranges = page.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map(g => g.layout.xaxis.range.join())")
    assert len(ranges) == 2
    assert ranges[0] == ranges[1]


def test_what_happened_in_one_of_two_regions_is_marked_in_both(page: Page, served: Served) -> None:
    """Stops a fall in one chart from standing without the event that the chart beside it shows, or on another scale."""
    visit(page, served, "/region?region=LBN&beside=SYR&topic=refugees&period=all")
    expect(page.locator(".js-plotly-plot").nth(1).locator(".main-svg").first).to_be_visible()
    lines = page.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map(g => g.layout.shapes.length)")
    assert lines == [5, 5]
    for events in page.locator("ol.events").all():
        expect(events.get_by_role("listitem").nth(1)).to_contain_text("Damascus falls")
    scales = page.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map(g => g.layout.yaxis.range.join())")
    assert scales[0] == scales[1]


def test_every_colour_is_explained_where_it_is_drawn(page: Page, served: Served) -> None:
    """Stops a closed crossing, or the line of a second source, from being guessed at."""
    visit(page, served, "/region?region=SYR")
    expect(page.locator(".legend")).to_contain_text("partly open")
    visit(page, served, "/")
    named = page.locator(".legend").get_by_role("listitem")
    drawn = set(page.evaluate("[...document.querySelectorAll('.panel polyline')].map(e => e.getAttribute('stroke'))"))
    explained = {item.locator("path").get_attribute("stroke") for item in named.all()}
    assert {"IDMC", "UNHCR"} < set(named.all_inner_texts())
    assert drawn <= explained
    assert len(explained) == named.count()


@pytest.mark.parametrize("path", ["/borders?region=SYR", "/access?region=SYR", "/region?region=SYR"])
@pytest.mark.parametrize("period", ["weeks", "crisis", "all"])
def test_a_phone_keeps_its_dates(page: Page, served: Served, path: str, period: str) -> None:
    """Stops bars whose days nobody can tell, because one date is left on the axis, and a status cut in mid-word."""
    visit(page, served, f"{path}&period={period}", 390)
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_timeout(300)
    for axis in (".xtick", ".x2tick"):
        assert page.locator(f".js-plotly-plot {axis} text:visible").count() >= 3, axis
    widths = "[...document.querySelectorAll('.status')].map(e => e.getBoundingClientRect().right)"
    assert max(page.evaluate(widths), default=0) <= 390


def test_a_wrong_address_is_answered_in_words(page: Page, served: Served) -> None:
    """Stops a mistyped region from being shown as if it were the one asked for."""
    visit(page, served, "/?region=ATLANTIS")
    expect(page.locator(".empty")).to_contain_text("there is no region 'ATLANTIS'")
    assert page.locator(".key-figure").count() == 0
    visit(page, served, "/figure/D99999999")
    expect(page.locator(".empty")).to_contain_text("there is no observation 'D99999999'")
    visit(page, served, "/?topic=everything")
    expect(page.locator(".notice")).to_contain_text("which does not exist")


def test_only_what_lies_within_the_period_is_counted(page: Page, served: Served) -> None:
    """Stops all of 2024 and half of 2025 from being added up as the aid workers killed in nine weeks."""
    visit(page, served, "/access?region=SYR&period=weeks")
    lines = page.get_by_role("region", name="By source").get_by_role("row").filter(has_text="Aid Worker Security")
    expect(lines).to_have_count(1)
    for words in ("11", "1 figure (since 27 November 2024)", "27 Nov 2024", "31 Dec 2024"):
        expect(lines).to_contain_text(words)
    across = page.get_by_role("listitem").filter(has_text="Aid Worker Security")
    expect(across.first).to_contain_text("Aid workers killed: 14 persons; Syria, 1 Jan 2024 to 31 Dec 2024")
    expect(across.last).to_contain_text("Aid workers killed: 2 persons; Syria, 1 Jan 2025 to 26 Aug 2025")
    visit(page, served, "/access?region=SYR&period=all")
    years = page.get_by_role("region", name="By source").get_by_role("row").filter(has_text="(calendar year)")
    expect(years).to_contain_text("15 figures (calendar year)")
    expect(years).to_contain_text("310")


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({}, [[7, 9]]),
        ({"reference_period_start": date(2024, 11, 27)}, [[7], [9]]),
        ({"variant": "since 27 November 2024"}, [[7], [9]]),
        ({"location_name": "Lebanon"}, [[7], [9]]),
        ({"source_name": "OCHA"}, [[7], [9]]),
        ({"role": "context"}, [[7], [9]]),
    ],
)
def test_totals_that_may_overlap_are_not_added(changes: dict[str, Any], parts: list[list[int]]) -> None:
    """Stops people from being counted twice because two totals of one source speak of the same weeks."""
    one = {
        "indicator": "aid_workers_killed", "source_name": "AWSD", "role": "recommended", "location_name": "Syria",
        "variant": "calendar year", "external_id": "", "value": 7, "reference_period_start": date(2024, 1, 1),
        "reference_period_end": date(2024, 12, 31),
    }  # fmt: skip
    other = {**one, "value": 9, "reference_period_start": date(2025, 1, 1), "reference_period_end": date(2025, 8, 26)}
    found = countable([one, {**other, **changes}])
    assert sorted([row["value"] for row in part] for part in found) == parts


def test_a_status_is_that_of_the_end_of_the_period(page: Page, served: Served) -> None:
    """Stops a crossing shut in March 2026 from being shown as shut in January 2025."""
    visit(page, served, "/borders?region=SYR&period=weeks")
    expect(page.locator("h2").first).to_have_text("Last known status on 15 Jan 2025")
    rows = page.get_by_role("region", name="One line a crossing").get_by_role("row")
    masnaa = rows.filter(has_text="Jdeidet Yabous – Masnaa")
    expect(masnaa).to_contain_text("2 Jan 2025")
    expect(masnaa).to_contain_text("13 days old")
    expect(rows.filter(has_text="Al-Ra'i – Çobanbey · aid")).to_contain_text("ran out on 13 Nov 2024")
    assert not [text for text in rows.all_inner_texts() if "2026" in text]
    links = page.locator(FILES)
    assert set(links.all_inner_texts()) == {"CSV of every report up to 15 Jan 2025"}
    assert len({link.get_attribute("href") for link in links.all()}) == 1


def test_an_unknown_address_is_missing_and_leads_on(page: Page, served: Served) -> None:
    """Stops an old link from ending on a bare page, or from being counted as one that works."""
    visit(page, served, "/regions?region=SYR")
    expect(page.locator(".empty")).to_contain_text("no page at this address")
    page.get_by_label("Pages").get_by_role("link", name="Borders").click()
    expect(page.locator("h1")).to_contain_text("Borders of Syria")
    statuses = {path: requests.get(served.address + path, timeout=30).status_code for path in (*PAGES, "/data/")}
    assert set(statuses.values()) == {200}
    for path in ("/regions", "/figure", "/not-found", "/figure/D1/x", "/region?region=XX", "/figure/D99999999"):
        assert requests.get(served.address + path, timeout=30).status_code == 404, path


def test_kinds_and_grades_of_sources_are_in_words(page: Page, served: Served) -> None:
    """Stops "nngo" and "F" from being all that a reader learns of who says so."""
    visit(page, served, "/data")
    rows = page.get_by_role("region", name="Who the figures come from").get_by_role("row")
    expect(rows.filter(has_text="News article, December 2024").first).to_contain_text("F: cannot be judged")
    expect(rows.filter(has=page.get_by_role("link", name="OCHA", exact=True))).to_contain_text("United Nations")


@pytest.mark.parametrize(
    ("region", "about", "period"),
    [
        ("SYR", "Internal displacement", "First weeks, to Jan 2025"),
        ("LBN", "Refugees and arrivals", "First weeks, to Jan 2025"),
        ("SY13", "Returns", "Since November 2024"),
    ],
)
def test_a_region_opens_where_there_is_something_to_see(
    page: Page, served: Served, region: str, about: str, period: str
) -> None:
    """An empty page for Lebanon reads as "nobody came"."""
    visit(page, served, f"/region?region={region}")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    assert page.locator("#choose-topic option:checked").inner_text() == about
    assert page.locator("#choose-period option:checked").inner_text() == period
    expect(page.get_by_role("heading", name="The figures behind the chart")).to_be_visible()
    # What is asked for is shown, though it be empty.
    visit(page, served, f"/region?region={region}&topic=refugees&period=weeks")
    assert page.locator("#choose-topic option:checked").inner_text() == "Refugees and arrivals"


def test_a_region_without_figures_explains_itself(page: Page, served: Served) -> None:
    """Stops an empty page from reading as "nobody displaced" or "open"."""
    visit(page, served, "/region?region=IQG08&period=weeks")
    expect(page.locator(".empty")).to_contain_text("Nothing about Baghdad in this period is in the store")
    visit(page, served, "/borders?region=EGY")
    expect(page.locator(".empty").first).to_contain_text("Nobody has reported")
    expect(page.locator(".empty").first).to_contain_text("does not mean that they are open")


@pytest.mark.parametrize("path", ["/region?region=SYR", "/borders?region=SYR&lang=ar&published_by=2024-12-14"])
def test_a_chart_leaves_as_a_picture_with_its_source(page: Page, served: Served, path: str, tmp_path: Path) -> None:
    """A chart pasted into a report, of which nobody can say whose numbers it shows and of which day."""
    visit(page, served, path)
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.evaluate(
        "() => { const draw = Plotly.toImage; window.drawn = [];"
        "Plotly.toImage = (figure, how) => { window.drawn.push(figure.layout); return draw(figure, how); } }"
    )
    with page.expect_download() as download:
        page.get_by_role("main").locator("button[data-pictures]").first.click()
    picture = tmp_path / "chart.png"
    download.value.save_as(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert int.from_bytes(picture.read_bytes()[16:20], "big") == 2400
    drawn = page.evaluate("window.drawn[0]")
    below = drawn["annotations"][-1]["text"]
    assert page.locator("h1").inner_text() in drawn["title"]["text"]
    assert ("source " in below) != ("المصدر" in below)
    assert below.count("</span>") >= 4
    assert len(re.findall("[●◆■▲▼✚○◇□△▽]|▨|▩|▤", below)) >= 4
    assert re.findall(r"color:(?!#[0-9a-f]{6})", below) == []
    assert served.address in below
    assert ("2024-12-14" in below) == ("published_by" in path)


def test_a_point_of_a_chart_leads_to_its_figure(page: Page, served: Served) -> None:
    """A dot nobody can ask who says so."""
    visit(page, served, "/region?region=SYR")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    told = page.evaluate(
        "() => { const chart = document.querySelector('.js-plotly-plot');"
        "const trace = chart._fullData.find((one) => (one.hovertext || []).some((text) => text.includes('1,100,000')));"
        "const number = trace.hovertext.findIndex((text) => text.includes('1,100,000'));"
        "const frame = chart.getBoundingClientRect();"
        "const at = [chart._fullLayout.xaxis.d2p(trace.x[number]), "
        "chart._fullLayout[trace.yaxis.replace('y', 'yaxis')].d2p(trace.y[number])];"
        "const axis = chart._fullLayout[trace.yaxis.replace('y', 'yaxis')];"
        "return [trace.customdata[number], frame.x + chart._fullLayout.xaxis._offset + at[0],"
        " frame.y + axis._offset + at[1]]; }"
    )
    page.mouse.move(told[1] - 3, told[2] - 3)
    page.mouse.move(told[1], told[2])
    expect(page.locator(".hoverlayer .hovertext")).to_be_visible()
    page.mouse.click(told[1], told[2])
    evidence = page.get_by_role("dialog")
    expect(evidence.get_by_role("heading", level=1)).to_contain_text("about 1,100,000")
    expect(evidence.locator("a.permanent")).to_have_text(told[0])


def test_evidence_opens_over_the_page_that_leads_to_it(page: Page, served: Served) -> None:
    """An officer who loses the table, and the row in it, each time she asks one number who says so."""
    visit(page, served, "/compare?region=SYR&lang=fr")
    link = page.get_by_role("link", name="D141", exact=True).first
    link.focus()
    page.keyboard.press("Enter")
    evidence = page.get_by_role("dialog", name="D’où vient ce chiffre")
    expect(evidence.get_by_role("heading", level=1)).to_contain_text("UNHCR Refugee Population Statistics Database")
    expect(evidence.locator("a.permanent")).to_have_attribute("href", "/figure/D141?lang=fr")
    # Who else speaks, of the same people and date; a click on it shows its evidence in turn.
    evidence.get_by_role("link", name="D156", exact=True).click()
    expect(evidence.get_by_role("heading", level=1)).to_contain_text("IDMC")
    page.keyboard.press("Escape")
    expect(evidence).to_be_hidden()
    expect(link).to_be_focused()
    link.click()
    page.get_by_role("dialog").locator("a.permanent").click()
    expect(page).to_have_url(re.compile(r"/figure/D141\?lang=fr$"))


def test_upstream_text_cannot_run(page: Page, templates: Templates, tmp_path: Path) -> None:
    """Stops a provider's text from becoming a script on the page or a formula in a spreadsheet."""
    store = open_store(templates.copy_sqlite("seeded", tmp_path / "tracker.sqlite"))
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    with writing(store) as connection:
        connection.execute(update(Source).where(Source.code == "ocha").values(name=evil))
        connection.execute(update(Publication).values(publisher="=cmd|' /C calc'!A0"))
    for running in serve(store, templates.archive):
        for path in ("/", "/region", "/borders", "/access", "/changes", "/data", "/data-health", "/figure/D1"):
            visit(page, running, path)
            if path in CHARTED:
                page.wait_for_selector(".js-plotly-plot .main-svg")
            assert page.title() != "owned"
            assert page.locator("main img[src=x]").count() == 0
        visit(page, running, "/compare")
        page.locator("main table a[href^='/figure/']").first.click()
        expect(page.get_by_role("dialog").get_by_role("heading", level=1)).to_be_visible()
        assert page.title() != "owned"
        assert page.locator("img[src=x]").count() == 0
        text = requests.get(f"{running.address}/csv/displacement?region=SYR", timeout=30).text
        assert "'=cmd" in text
        assert ",=cmd" not in text
        assert '"=cmd' not in text


def test_first_requests_at_once_all_succeed(templates: Templates, tmp_path: Path) -> None:
    """Stops the errors a dashboard gives to those who open it the moment it starts."""
    store = open_store(templates.copy_sqlite("seeded", tmp_path / "tracker.sqlite"))
    paths = ["/", "/_dash-layout", "/_dash-dependencies", "/health", "/region"] * 8
    for running in serve(store, templates.archive):
        addresses = [running.address + path for path in paths]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda address: requests.get(address, timeout=30).status_code, addresses))
    assert answers == [200] * len(paths)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/csv/people", 404, "there is no 'people'"),
        ("/csv/headline", 400, "give a region"),
        ("/csv/displacement?region=ATLANTIS", 400, "there is no region"),
        ("/csv/displacement?start=yesterday", 400, "write it like 2024-12-08"),
    ],
)
def test_a_wrong_csv_address_is_refused_in_words(served: Served, path: str, status: int, says: str) -> None:
    """Stops an empty CSV from standing in for a mistyped request."""
    answer = requests.get(served.address + path, timeout=30)
    assert answer.status_code == status
    assert says in answer.text


def test_every_answer_forbids_foreign_scripts(templates: Templates, tmp_path: Path) -> None:
    """Stops a page from loading anything from elsewhere, whatever finds its way into it."""
    store = open_store(templates.copy_sqlite("seeded", tmp_path / "tracker.sqlite"))
    client = create_app(store, templates.archive).server.test_client()
    policy = client.get("/").headers["Content-Security-Policy"]
    store.dispose()
    assert "default-src 'self'" in policy
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "unsafe-eval" not in scripts
    assert "http" not in policy


def test_a_saved_file_is_no_answer_of_its_provider(page: Page, templates: Templates, tmp_path: Path) -> None:
    """Stops a bad file somebody loaded from being shown as what the provider said when it was asked."""
    store = open_store(templates.copy_sqlite("seeded", tmp_path / "tracker.sqlite"))
    module = discover()["unhcr_population"]
    for content in ((OWN / "unhcr_population" / "page.json").read_bytes(), b'{"items": ['):
        saved = [payload(content, "half.json")]
        run_source(store, tmp_path, module, saved, Trigger.FILE, lambda _: None)
    for running in serve(store, templates.archive):
        visit(page, running, "/")
        late = page.locator("h2:has-text('not answered lately') + ul").get_by_role("listitem")
        expect(late.filter(has_text="UNHCR Refugee Population")).to_contain_text("has not answered yet")
        expect(page.locator("main")).not_to_contain_text("half.json")
        visit(page, running, "/data")
        source = page.get_by_role("link", name="UNHCR Refugee Population Statistics Database", exact=True)
        expect(page.get_by_role("row").filter(has=source)).to_contain_text("never")
        visit(page, running, "/data-health")
        feed = page.get_by_role("table", name="Sources that are read by themselves").get_by_role("row").nth(1)
        expect(feed).to_contain_text("late")
        run_source(store, tmp_path, module, [payload(b"<html>", "page.json")], Trigger.MANUAL, lambda _: None)
        visit(page, running, "/data-health")
        expect(feed).to_contain_text("failing")
        expect(feed.get_by_role("cell").last).not_to_be_empty()
