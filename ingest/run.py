"""One run of one source: fetch, keep, parse, place, check, load. All of it is loaded, or nothing."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from ingest.contract import SourceModule
from ingest.report import RunReport
from tracker import ledger
from tracker.archive import keep
from tracker.checks import check
from tracker.database import writing
from tracker.errors import RecordError, SourceChanged, TrackerError
from tracker.places import Gazetteer, place
from tracker.records import Fault, ParsedRow, Payload
from tracker.reference import upsert_source
from tracker.store import Arrival, load
from tracker.vocabulary import RunStatus, SetAsideReason, Trigger

Item = TypeVar("Item")
Refused = tuple[Fault, Any, int]
"""A fault, the provider's row, and the id of the payload it stood in."""

log = logging.getLogger(__name__)

MISREAD = (TypeError, AttributeError, LookupError, ValueError, ArithmeticError, RecursionError)
"""What a source's code raises when an answer is not in the form it was written for."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A run under way: where it reads and writes, and under which ids."""

    store: Engine
    archive: Path
    module: SourceModule
    progress: Callable[[str], None]
    started_at: datetime
    owner: str
    source_id: int
    run_id: int

    @property
    def code(self) -> str:
        return self.module.SOURCE.code

    def keep_lease(self, connection: Connection) -> None:
        ledger.keep_lease(connection, self.code, self.owner, datetime.now(UTC))


def run_source(
    store: Engine,
    archive: Path,
    module: SourceModule,
    payloads: Iterable[Payload],
    trigger: Trigger,
    progress: Callable[[str], None],
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
        The report; a source that failed has ``error`` and an exit code, and loaded nothing.

    Raises:
        StoreError: The store or the archive cannot be written.
    """
    begun = monotonic()
    run = _begin(store, archive, module, trigger, progress)
    error, exit_code = None, 0
    tally: ledger.Tally | None = None
    try:
        kept = _fetch_and_keep(run, payloads)
        tally = _told_before(run, kept) if trigger is Trigger.FILE else None
        tally = tally or _load(run, _parse(run, kept))
        exit_code = 1 if tally.newly_set_aside else 0
    except TrackerError as fault:
        error, exit_code = str(fault), fault.exit_code
    except Exception as fault:  # noqa: BLE001
        # A fault of ours must end this source only, leave its ledger row closed, and still be seen by a person.
        log.debug("unexpected fault in %s", run.code, exc_info=True)
        error = f"unexpected {type(fault).__name__} in the tracker itself: {_one_line(fault)}; please report it"
        exit_code = 1
    _end(run, error)
    tally = tally or ledger.Tally()
    status = RunStatus.FAILED if error else tally.status
    return RunReport(run.code, run.run_id, status.value, tally, monotonic() - begun, error, exit_code)


def _begin(
    store: Engine, archive: Path, module: SourceModule, trigger: Trigger, progress: Callable[[str], None]
) -> _Run:
    now = datetime.now(UTC)
    with writing(store) as connection:
        owner = ledger.take_lease(connection, module.SOURCE.code, now)
        source_id = upsert_source(connection, module.SOURCE)
        run_id = ledger.begin_run(connection, source_id, trigger, module.SOURCE.parser_version, now)
    return _Run(store, archive, module, progress, now, owner, source_id, run_id)


def _end(run: _Run, error: str | None) -> None:
    with writing(run.store) as connection:
        if error:
            ledger.fail_run(connection, run.run_id, error, datetime.now(UTC))
        ledger.drop_lease(connection, run.code, run.owner)


def _fetch_and_keep(run: _Run, payloads: Iterable[Payload]) -> list[tuple[int, Payload]]:
    """Archive every payload as it arrives, so that even a page that breaks the parser is there to be looked at."""
    kept = []
    for payload in _in_the_promised_form(payloads, f"the provider's answer to {run.code}"):
        with writing(run.store) as connection:
            run.keep_lease(connection)
            kept.append(keep(connection, run.archive, payload, run.run_id, run.source_id))
        run.progress(f"fetched {len(kept)} ({len(payload.content) / 1024:,.0f} KB)")
    return kept


def _told_before(run: _Run, kept: list[tuple[int, Payload]]) -> ledger.Tally | None:
    """The counts of a saved file that was loaded before; null when there is something to read."""
    if len(kept) != 1:
        return None
    with writing(run.store) as connection:
        tally = ledger.loaded_before(connection, kept[0][0], run.module.SOURCE.parser_version)
        if tally:
            run.keep_lease(connection)
            ledger.finish_run(connection, run.run_id, tally, datetime.now(UTC))
    return tally


@dataclass(slots=True)
class _Read:
    """What parsing, placing and checking made of the payloads."""

    rows: int
    arrivals: list[Arrival]
    faults: list[Refused]
    raws: dict[int, Any]


def _parse(run: _Run, kept: list[tuple[int, Payload]]) -> _Read:
    """Bytes become placed and checked figures; the store is not locked meanwhile.

    Raises:
        SourceChanged: There is not one figure in the payloads: a provider that suddenly has nothing to say is broken,
            and taking its word would look like good news.
    """
    with run.store.connect() as connection:
        gazetteer = Gazetteer.read(connection)
    read = _Read(0, [], [], {})
    for payload_id, payload in kept:
        for row in _in_the_promised_form(run.module.parse(payload), payload.url):
            read.rows += 1
            read.faults += ((fault, row.raw, payload_id) for fault in row.faults)
            for arrival, fault in _place_and_check(row, payload_id, gazetteer, run.started_at.date()):
                if arrival:
                    read.arrivals.append(arrival)
                    read.raws[id(arrival)] = row.raw
                if fault:
                    read.faults.append((fault, row.raw, payload_id))
    if not read.arrivals and not read.faults:
        held = f"{read.rows} rows, and not one figure in them" if read.rows else "not one row"
        raise SourceChanged(f"{run.code}: the answer holds {held}")
    return read


def _load(run: _Run, read: _Read) -> ledger.Tally:
    """The run's one transaction: figures, what was set aside and the ledger row appear together."""
    tally = ledger.Tally(rows_read=read.rows, figures=len(read.arrivals) + len(read.faults))
    run.progress(f"loading {tally.figures:,} figures")
    with writing(run.store) as connection:
        run.keep_lease(connection)
        loaded = load(connection, run.run_id, read.arrivals)
        faults = read.faults + [_conflict(arrival, read.raws[id(arrival)]) for arrival in loaded.conflicts]
        tally.new, tally.revised = loaded.new, loaded.revised
        tally.unchanged, tally.duplicate = loaded.unchanged, loaded.duplicate
        tally.set_aside = len(faults)
        tally.newly_set_aside = ledger.set_aside(connection, run.run_id, run.source_id, faults)
        ledger.finish_run(connection, run.run_id, tally, datetime.now(UTC))
    return tally


def _conflict(arrival: Arrival, raw: Any) -> Refused:
    said = "another row of the same run gives a different value for the same fact; neither can be preferred"
    fault = Fault(arrival.placed.figure.locator, SetAsideReason.CONFLICTING_DUPLICATE, said)
    return fault, raw, arrival.payload_id


def _in_the_promised_form(items: Iterable[Item], what: str) -> Iterator[Item]:
    """The items; a source's code that stumbles over them says that the form is not the promised one."""
    try:
        yield from items
    except MISREAD as error:
        raise SourceChanged(f"{what} is not in the form it was ({type(error).__name__}: {_one_line(error)})") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _place_and_check(
    row: ParsedRow, payload_id: int, gazetteer: Gazetteer, today: date
) -> Iterator[tuple[Arrival | None, Fault | None]]:
    for figure in row.figures:
        try:
            placed = place(figure, gazetteer)
            check(placed, today)
        except RecordError as error:
            yield None, Fault(figure.locator, error.reason, str(error))
        else:
            yield Arrival(placed, payload_id), None
