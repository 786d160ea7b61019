"""Undo: take a run back, so that what was visible before it is visible again, and nothing is lost.

The run's vintages stay, and are closed by new ones: each fact says again what the runs that still stand had said of it
last, and a fact that only this run knew is withdrawn. So as-of answers for the time before the undo do not change, and
runs may be undone in any order. A fact that a later run has revised since is that run's word, and stays.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, literal, null, select, update
from sqlalchemy.orm import aliased

from tracker import leases, ledger
from tracker.asof import is_after, same_fact, stands
from tracker.errors import UsageError
from tracker.rows import FAMILIES
from tracker.tables import Event, IngestRun, Location, SetAside, Source
from tracker.vocabulary import ObservationStatus, RevisionReason, Trigger

_NUMBERS = ("value", "value_low", "value_high")


def undo(connection: Connection, run_id: int, now: datetime) -> tuple[int, ledger.Tally]:
    """Take a run back.

    Args:
        connection: A write transaction; the caller commits.
        run_id: The run.
        now: The moment of the undo, by our clock.

    Returns:
        The id of the run that the undo is, and its counts: ``revised`` are the facts that say again what they said
        before, or are withdrawn.

    Raises:
        UsageError: There is no such run, it loaded nothing, cannot be taken back, or has been already.
        AlreadyRunning: The source is being ingested now.
    """
    run = _require_undoable(connection, run_id)
    owner = leases.take(connection, run.code, now)
    undo_id = ledger.begin_run(connection, run.source_id, Trigger.UNDO, run.parser_version, now)
    count = sum(_take_back(connection, family.observation, run_id, undo_id) for family in FAMILIES.values())
    connection.execute(update(IngestRun).where(IngestRun.id == run_id).values(undone_by_id=undo_id))
    connection.execute(
        update(SetAside)
        .where(SetAside.first_run_id == run_id, SetAside.last_run_id == run_id, SetAside.resolution.is_(None))
        .values(resolution=ledger.UNDONE)
    )
    later = sum(_overtaken(connection, family.observation, run_id, undo_id) for family in FAMILIES.values())
    tally = ledger.Tally(figures=count, revised=count, warnings=[f"took back run {run_id}"])
    if later:
        tally.warnings.append(f"{later:,} of its figures had been revised by later runs, whose word stays")
    ledger.finish_run(connection, undo_id, tally, now)
    leases.drop(connection, run.code, owner)
    return undo_id, tally


def _require_undoable(connection: Connection, run_id: int) -> Any:
    query = select(*IngestRun.__table__.columns, Source.code).outerjoin(Source, Source.id == IngestRun.source_id)
    run = connection.execute(query.where(IngestRun.id == run_id)).first()
    reason = None
    if run is None:
        reason = "there is no such run; tracker runs lists them"
    elif run.recorded_at is None:
        reason = f"it loaded nothing ({run.status})"
    elif run.undone_by_id:
        reason = f"run {run.undone_by_id} has undone it already"
    elif run.trigger == Trigger.SEED:
        reason = "the seed is what the tracker ships with, and every start loads it"
    elif run.trigger == Trigger.UNDO:
        reason = "it is an undo itself; load the figures again instead (tracker ingest)"
    elif any(connection.scalar(select(table.id).where(table.run_id == run_id).limit(1)) for table in (Location, Event)):
        reason = "it brought places or events, which other figures may point at by now"
    if reason:
        raise UsageError(f"run {run_id} cannot be undone: {reason}")
    return run


def _take_back(connection: Connection, table: Any, run_id: int, undo_id: int) -> int:
    """Give the facts on which the run has the last word a vintage more; returns how many facts these are."""
    own, other, run = aliased(table), aliased(table), aliased(IngestRun)
    standing = select(other.id).join(run, run.id == other.run_id).where(stands(run))
    later = standing.where(same_fact(other, own), is_after(other, own))
    last_word = select(own.id).where(own.run_id == run_id, same_fact(own, table), ~later.exists())
    close = update(table).where(table.superseded_run_id.is_(None), last_word.exists())
    close = close.values(superseded_run_id=undo_id).execution_options(synchronize_session=False)
    taken_back = connection.execute(close).rowcount
    closed, before, any_row = aliased(table), aliased(table), aliased(table)
    last_standing = (
        standing.where(same_fact(other, closed), other.run_id != run_id)
        .order_by(other.said_order.desc(), other.vintage.desc())
        .limit(1)
        .scalar_subquery()
    )
    last_vintage = select(func.max(any_row.vintage)).where(same_fact(any_row, closed)).scalar_subquery()
    set_anew: dict[str, Any] = {
        "vintage": last_vintage + 1,
        "run_id": literal(undo_id),
        "superseded_run_id": null(),
        "revision_reason": literal(RevisionReason.UNDO.value),
    }
    withdrawn: dict[str, Any] = {name: null() for name in (*_NUMBERS, "published_on", "doubt")}
    withdrawn["observation_status"] = literal(ObservationStatus.WITHDRAWN.value)
    names = [column.name for column in table.__table__.columns if column.name != "id"]
    told = [
        set_anew[name]
        if name in set_anew
        else case((before.id.is_not(None), getattr(before, name)), else_=withdrawn.get(name, getattr(closed, name)))
        for name in names
    ]
    rows = (
        select(*told)
        .select_from(closed)
        .outerjoin(before, before.id == last_standing)
        .where(closed.superseded_run_id == undo_id)
    )
    connection.execute(insert(table).from_select(names, rows))
    return taken_back


def _overtaken(connection: Connection, table: Any, run_id: int, undo_id: int) -> int:
    """How many of the run's vintages another run had replaced."""
    query = select(func.count()).where(table.run_id == run_id, table.superseded_run_id.not_in((run_id, undo_id)))
    return connection.scalar(query) or 0
