"""The run ledger: what each run did, what it set aside, what is due.

"Due" is computed from the ledger alone, so any number of schedulers (the built-in loop, cron, a person) agree.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from tracker.errors import UsageError
from tracker.records import Fault
from tracker.rows import FAMILIES, chunks
from tracker.tables import IngestRun, Location, Payload, RunPayload, SetAside, Source
from tracker.vocabulary import RunStatus, Trigger

RECORDING = 7_311_584
"""Key of the lock under which ``recorded_at`` is given out."""
RETRY_AFTER_FAILURE = timedelta(hours=1)
LIVE = (Trigger.MANUAL.value, Trigger.SCHEDULE.value)
UNDONE = "the run was undone"
"""Resolution of what only an undone run has set aside."""
DONE = (RunStatus.SUCCEEDED.value, RunStatus.UNCHANGED.value, RunStatus.PARTIAL.value)
ANSWERED = (*DONE, RunStatus.HELD.value)
"""A held run has the provider's answer; asking again would bring the same."""


@dataclass(slots=True)
class Tally:
    """A run's counts. ``figures = new + revised + unchanged + duplicate + set_aside``, always."""

    rows_read: int = 0
    figures: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    duplicate: int = 0
    set_aside: int = 0
    newly_set_aside: int = 0
    newest_reference_on: date | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def status(self) -> RunStatus:
        """How a run with these counts ended."""
        if self.set_aside:
            return RunStatus.PARTIAL
        return RunStatus.SUCCEEDED if self.new or self.revised else RunStatus.UNCHANGED


def begin_run(
    connection: Connection, source_id: int | None, trigger: Trigger, parser_version: int, now: datetime
) -> int:
    """Open a run; returns its id. Runs of the source that never ended are closed as abandoned."""
    connection.execute(
        update(IngestRun)
        .where(IngestRun.source_id.is_not_distinct_from(source_id), IngestRun.status == RunStatus.RUNNING.value)
        .values(status=RunStatus.ABANDONED.value, finished_at=now, error="the process ended before the run did")
    )
    return connection.scalars(
        insert(IngestRun)
        .values(
            source_id=source_id,
            trigger=trigger.value,
            status=RunStatus.RUNNING.value,
            started_at=now,
            parser_version=parser_version,
        )
        .returning(IngestRun.id)
    ).one()


def finish_run(connection: Connection, run_id: int, tally: Tally, now: datetime) -> None:
    """Close a run with its counts. ``recorded_at`` never goes back, even if the clock does."""
    wait_for_others(connection)
    latest = connection.scalar(select(func.max(IngestRun.recorded_at)))
    recorded_at = max(now, latest + timedelta(microseconds=1)) if latest else now
    connection.execute(
        update(IngestRun)
        .where(IngestRun.id == run_id)
        .values(
            status=tally.status.value,
            recorded_at=recorded_at,
            finished_at=now,
            rows_read=tally.rows_read,
            figures=tally.figures,
            figures_new=tally.new,
            figures_revised=tally.revised,
            figures_unchanged=tally.unchanged,
            figures_duplicate=tally.duplicate,
            figures_set_aside=tally.set_aside,
            newest_reference_on=tally.newest_reference_on,
            error=None,
            warnings="\n".join(tally.warnings) or None,
        )
    )


@dataclass(frozen=True, slots=True)
class Before:
    """The last run of the same kind that was loaded."""

    run_id: int
    figures: int
    newest_reference_on: date | None


def loaded_last(connection: Connection, run_id: int) -> Before | None:
    """The loaded run that this one can be compared with: of its source, and live like it or from a file of its name."""
    run = connection.execute(select(IngestRun.source_id, IngestRun.trigger).where(IngestRun.id == run_id)).one()
    query = (
        select(IngestRun.id, IngestRun.figures, IngestRun.newest_reference_on)
        .where(
            IngestRun.source_id == run.source_id,
            IngestRun.id != run_id,
            IngestRun.status.in_(DONE),
            IngestRun.undone_by_id.is_(None),
        )
        .order_by(IngestRun.id.desc())
        .limit(1)
    )
    if run.trigger in LIVE:
        query = query.where(IngestRun.trigger.in_(LIVE))
    else:
        query = query.where(IngestRun.trigger == run.trigger, _first_url(IngestRun.id) == _first_url(run_id))
    found = connection.execute(query).first()
    return Before(found.id, found.figures, found.newest_reference_on) if found else None


def _first_url(run_id: Any) -> Any:
    first = select(Payload.url).join(RunPayload, RunPayload.payload_id == Payload.id)
    return first.where(RunPayload.run_id == run_id, RunPayload.position == 0).scalar_subquery()


def loaded_before(connection: Connection, payload_id: int, parser_version: int) -> Tally | None:
    """What a saved file came to when it was loaded before, now all unchanged; null when it must be read (again).

    A file the archive already holds is no news: reading it again after a newer one would turn the newer figures back.
    It is read again when the parser has changed since, or the places of the seed.
    """
    run = connection.execute(
        select(*IngestRun.__table__.columns)
        .join(Payload, Payload.run_id == IngestRun.id)
        .where(
            Payload.id == payload_id,
            IngestRun.trigger == Trigger.FILE.value,
            IngestRun.status.in_(DONE),
            IngestRun.undone_by_id.is_(None),
            IngestRun.parser_version == parser_version,
        )
    ).mappings().first()  # fmt: skip
    if run is None:
        return None
    seeded = connection.scalar(select(func.max(IngestRun.id)).where(IngestRun.trigger == Trigger.SEED.value))
    placed = connection.scalar(select(func.max(Location.run_id)))
    if max(seeded or 0, placed or 0) > run["id"]:
        return None
    told = Tally(rows_read=run["rows_read"], figures=run["figures"], duplicate=run["figures_duplicate"])
    told.set_aside = run["figures_set_aside"]
    told.unchanged = told.figures - told.duplicate - told.set_aside
    overtaken = sum(_overtaken(connection, family.observation, run["id"]) for family in FAMILIES.values())
    since = f"; {overtaken:,} of its figures have been replaced since, and stay so" if overtaken else ""
    told.warnings.append(f"not read again: this file was loaded as run {run['id']}{since}")
    return told


def _overtaken(connection: Connection, table: Any, run_id: int) -> int:
    query = select(func.count()).where(table.run_id == run_id, table.superseded_run_id.is_not(None))
    return connection.scalar(query) or 0


def wait_for_others(connection: Connection) -> None:
    """Let one transaction at a time go on: two that end together must not be given the same instant.

    SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(RECORDING)))


def fail_run(
    connection: Connection, run_id: int, error: str, now: datetime, status: RunStatus = RunStatus.FAILED
) -> None:
    """Close a run that loaded nothing, with the reason; a held one may still be released."""
    connection.execute(
        update(IngestRun).where(IngestRun.id == run_id).values(status=status.value, finished_at=now, error=error)
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A run that waits for a person: whose it is, and why."""

    source: str
    reason: str


def require_held(connection: Connection, run_id: int) -> Held:
    """A run that a person may release.

    Raises:
        UsageError: There is no such run, it is not held, or what it holds has been overtaken by a later run.
    """
    run = connection.execute(
        select(*IngestRun.__table__.columns, Source.code)
        .join(Source, Source.id == IngestRun.source_id)
        .where(IngestRun.id == run_id)
    ).first()
    if run is None or run.status != RunStatus.HELD.value:
        what = f"it is not held but {run.status}" if run else "there is no such run"
        raise UsageError(f"run {run_id} cannot be released: {what}; tracker runs lists those that are held")
    later = loaded_last(connection, run_id)
    if later and later.run_id > run_id:
        raise UsageError(f"run {run_id} cannot be released: run {later.run_id} has loaded a later answer since")
    return Held(run.code, run.error or "")


def set_aside(
    connection: Connection,
    run_id: int,
    source_id: int | None,
    faults: Iterable[tuple[Fault, Any, int]],
) -> int:
    """Keep every fault once, with its raw row and payload; returns how many were not known before."""
    rows: dict[str, dict[str, Any]] = {}
    for fault, raw, payload_id in faults:
        text = storable(json.dumps(raw, ensure_ascii=False, sort_keys=True, default=str))
        mark = hashlib.sha256(f"{fault.reason}\n{fault.locator.partition('/')[2]}\n{text}".encode()).hexdigest()
        row = {
            "source_id": source_id,
            "first_run_id": run_id,
            "last_run_id": run_id,
            "payload_id": payload_id,
            "fingerprint": mark,
            "locator": fault.locator,
            "reason": fault.reason.value,
            "detail": storable(fault.detail),
            "raw": text,
        }
        rows.setdefault(mark, row)
    for marks in chunks(list(rows)):
        known = SetAside.source_id.is_not_distinct_from(source_id) & SetAside.fingerprint.in_(marks)
        seen = connection.scalars(
            update(SetAside)
            .where(known)
            .values(last_run_id=run_id, resolution=func.nullif(SetAside.resolution, UNDONE))
            .returning(SetAside.fingerprint)
        )
        for mark in seen.all():
            del rows[mark]
    if rows:
        connection.execute(insert(SetAside), list(rows.values()))
    return len(rows)


def storable(text: str) -> str:
    """Text as every database takes it: half characters and NULs, which no writing has, become question marks."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "?")


def due_at(connection: Connection, source_code: str, cadence_days: int) -> datetime | None:
    """When a source should be fetched again: its cadence after it last answered; null when it never was asked.

    A source that failed is asked again an hour later, not at every start. Runs from saved files do not count: they
    say nothing of what the provider publishes today.
    """
    runs = (
        select(IngestRun.status, IngestRun.started_at)
        .join(Source, Source.id == IngestRun.source_id)
        .where(Source.code == source_code, IngestRun.trigger.in_(LIVE))
        .order_by(IngestRun.id.desc())
        .limit(1)
    )
    latest = connection.execute(runs).first()
    answered = connection.execute(runs.where(IngestRun.status.in_(ANSWERED))).first()
    times = [answered.started_at + timedelta(days=cadence_days)] if answered else []
    if latest and latest.status not in ANSWERED:
        times.append(latest.started_at + RETRY_AFTER_FAILURE)
    return max(times, default=None)


def is_due(connection: Connection, source_code: str, cadence_days: int, now: datetime) -> bool:
    """Whether a source should be fetched now."""
    at = due_at(connection, source_code, cadence_days)
    return at is None or at <= now
