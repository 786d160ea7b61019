"""Trace: the archived row behind a figure is found again, whatever form it came in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.contract import discover
from ingest.run import run_source
from tests.samples import workbook
from tracker.records import Payload
from tracker.trace import trace
from tracker.vocabulary import Trigger

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
    saved = Payload(content=content, url="crossings.xlsx", media_type="", retrieved_at=datetime(2024, 1, 1, tzinfo=UTC))
    module = discover()["ocha_ukraine_border_crossings"]
    report = run_source(store_with_places, tmp_path, module, [saved], Trigger.FILE, lambda _: None)
    assert (report.error, report.tally.new) == (None, 2)
    with store_with_places.connect() as connection:
        found = trace(connection, tmp_path, f"B{number}")
    assert name in found.payload_row
