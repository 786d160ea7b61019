"""Trace: the archived row behind a figure is found again, whatever form it came in."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.contract import discover
from ingest.run import run_source
from tests.samples import workbook
from tests.stores import seed_tables
from tracker.errors import UsageError
from tracker.records import Payload
from tracker.series import KINDS, rows_of
from tracker.trace import _csv_row, trace
from tracker.vocabulary import Trigger
from tracker.windows import Window

ROWS = [
    ["Name - English", "Name - Ukrainian", "Country", "Lat", "Long"],
    ["Alpha - Beta", "Альфа - Бета", "Poland", 51.1, 23.8],
    ["Gamma - Delta", "Гамма - Дельта", "Hungary", 48.1, 22.6],
]


@pytest.mark.parametrize(("number", "name"), [(1, "Alpha - Beta"), (2, "Gamma - Delta")])
def test_a_workbook_row_is_shown_as_it_stands(
    store_with_places: Engine, tmp_path: Path, number: int, name: str
) -> None:
    """Stops a status from being defended with another crossing's row."""
    content = workbook({"READ ME": [["Last updated on: 09 June 2022"]], "Border Crossings": ROWS})
    saved = Payload(body=content, url="crossings.xlsx", media_type="", retrieved_at=datetime(2024, 1, 1, tzinfo=UTC))
    module = discover()["ocha_ukraine_border_crossings"]
    report = run_source(store_with_places, tmp_path, module, [saved], Trigger.FILE, lambda _: None)
    assert (report.error, report.tally.new) == (None, 2)
    with store_with_places.connect() as connection:
        found = trace(connection, tmp_path, f"B{number}")
    assert name in found.payload_row


SEED = {row["id"]: row for table in seed_tables().values() for row in table if row.get("excerpt") is not None}
KEY = re.compile(r"\b(?:article-\d+|[DBA]\d{3}[a-z]?)\b")


def test_a_key_of_the_seed_leads_to_its_own_row(seeded_store: Engine, seeded_archive: Path) -> None:
    """Stops D001, the UN's "at least 370,000", from being answered with D1, the article's "over 370,000"."""
    with seeded_store.connect() as connection:
        for key in ("D001", "d017", "A059", "B029", "B066a", "article-1"):
            found = trace(connection, seeded_archive, key)
            assert found.figure["locator"].endswith(f"({key[0].upper() + key[1:] if key != 'article-1' else key})")
        assert trace(connection, seeded_archive, "D1").figure["locator"].endswith("(article-1)")
        for nothing in ("D0001", "D012", "article-99"):
            with pytest.raises(UsageError, match=nothing):
                trace(connection, seeded_archive, nothing)


@pytest.mark.parametrize("kind", KINDS)
def test_notes_cite_figures_by_the_ids_that_lead_to_them(seeded_store: Engine, seeded_archive: Path, kind: str) -> None:
    """Stops a note about "D106" from sending its reader to another figure that has the number 106."""
    checked = 0
    with seeded_store.connect() as connection:
        for row in rows_of(KINDS[kind](connection, Window())):
            note = SEED[row["locator"].rpartition("(")[2][:-1]]["note"]
            if keys := KEY.findall(note):
                ids = re.findall(r"\b[DBA]\d+\b", row["note"])
                cited = [trace(connection, seeded_archive, i).figure["locator"].rpartition("(")[2][:-1] for i in ids]
                assert cited == keys
                assert trace(connection, seeded_archive, row["observation_id"]).figure["note"] == row["note"]
                checked += 1
    assert checked


def test_a_start_nobody_gave_is_not_shown(seeded_store: Engine, seeded_archive: Path) -> None:
    """Stops "in recent weeks" from being traced to a count that began and ended on 8 December 2024."""
    with seeded_store.connect() as connection:
        found = trace(connection, seeded_archive, "D1")
    assert found.figure["reference_period_start"] is None
    assert [vintage["reference_period_start"] for vintage in found.vintages] == [None]


def test_the_row_of_a_line_is_found_whatever_its_cells_hold() -> None:
    """The words of the row above under a number: a line break in a cell shifts every later line."""
    content = "\r\n".join(
        ['place,people,"what, in\nwords"', 'Idleb,1,"a ""b""\nc"', "Aleppo,2,", '"Hama\n\n",3,d', "Homs,4"]
    )
    assert _csv_row(content, 4) == {"place": "Idleb", "people": "1", "what, in\nwords": 'a "b"\nc'}
    assert _csv_row(content, 5) == {"place": "Aleppo", "people": "2"}
    assert _csv_row(content, 8) == {"place": "Hama\n\n", "people": "3", "what, in\nwords": "d"}
    assert _csv_row(content, 9) == {"place": "Homs", "people": "4"}
    with pytest.raises(LookupError):
        _csv_row(content, 10)
