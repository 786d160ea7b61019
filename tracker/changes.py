"""What changed: between two moments, and what the store learnt last.

The difference of two as-of answers says what a reader of both would find: a figure that was revised and turned back in
between did not change. Old value, new value and reason stand in one row. What differs is found by the database; only
the rows that are told are read.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, Subquery, and_, case, exists, func, literal, not_, null, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from tracker.asof import AsOf, known, same_fact, touched
from tracker.extent import Extent
from tracker.rows import Family, chunks
from tracker.series import KINDS, figures
from tracker.tables import Displacement, DisplacementSeries, IngestRun, Location, Source, Standing
from tracker.vocabulary import LocationKind, Role
from tracker.windows import CEILING, FAMILY, Window, rows, shown, visible, within

TOLD = ("observation_id", "value", "value_low", "value_high", "qualifier", "value_text", "status")
"""Columns of which the old one is shown beside the new."""

NEW = "new"
AMOUNT = ("value", "value_low", "value_high", "qualifier", "value_text")
"""What a figure says, as far as it is an amount."""


def changes(connection: Connection, kind: str, window: Window, since: AsOf) -> pd.DataFrame:
    """What a reader of the window as of ``since`` finds changed, the latest first.

    Args:
        connection: The store.
        kind: A kind of figure, of `tracker.series.KINDS`.
        window: The rows, as of the later moment.
        since: The earlier moment.

    Returns:
        ``change`` (new, revised or retracted), ``changed_at`` (when we learnt it) and ``reason``; the old row's
        ``previous_...``, null for what is new; then the columns of the kind, of a retracted figure those it had.
    """
    then, window = _both(window, since)
    found = _differences(FAMILY[kind], then, window)
    latest_first = found.c.changed_at.desc().nulls_last(), found.c.now.is_(None), found.c.day, found.c.number
    return _told(connection, kind, then, window, select(found).order_by(*latest_first))


def first_changes(connection: Connection, kind: str, window: Window, since: AsOf, limit: int) -> pd.DataFrame:
    """The same, revisions and retractions first, then the newest reference periods; no more than ``limit`` rows."""
    then, window = _both(window, since)
    found = _differences(FAMILY[kind], then, window)
    order = (
        case((found.c.change == NEW, 1), else_=0), found.c.day.desc(), found.c.changed_at.desc().nulls_last(),
        found.c.now.is_(None), found.c.number,
    )  # fmt: skip
    return _told(connection, kind, then, window, select(found).order_by(*order).limit(limit))


def count_changes(connection: Connection, kind: str, window: Window, since: AsOf) -> tuple[dict[str, int], Extent]:
    """How many changes there are of each sort, and the extent of all of them."""
    found = _differences(FAMILY[kind], *_both(window, since))
    groups = (
        select(
            found.c.change, found.c.source_id, found.c.run_id, func.count().label("rows"),
            func.min(found.c.day).label("first"), func.max(found.c.day).label("reference_period_end"),
        )
        .group_by(found.c.change, found.c.source_id, found.c.run_id)
        .subquery()
    )  # fmt: skip
    query = (
        select(groups, Source.name.label("source_name"), Source.redistribute, IngestRun.recorded_at)
        .join(Source, Source.id == groups.c.source_id)
        .join(IngestRun, IngestRun.id == groups.c.run_id)
    )
    counted = connection.execute(query).mappings().all()
    count = {word: sum(part["rows"] for part in counted if part["change"] == word) for word in (NEW, *CHANGED)}
    return count, Extent.of(counted)


CHANGED = ("revised", "retracted")


def _both(window: Window, since: AsOf) -> tuple[Window, Window]:
    """The window as of both moments; by what we knew, only facts on which something was recorded in between."""
    then = replace(window, as_of=since)
    if since.published_by is None and window.as_of.published_by is None:
        return replace(then, touched_since=since.recorded_by), replace(window, touched_since=since.recorded_by)
    return then, window


def _differences(family: Family, then: Window, window: Window) -> Subquery:
    """One row a fact that differs.

    ``change`` says how, ``changed_at`` and ``reason`` are those of the last word; ``now`` and ``was`` are the numbers
    of the observations that are and were shown, null where there is none. ``number``, ``run_id``, ``day`` and
    ``source_id`` are those of the row that is told: the new one, or the old one of what is retracted.
    """
    series, table = family.series, family.observation
    before, after, run = aliased(table, name="before"), aliased(table, name="after"), aliased(IngestRun)
    differs = or_(*(getattr(before, name).is_distinct_from(getattr(after, name)) for name in family.asserted))
    was_shown = and_(before.id.is_not(None), shown(before))
    said = case((was_shown, "revised"), else_=NEW)
    told = (
        select(*_columns(said, after.id, case((was_shown, before.id)), after, after, run, series))
        .select_from(after)
        .join(series, series.id == after.series_id)
        .join(run, run.id == after.run_id)
        .outerjoin(before, and_(same_fact(before, after), _last_word(before, then)))
        .where(visible(after, window.as_of), *within(window, series, after), or_(not_(was_shown), differs))
    )
    gone = or_(after.id.is_(None), not_(shown(after)))
    retracted = (
        select(*_columns(literal("retracted"), null(), before.id, before, after, run, series))
        .select_from(before)
        .join(series, series.id == before.series_id)
        .outerjoin(after, and_(same_fact(after, before), _last_word(after, window)))
        .outerjoin(run, run.id == after.run_id)
        .where(visible(before, then.as_of), *within(then, series, before), gone)
    )
    return told.union_all(retracted).subquery()


def _columns(change: Any, now: Any, was: Any, row: Any, last: Any, run: Any, series: Any) -> list[ColumnElement[Any]]:
    return [
        change.label("change"), run.recorded_at.label("changed_at"), last.revision_reason.label("reason"),
        now.label("now"), was.label("was"), row.id.label("number"), row.run_id.label("run_id"),
        row.reference_period_end.label("day"), series.source_id.label("source_id"),
    ]  # fmt: skip


def _last_word(observation: Any, window: Window) -> ColumnElement[bool]:
    """The last word as of the window's moment, withdrawals included."""
    last = known(observation, window.as_of)
    if window.touched_since is None:
        return last
    return and_(last, touched(window.touched_since, observation.run_id, observation.superseded_run_id))


def _told(connection: Connection, kind: str, then: Window, window: Window, query: Select[Any]) -> pd.DataFrame:
    """The differences with all that is told of them, in their order."""
    found = connection.execute(query).all()
    old = _by_number(connection, kind, then, {row.was for row in found if row.was})
    new = _by_number(connection, kind, window, {row.now for row in found if row.now})
    kinds = KINDS[kind](connection, replace(window, observations=[])).columns
    told = [name for name in TOLD if name in kinds]
    changed = [
        {
            **{"change": row.change, "changed_at": row.changed_at, "reason": row.reason},
            **{f"previous_{name}": old[row.was][name] if row.was else None for name in told},
            **(new[row.now] if row.now else old[row.was]),
        }
        for row in found
    ]
    columns = ["change", "changed_at", "reason", *(f"previous_{name}" for name in told), *kinds]
    return pd.DataFrame(changed, columns=columns, dtype=object)


def _by_number(
    connection: Connection, kind: str, window: Window, numbers: Collection[int]
) -> dict[int, dict[str, Any]]:
    return {
        int(row["observation_id"][1:]): row
        for part in chunks(numbers)
        for row in figures(connection, kind, replace(window, observations=part))
    }


def latest(connection: Connection, window: Window, limit: int) -> list[dict[str, Any]]:
    """What the store learnt last about a region's displacement: revisions, then the newest periods.

    Columns are those of `displacement`, plus ``previous``: the amount (`AMOUNT`) of the vintage before, null where
    there is none or it may not be shown. Zeros, totals of people from the region in single other countries, and parts
    of figures that are there are left out: they are in the CSV.
    """
    current, series = Displacement, DisplacementSeries
    query = (
        rows("displacement", window, current.id)
        .join(Standing, Standing.id == current.standing_id)
        .where(or_(Standing.role != Role.CONTEXT.value, not_(_whole_exists(window))))
        .order_by(case((current.vintage > 1, 0), else_=1), current.reference_period_end.desc())
        .order_by(current.run_id.desc(), current.series_id.desc(), current.id)
    )
    if window.region:
        world = select(Location.id).where(Location.kind == LocationKind.WORLD.value)
        query = query.where(or_(series.location_id.in_(window.region.location_ids), series.location_id.in_(world)))
        query = query.where(or_(current.value.is_(None), current.value != 0))
    numbers = connection.scalars(query.limit(limit)).all()
    return _with_previous(connection, window, numbers)


def revisions(connection: Connection, window: Window, limit: int) -> list[dict[str, Any]]:
    """The figures of a window's displacement that replaced an earlier vintage, those learnt last first; as `latest`."""
    current = Displacement
    query = rows("displacement", window, current.id).where(current.vintage > 1)
    numbers = connection.scalars(query.order_by(current.run_id.desc(), current.id.desc()).limit(limit)).all()
    return _with_previous(connection, window, numbers)


def _with_previous(connection: Connection, window: Window, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The figures of these numbers, each with the amount that it replaced."""
    current, previous = Displacement, aliased(Displacement)
    known = _by_number(connection, "displacement", window, numbers)
    # Two publications of one file are two vintages of one run.
    replaced = and_(previous.superseded_run_id == current.run_id, previous.said_order < current.said_order)
    before = (
        select(current.id, *(getattr(previous, name) for name in AMOUNT))
        .join(previous, and_(same_fact(previous, current), replaced, previous.sensitivity <= int(CEILING)))
        .where(current.id.in_(numbers))
        .order_by(previous.said_order)
    )
    amounts = {number: dict(zip(AMOUNT, told, strict=True)) for number, *told in connection.execute(before)}
    return [{**known[number], "previous": amounts.get(number)} for number in numbers]


def _whole_exists(window: Window) -> ColumnElement[bool]:
    """Whether the window holds the figure that one is a part of, as `tracker.wholes.without_parts` says."""
    part, of_part = Displacement, DisplacementSeries
    whole, of_whole, standing = aliased(Displacement), aliased(DisplacementSeries), aliased(Standing)
    alike = ("source_id", "indicator", "measure", "population_group", "location_id", "unit")
    return exists(
        select(whole.id)
        .join(of_whole, of_whole.id == whole.series_id)
        .join(standing, standing.id == whole.standing_id)
        .where(*(getattr(of_whole, name) == getattr(of_part, name) for name in alike))
        .where(whole.reference_period_end == part.reference_period_end, standing.role == Role.RECOMMENDED.value)
        .where(visible(whole, window.as_of), *within(window, of_whole, whole))
        .correlate(part, of_part)
    )
