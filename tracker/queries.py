"""What is asked of the store for each kind of figure, and the answer as plain rows that no library is needed for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Text, case, cast, literal, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from tracker.ids import OBSERVATION_PREFIX, notes_by_id
from tracker.tables import (
    Access,
    AccessSeries,
    Border,
    BorderSeries,
    BorderStatus,
    Displacement,
    DisplacementSeries,
    IngestRun,
    Location,
    Payload,
    PointOfEntry,
    Publication,
    Source,
    Standing,
)
from tracker.vocabulary import Precision
from tracker.windows import Window, visible, within

PART = 5_000
"""Rows that are read at a time where all of them might be too many."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with the names of their columns; a null is ``None``."""

    columns: list[str]
    rows: Sequence[Sequence[Any]]


def answer(connection: Connection, kind: str, window: Window) -> Rows:
    """All rows of a kind's question, the oldest period first."""
    result = connection.execute(QUERIES[kind](window))
    return _with_notes(connection, list(result.keys()), result.all())


def answer_in_parts(connection: Connection, kind: str, window: Window) -> Iterator[Rows]:
    """The same rows, some thousands at a time; one part at least."""
    result = connection.execute(QUERIES[kind](window), execution_options={"yield_per": PART})
    columns, empty = list(result.keys()), True
    for part in result.partitions():
        empty = False
        yield _with_notes(connection, columns, part)
    if empty:
        yield Rows(columns, [])


def _with_notes(connection: Connection, columns: list[str], rows: Sequence[Any]) -> Rows:
    """Rows whose notes cite figures by their ids."""
    at, locator = columns.index("note"), columns.index("locator")
    if not any(row[at] for row in rows):
        return Rows(columns, rows)
    notes = notes_by_id(connection, [(row[at], row[locator]) for row in rows])
    return Rows(columns, [(*row[:at], note, *row[at + 1 :]) for row, note in zip(rows, notes, strict=True)])


def _displacement(window: Window) -> Select[Any]:
    series, observation, origin = DisplacementSeries, Displacement, aliased(Location)
    query = (
        select(
            *_head(observation),
            series.indicator, series.measure, series.population_group,
            Location.code.label("location_code"), Location.name_en.label("location_name"),
            Location.name_ar.label("location_name_ar"), Location.kind.label("location_kind"),
            origin.code.label("origin_code"), origin.name_en.label("origin_name"),
            origin.name_ar.label("origin_name_ar"),
            PointOfEntry.code.label("point_of_entry"), series.variant, series.cause, series.unit, series.sex,
            series.age,
            observation.value, observation.value_low, observation.value_high, observation.qualifier,
            observation.value_text, observation.observation_status,
            *_tail(observation),
            id_of(observation, observation.subset_of_id).label("subset_of"),
            series.provider_place, observation.series_id, series.location_id,
        )
        .join(series, series.id == observation.series_id)
        .join(Location, Location.id == series.location_id)
        .outerjoin(origin, origin.id == series.origin_id)
        .outerjoin(PointOfEntry, PointOfEntry.id == series.point_of_entry_id)
    )  # fmt: skip
    return _answered(query, series, observation, window)


def _border_status(window: Window) -> Select[Any]:
    series, observation = BorderSeries, BorderStatus
    query = (
        select(
            *_head(observation),
            (Border.country_a + "-" + Border.country_b).label("border"),
            PointOfEntry.code.label("point_of_entry"), PointOfEntry.name_en.label("point_of_entry_name"),
            PointOfEntry.name_ar.label("point_of_entry_name_ar"),
            PointOfEntry.name_other_side.label("name_other_side"), PointOfEntry.official.label("official"),
            Location.code.label("location_code"), Location.name_en.label("location_name"),
            PointOfEntry.latitude, PointOfEntry.longitude,
            series.side, series.direction_into, series.traffic_class, series.variant,
            observation.status, observation.evidence, observation.reported_as, observation.valid_until,
            observation.disputed, observation.observation_status,
            *_tail(observation), observation.series_id,
        )
        .join(series, series.id == observation.series_id)
        .join(Border, Border.id == series.border_id)
        .outerjoin(PointOfEntry, PointOfEntry.id == series.point_of_entry_id)
        .outerjoin(Location, Location.id == PointOfEntry.admin1_id)
    )  # fmt: skip
    return _answered(query, series, observation, window)


def _aid_access(window: Window) -> Select[Any]:
    series, observation = AccessSeries, Access
    query = (
        select(
            *_head(observation),
            series.indicator, series.constraint_type, series.topic,
            Location.code.label("location_code"), Location.name_en.label("location_name"),
            Location.name_ar.label("location_name_ar"), Location.kind.label("location_kind"),
            series.variant, series.unit,
            observation.value, observation.value_low, observation.value_high, observation.qualifier,
            observation.value_text, observation.scale, observation.information_gap, observation.trend,
            observation.observation_status, observation.external_id,
            *_tail(observation), series.provider_place, observation.series_id,
        )
        .join(series, series.id == observation.series_id)
        .join(Location, Location.id == series.location_id)
    )  # fmt: skip
    return _answered(query, series, observation, window)


QUERIES: dict[str, Callable[[Window], Select[Any]]] = {
    "displacement": _displacement,
    "border-status": _border_status,
    "aid-access": _aid_access,
}


def id_of(observation: Any, column: Any) -> ColumnElement[str | None]:
    """An observation's number as it is shown, with the letter of its kind; null where the column is."""
    prefix = OBSERVATION_PREFIX[observation]
    return case((column.is_not(None), literal(prefix) + cast(column, Text)))


def _head(observation: Any) -> list[ColumnElement[Any]]:
    return [
        id_of(observation, observation.id).label("observation_id"),
        Source.code.label("source"),
        Source.name.label("source_name"),
    ]


def _tail(observation: Any) -> list[ColumnElement[Any]]:
    """Period, then provenance: the columns every kind of figure ends with."""
    known = Standing.start_precision != Precision.UNKNOWN.value
    return [
        case((known, observation.reference_period_start)).label("reference_period_start"),
        observation.reference_period_end, Standing.start_precision, Standing.end_precision,
        observation.published_on, IngestRun.recorded_at, observation.vintage, observation.revision_reason,
        Standing.role, Standing.coverage, Standing.attribution,
        id_of(observation, observation.primary_id).label("relays"),
        Source.reliability, Standing.credibility, Standing.review_status, observation.sensitivity,
        Publication.publisher, Publication.title.label("publication_title"),
        Publication.url.label("publication_url"), observation.excerpt, observation.note, observation.doubt,
        observation.locator,
        Payload.sha256.label("payload_sha256"), observation.run_id,
        Source.licence, Source.credit_line, Source.redistribute,
    ]  # fmt: skip


def _answered(query: Select[Any], series: Any, observation: Any, window: Window) -> Select[Any]:
    """The query with everything every kind has in common: provenance, and which rows the window lets through."""
    return (
        query.join(Source, Source.id == series.source_id)
        .join(IngestRun, IngestRun.id == observation.run_id)
        .join(Standing, Standing.id == observation.standing_id)
        .join(Payload, Payload.id == observation.payload_id)
        .outerjoin(Publication, Publication.id == observation.publication_id)
        .where(visible(observation, window.as_of), *within(window, series, observation))
        .order_by(observation.reference_period_end, observation.id)
    )
