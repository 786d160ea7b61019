"""The questions an information officer asks, each walked to its answer on screen, and the same answer in the CSV.

As the world had said it by 14 December 2024, unless said otherwise: a day that does not move.
"""

import csv
import io
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.dashboard import Served, served

__all__ = ["served"]

THEN = "published_by=2024-12-14"


@pytest.fixture
def visit(page: Page, served: Served) -> Any:
    def go(path: str) -> Page:
        page.goto(served.address + path)
        expect(page.locator("#first")).to_have_count(0)
        return page

    return go


def rows_of(page: Page, served: Served, link: str | Locator) -> list[dict[str, str]]:
    found = page.get_by_role("link", name=link).first if isinstance(link, str) else link
    answer = requests.get(urljoin(served.address, found.get_attribute("href") or ""), timeout=60)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_1_how_many_now_who_says_so_as_of_when(visit: Any, served: Served) -> None:
    page = visit(f"/?region=SYR&{THEN}")
    figure = page.locator("section.key-figure").filter(has_text="Newly displaced in Syria")
    expect(figure).to_contain_text("about 1,100,000")
    expect(figure).to_contain_text("27 Nov 2024 to 12 Dec 2024")
    expect(figure).to_contain_text("OCHA")
    row = next(row for row in rows_of(page, served, "CSV of these answers") if row["question"] == "new")
    assert (row["value"], row["qualifier"], row["source"]) == ("1100000", "approx", "ocha")


def test_2_what_changed_since_my_last_visit(visit: Any, served: Served) -> None:
    page = visit("/changes?region=SYR&kind=displacement&since=2020-01-01")
    caption = page.locator("main table caption").first.inner_text()
    rows = rows_of(page, served, "CSV of all these changes")
    assert caption.startswith(f"{len(rows):,} changes")


def test_3_what_did_we_report_on_a_day_and_what_do_we_say_today(visit: Any) -> None:
    then = visit(f"/?region=SYR&{THEN}").locator("main").inner_text()
    now = visit("/?region=SYR").locator("main").inner_text()
    assert "Figures as published by 2024-12-14" in then
    assert "5,964,000" in now
    assert "5,964,000" not in then


def test_4_new_displacement_and_returns_in_time_with_events(visit: Any, served: Served) -> None:
    page = visit("/region?region=SYR&topic=displacement&period=weeks")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    expect(page.locator("ol.events li").first).to_contain_text("27 Nov 2024")
    rows = rows_of(page, served, "CSV: Displacement")
    shown = set(page.locator("main table a[href^='/figure/']").all_text_contents())
    assert shown == {row["observation_id"] for row in rows}
    returns = visit("/region?region=SYR&topic=returns&period=all")
    expect(returns.locator("main")).to_contain_text("Returned refugees to Syria")


def test_5_where_sources_disagree(visit: Any) -> None:
    page = visit("/compare?region=SYR")
    table = page.get_by_role("table", name="The same dates by several sources")
    expect(table.get_by_role("row").filter(has_text="31 Dec 2025")).to_contain_text("1.08")
    page = visit("/signals?region=SYR&published_by=2024-12-06")
    quarrel = page.get_by_role("table", name="Sources that differ").get_by_role("row").last
    expect(quarrel).to_contain_text("at least 370,000; others: 280,000")


def test_6_who_moved_from_where_to_where(visit: Any, served: Served) -> None:
    page = visit("/people?region=SYR")
    row = page.get_by_role("row").filter(has_text="Refugees in Lebanon from Syria").filter(has_text="532,357")
    observation = row.get_by_role("link").inner_text()
    found = next(r for r in rows_of(page, served, "CSV of every") if r["observation_id"] == observation)
    assert (found["origin_code"], found["location_code"], found["value"]) == ("SYR", "LBN", "532357")


def test_7_which_crossings_are_open_to_whom(visit: Any, served: Served) -> None:
    page = visit(f"/borders?region=SYR&period=crisis&{THEN}")
    row = page.get_by_role("row").filter(has_text="Masnaa").first
    expect(row).to_contain_text("open")
    expect(row).to_contain_text("both ways")
    expect(row).to_contain_text("9 Dec 2024")
    observation = row.get_by_role("link").first.inner_text()
    found = next(r for r in rows_of(page, served, "CSV of every report") if r["observation_id"] == observation)
    assert (found["status"], found["traffic_class"], found["reference_period_end"]) == ("open", "all", "2024-12-09")


def test_8_did_people_move_after_a_closure(visit: Any) -> None:
    page = visit("/region?region=LBN&topic=refugees&period=weeks")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    lanes = " ".join(page.locator(".js-plotly-plot .annotation-text").all_text_contents())
    assert "Crossings" in lanes
    expect(page.locator(".lead")).to_contain_text("does not say what caused what")


def test_9_where_aid_cannot_go_and_where_nobody_says(visit: Any, served: Served) -> None:
    page = visit("/access?region=SYR&period=weeks")
    months = page.get_by_role("table", name="Kinds of constraint")
    aleppo = months.get_by_role("row").filter(has_text="Aleppo")
    expect(aleppo.locator(".step-3")).to_have_text("3")
    expect(aleppo.locator(".silent-month").first).to_have_attribute("title", "no report")
    rows = rows_of(page, served, "CSV of this view")
    assert {row["location_name"] for row in rows} >= {"Aleppo", "Idleb"}


def test_10_where_people_crossings_and_access_change_together(visit: Any) -> None:
    page = visit(f"/signals?region=SYR&{THEN}")
    expect(page.locator(".notice").filter(has_text="in the same weeks")).to_be_visible()


def test_11_which_feeds_fail_and_what_was_rejected(visit: Any) -> None:
    page = visit("/data-health")
    for heading in ("Feeds", "Held runs", "Figures in doubt", "Set aside", "Latest runs"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(visit("/data").get_by_role("table", name="Who the figures come from")).to_contain_text("OCHA")


def test_12_what_waits_for_a_person(visit: Any) -> None:
    page = visit("/data-health")
    expect(page.locator("main")).to_contain_text("No run is held.")


def test_13_what_the_source_said_and_the_archived_copy(visit: Any) -> None:
    page = visit("/figure/D1")
    expect(page.locator("blockquote")).to_have_text("Over 370,000 people have been displaced in recent weeks")
    expect(page.locator("main")).to_contain_text("payload sha256")


def test_14_women_and_children(visit: Any) -> None:
    page = visit("/people?region=SYR")
    expect(page.get_by_role("heading", name="By sex and age")).to_be_visible()
    expect(page.locator(".empty").last).to_contain_text("No source in the store tells the sex or age")


def test_15_exactly_this_view_as_a_file_and_again_later(visit: Any, served: Served) -> None:
    page = visit(f"/data?region=SYR&period=crisis&source=ocha&{THEN}")
    rows = rows_of(page, served, "CSV of this view")
    assert page.locator("main table caption").first.inner_text().startswith(f"{len(rows)} rows")
    assert {row["published_by"] for row in rows} == {"2024-12-14"}
    again = rows_of(page, served, "CSV of this view")
    assert again == rows
