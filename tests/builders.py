"""Figures for the tests, each with fields that a test may override, and the short way to load them."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, insert, select

from tracker import ledger
from tracker.batch import Arrival
from tracker.checks import check
from tracker.database import writing
from tracker.places import Gazetteer, place
from tracker.records import (
    AccessFigure,
    Amount,
    AnyFigure,
    BorderStatusFigure,
    DisplacementFigure,
    Period,
    PlaceName,
)
from tracker.store import load
from tracker.tables import Payload, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    Cause,
    ConstraintType,
    DisplacementIndicator,
    Measure,
    OperationalStatus,
    PopulationGroup,
    TrafficClass,
    Trigger,
)

NOW = datetime(2025, 1, 1, 12, tzinfo=UTC)


def displacement(people: float | None = 1000, **changes: Any) -> DisplacementFigure:
    """The internally displaced people in Syria on 12 December 2024, according to OCHA: exactly ``people``."""
    fields: dict[str, Any] = {
        "source": "ocha",
        "indicator": DisplacementIndicator.STILL_DISPLACED,
        "measure": Measure.STOCK,
        "population_group": PopulationGroup.IDP,
        "location": PlaceName(code="SYR"),
        "cause": Cause.CONFLICT,
        "period": Period.on(date(2024, 12, 12)),
        "amount": Amount.exact(people) if people is not None else None,
    }
    return DisplacementFigure(**{**fields, **changes})


def border_status(status: OperationalStatus = OperationalStatus.OPEN, **changes: Any) -> BorderStatusFigure:
    """The border of Lebanon and Syria on 6 December 2024, according to the Government of Lebanon."""
    fields: dict[str, Any] = {
        "source": "gov_lebanon",
        "border": ("LBN", "SYR"),
        "status": status,
        "traffic_class": TrafficClass.ALL,
        "period": Period.on(date(2024, 12, 6)),
    }
    return BorderStatusFigure(**{**fields, **changes})


def access(people: float | None = 1, **changes: Any) -> AccessFigure:
    """Aid workers killed in Syria on 1 December 2024, in one incident of AWSD."""
    fields: dict[str, Any] = {
        "source": "awsd",
        "indicator": AccessIndicator.AID_WORKERS_KILLED,
        "constraint_type": ConstraintType.VIOLENCE_AGAINST_PERSONNEL,
        "location": PlaceName(code="SYR"),
        "unit": AccessUnit.PEOPLE,
        "amount": Amount.exact(people) if people is not None else None,
        "period": Period.on(date(2024, 12, 1)),
    }
    return AccessFigure(**{**fields, **changes})


@dataclass(frozen=True)
class Run:
    """What became of a batch: its run, the counts that are not zero, and the figures that contradict each other."""

    id: int
    counts: dict[str, int]
    conflicts: list[AnyFigure] = field(default_factory=list)


def load_run(
    store: Engine, *figures: AnyFigure, trigger: Trigger = Trigger.MANUAL, now: datetime = NOW, whole: bool = False
) -> Run:
    """Place, check and load figures in one run; a figure that breaks a rule raises.

    ``whole`` says that the source has no more to say of that time.
    """
    with writing(store) as connection:
        source_id = connection.scalar(select(Source.id).where(Source.code == figures[0].source)) if figures else None
        run_id = ledger.begin_run(connection, source_id, trigger, 1, now)
        payload_id = connection.scalars(
            insert(Payload)
            .values(
                source_id=source_id,
                run_id=run_id,
                sha256=hashlib.sha256(str(run_id).encode()).hexdigest(),
                url="test",
                media_type="application/json",
                size=0,
                retrieved_at=now,
            )
            .returning(Payload.id)
        ).one()
        gazetteer = Gazetteer.read(connection)
        arrivals = []
        for figure in figures:
            placed = place(figure, gazetteer)
            check(placed, now.date())
            arrivals.append(Arrival(placed, payload_id))
        loaded = load(connection, run_id, arrivals, whole_of=source_id if whole else None)
        counts = {
            "new": loaded.new,
            "revised": loaded.revised,
            "unchanged": loaded.unchanged,
            "duplicate": loaded.duplicate,
            "set_aside": len(loaded.conflicts),
        }
        tally = ledger.Tally(rows_read=len(figures), figures=len(figures), **counts)
        ledger.finish_run(connection, run_id, tally, now)
    conflicts = [arrival.placed.figure for arrival in loaded.conflicts]
    return Run(run_id, {name: count for name, count in counts.items() if count}, conflicts)
