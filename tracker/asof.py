"""As of when: which vintages a question sees, by what we knew and by what the world had said.

The two axes are independent. *Recorded*: what did this store show at T? Runs have one instant each, so the answer for a
past T is the same for ever, whatever is loaded, revised or undone later. *Published*: what had the world said by P, as
far as we know today (or knew at T)? A figure nobody dated counts from the day we learnt it. What an undone run brought
was never said by anybody, and is left out of the second answer as soon as the undo is known.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, Select, and_, func, not_, or_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from tracker.errors import UsageError
from tracker.tables import IngestRun
from tracker.tables.base import utc_day
from tracker.tables.observation import FACT
from tracker.vocabulary import Trigger

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment a question is asked of.

    Attributes:
        recorded_by: Last instant (UTC) at which a run may have been recorded; null for now.
        published_by: Last day on which a figure may have been published; null for no limit.
    """

    recorded_by: datetime | None = None
    published_by: date | None = None

    @property
    def day(self) -> date | None:
        """The day as of which an age is told; null for today."""
        days = [self.recorded_by.date() if self.recorded_by else None, self.published_by]
        return min((day for day in days if day), default=None)

    def __str__(self) -> str:
        """In words, for a banner or a file's name; empty for now."""
        recorded = f"as known on {self.recorded_by:%Y-%m-%d %H:%M} UTC" if self.recorded_by else ""
        published = f"as published by {self.published_by}" if self.published_by else ""
        return ", ".join(part for part in (recorded, published) if part)


PRESENT = AsOf()


def latest(connection: Connection, moment: AsOf) -> AsOf:
    """The same moment as an instant: of now, the one of the last run, so that the answer can be had again."""
    if moment.recorded_by is not None:
        return moment
    return replace(moment, recorded_by=connection.scalar(select(func.max(IngestRun.recorded_at))))


def version(connection: Connection) -> tuple[Any, ...]:
    """What tells two states of the store apart: whatever is loaded, held, released or undone begins or ends a run."""
    ends = select(func.max(IngestRun.id), func.max(IngestRun.recorded_at), func.max(IngestRun.finished_at))
    return tuple(connection.execute(ends).one())


def parse_day(text: str | None) -> date | None:
    """A day a person typed; null when they typed none.

    Raises:
        UsageError: It is not an ISO date.
    """
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError(f"{text!r} is not a date: write it like 2024-12-08")


def parse_instant(text: str | None) -> datetime | None:
    """A moment a person typed, in UTC unless it says otherwise; a day means its end.

    Raises:
        UsageError: It is neither a day nor a moment, or lies on a day to come, whose answer may still change.
    """
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            moment = datetime.combine(date.fromisoformat(text), time.max, UTC)
        else:
            told = datetime.fromisoformat(text)
            moment = told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        said = f"{text!r} is neither a day nor a moment: write it like 2024-12-08 or 2024-12-08T18:00"
        raise UsageError(said) from error
    if moment.date() > datetime.now(UTC).date():
        raise UsageError(f"{text} is yet to come: nobody can say what will be known then")
    return moment


def as_of(recorded_by: str | None, published_by: str | None) -> AsOf:
    """The moment a person typed.

    Raises:
        UsageError: One of the two is no date.
    """
    return AsOf(parse_instant(recorded_by), parse_day(published_by))


def known(observation: Any, moment: AsOf) -> ColumnElement[bool]:
    """Which one vintage of each fact was the last word at that moment."""
    if moment.published_by is None:
        if moment.recorded_by is None:
            open_now: ColumnElement[bool] = observation.superseded_run_id.is_(None)
            return open_now
        runs = _recorded(moment)
        return and_(
            observation.run_id.in_(runs),
            or_(observation.superseded_run_id.is_(None), observation.superseded_run_id.not_in(runs)),
        )
    later, run, later_run = aliased(observation), aliased(IngestRun), aliased(IngestRun)
    overtaken = (
        select(later.id)
        .join(later_run, later_run.id == later.run_id)
        .where(same_fact(later, observation), _said(later, later_run, moment), is_after(later, observation))
    )
    counted = select(run.id).where(run.id == observation.run_id, _said(observation, run, moment))
    return and_(counted.exists(), not_(overtaken.exists()))


def same_fact(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether two vintages are of one fact."""
    return and_(*(getattr(one, column) == getattr(other, column) for column in FACT))


def is_after(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether one vintage of a fact was said after another."""
    as_late = and_(one.said_order == other.said_order, one.vintage > other.vintage)
    return or_(one.said_order > other.said_order, as_late)


def touched(since: datetime, *runs: Any) -> ColumnElement[bool]:
    """Whether a vintage was recorded or replaced after an instant, by the columns that name these runs."""
    later = select(IngestRun.id).where(IngestRun.recorded_at > since)
    return or_(*(run.in_(later) for run in runs))


def stands(run: Any) -> ColumnElement[bool]:
    """Whether what a run said still counts: nobody took it back, and it says more than what others had said before."""
    return and_(run.undone_by_id.is_(None), run.trigger != Trigger.UNDO.value)


def said_by(observation: Any, run: Any, moment: AsOf) -> ColumnElement[bool]:
    """Whether a vintage is part of the story at that moment, whether or not it was the last word."""
    if moment.published_by is not None:
        return _said(observation, run, moment)
    return true() if moment.recorded_by is None else run.recorded_at <= moment.recorded_by


def _recorded(moment: AsOf) -> Select[int]:
    """Ids of the runs recorded by then."""
    return select(IngestRun.id).where(IngestRun.recorded_at <= moment.recorded_by)


def _said(observation: Any, run: Any, moment: AsOf) -> ColumnElement[bool]:
    """Whether a vintage counts: published by then, or learnt by then if nobody dated it, and its run stood then."""
    day = func.coalesce(observation.published_on, observation.republished_on, utc_day(run.recorded_at))
    if moment.recorded_by is None:
        return and_(day <= moment.published_by, stands(run))
    runs = _recorded(moment)
    undone = and_(run.undone_by_id.is_not(None), run.undone_by_id.in_(runs))
    return and_(day <= moment.published_by, run.id.in_(runs), run.trigger != Trigger.UNDO.value, not_(undone))
