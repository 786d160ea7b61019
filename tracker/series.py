"""Read: the only module that answers questions from the store, as tidy frames.

Every frame has one row an observation and carries its provenance; charts, tables and CSV are made from the same frame,
so they cannot disagree. Which rows a frame has is said by `tracker.windows`, in the query. A null is "not reported";
nothing here fills one in. Dates are ``datetime.date``; people are nullable whole numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, Text, case, cast, func, literal, select
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
    Event,
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


def displacement(connection: Connection, window: Window) -> pd.DataFrame:
    """Displacement observations of a region, the last word on each as of the window's moment, oldest period first.

    A row belongs to a region when its people are in it or came from it. ``value``, ``value_low`` and ``value_high``
    count ``unit``; ``reference_period_start`` is null where the source does not say when its count began.
    """
    return _frame(connection, "displacement", window)


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


def border_status(connection: Connection, window: Window) -> pd.DataFrame:
    """Border and crossing statuses of a region, oldest first. ``point_of_entry`` is null for a whole border.

    ``status`` is as of ``reference_period_end``; it says nothing of any later day.
    """
    return _frame(connection, "border-status", window)


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


def aid_access(connection: Connection, window: Window) -> pd.DataFrame:
    """Constraints, incidents, scores and shortages of a region, oldest first. ``value`` counts ``unit``."""
    return _frame(connection, "aid-access", window)


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


_QUERIES: dict[str, Callable[[Window], Select[Any]]] = {
    "displacement": _displacement,
    "border-status": _border_status,
    "aid-access": _aid_access,
}

KINDS: dict[str, Callable[[Connection, Window], pd.DataFrame]] = {
    "displacement": displacement,
    "border-status": border_status,
    "aid-access": aid_access,
}
"""The kinds of figure, and the question each one answers."""


def parts(connection: Connection, kind: str, window: Window) -> Iterator[pd.DataFrame]:
    """The rows of a kind's question, some thousands at a time, in frames that together are its answer; one at least."""
    result = connection.execute(_QUERIES[kind](window), execution_options={"yield_per": PART})
    columns, empty = list(result.keys()), True
    for part in result.partitions():
        empty = False
        yield _finished(connection, kind, part, columns)
    if empty:
        yield _finished(connection, kind, [], columns)


def events(connection: Connection, window: Window) -> pd.DataFrame:
    """Dated events of a region, oldest first.

    Events have no vintages: as of a past day, those up to that day are shown as they are known now.
    """
    query = (
        select(
            Event.code, Event.date_start, Event.date_end, Event.precision, Event.event_type, Event.title_en,
            Event.title_ar, Location.code.label("location_code"), Event.disputed, Event.annotate, Event.note,
            Publication.publisher, Publication.title.label("publication_title"),
            Publication.url.label("publication_url"),
        )
        .join(Location, Location.id == Event.location_id)
        .outerjoin(Publication, Publication.id == Event.publication_id)
        .order_by(Event.date_start, Event.id)
    )  # fmt: skip
    if window.region:
        query = query.where(Location.id.in_(window.region.location_ids))
    if window.start:
        query = query.where(func.coalesce(Event.date_end, Event.date_start) >= window.start)
    last = min((day for day in (window.end, window.as_of.day) if day), default=None)
    if last:
        query = query.where(Event.date_start <= last)
    return frame_of(connection, query)


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


def _frame(connection: Connection, kind: str, window: Window) -> pd.DataFrame:
    result = connection.execute(_QUERIES[kind](window))
    return _finished(connection, kind, result.all(), list(result.keys()))


def _finished(connection: Connection, kind: str, found: Sequence[Any], columns: list[str]) -> pd.DataFrame:
    """Rows as a frame: nulls stay null, people are whole, notes cite figures by their ids."""
    frame = _as_frame(found, columns)
    notes = notes_by_id(connection, zip(frame["note"], frame["locator"], strict=True))
    frame["note"] = pd.Series(notes, index=frame.index, dtype=object)
    for column in ("value", "value_low", "value_high") if kind == "displacement" else ():
        frame[column] = frame[column].astype("Int64")
    return frame


def frame_of(connection: Connection, query: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """The rows of a query; nulls stay null."""
    result = connection.execute(query)
    return _as_frame(result.all(), list(result.keys()))


def _as_frame(found: Sequence[Any], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=columns, dtype=object)
    return frame.where(frame.notna(), None)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The frame's rows as plain dicts; every kind of missing is ``None``."""
    if frame.empty:
        return []
    columns = [str(column) for column in frame.columns]
    values = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(columns, row, strict=True)) for row in values.itertuples(index=False, name=None)]
