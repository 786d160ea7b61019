"""One run of one source: fetch, keep, parse, place, check, load. All of it is loaded, or nothing."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from ingest.contract import SourceModule
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

log = logging.getLogger(__name__)

MISREAD = (TypeError, AttributeError, LookupError, ValueError, ArithmeticError, RecursionError)
"""What a source's code raises when an answer is not in the form it was written for."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run did; `as_json` has the keys that scripts rely on."""

    source: str
    run_id: int = 0
    status: str = RunStatus.FAILED.value
    rows_read: int = 0
    figures: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    duplicate: int = 0
    set_aside: int = 0
    seconds: float = 0.0
    newly_set_aside: int = 0
    error: str | None = None
    exit_code: int = 0

    def as_json(self) -> dict[str, Any]:
        """Everything but what is only for the caller."""
        shown = asdict(self)
        del shown["exit_code"]
        return shown

    def line(self) -> str:
        """The run in one line, for people."""
        if self.error:
            return f"{self.source}: failed: {self.error}"
        counts = f"{self.figures:,} figures from {self.rows_read:,} rows: {self.new:,} new, {self.revised:,} revised, "
        counts += f"{self.unchanged:,} unchanged, {self.duplicate:,} duplicate, {self.set_aside:,} set aside"
        return f"{self.source}: {self.status}: {counts} ({self.seconds:.1f} s, run {self.run_id})"


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
    started, now, code = monotonic(), datetime.now(UTC), module.SOURCE.code
    with writing(store) as connection:
        owner = ledger.take_lease(connection, code, now)
        source_id = upsert_source(connection, module.SOURCE)
        run_id = ledger.begin_run(connection, source_id, trigger, module.SOURCE.parser_version, now)
    try:
        answers = _in_the_promised_form(payloads, f"the provider's answer to {code}")
        kept = _fetch_and_keep(store, archive, answers, run_id, source_id, progress)
        tally = _parse_and_load(store, module, kept, run_id, source_id, now, progress)
    except TrackerError as error:
        return _failed(store, code, run_id, str(error), error.exit_code, monotonic() - started)
    except Exception as error:  # noqa: BLE001
        # A fault of ours must end this source only, leave its ledger row closed, and still be seen by a person.
        log.debug("unexpected fault in %s", code, exc_info=True)
        said = f"unexpected {type(error).__name__} in the tracker itself: {_one_line(error)}; please report it"
        return _failed(store, code, run_id, said, 1, monotonic() - started)
    finally:
        with writing(store) as connection:
            ledger.drop_lease(connection, code, owner)
    return RunReport(
        code, run_id, tally.status.value, tally.rows_read, tally.figures, tally.new, tally.revised, tally.unchanged,
        tally.duplicate, tally.set_aside, round(monotonic() - started, 2), tally.newly_set_aside,
        exit_code=1 if tally.newly_set_aside else 0,
    )  # fmt: skip


def _failed(store: Engine, code: str, run_id: int, error: str, exit_code: int, seconds: float) -> RunReport:
    with writing(store) as connection:
        ledger.fail_run(connection, run_id, error, datetime.now(UTC))
    return RunReport(source=code, run_id=run_id, seconds=round(seconds, 2), error=error, exit_code=exit_code)


def _fetch_and_keep(
    store: Engine,
    archive: Path,
    payloads: Iterable[Payload],
    run_id: int,
    source_id: int,
    progress: Callable[[str], None],
) -> list[tuple[Payload, int]]:
    """Archive every payload as it arrives, so that even a page that breaks the parser is there to be looked at."""
    kept = []
    for payload in payloads:
        with writing(store) as connection:
            kept.append((payload, keep(connection, archive, payload, run_id, source_id)))
        progress(f"fetched {len(kept)} ({len(payload.content) / 1024:,.0f} KB)")
    return kept


def _parse_and_load(
    store: Engine,
    module: SourceModule,
    kept: list[tuple[Payload, int]],
    run_id: int,
    source_id: int,
    now: datetime,
    progress: Callable[[str], None],
) -> ledger.Tally:
    """The run's one transaction: figures, what was set aside and the ledger row appear together."""
    tally = ledger.Tally()
    with writing(store) as connection:
        gazetteer = Gazetteer.read(connection)
        arrivals: list[Arrival] = []
        raws: dict[int, Any] = {}
        faults: list[tuple[Fault, Any, int]] = []
        for payload, payload_id in kept:
            for row in _in_the_promised_form(module.parse(payload), payload.url):
                tally.rows_read += 1
                faults += ((fault, row.raw, payload_id) for fault in row.faults)
                for arrival, fault in _place_and_check(row, payload_id, gazetteer, now.date()):
                    if arrival:
                        arrivals.append(arrival)
                        raws[id(arrival)] = row.raw
                    if fault:
                        faults.append((fault, row.raw, payload_id))
        tally.figures = len(arrivals) + len(faults)
        if not tally.figures:
            # A provider that suddenly has nothing to say is broken; taking its word would look like good news.
            held = f"{tally.rows_read} rows, and not one figure in them" if tally.rows_read else "not one row"
            raise SourceChanged(f"{module.SOURCE.code}: the answer holds {held}")
        progress(f"loading {tally.figures:,} figures")
        _load(connection, arrivals, raws, faults, tally, run_id, source_id)
        ledger.finish_run(connection, run_id, tally, datetime.now(UTC))
    return tally


def _load(
    connection: Connection,
    arrivals: list[Arrival],
    raws: dict[int, Any],
    faults: list[tuple[Fault, Any, int]],
    tally: ledger.Tally,
    run_id: int,
    source_id: int | None,
) -> None:
    loaded = load(connection, run_id, arrivals)
    faults += [
        (
            Fault(
                arrival.placed.figure.locator,
                SetAsideReason.CONFLICTING_DUPLICATE,
                "another row of the same run gives a different value for the same fact; neither can be preferred",
            ),
            raws[id(arrival)],
            arrival.payload_id,
        )
        for arrival in loaded.conflicts
    ]
    tally.new, tally.revised = loaded.new, loaded.revised
    tally.unchanged, tally.duplicate = loaded.unchanged, loaded.duplicate
    tally.set_aside = len(faults)
    tally.newly_set_aside = ledger.set_aside(connection, run_id, source_id, faults)


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
