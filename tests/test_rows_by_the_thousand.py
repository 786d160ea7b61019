"""Laws that hold for any rows: 20,000 generated ones go through reading, placing, checking and loading.

No row is lost or made (the ledger adds up), nothing that is no number becomes one, and neither order, chunking nor
repetition changes what the store holds.
"""

import csv
import io
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from ingest.contract import discover
from ingest.report import RunReport
from ingest.run import run_source
from tests.samples import payload
from tests.stores import Templates
from tracker.database import open_store, writing
from tracker.tables import Displacement, DisplacementSeries, IngestRun, Payload, RunPayload, SetAside
from tracker.vocabulary import ObservationStatus, Trigger

SHEET = discover()["displacement_sheet"]
# Most rows here are bad on purpose; whether that holds a run is asked elsewhere.
TOLERANT: Any = SimpleNamespace(SOURCE=replace(SHEET.SOURCE, most_set_aside=1.0), parse=SHEET.parse)
COLUMNS = ("indicator", "measure", "population_group", "location_code", "value", "unit", "reference_period_end")
KNOWN, UNKNOWN = ("SYR", "LBN", "NAM", "SY01", "SY02", "SY07"), ("ZZZ", "SY99", "")
NOTHING = ("", "-", "n/a", "NA", "null", "Not available")
SUPPRESSED = ("*", "**", "<5", "< 10", "≤5")
UNREADABLE = (
    "1 234",
    "1,234",
    "1.234.567",
    "12e",
    "many",
    "٤٢",
    "1/2",
    "0x10",
    "--5",
    "5 people",
    "#REF!",
    "nan",
    "-7",
)
ROWS, RUNS = 500, 52

Row = tuple[str, ...]
Held = dict[tuple[str, date], tuple[int | None, str]]


def rows_of(seed: int) -> list[Row]:
    """Rows of which no two speak of the same thing, since two that differ contradict each other within one run only."""
    chance, found = random.Random(seed), {}
    for _ in range(ROWS):
        day = date(2015, 1, 1) + timedelta(days=chance.randrange(3_300))
        spelt = chance.choice((day.isoformat(), day.isoformat(), f"{day:%Y-%m}", "31/01/2024", "2024-02-30", ""))
        value = chance.choice((str(chance.randrange(900_000, 1_100_000)), "0", *NOTHING, *SUPPRESSED, *UNREADABLE))
        row = (
            "population", "stock", chance.choice(("IDP", "HST", "XXX")), chance.choice((*KNOWN, *UNKNOWN)), value,
            chance.choice(("persons", "households")), spelt,
        )  # fmt: skip
        found[row[2], row[3], row[5], _end(spelt)] = row
    return list(found.values())


def _end(spelt: str) -> str:
    """The day a date stands for: two spellings of it would be one thing."""
    if not re.fullmatch(r"\d{4}-\d\d", spelt):
        return spelt
    first = date.fromisoformat(f"{spelt}-01")
    return ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).isoformat()


def sheet(lines: list[Row]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([COLUMNS, *lines])
    return file.getvalue().encode()


@pytest.fixture(scope="module")
def places(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Path]]:
    """One store and archive for every example; each begins with the store emptied."""
    folder = tmp_path_factory.mktemp("rows")
    engine = open_store(templates.copy_sqlite("places", folder / "tracker.sqlite"))
    yield engine, folder
    engine.dispose()


def load(store: Engine, folder: Path, *parts: list[Row]) -> list[RunReport]:
    """Empty the store and load each part as a file of its own."""
    with writing(store) as connection:
        for table in (SetAside, Displacement, DisplacementSeries, RunPayload, Payload, IngestRun):
            connection.execute(delete(table))
    files = [payload(sheet(lines), f"{number}.csv") for number, lines in enumerate(parts)]
    return [run_source(store, folder, TOLERANT, [file], Trigger.FILE, lambda _: None) for file in files]


def held(store: Engine) -> Held:
    """What the store holds: value and status by series and day."""
    table, series = Displacement, DisplacementSeries
    columns = (series.key, table.reference_period_end, table.value, table.observation_status)
    query = select(*columns).join(series, series.id == table.series_id).where(table.superseded_run_id.is_(None))
    with store.connect() as connection:
        return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(query)}


@settings(max_examples=RUNS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_any_rows(places: tuple[Engine, Path], seed: int) -> None:
    """Somebody's order of rows, or a file sent in two halves or twice, must not change how many are displaced."""
    store, folder = places
    lines = rows_of(seed)
    (report,) = load(store, folder, lines)
    tally = report.tally
    assert report.error is None
    assert tally.rows_read == tally.figures == len(lines)
    assert tally.new + tally.set_aside == tally.figures
    found = held(store)

    good = [row for row in lines if row[2] != "XXX" and row[3] in KNOWN and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", row[6])]
    good = [row for row in good if row[6] != "2024-02-30"]
    numbers = [int(row[4]) for row in good if re.fullmatch("[0-9]+", row[4])]
    assert sorted(v for v, _ in found.values() if v is not None) == sorted(numbers)
    hidden = [status for value, status in found.values() if value is None]
    assert hidden == [ObservationStatus.SUPPRESSED] * sum(row[4] in SUPPRESSED for row in good)

    again = run_source(store, folder, TOLERANT, [payload(sheet(lines))], Trigger.MANUAL, lambda _: None)
    assert (again.tally.unchanged, again.tally.new, again.tally.revised) == (tally.new, 0, 0)
    assert held(store) == found
    shuffled, half = random.Random(seed).sample(lines, len(lines)), len(lines) // 2
    load(store, folder, shuffled[half:], shuffled[:half])
    assert held(store) == found


def test_namibia_is_a_place(places: tuple[Engine, Path]) -> None:
    """Half of the world's software reads its code as "not available", and its people as nobody's."""
    store, folder = places
    load(store, folder, [("population", "stock", "IDP", code, "7", "persons", "2024-01-31") for code in ("NAM", "NA")])
    assert [(key.split("|")[4], value) for (key, _), (value, _) in held(store).items()] == [("NAM", 7)]
