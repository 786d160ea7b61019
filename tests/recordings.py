"""Loading recorded payloads into a store, with the ledger law held against every run; and what the store then holds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import Engine, select

from ingest.contract import discover
from ingest.report import RunReport
from ingest.run import run_source
from tests.samples import recorded
from tracker.tables import (
    Access,
    AccessSeries,
    BorderSeries,
    BorderStatus,
    Displacement,
    DisplacementSeries,
    IngestRun,
    Location,
    PointOfEntry,
    Standing,
)
from tracker.vocabulary import Trigger


class Load(Protocol):
    """Loads recordings of a source as one run."""

    def __call__(self, code: str, *names: str) -> RunReport:
        """The run's report."""


@pytest.fixture
def load(store_with_places: Engine, tmp_path: Path) -> Load:
    """Load recordings into the test's store; the ledger law is held against every run."""

    def run(code: str, *names: str) -> RunReport:
        files = map(recorded, names)
        report = run_source(
            store_with_places, tmp_path / "archive", discover()[code], files, Trigger.FILE, lambda _: None
        )
        assert report.error is None
        fates = (
            report.tally.new,
            report.tally.revised,
            report.tally.unchanged,
            report.tally.duplicate,
            report.tally.set_aside,
        )
        assert sum(fates) == report.tally.figures
        with store_with_places.connect() as connection:
            row = connection.execute(select(IngestRun).where(IngestRun.id == report.run_id)).one()
            kept = (row.figures_new, row.figures_revised, row.figures_unchanged, row.figures_duplicate)
            assert (*kept, row.figures_set_aside) == fates
            assert (row.rows_read, row.figures) == (report.tally.rows_read, report.tally.figures)
        return report

    return run


def held(store: Engine) -> Iterator[Any]:
    """Every displacement figure that is open and not withdrawn, with its series and the code of its place."""
    table, series = Displacement, DisplacementSeries
    query = (
        select(
            Location.code.label("place"), series.indicator, series.measure, series.population_group, series.variant,
            series.cause, series.unit, series.sex, series.age, series.provider_place, table.value, Standing.role,
            table.reference_period_start, table.reference_period_end, table.external_id, table.vintage,
            table.published_on, table.locator, table.note, table.qualifier,
        )
        .join(series, series.id == table.series_id)
        .join(Standing, Standing.id == table.standing_id)
        .join(Location, Location.id == series.location_id)
        .where(table.superseded_run_id.is_(None), table.observation_status != "withdrawn")
    )  # fmt: skip
    with store.connect() as connection:
        yield from connection.execute(query)


def held_access(store: Engine) -> Iterator[Any]:
    """Every access figure that is open and not withdrawn, with its series and the code of its place."""
    table, series = Access, AccessSeries
    query = (
        select(
            Location.code.label("place"), Location.iso3, series.indicator, series.constraint_type, series.topic,
            series.variant, series.unit, series.provider_place, table.value, table.scale, table.information_gap,
            Standing.role, table.reference_period_start, table.reference_period_end, Standing.end_precision,
            table.external_id, table.locator, table.note,
        )
        .join(series, series.id == table.series_id)
        .join(Standing, Standing.id == table.standing_id)
        .join(Location, Location.id == series.location_id)
        .where(table.superseded_run_id.is_(None), table.observation_status != "withdrawn")
    )  # fmt: skip
    with store.connect() as connection:
        yield from connection.execute(query)


def held_statuses(store: Engine) -> Iterator[Any]:
    """Every border status that is open and not withdrawn, with its series and the code and kind of its crossing."""
    table, series = BorderStatus, BorderSeries
    query = (
        select(
            PointOfEntry.code.label("crossing"), PointOfEntry.kind, series.side, series.direction_into,
            series.traffic_class, series.variant, table.status, table.reference_period_end, table.valid_until,
            table.external_id,
        )
        .join(series, series.id == table.series_id)
        .outerjoin(PointOfEntry, PointOfEntry.id == series.point_of_entry_id)
        .where(table.superseded_run_id.is_(None), table.observation_status != "withdrawn")
    )  # fmt: skip
    with store.connect() as connection:
        yield from connection.execute(query)
