"""Whether the store is whole: what `tracker db check` looks at."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, func, select

from tracker.archive import read
from tracker.errors import StoreError
from tracker.rows import FAMILIES
from tracker.tables import IngestRun, Payload
from tracker.vocabulary import ObservationStatus, RevisionReason


def problems(store: Engine, archive: Path) -> Iterator[str]:
    """Every fault found, in one line each."""
    with store.connect() as connection:
        if store.dialect.name == "sqlite":
            for row in connection.exec_driver_sql("PRAGMA integrity_check"):
                if row[0] != "ok":
                    yield f"the SQLite file is damaged: {row[0]}: restore a copy"
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
                yield f"a row of {row[0]} points at a row of {row[2]} that is not there"
        for family in FAMILIES.values():
            table = family.observation
            recorded = dict(
                connection.execute(
                    select(table.run_id, func.count())
                    .where(
                        table.observation_status != ObservationStatus.WITHDRAWN.value,
                        table.revision_reason.is_distinct_from(RevisionReason.LATE.value),
                    )
                    .group_by(table.run_id)
                ).all()
            )
            for run_id, count in recorded.items():
                run = connection.execute(
                    select(IngestRun.figures_new, IngestRun.figures_revised).where(IngestRun.id == run_id)
                ).one()
                if count > run.figures_new + run.figures_revised:
                    yield f"run {run_id} says it wrote {sum(run)} figures, but {family.name} alone holds {count}"
        for payload in connection.execute(select(Payload.id, Payload.sha256)):
            try:
                read(archive, payload.sha256)
            except StoreError as error:
                yield f"payload {payload.id}: {error}"
