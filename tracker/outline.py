"""The outline of an answer: which displacement series it has, and on which days they speak, without what they say."""

from datetime import date

import pandas as pd
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from tracker.series import frame_of
from tracker.tables import Displacement, DisplacementSeries, Location, Source, Standing
from tracker.vocabulary import Role
from tracker.windows import Window, rows, series_within

Points = dict[int, list[tuple[date, int]]]
"""Of each series the days its figures are about, with the numbers of the observations, oldest first."""


def dimensions(connection: Connection, window: Window) -> pd.DataFrame:
    """The displacement series of a window's place: one row each, with the columns of `displacement` that they fix."""
    series, origin = DisplacementSeries, aliased(Location)
    query = (
        select(
            series.id.label("series_id"), Source.code.label("source"), series.indicator, series.measure,
            series.population_group, Location.code.label("location_code"), Location.kind.label("location_kind"),
            origin.code.label("origin_code"), series.point_of_entry_id.label("point_of_entry"), series.variant,
            series.cause, series.unit, series.sex, series.age,
        )
        .join(Source, Source.id == series.source_id)
        .join(Location, Location.id == series.location_id)
        .outerjoin(origin, origin.id == series.origin_id)
        .where(*series_within(window, series))
        .order_by(series.id)
    )  # fmt: skip
    return frame_of(connection, query)


def points(connection: Connection, window: Window) -> Points:
    """The displacement figures of a window that may be quoted or compared, without any of what they say."""
    query = rows("displacement", window, Displacement.series_id, Displacement.reference_period_end, Displacement.id)
    quotable = query.join(Standing, Standing.id == Displacement.standing_id).where(Standing.role != Role.CONTEXT.value)
    found: Points = {}
    for series_id, day, number in sorted(map(tuple, connection.execute(quotable))):
        found.setdefault(series_id, []).append((day, number))
    return found


def newest_of_series(connection: Connection, window: Window, most: int) -> list[int]:
    """Numbers of the newest displacement figure of each series, the largest first, and no more than ``most``."""
    row = Displacement
    newest_first = (row.reference_period_end.desc(), row.id.desc())
    rank = func.row_number().over(partition_by=row.series_id, order_by=newest_first).label("rank")
    size = func.coalesce(row.value, row.value_low, 0).label("size")
    ranked = rows("displacement", window, row.id.label("id"), size, rank).subquery()
    first = select(ranked.c.id).where(ranked.c.rank == 1).order_by(ranked.c.size.desc(), ranked.c.id).limit(most)
    return list(connection.scalars(first))


def sources_of_people(connection: Connection) -> list[str]:
    """Codes of the sources with displacement series, in the order of their first one; a new source comes last."""
    query = select(Source.code).join(DisplacementSeries, DisplacementSeries.source_id == Source.id)
    return list(connection.scalars(query.group_by(Source.code).order_by(func.min(DisplacementSeries.id))))
