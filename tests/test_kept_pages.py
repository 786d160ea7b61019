"""A page that was made already is there at once, and never a moment longer than it is true."""

from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboards import kept_pages, reader
from dashboards.app import create_app
from dashboards.pages import data
from tests.builders import NOW, border_status, displacement, load_run
from tests.test_as_of import take_back
from tracker import ledger
from tracker.database import writing
from tracker.records import Period
from tracker.vocabulary import Trigger


class Browser:
    """Asks for pages as a browser does, without one."""

    def __init__(self, store: Engine, archive: Path) -> None:
        self.client = create_app(store, archive).server.test_client()
        listed = self.client.get("/_dash-dependencies").get_json()
        (self.router,) = [one for one in listed if "_pages_content" in one["output"]]

    def page(self, path: str, query: str) -> str:
        told = {"pathname": path, "search": query}
        names = (name.rpartition(".") for name in self.router["output"].strip(".").split("..."))
        asked = {
            "output": self.router["output"],
            "outputs": [{"id": of, "property": name} for of, _, name in names],
            "inputs": [{**one, "value": told[one["property"]]} for one in self.router["inputs"]],
            "changedPropIds": [],
            "state": self.router["state"],
        }
        return self.client.post("/_dash-update-component", json=asked).get_data(as_text=True)


def on(day: int, people: int) -> Any:
    return displacement(people, period=Period.on(date(2024, 12, day)))


@pytest.fixture
def browser_of(store_with_places: Engine, tmp_path: Path) -> Browser:
    load_run(store_with_places, on(1, 111_111))
    return Browser(store_with_places, tmp_path)


def test_a_page_asked_for_twice_is_made_once(browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made anew for every reader, a page on a day of crisis would be slowest when most people ask for it."""
    made: list[dict[str, str]] = []
    layout = data.layout
    monkeypatch.setattr(data, "layout", lambda reader, **query: made.append(query) or layout(reader, **query))
    first = browser_of.page("/data", "?region=SYR&period=all")
    assert browser_of.page("/data", "?period=all&region=SYR") == first
    assert len(made) == 1
    assert browser_of.page("/data", "?region=LBN&period=all") != first
    assert len(made) == 2


def test_a_load_and_an_undo_are_seen_at_once(browser_of: Browser, store_with_places: Engine) -> None:
    """Kept one load too long, a page shows last week's number as the newest one, or one that was taken back."""
    asked = ("/data", "?region=SYR&period=all")
    before = browser_of.page(*asked)
    run = load_run(store_with_places, on(2, 222_222)).id
    during = browser_of.page(*asked)
    assert "111,111 persons" in before
    assert "222,222 persons" not in before
    assert "222,222 persons" in during
    take_back(store_with_places, run)
    after = browser_of.page(*asked)
    assert "111,111 persons" in after
    assert "222,222 persons" not in after


def test_a_run_that_began_earlier_and_ends_later_is_seen(browser_of: Browser, store_with_places: Engine) -> None:
    """Two sources at once: the page made when the quick one had ended would hide how the slow one ends."""
    with writing(store_with_places) as connection:
        slow = ledger.begin_run(connection, None, Trigger.MANUAL, 1, NOW)
    load_run(store_with_places, on(2, 222_222))
    assert "the wire broke" not in browser_of.page("/data-health", "")
    with writing(store_with_places) as connection:
        ledger.fail_run(connection, slow, "the wire broke", NOW + timedelta(minutes=1))
    assert "the wire broke" in browser_of.page("/data-health", "")


def test_on_a_new_day_ages_are_new(
    browser_of: Browser, store_with_places: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A status that is a day older than the page says, on a page that was left open overnight."""
    load_run(store_with_places, border_status())

    def told_on(day: int) -> str:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> "Clock":
                return cls(2024, 12, day, tzinfo=tz)

        monkeypatch.setattr(reader, "datetime", Clock)
        return browser_of.page("/borders", "?region=SYR&period=all")

    assert ["3 days old" in told_on(9), "4 days old" in told_on(10)] == [True, True]


def test_no_more_pages_are_kept_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses are without number; kept for ever, their pages would take the machine's memory."""
    monkeypatch.setattr(kept_pages, "MOST_PAGES", 2)
    kept, made = kept_pages.KeptPages(), []
    for key in "abacbab":
        kept.page(key, partial(made.append, key))
    assert "".join(made) == "abcba"
