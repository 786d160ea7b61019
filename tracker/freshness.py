"""How fresh each source is, and how it fares: one row a source."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, case, func, select
from sqlalchemy.orm import aliased

from tracker.asof import PRESENT, AsOf
from tracker.ledger import ANSWERED
from tracker.series import frame_of
from tracker.tables import (
    Access,
    AccessSeries,
    BorderSeries,
    BorderStatus,
    Displacement,
    DisplacementSeries,
    IngestRun,
    SetAside,
    Source,
)
from tracker.vocabulary import Trigger
from tracker.windows import visible

LIVE = (Trigger.MANUAL.value, Trigger.SCHEDULE.value)


def sources(connection: Connection, moment: AsOf = PRESENT) -> pd.DataFrame:
    """Every source with its licence, how much it has given, and how fresh that is.

    ``last_reference_on`` is the newest day any open figure is about: a source is as old as its newest reference
    period, however recently it was read. A source answers when it is asked live; a file somebody saved is no answer.
    Figures are as of the moment; how a source fares is always told of now.
    """
    counts = [
        select(
            series.source_id.label("source_id"),
            func.count().label("figures"),
            func.max(observation.reference_period_end).label("last_reference_on"),
        )
        .join(series, series.id == observation.series_id)
        .where(visible(observation, moment))
        .group_by(series.source_id)
        for series, observation in (
            (DisplacementSeries, Displacement),
            (BorderSeries, BorderStatus),
            (AccessSeries, Access),
        )
    ]
    given = counts[0].union_all(*counts[1:]).subquery()
    figures = func.coalesce(func.sum(given.c.figures), 0).label("figures")
    query = _fare().add_columns(figures, func.max(given.c.last_reference_on).label("last_reference_on"))
    return frame_of(connection, query.outerjoin(given, given.c.source_id == Source.id))


def is_late(row: dict[str, Any], today: date) -> bool:
    """Whether a source that is read by itself has not answered, or not for two of its paces."""
    if not row["cadence_days"]:
        return False
    last = row["last_answered_at"]
    return last is None or (today - last.date()).days > 2 * row["cadence_days"]


def fares(connection: Connection) -> pd.DataFrame:
    """The same but for the figures, which take long to count in a large store."""
    return frame_of(connection, _fare())


def _fare() -> Select[*tuple[Any, ...]]:
    """How every source is described, and how it fares."""
    answered, ended = IngestRun.status.in_(ANSWERED), IngestRun.finished_at.is_not(None)
    runs = (
        select(
            IngestRun.source_id,
            func.max(case((answered, IngestRun.finished_at))).label("last_answered_at"),
            func.max(case((ended, IngestRun.id))).label("last_run_id"),
        )
        .where(IngestRun.trigger.in_(LIVE))
        .group_by(IngestRun.source_id)
        .subquery()
    )
    last = aliased(IngestRun)
    waiting = (
        select(SetAside.source_id, func.count().label("waiting"))
        .where(SetAside.resolution.is_(None))
        .group_by(SetAside.source_id)
        .subquery()
    )
    return (
        select(
            Source.code, Source.name, Source.kind, Source.reliability, Source.licence, Source.redistribute,
            Source.credit_line, Source.homepage, Source.cadence_days,
            func.max(runs.c.last_answered_at).label("last_answered_at"),
            func.max(last.error).label("last_error"), func.max(last.status).label("last_status"),
            func.max(last.finished_at).label("last_run_at"),
            func.max(func.coalesce(waiting.c.waiting, 0)).label("set_aside"),
        )
        .outerjoin(runs, runs.c.source_id == Source.id)
        .outerjoin(last, last.id == runs.c.last_run_id)
        .outerjoin(waiting, waiting.c.source_id == Source.id)
        .group_by(Source.id)
        .order_by(Source.cadence_days.is_(None), Source.code)
    )  # fmt: skip
