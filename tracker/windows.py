"""Which rows a question is about, and which of them anybody may see: conditions that every reading puts into its query.

They are conditions on a figure and its series alone, so that what is counted, what is listed and what is drawn are the
same rows, however few of their columns are read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.sql import ColumnElement

from tracker.asof import PRESENT, AsOf, known, touched
from tracker.errors import UsageError
from tracker.regions import Region
from tracker.rows import FAMILIES
from tracker.tables import Border, PointOfEntry, Source
from tracker.vocabulary import ObservationStatus, Redistribution, Sensitivity

CEILING = Sensitivity.MODERATE
"""What everybody may see; rows above it never leave the store through these questions."""

FAMILY = {family.name: family for family in FAMILIES.values()}
"""The tables of each kind of figure."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows a question is about.

    Attributes:
        region: The place; null for everywhere.
        start: Earliest day a reference period may end; null for no limit.
        end: Latest day it may start.
        exportable_only: Leave out rows whose licence forbids passing them on.
        doubted_only: Only rows that do not fit the history of their series.
        series: Ids of the series asked for; null for all.
        source: Code of the source asked for; null for all. So are ``indicator`` and ``population_group``; a kind of
            figure that has no such word has no row with it.
        observations: Numbers of the observations asked for; null for all.
        as_of: The moment whose last word is asked for.
        touched_since: Only facts on which something was recorded after this instant; null for all.
    """

    region: Region | None = None
    start: date | None = None
    end: date | None = None
    exportable_only: bool = False
    doubted_only: bool = False
    series: Collection[int] | None = None
    source: str | None = None
    indicator: str | None = None
    population_group: str | None = None
    observations: Collection[int] | None = None
    as_of: AsOf = PRESENT
    touched_since: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a window that no day lies in: its empty answer would read as "nothing happened".

        Raises:
            UsageError: It ends before it starts.
        """
        if self.start and self.end and self.end < self.start:
            raise UsageError(f"the period ends {self.end}, before it starts {self.start}")


def shown(observation: Any) -> ColumnElement[bool]:
    """Whether a vintage, once it is the last word, is a figure anybody may see: not withdrawn, not too sensitive."""
    return and_(
        observation.observation_status != ObservationStatus.WITHDRAWN.value, observation.sensitivity <= int(CEILING)
    )


def visible(observation: Any, as_of: AsOf = PRESENT) -> ColumnElement[bool]:
    """The last word at that moment, not withdrawn by then, and not too sensitive."""
    return and_(known(observation, as_of), shown(observation))


def within(window: Window, series: Any, observation: Any) -> list[ColumnElement[bool]]:
    """What makes a figure a row of the window, besides being visible at its moment."""
    found = series_within(window, series)
    if window.start:
        found.append(observation.reference_period_end >= window.start)
    if window.end:
        found.append(observation.reference_period_start <= window.end)
    if window.doubted_only:
        found.append(observation.doubt.is_not(None))
    if window.touched_since:
        runs = [observation.run_id, observation.superseded_run_id]
        # A sum keeps the database off the index of runs: of one that has loaded most of the store, a region is less.
        found.append(touched(window.touched_since, *([run + 0 for run in runs] if window.region else runs)))
    if window.observations is not None:
        found.append(observation.id.in_(window.observations))
    return found


def series_within(window: Window, series: Any) -> list[ColumnElement[bool]]:
    """What makes a series one of the window: its place, its licence, or its id."""
    found = [] if window.region is None else [_in(window.region, series)]
    if window.series is not None:
        found.append(series.id.in_(window.series))
    if window.source:
        found.append(series.source_id.in_(select(Source.id).where(Source.code == window.source)))
    for name in ("indicator", "population_group"):
        if word := getattr(window, name):
            found.append(getattr(series, name) == word if hasattr(series, name) else false())
    if window.exportable_only:
        refused = select(Source.id).where(Source.redistribute == Redistribution.NO.value)
        found.append(series.source_id.not_in(refused))
    return found


def _in(region: Region, series: Any) -> ColumnElement[bool]:
    """Displacement belongs to a region when its people are in it or came from it; a border, when it is one of it."""
    if hasattr(series, "origin_id"):
        return or_(series.location_id.in_(region.location_ids), series.origin_id.in_(region.location_ids))
    if not hasattr(series, "border_id"):
        in_it: ColumnElement[bool] = series.location_id.in_(region.location_ids)
        return in_it
    if region.whole:
        met = or_(Border.country_a.in_(region.countries), Border.country_b.in_(region.countries))
        of_it: ColumnElement[bool] = series.border_id.in_(select(Border.id).where(met))
        return of_it
    crossings = select(PointOfEntry.id).where(PointOfEntry.admin1_id.in_(region.location_ids))
    at_it: ColumnElement[bool] = series.point_of_entry_id.in_(crossings)
    return at_it


def rows(kind: str, window: Window, *columns: Any) -> Select[Any]:
    """Some columns of a figure or its series, of every row of a kind's window, in no order."""
    series, observation = FAMILY[kind].series, FAMILY[kind].observation
    query = select(*columns).select_from(observation).join(series, series.id == observation.series_id)
    return query.where(visible(observation, window.as_of), *within(window, series, observation))
