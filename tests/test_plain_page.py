"""A region on one plain page, in a mail or on the slowest line: the same numbers, nothing beside it."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.command import Said, home, tracker
from tests.dashboard import Served, served

__all__ = ["home", "served", "tracker"]


@pytest.mark.parametrize("query", ["region=SYR", "region=syria-region&published_by=2024-12-14&lang=ar", "region=LBN"])
def test_the_plain_page_is_small_and_alone(served: Served, query: str) -> None:
    """A page that asks for a script, or weighs a megabyte, does not arrive where it is needed."""
    text = requests.get(f"{served.address}/lite?{query}", timeout=30).text
    assert len(text.encode()) <= 30_000
    assert re.findall(r"<script|<img|<link|url\(|@import| src=", text) == []


def test_its_numbers_are_those_of_the_overview(page: Page, served: Served) -> None:
    """A donor is told one number from the mail and another one from the screen."""
    page.goto(f"{served.address}/?region=SYR&published_by=2024-12-14")
    expect(page.locator("#first")).to_have_count(0)
    figures = page.locator("section.key-figure, main table").first
    expect(figures).to_be_visible()
    shown = [
        (one.locator("h3").inner_text(), one.locator("p.value").inner_text())
        for one in page.locator("section.key-figure").all()
    ]
    assert shown
    plain = requests.get(f"{served.address}/lite?region=SYR&published_by=2024-12-14", timeout=30).text
    rows = re.findall(r'<td[^>]*data-label="Question"[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>', plain)
    assert all((title, f"{value} persons") in [(unescape(t), unescape(v)) for t, v in rows] for title, value in shown)


@pytest.mark.parametrize(
    ("query", "says"), [("region=ATLANTIS", "there is no region"), ("as_of=soon", "neither a day")]
)
def test_a_wrong_address_is_refused_in_words(served: Served, query: str, says: str) -> None:
    """A page about nothing reads as "nothing happened"."""
    answer = requests.get(f"{served.address}/lite?{query}", timeout=30)
    assert answer.status_code == 400
    assert says in answer.text


def test_a_report_is_the_same_page_as_a_file(tracker: Callable[..., Said], tmp_path: Path) -> None:
    """A file whose links lead nowhere: nobody can look up the number in it."""
    file = tmp_path / "report.html"
    asked = ("report", "SYR", "--lang", "fr", "--published-by", "2024-12-14")
    said = tracker(*asked, "-o", file, "--link-to", "https://tracker.example.org/")
    assert said.code == 0
    text = file.read_text(encoding="utf-8")
    assert 'lang="fr"' in text
    assert "environ 1\u202f100\u202f000 personnes" in text
    links = re.findall(r'href="([^"]*)"', text)
    assert links
    assert all(link.startswith("https://tracker.example.org/") for link in links)
    assert "https://tracker.example.org/figure/D244?lang=fr&amp;published_by=2024-12-14" in links
    # In a mail to elsewhere a link to this computer is dead; the figure's id is not.
    alone = tracker(*asked).out
    assert alone.startswith("<!DOCTYPE html>")
    assert "href" not in alone
    assert "D244<" in alone
    assert tracker("report", "ATLANTIS").code == 2
    assert "is no web address" in tracker("report", "SYR", "--link-to", "javascript:alert(1)").err


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_report_is_printed_where_a_browser_is_at_hand(
    tracker: Callable[..., Said], tmp_path: Path, lang: str
) -> None:
    """A PDF that is empty, or a page of an error, attached to a mail unseen."""
    file = tmp_path / "report.pdf"
    assert tracker("report", "SYR", "-o", file, "--lang", lang).code == 0
    printed = file.read_bytes()
    assert printed.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type /Page\b", printed)) <= 5
    assert len(printed) > 20_000
    refused = tracker("report", "SYR", "-o", file, PATH="/nowhere", BROWSER_PATH="")
    assert refused.code == 2
    assert "a PDF takes a browser" in refused.err
    assert file.read_bytes() == printed


def test_a_status_of_years_ago_is_not_known_today(page: Page, served: Served) -> None:
    """A crossing that was open two years ago, told as open in a mail, and as unknown on the map."""
    plain = unescape(requests.get(f"{served.address}/lite?region=SYR", timeout=30).text)
    assert re.search(r"Ain al-Arab – Mürşitpınar</td><td[^>]*>status not known</td>", plain)
    page.goto(f"{served.address}/borders?region=SYR")
    expect(page.locator("#first")).to_have_count(0)
    row = page.locator("main tbody tr").filter(has_text="Ain al-Arab")
    expect(row.locator(".status")).to_contain_text("status not known")
    expect(row).to_contain_text("closed for all traffic")
