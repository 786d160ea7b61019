"""One run of one source: fetch, keep, parse, place, check, load. All of it is loaded, or nothing."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine

from ingest import door
from ingest.columns import parse_by_columns
from ingest.contract import SourceModule, is_whole
from ingest.lines import Row, line_of, rows_at
from ingest.parsed import Read, Refused, in_the_promised_form, one_line, parse_all
from ingest.report import RunReport
from tracker import leases, ledger
from tracker.archive import keep, read_again
from tracker.batch import Arrival
from tracker.database import writing
from tracker.entries import enter
from tracker.errors import RunHeld, TrackerError
from tracker.places import Gazetteer
from tracker.records import Fault, Payload
from tracker.reference import upsert_source
from tracker.store import load
from tracker.vocabulary import RunStatus, SetAsideReason, Trigger

log = logging.getLogger(__name__)

Progress = Callable[[str], None]
Kept = list[tuple[int, Payload]]
"""Payloads, each with the id of its row."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A run under way: where it reads and writes, and under which ids.

    Attributes:
        released: Why the run was held, when a person has looked at it and lets it through; null for every other.
    """

    store: Engine
    archive: Path
    module: SourceModule
    progress: Progress
    started_at: datetime
    owner: str
    source_id: int
    run_id: int
    released: str | None = None

    @property
    def code(self) -> str:
        return self.module.SOURCE.code

    def keep_lease(self, connection: Connection) -> None:
        leases.keep(connection, self.code, self.owner, datetime.now(UTC))


@dataclass(slots=True)
class _Outcome:
    """How a run ended, as its report will tell it."""

    tally: ledger.Tally = field(default_factory=ledger.Tally)
    status: RunStatus = RunStatus.FAILED
    error: str | None = None
    exit_code: int = 0


def run_source(
    store: Engine,
    archive: Path,
    module: SourceModule,
    payloads: Iterable[Payload],
    trigger: Trigger,
    progress: Progress,
) -> RunReport:
    """Run one source and write its ledger row, whatever happens.

    Args:
        store: The store.
        archive: Folder of the archived payloads.
        module: The source.
        payloads: A fetch that starts when it is asked for its first page, or files somebody saved.
        trigger: What started the run.
        progress: Told in a few words what is being done, for long runs.

    Returns:
        The report; a source that failed or is held has ``error`` and an exit code, and loaded nothing.

    Raises:
        StoreError: The store or the archive cannot be written.
    """
    now = datetime.now(UTC)
    with writing(store) as connection:
        owner = leases.take(connection, module.SOURCE.code, now)
        source_id = upsert_source(connection, module.SOURCE)
        run_id = ledger.begin_run(connection, source_id, trigger, module.SOURCE.parser_version, now)
    run = _Run(store, archive, module, progress, now, owner, source_id, run_id)

    def work() -> ledger.Tally:
        kept = _fetch_and_keep(run, payloads)
        told = _told_before(run, kept) if trigger is Trigger.FILE else None
        return told or _load(run, _parse(run, kept), kept)

    return _close(run, work)


def release_run(store: Engine, archive: Path, module: SourceModule, run_id: int, progress: Progress) -> RunReport:
    """Load a held run after all, from the payloads it read: a person has looked and takes its figures for true.

    Raises:
        UsageError: The run is not held, or has been overtaken.
        StoreError: The store cannot be written.
    """
    now = datetime.now(UTC)
    with writing(store) as connection:
        owner = leases.take(connection, module.SOURCE.code, now)
        source_id = upsert_source(connection, module.SOURCE)
        held = ledger.require_held(connection, run_id)
    run = _Run(store, archive, module, progress, now, owner, source_id, run_id, released=held.reason)

    def work() -> ledger.Tally:
        with store.connect() as connection:
            kept = read_again(connection, archive, run_id)
        return _load(run, _parse(run, kept), kept)

    return _close(run, work)


def _close(run: _Run, work: Callable[[], ledger.Tally]) -> RunReport:
    """Do a run's work and write down how it ended."""
    begun, outcome = monotonic(), _Outcome()
    try:
        outcome.tally = work()
        outcome.status, outcome.exit_code = outcome.tally.status, 1 if outcome.tally.newly_set_aside else 0
    except RunHeld as held:
        outcome.status, outcome.exit_code = RunStatus.HELD, held.exit_code
        outcome.error = f"{held}; look at it, then: tracker release {run.run_id}"
    except TrackerError as fault:
        outcome.error, outcome.exit_code = str(fault), fault.exit_code
    except Exception as fault:  # noqa: BLE001
        # A fault of ours must end this source only, leave its ledger row closed, and still be seen by a person.
        log.debug("unexpected fault in %s", run.code, exc_info=True)
        outcome.error = f"unexpected {type(fault).__name__} in the tracker itself: {one_line(fault)}; please report it"
        outcome.exit_code = 1
    with writing(run.store) as connection:
        if outcome.error:
            ledger.fail_run(connection, run.run_id, outcome.error, datetime.now(UTC), outcome.status)
        leases.drop(connection, run.code, run.owner)
    seconds = monotonic() - begun
    return RunReport(
        run.code, run.run_id, outcome.status.value, outcome.tally, seconds, outcome.error, outcome.exit_code
    )


def _fetch_and_keep(run: _Run, payloads: Iterable[Payload]) -> Kept:
    """Archive every payload as it arrives, so that even a page that breaks the parser is there to be looked at."""
    kept: Kept = []
    for payload in in_the_promised_form(payloads, f"the provider's answer to {run.code}"):
        with writing(run.store) as connection:
            run.keep_lease(connection)
            kept.append(keep(connection, run.archive, payload, run.run_id, run.source_id))
        run.progress(f"fetched {len(kept)} ({payload.size / 1024:,.0f} KB)")
    return kept


def _told_before(run: _Run, kept: Kept) -> ledger.Tally | None:
    """The counts of a saved file that was loaded before; null when there is something to read."""
    if len(kept) != 1:
        return None
    with writing(run.store) as connection:
        tally = ledger.loaded_before(connection, kept[0][0], run.module.SOURCE.parser_version)
        if tally:
            run.keep_lease(connection)
            ledger.finish_run(connection, run.run_id, tally, datetime.now(UTC))
    return tally


def _parse(run: _Run, kept: Kept) -> Read:
    """Bytes become placed and checked figures; the store is not locked meanwhile."""
    with run.store.connect() as connection:
        gazetteer = Gazetteer.read(connection)
    today = run.started_at.date()
    by_columns = parse_by_columns(run.module, kept, gazetteer, today, run.archive)
    return by_columns or parse_all(run.module, kept, gazetteer, today)


def _load(run: _Run, read: Read, kept: Kept) -> ledger.Tally:
    """The run's one transaction: figures, what was set aside and the ledger row appear together.

    Raises:
        RunHeld: The run looks wrong as a whole, and nobody has released it.
    """
    source = run.module.SOURCE
    tally = ledger.Tally(rows_read=read.rows, figures=read.figures, newest_reference_on=read.newest_reference_on)
    run.progress(f"loading {tally.figures:,} figures")
    whole = is_whole(run.module, [payload for _, payload in kept])
    with writing(run.store, bulk=read.columns is not None) as connection:
        run.keep_lease(connection)
        before = ledger.loaded_last(connection, run.run_id)
        columns = (read.columns, kept[0][0]) if read.columns else None
        loaded = load(connection, run.run_id, read.arrivals, whole_of=run.source_id if whole else None, columns=columns)
        entered = enter(connection, run.run_id, [entry for entry, _, _ in read.entries])
        raws = _raws(read, loaded.conflicts, kept)
        faults = read.faults + [_conflict(arrival, raws[id(arrival)]) for arrival in loaded.conflicts]
        faults = [
            (fault, raw.cells() if isinstance(raw, Row) else raw, payload_id) for fault, raw, payload_id in faults
        ]
        faults += [(fault, read.entries[n][1], read.entries[n][2]) for n, fault in entered.faults.items()]
        reasons = door.reasons_to_hold(read, source, before, loaded, [fault for fault, _, _ in faults])
        if reasons and run.released is None:
            raise RunHeld("; ".join(reasons))
        tally.new, tally.revised = loaded.new + entered.new, loaded.revised + entered.revised
        tally.unchanged = loaded.unchanged + entered.unchanged
        tally.duplicate = loaded.duplicate + entered.duplicate
        tally.set_aside = len(faults)
        tally.newly_set_aside = ledger.set_aside(connection, run.run_id, run.source_id, faults)
        tally.warnings = door.warnings(read, source) + loaded.warnings
        if run.released is not None:
            tally.warnings.append(f"released by a person on {datetime.now(UTC):%Y-%m-%d}; was held: {run.released}")
        ledger.finish_run(connection, run.run_id, tally, datetime.now(UTC))
    return tally


def _raws(read: Read, arrivals: Iterable[Arrival], kept: Kept) -> dict[int, Any]:
    """The provider's rows of figures, by identity; of those that were read by columns they are looked up again."""
    lines = {id(a): line_of(a.placed.figure.locator) for a in arrivals if id(a) not in read.raws}
    found = rows_at(kept[0][1], lines.values())
    return read.raws | {of: found[line] for of, line in lines.items()}


def _conflict(arrival: Arrival, raw: Any) -> Refused:
    said = "another row of the same run gives a different value for the same fact; neither can be preferred"
    fault = Fault(arrival.placed.figure.locator, SetAsideReason.CONFLICTING_DUPLICATE, said)
    return fault, raw, arrival.payload_id
