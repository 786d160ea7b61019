"""What changed since: what is new, revised or retracted, as a frame, on the command line, as CSV and on the page."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from dashboards.boundaries import shipped
from dashboards.markup import markup
from dashboards.pages import compare
from dashboards.reader import Reader
from dashboards.wording import before, counted
from tests.builders import border_status, displacement, load_run
from tests.command import Said
from tests.dashboard import Served, serve
from tests.stores import Templates
from tests.test_as_of import FIRST, JULY, JUNE, on, recorded_at, take_back
from tracker.asof import AsOf
from tracker.changes import changes, revisions
from tracker.database import open_store
from tracker.records import Amount, Period, PlaceName
from tracker.tables import Displacement
from tracker.vocabulary import OperationalStatus, Qualifier
from tracker.windows import Window


def told(store: Engine, since: AsOf, kind: str = "displacement", **window: Any) -> list[tuple[Any, ...]]:
    """Change, reason, old and new value (or status) of every row."""
    value = "status" if kind == "border-status" else "value"
    with store.connect() as connection:
        frame = changes(connection, kind, Window(**window), since)
    rows = zip(frame["change"], frame["reason"], frame[f"previous_{value}"], frame[value], strict=True)
    return sorted(rows, key=str)


def test_new_revised_and_retracted(store_with_places: Engine) -> None:
    """Asked what changed since Monday, an officer would compare two exports by eye and miss the one that is gone."""
    days = [FIRST - timedelta(n) for n in range(3)]
    first = load_run(store_with_places, *(on(day, 10 + n, JUNE) for n, day in enumerate(days)), whole=True)
    since = AsOf(recorded_at(store_with_places, first.id))
    load_run(store_with_places, on(days[0], 10, JULY), on(days[2], 99, JULY), on(date(2024, 5, 1), 5, JULY), whole=True)
    assert told(store_with_places, since) == [
        ("new", None, None, 5),
        ("retracted", "retraction", 11, 11),
        ("revised", "source_revision", 12, 99),
    ]
    assert told(store_with_places, AsOf(published_by=JUNE)) == told(store_with_places, since)


def test_turned_back_in_between_is_no_change(store_with_places: Engine) -> None:
    """Two reports with the same number in them, and a line that says it changed: nobody would believe the next one."""
    since = AsOf(recorded_at(store_with_places, load_run(store_with_places, displacement(1)).id))
    for people in (2, 1):
        load_run(store_with_places, displacement(people))
    assert told(store_with_places, since) == []


def test_the_history_of_revisions_says_a_range_as_a_range(store_with_places: Engine) -> None:
    """A range that became a number, told as "not reported" before; or a first report told as a revision."""
    amount = Amount.of(Qualifier.RANGE, None, low=800_000, high=1_000_000)
    load_run(store_with_places, displacement(5, period=Period.on(date(2024, 11, 1))), displacement(None, amount=amount))
    load_run(store_with_places, displacement(900_000))
    with store_with_places.connect() as connection:
        rows = revisions(connection, Window(), 10)
    assert [(before(row), counted(row)) for row in rows] == [("800,000 to 1,000,000", "900,000 persons")]
    page = markup(compare.layout(Reader(store_with_places, Path(), shipped()), region="SYR"))
    assert "<bdi>800,000 to 1,000,000</bdi>" in page
    assert "the source says something else" in page


def test_undo_is_told_as_such(store_with_places: Engine) -> None:
    """A number that is back would look as if its source had changed its mind twice."""
    load_run(store_with_places, displacement(1))
    wrong = load_run(store_with_places, displacement(2)).id
    since = AsOf(recorded_at(store_with_places, wrong))
    take_back(store_with_places, wrong)
    assert told(store_with_places, since) == [("revised", "undo", 2, 1)]


def test_a_crossing_that_opened(store_with_places: Engine) -> None:
    """The one line a driver waits for."""
    first = load_run(store_with_places, border_status(OperationalStatus.CLOSED)).id
    since = AsOf(recorded_at(store_with_places, first))
    load_run(store_with_places, border_status(OperationalStatus.OPEN))
    assert told(store_with_places, since, "border-status") == [("revised", "source_revision", "closed", "open")]


def test_between_two_past_days(store_with_places: Engine) -> None:
    """What was in last week's report on changes: today's changes are not part of it."""
    moments = [AsOf(recorded_at(store_with_places, load_run(store_with_places, displacement(n)).id)) for n in (1, 2, 3)]
    assert told(store_with_places, moments[0], as_of=moments[1]) == [("revised", "source_revision", 1, 2)]


@pytest.fixture
def store(home: Path) -> Iterator[Engine]:
    """The store of the command's data folder: the seed."""
    engine = open_store(f"sqlite:///{home / 'tracker.sqlite'}")
    yield engine
    engine.dispose()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def refused(said: Said) -> str:
    assert said.code == 2
    return said.err


def test_the_command_takes_a_run_back_and_tells_what_changed(tracker: Callable[..., Said], store: Engine) -> None:
    """From a mistake to the state before it, without a word of SQL; and the export of that moment stays."""
    before = rows_of(tracker("export", "displacement").out)
    with store.connect() as connection:
        old = connection.execute(select(Displacement).where(Displacement.value == 664_000)).mappings().first()
    assert old
    wrong = load_run(store, displacement(1_234, source="ocha")).id
    during = rows_of(tracker("export", "displacement").out)
    moment = during[0]["as_of"]
    assert len(during) == len(before) + 1
    said = tracker("changes", "--since", before[0]["as_of"])
    assert "new: 1,234 persons" in said.out
    assert said.out.endswith("1 new, 0 revised, 0 retracted\n")
    assert tracker("changes", "--since", before[0]["as_of"], "-o", "-").out.count("\n") == 2
    assert f"took back run {wrong}: 1 figures" in tracker("db", "undo", wrong).out
    after = rows_of(tracker("export", "displacement").out)
    assert [row["observation_id"] for row in after] == [row["observation_id"] for row in before]
    assert rows_of(tracker("export", "displacement", "--as-of", moment).out) == during
    assert "undone" in refused(tracker("db", "undo", wrong))
    assert f"D{old['id']}" in tracker("trace", f"D{old['id']}").out
    assert "not part" in refused(tracker("trace", f"D{old['id']}", "--as-of", "2020-01-01"))


@pytest.mark.parametrize("option", ["--as-of", "--published-by"])
@pytest.mark.parametrize("command", [("export", "displacement"), ("trace", "D1"), ("changes", "--since", "2024-01-01")])
def test_a_day_that_is_none_is_refused(tracker: Callable[..., Said], command: tuple[str, ...], option: str) -> None:
    """Ignored, it would send today's figures under another day's name."""
    assert "8.12.2024" in refused(tracker(*command, option, "8.12.2024"))


SY14 = PlaceName(code="SY14")


@pytest.fixture(scope="module")
def revised(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """A dashboard on a seed of which one figure was revised; and the moment before it was."""
    folder = tmp_path_factory.mktemp("revised")
    engine = open_store(templates.copy_sqlite("seeded", folder / "tracker.sqlite"))
    first = load_run(engine, displacement(4_321, location=SY14, published_on=date(2024, 12, 13))).id
    moment = f"{recorded_at(engine, first):%Y-%m-%dT%H:%M:%S.%f}"
    load_run(engine, displacement(1_234, location=SY14, published_on=date(2024, 12, 14)))
    yield from ((found, moment) for found in serve(engine, templates.archive))
    engine.dispose()


def test_a_page_as_of_a_day_says_so_and_its_csv_agrees(page: Page, revised: tuple[Served, str]) -> None:
    """Yesterday's page with today's number on it, or today's under yesterday's date."""
    served, moment = revised
    page.goto(f"{served.address}/data?region=SY14&period=all&as_of={moment}")
    expect(page.locator(".moment")).to_contain_text("as known on")
    expect(page.locator("main")).to_contain_text("4,321 persons")
    expect(page.locator("main")).not_to_contain_text("1,234 persons")
    address = page.locator("main a", has_text="CSV of this view").first.get_attribute("href")
    values = [row["value"] for row in rows_of(requests.get(served.address + str(address), timeout=30).text)]
    assert "4321" in values
    assert "1234" not in values
    page.locator("nav[aria-label=Pages] a", has_text="Overview").click()
    expect(page.locator(".moment")).to_be_visible()
    page.locator(".moment a").click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".moment")).to_have_count(0)


def test_the_page_of_changes_shows_old_and_new(page: Page, revised: tuple[Served, str]) -> None:
    """A revision that is told without the old number cannot be found in last week's report."""
    served, moment = revised
    page.goto(f"{served.address}/changes?region=SY14&since={moment}")
    row = page.locator("main tbody tr").first
    for words in ("revised", "the source says something else", "4,321", "1,234"):
        expect(row).to_contain_text(words)
    page.goto(f"{served.address}/changes?region=SY14&since={moment}&as_of={moment}")
    expect(page.locator("main")).to_contain_text("has changed since")


@pytest.mark.parametrize("query", ["as_of=soon", "published_by=12/2024", "since=2999-01-01"])
def test_an_address_with_a_day_that_is_none(page: Page, revised: tuple[Served, str], query: str) -> None:
    """Answered with today's figures, the link of a colleague would say something she never saw."""
    served, _ = revised
    page.goto(f"{served.address}/changes?{query}")
    expect(page.locator("main")).to_contain_text(query.partition("=")[2])
    assert requests.get(f"{served.address}/csv/displacement?{query}", timeout=30).status_code == 400
