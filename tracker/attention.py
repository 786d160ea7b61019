"""What waits for a person: held runs, figures set aside, runs with a warning; read for the screens.

Raw rows stay in the store: they may hold what nobody but the provider should show.
"""

import pandas as pd
from sqlalchemy import Connection, func, select

from tracker.series import frame_of
from tracker.tables import IngestRun, SetAside, Source
from tracker.vocabulary import RunStatus, Trigger


def runs(connection: Connection, limit: int) -> pd.DataFrame:
    """The latest runs, newest first; ``source`` is null for the seed, ``error`` says why one failed or is held."""
    return frame_of(
        connection,
        select(
            IngestRun.id, Source.code.label("source"), Source.name.label("source_name"), IngestRun.trigger,
            IngestRun.status, IngestRun.started_at, IngestRun.rows_read, IngestRun.figures, IngestRun.figures_new,
            IngestRun.figures_revised, IngestRun.figures_unchanged, IngestRun.figures_duplicate,
            IngestRun.figures_set_aside, IngestRun.newest_reference_on, IngestRun.error, IngestRun.warnings,
            IngestRun.undone_by_id,
        )
        .outerjoin(Source, Source.id == IngestRun.source_id)
        .order_by(IngestRun.id.desc())
        .limit(limit),
    )  # fmt: skip


def held(connection: Connection) -> pd.DataFrame:
    """Runs that a person must look at, newest first; one that a later run of its source has overtaken is left out."""
    later = select(func.max(IngestRun.id)).where(
        IngestRun.status != RunStatus.HELD.value,
        IngestRun.trigger != Trigger.UNDO.value,
        IngestRun.undone_by_id.is_(None),
    )
    frame = frame_of(
        connection,
        select(
            IngestRun.id, Source.code.label("source"), Source.name.label("source_name"), IngestRun.started_at,
            IngestRun.error,
            later.where(IngestRun.source_id == Source.id, IngestRun.recorded_at.is_not(None))
            .correlate(Source)
            .scalar_subquery()
            .label("loaded_since"),
        )
        .join(Source, Source.id == IngestRun.source_id)
        .where(IngestRun.status == RunStatus.HELD.value)
        .order_by(IngestRun.id.desc()),
    )  # fmt: skip
    return frame[[since is None or since < run for since, run in zip(frame["loaded_since"], frame["id"], strict=True)]]


def set_aside(connection: Connection) -> pd.DataFrame:
    """Figures set aside by source and reason: how many, the latest run that met them, and one of them in words."""
    first = func.min(SetAside.id).label("first")
    groups = (
        select(SetAside.source_id, SetAside.reason, func.count().label("count"), func.max(SetAside.last_run_id), first)
        .where(SetAside.resolution.is_(None))
        .group_by(SetAside.source_id, SetAside.reason)
        .subquery()
    )
    return frame_of(
        connection,
        select(
            Source.code.label("source"), Source.name.label("source_name"), groups.c.reason, groups.c["count"],
            groups.c[3].label("last_run_id"), SetAside.locator, SetAside.detail,
        )
        .join(SetAside, SetAside.id == groups.c.first)
        .outerjoin(Source, Source.id == groups.c.source_id)
        .order_by(Source.code, groups.c["count"].desc()),
    )  # fmt: skip
