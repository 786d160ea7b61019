"""Sources side by side, what stands out, and rows narrowed to a source: no gap and no change that is not one."""

import csv
import io
from urllib.parse import urljoin

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.dashboard import Served, served

__all__ = ["served"]


def open_page(page: Page, served: Served, path: str) -> None:
    page.goto(served.address + path)
    expect(page.locator("#first")).to_have_count(0)


def cells(page: Page, table: str, row: str) -> list[str]:
    found = page.get_by_role("table", name=table).first.get_by_role("row").filter(has_text=row).first
    return [cell.inner_text() for cell in found.get_by_role("cell").all()]


def test_idmc_and_unhcr_stand_side_by_side_on_the_same_dates(page: Page, served: Served) -> None:
    """IDMC's 5,964,000 and UNHCR's 5,542,227, of one day, joined into one line, or compared over different days."""
    open_page(page, served, "/compare?region=SYR")
    first = cells(page, "What each says last", "IDMC")
    assert first[:2] == ["IDMC, reported by UNHCR Refugee Data Finder", "5,964,000"]
    assert first[3] == ""
    other = cells(page, "What each says last", "UNHCR Refugee Population")
    assert (other[1], other[3]) == ("5,542,227", "-7%")
    assert cells(page, "What each says last", "more than 7,000,000")[3] == "another date"
    assert cells(page, "The same dates", "31 Dec 2025") == ["31 Dec 2025", "5,964,000", "5,542,227", "1.08"]
    assert cells(page, "The same dates", "31 Dec 2012")[-1] == "1.49"


def test_where_one_alone_counts_nothing_is_compared(page: Page, served: Served) -> None:
    """A single source beside itself reads as two that agree."""
    open_page(page, served, "/compare?region=EGY")
    expect(page.locator(".empty")).to_contain_text("No two series")


def test_on_14_december_2024_the_signals_are_those_of_that_week(page: Page, served: Served) -> None:
    """What changed a year later, told as this week's news; or the jump from 370,000 to 1.1 million not told."""
    open_page(page, served, "/signals?region=SYR&published_by=2024-12-14")
    jump = cells(page, "1 signal", "New displacement in Syria")
    assert jump[1] == "at least 370,000 → about 1,100,000 (+197%)"
    expect(page.locator("main")).to_contain_text("25% and 10,000 or more")
    assert cells(page, "5 signals", "Masnaa")[1:3] == ["closed → open", "9 Dec 2024"]
    expect(page.locator(".notice").nth(1)).to_contain_text("changed in the same weeks")
    expect(page.get_by_role("table", name="5 signals")).not_to_contain_text("2025")


def test_today_an_old_change_is_no_signal(page: Page, served: Served) -> None:
    """A closure of two years ago told as new sends convoys on a detour."""
    open_page(page, served, "/signals?region=SYR")
    expect(page.locator("main")).not_to_contain_text("closed → open")
    silent = page.get_by_role("table", name="signals").last
    expect(silent).to_contain_text("Newly displaced in Syria")
    expect(silent).to_contain_text("about 1,100,000")


@pytest.mark.parametrize(
    ("asked", "column", "word"),
    [
        ("source=ocha", "source", "ocha"),
        ("indicator=return", "indicator", "return"),
        ("group=REF", "population_group", "REF"),
    ],
)
def test_narrowed_rows_and_their_csv_are_the_same(
    page: Page, served: Served, asked: str, column: str, word: str
) -> None:
    """A file of all sources under the name of one."""
    open_page(page, served, f"/data?region=SYR&period=all&{asked}")
    link = page.get_by_role("link", name="CSV of this view").first.get_attribute("href") or ""
    text = requests.get(urljoin(served.address, link), timeout=30).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row[column] for row in rows} == {word}
    assert page.locator("main table caption").first.inner_text().startswith(f"{len(rows):,} rows")
    expect(page.locator(f"#choose-{asked.partition('=')[0]}")).to_have_value(word)


def test_a_word_no_row_has_is_an_empty_view_that_says_so(page: Page, served: Served) -> None:
    """All rows shown for a word that was mistyped."""
    open_page(page, served, "/data?region=SYR&source=nobody")
    expect(page.locator(".empty")).to_contain_text("no figure about Syria")
    open_page(page, served, "/data?region=SYR&kind=border-status&group=IDP")
    expect(page.locator(".empty")).to_contain_text("no figure about Syria")


def test_a_figure_can_be_cited(page: Page, served: Served) -> None:
    """A number pasted into a report without its qualifier, source and date."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, served, "/figure/D1")
    page.get_by_role("button", name="Copy citation").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("New displacement in Syria: more than 370,000 persons, up to about 8 Dec 2024")
    assert "News article, December 2024" in copied
    assert "figure D1, recorded" in copied
