"""Loading the seed: reference rows first, then figures, in one run."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from tracker import ledger
from tracker.archive import keep
from tracker.batch import Arrival
from tracker.checks import check
from tracker.database import writing
from tracker.errors import RecordError, StoreError
from tracker.places import Gazetteer, place
from tracker.records import Payload
from tracker.seed.figures import READERS, Row, read
from tracker.seed.reference import write_reference
from tracker.store import load
from tracker.tables import IngestRun
from tracker.tables import Payload as PayloadRow
from tracker.vocabulary import RunStatus, Trigger

FILES = (
    "sources.csv", "countries.csv", "locations.csv", "regions.csv", "points_of_entry.csv", "events.csv", *READERS,
)  # fmt: skip
SEED_VERSION = 1


def seed(store: Engine, archive: Path) -> ledger.Tally | None:
    """Load the seed files; null when the store already holds exactly these files.

    Raises:
        StoreError: A seed row breaks a rule, which is a fault of this release.
    """
    contents = {name: (resources.files("tracker.seed") / name).read_bytes() for name in FILES}
    with store.connect() as connection:
        if _loaded_before(connection, contents):
            return None
    now = datetime.now(UTC)
    with writing(store) as connection:
        ledger.wait_for_others(connection)
        if _loaded_before(connection, contents):
            return None
        run_id = ledger.begin_run(connection, None, Trigger.SEED, SEED_VERSION, now)
        tables = {name: list(csv.DictReader(io.StringIO(content.decode()))) for name, content in contents.items()}
        write_reference(connection, tables)
        payload_ids = {
            name: keep(
                connection,
                archive,
                Payload(body=content, url=f"seed/{name}", media_type="text/csv", retrieved_at=now),
                run_id,
                None,
            )[0]
            for name, content in contents.items()
        }
        tally = _load_figures(connection, tables, payload_ids, run_id, now.date())
        ledger.finish_run(connection, run_id, tally, datetime.now(UTC))
    return tally


def _loaded_before(connection: Connection, contents: dict[str, bytes]) -> bool:
    kept = set(
        connection.scalars(
            select(PayloadRow.sha256)
            .join(IngestRun, IngestRun.id == PayloadRow.run_id)
            .where(PayloadRow.source_id.is_(None), IngestRun.status != RunStatus.RUNNING.value)
        )
    )
    return all(hashlib.sha256(content).hexdigest() in kept for content in contents.values())


def _load_figures(
    connection: Connection, tables: dict[str, list[Row]], payload_ids: dict[str, int], run_id: int, today: date
) -> ledger.Tally:
    gazetteer = Gazetteer.read(connection)
    arrivals = []
    for name in READERS:
        for figure in read(name, tables[name]):
            try:
                placed = place(figure, gazetteer)
                check(placed, today)
            except RecordError as error:
                raise StoreError(f"seed row {figure.locator} breaks a rule: {error}") from error
            arrivals.append(Arrival(placed, payload_ids[name]))
    loaded = load(connection, run_id, arrivals, only_own=True)
    if loaded.conflicts:
        named = ", ".join(conflict.placed.figure.locator for conflict in loaded.conflicts)
        raise StoreError(f"seed rows contradict others of the same series and period: {named}")
    return ledger.Tally(
        rows_read=len(arrivals),
        figures=len(arrivals),
        new=loaded.new,
        revised=loaded.revised,
        unchanged=loaded.unchanged,
        duplicate=loaded.duplicate,
    )
