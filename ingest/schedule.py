"""The simplest honest scheduler: what is due is read from the run ledger, so cron and the built-in loop agree."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select

from ingest.contract import Scope, SourceModule, missing_credentials
from ingest.http import Client
from ingest.report import SKIPPED, RunReport
from ingest.run import run_source
from tracker import ledger
from tracker.errors import AlreadyRunning
from tracker.records import Payload
from tracker.tables import Location, RegionMember
from tracker.vocabulary import Trigger

Progress = Callable[[str], None]


def run_live(
    store: Engine,
    archive: Path,
    modules: Iterable[SourceModule],
    trigger: Trigger,
    progress: Progress,
    credentials: Mapping[str, str],
) -> Iterator[RunReport]:
    """Fetch and load the given sources, one after the other; a source that fails does not stop the next.

    A source that nothing can be fetched from, for want of a credential or because it comes in files, is skipped.
    """
    now = datetime.now(UTC)
    with store.connect() as connection:
        followed = select(Location.code).join(RegionMember, RegionMember.location_id == Location.id).distinct()
        scope = Scope(tuple(sorted(connection.scalars(followed))), now.date())
    for module in sorted(modules, key=lambda module: not module.SOURCE.names_places):
        why_not = _cannot_be_fetched(module, credentials)
        if why_not:
            yield RunReport(source=module.SOURCE.code, status=SKIPPED, error=why_not)
            continue
        wanted = {c.variable: credentials[c.variable] for c in module.SOURCE.credentials}
        with Client(pause=module.SOURCE.pause_seconds, credentials=wanted) as client:
            report = run_one(store, archive, module, module.fetch(client, scope), trigger, progress)
        yield report


def _cannot_be_fetched(module: SourceModule, credentials: Mapping[str, str]) -> str | None:
    if not module.SOURCE.cadence_days:
        return f"comes in files: tracker ingest {module.SOURCE.code} --from FILE"
    missing = missing_credentials(module, credentials)
    if missing:
        return "; ".join(f"{wanted.variable} is not set: {wanted.how}" for wanted in missing)
    return None


def due(store: Engine, modules: Iterable[SourceModule], now: datetime) -> list[SourceModule]:
    """The sources whose cadence has passed since they last answered."""
    with store.connect() as connection:
        return [
            module
            for module in modules
            if module.SOURCE.cadence_days
            and ledger.is_due(connection, module.SOURCE.code, module.SOURCE.cadence_days, now)
        ]


def next_due(store: Engine, modules: Iterable[SourceModule]) -> tuple[datetime, str] | None:
    """When the next source will be due, and which it is; null when none of them is ever fetched."""
    with store.connect() as connection:
        times = [
            (ledger.due_at(connection, module.SOURCE.code, module.SOURCE.cadence_days), module.SOURCE.code)
            for module in modules
            if module.SOURCE.cadence_days
        ]
    return min(((at, code) for at, code in times if at), default=None)


def run_due(
    store: Engine,
    archive: Path,
    modules: Iterable[SourceModule],
    progress: Progress,
    credentials: Mapping[str, str],
) -> Iterator[RunReport]:
    """Run what is due now; the built-in loop, `tracker up` and cron's `tracker ingest --due` all come here."""
    found = due(store, modules, datetime.now(UTC))
    return run_live(store, archive, found, Trigger.SCHEDULE, progress, credentials)


def run_one(
    store: Engine,
    archive: Path,
    module: SourceModule,
    payloads: Iterable[Payload],
    trigger: Trigger,
    progress: Progress,
) -> RunReport:
    """Run one source on its payloads; if another process is at it already, say so and leave it alone."""

    def told(text: str) -> None:
        progress(f"{module.SOURCE.code}: {text}")

    try:
        return run_source(store, archive, module, payloads, trigger, told)
    except AlreadyRunning as busy:
        return RunReport(source=module.SOURCE.code, status=SKIPPED, error=str(busy), exit_code=busy.exit_code)
