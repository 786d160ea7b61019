"""Who people are and where from, and access by place and month: shares of the right whole, silence that is no zero."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from dashboards.charts.months import by_place, cell, months_of
from dashboards.markup import markup
from ingest.contract import discover
from ingest.run import run_source
from tests.dashboard import serve
from tests.samples import OWN, payload
from tests.stores import Templates
from tracker.database import open_store
from tracker.vocabulary import Trigger


def test_shares_are_of_the_same_source_and_day(page: Page, templates: Templates, tmp_path: Path) -> None:
    """510 women of 980 people, told as a share of another body's total, or of another year's."""
    store = open_store(templates.copy_sqlite("seeded", tmp_path / "tracker.sqlite"))
    saved = [payload((OWN / "unhcr_demographics" / "1-page.json").read_bytes(), "page.json")]
    run_source(store, tmp_path, discover()["unhcr_demographics"], saved, Trigger.FILE, lambda _: None)
    for running in serve(store, templates.archive):
        page.goto(f"{running.address}/people?region=EGY")
        expect(page.locator("#first")).to_have_count(0)
        table = page.get_by_role("table", name="The newest count of each, with its share")
        lines = [
            [cell.inner_text() for cell in row.get_by_role("cell").all()] for row in table.get_by_role("row").all()
        ]
        told = {(line[1], line[2]): (line[3], line[4]) for line in lines if len(line) == 8}
        assert told["women and girls", "all ages"] == ("510", "52%")
        assert told["women and girls", "0-4"] == ("100", "10%")
        ages = [line[2] for line in lines if len(line) == 8 and line[1] == "women and girls"]
        assert ages[:5] == ["0-4", "5-11", "12-17", "18-59", "60+"]
        ways = page.get_by_role("table", name="The newest count of each way")
        expect(ways.get_by_role("row").filter(has_text="Egypt").first).to_contain_text("Syria")


def constraint(start: date | None, end: date, place: str = "Aleppo", kind: str = "mines_uxo") -> dict[str, Any]:
    return {
        "indicator": "access_constraint", "constraint_type": kind, "topic": None, "location_name": place,
        "reference_period_start": start, "reference_period_end": end, "observation_id": "A1",
    }  # fmt: skip


def test_a_month_counts_each_kind_once() -> None:
    """Three reports of one road block told as three constraints; a month between two reports told as silent."""
    months = months_of(date(2024, 11, 27), date(2025, 2, 1))
    assert months == [(2024, 11), (2024, 12), (2025, 1), (2025, 2)]
    rows = [
        constraint(date(2024, 11, 30), date(2025, 1, 2)),
        constraint(None, date(2024, 12, 5)),
        constraint(None, date(2024, 12, 5), kind="interference"),
        constraint(None, date(2025, 1, 5), place="Idleb"),
    ]
    found = by_place(rows, months)
    assert {month: len(kinds) for month, kinds in found["Aleppo"].items()} == {
        (2024, 11): 1,
        (2024, 12): 2,
        (2025, 1): 1,
    }
    assert {month: len(kinds) for month, kinds in found["Idleb"].items()} == {(2025, 1): 1}


def test_a_silent_month_is_a_dot_and_no_zero() -> None:
    """A zero reads as free access."""
    assert markup(cell({})) == '<span class="silent-month" title="no report">·</span>'
    told = markup(cell({"b": ["A2"], "a": ["A1", "A3"]}))
    assert "2 kinds: a; b" in told
    assert re.findall(r">(\w+)</a>", told) == ["A1", "A3", "A2"]


def test_only_the_last_twelve_months_are_shown() -> None:
    """A table of ten years is wider than any screen."""
    assert months_of(date(2014, 1, 1), date(2024, 12, 31)) == [(2024, month) for month in range(1, 13)]
