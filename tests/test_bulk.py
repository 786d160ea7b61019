"""Load by the million: by columns or row by row, a sheet comes to the same store, word for word."""

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select

from benchmarks.product import MAPPING
from benchmarks.workload import make
from ingest import columns
from ingest.contract import discover
from ingest.run import run_source
from tests.builders import NOW
from tests.stores import Templates
from tracker.database import open_store, writing
from tracker.records import Payload
from tracker.tables import (
    Displacement,
    DisplacementSeries,
    IngestRun,
    Location,
    Publication,
    SetAside,
    Standing,
)
from tracker.tables import (
    Payload as PayloadRow,
)
from tracker.vocabulary import Trigger

ROWS = 8_000


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made feed with its areas: revisions, duplicates and bad rows among the rest."""
    folder = tmp_path_factory.mktemp("feed")
    make(ROWS, folder, 3)
    return folder


def saved(content: bytes, name: str, mapping: str = "") -> Payload:
    return Payload(body=content, url=name, media_type="text/csv", retrieved_at=NOW, mapping=mapping)


def load(store: Engine, archive: Path, feed: Path, *contents: bytes) -> list[tuple[Any, ...]]:
    """Load the areas, then each content in a run; returns what the runs say."""
    quiet = lambda _: None  # noqa: E731
    places = saved((feed / "places.csv").read_bytes(), "places.csv")
    assert not run_source(store, archive, discover()["ocha_pcodes"], [places], Trigger.FILE, quiet).error
    said = []
    for number, content in enumerate(contents):
        payload = saved(content, f"feed{number}.csv", MAPPING.read_text())
        report = run_source(store, archive, discover()["displacement_sheet"], [payload], Trigger.FILE, quiet)
        t = report.tally
        said.append((report.status, report.error, t.rows_read, t.new, t.revised, t.unchanged, t.duplicate, t.set_aside))
    return said


def held(store: Engine) -> list[tuple[Any, ...]]:
    """Every vintage with all that is stored of it, but for numbers that only order gives."""
    table, series = Displacement, DisplacementSeries
    apart = ("id", "series_id", "standing_id", "publication_id", "payload_id")
    own = [column for column in table.__table__.columns if column.name not in apart]
    query = (
        select(series.key, series.provider_place, Location.code, Standing.key, Publication.url, PayloadRow.sha256, *own)
        .join(series, series.id == table.series_id)
        .join(Location, Location.id == series.location_id)
        .join(Standing, Standing.id == table.standing_id)
        .join(PayloadRow, PayloadRow.id == table.payload_id)
        .outerjoin(Publication, Publication.id == table.publication_id)
    )
    with store.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
        aside = connection.execute(select(SetAside.locator, SetAside.reason, SetAside.detail, SetAside.raw))
        rows += [("set aside", *row) for row in aside]
        cited = connection.execute(select(Publication.publisher, Publication.title, Publication.url))
        runs = connection.execute(select(IngestRun.warnings, IngestRun.newest_reference_on))
        return sorted((*rows, *(tuple(row) for row in cited), *(tuple(row) for row in runs)), key=repr)


def shaken(content: bytes, seed: int) -> bytes:
    """The feed as it comes a month later: some numbers revised, rows gone and in another order, a few odd cells,
    and some as they had been published earlier."""
    draw = random.Random(seed)
    header, *lines = content.decode().splitlines()
    kept = []
    for line in lines:
        cells = line.split(",")
        if len(cells) != 20 or draw.random() < 0.05:
            continue
        fate = draw.random()
        if fate < 0.1:
            cells[9] = str(int(cells[9]) * 11 // 10 + 1) if cells[9].isdecimal() else cells[9]
            cells[10] = cells[11] = ""
        elif fate < 0.12:
            cells[1] = "2025-06-30"
        elif fate < 0.13:
            cells[9] = draw.choice(["*", "<5", "", "1.5", "12 000", "007"])
        elif fate < 0.14:
            cells[12] = "at_most"
        elif fate < 0.15:
            cells[1], cells[9], cells[10], cells[11] = cells[14], "7", "", ""
        elif fate < 0.16:
            cells[12] = "provisional"
        kept.append(",".join(cells))
    draw.shuffle(kept)
    return "\n".join([header, *kept, ""]).encode()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgres_server"))])
def stores(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Any:
    """Two stores alike."""
    opened = []
    for name in ("columns", "rows"):
        if request.param == "sqlite":
            opened.append(open_store(templates.copy_sqlite("places", tmp_path / f"{name}.sqlite")))
        else:
            opened.append(open_store(templates.copy_postgres("places", request.getfixturevalue("postgres_server"))))
    yield opened
    for engine in opened:
        engine.dispose()


def test_by_columns_or_row_by_row(
    stores: list[Engine], feed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two ways to read a file would be two truths: a number that depends on how long the file was."""
    content = (feed / "observations.csv").read_bytes()
    contents = content, content.replace(b"\n", b"\n\n", 90) + b"\r\n\n", shaken(content, 1), shaken(content, 2)
    said = load(stores[0], tmp_path / "a", feed, *contents)
    monkeypatch.setattr(columns, "FEWEST", 10**9)
    assert said == load(stores[1], tmp_path / "b", feed, *contents)
    assert [run[0] for run in said] == ["partial"] * 4
    assert held(stores[0]) == held(stores[1])
    assert {"late", "source_revision"} <= {word for row in held(stores[0]) for word in row if isinstance(word, str)}


def test_references_are_true_and_are_checked_again(stores: list[Engine], feed: Path, tmp_path: Path) -> None:
    """A figure with the address of another one would send a reader to a page that does not say so."""
    load(stores[0], tmp_path / "a", feed, (feed / "observations.csv").read_bytes())
    with stores[0].connect() as connection:
        if connection.dialect.name == "sqlite":
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        else:
            assert connection.exec_driver_sql("SHOW session_replication_role").scalar() == "origin"
        wrong = select(Displacement.id).outerjoin(Publication, Publication.id == Displacement.publication_id)
        assert not connection.scalars(wrong.where(Publication.id.is_(None), Displacement.run_id > 2)).all()


def test_columns_are_used_at_all(stores: list[Engine], feed: Path, tmp_path: Path) -> None:
    """A feed that is left over row by row would make the other test compare a thing with itself."""
    from tracker.places import Gazetteer

    load(stores[0], tmp_path / "a", feed)
    payload = saved((feed / "observations.csv").read_bytes(), "feed.csv", MAPPING.read_text())
    with stores[0].connect() as connection:
        sheet = columns.read(payload, Gazetteer.read(connection), NOW.date().replace(year=2026), tmp_path)
    assert sheet is not None
    assert len(sheet.certain) > 0.98 * ROWS


@pytest.mark.needs("postgres_server")
def test_role_that_may_not_pass_over_references(request: pytest.FixtureRequest, templates: Templates) -> None:
    """A load that fails for want of a right nobody else needs loads nothing, every night."""
    made = open_store(templates.copy_postgres("places", request.getfixturevalue("postgres_server")))
    with made.begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS plain")
        connection.exec_driver_sql("CREATE ROLE plain")
    plain = create_engine(made.url, connect_args={"options": "-c role=plain"})
    with writing(plain, bulk=True) as connection:
        assert connection.exec_driver_sql("SHOW session_replication_role").scalar() == "origin"
    with writing(made, bulk=True) as connection:
        assert connection.exec_driver_sql("SHOW session_replication_role").scalar() == "replica"
    made.dispose()
    plain.dispose()
